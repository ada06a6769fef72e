"""Searches somebody looks at again and again, under a name."""

from django.db import models
from django.db.models.functions import Lower

from deskbook.people.models import Agent, HelpDesk


class SavedSearch(models.Model):
    """What was typed, kept for its maker, or for everybody at the desk."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    words = models.CharField(max_length=200)
    """As they are typed, operators among them: what they find is asked anew each time."""
    is_shared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "desk", "made_by", Lower("name"), name="one_saved_search_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
