"""Answers that are given again and again, kept under a name."""

from django.db import models
from django.db.models.functions import Lower

from deskbook.people.models import Agent, HelpDesk


class ReadyAnswer(models.Model):
    """The words of an answer in each language they are kept in, of the desk or of one agent."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE, related_name="+")
    """Whose it is; None of everybody at the desk."""
    name = models.CharField(max_length=60)
    texts = models.JSONField()
    """Language → words, with VARIABLES in braces; at least one."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "desk",
                "owner",
                Lower("name"),
                name="one_ready_answer_per_name",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name
