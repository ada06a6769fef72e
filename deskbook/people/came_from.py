"""By which keys people were known in a system that a desk had before."""

from django.db import models

from deskbook.people.models import Agent, Contact, HelpDesk


class PersonCameFrom(models.Model):
    """By which key somebody was known there: a later export may say no more of them. One row is
    of a contact or of an agent. Who looks for one asks that the other is None: each has an index
    of its own, which says so.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=16)
    key = models.CharField(max_length=200)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "source", "key"],
                condition=models.Q(agent=None),
                name="contact_came_once",
            ),
            models.UniqueConstraint(
                fields=["desk", "source", "key"],
                condition=models.Q(contact=None),
                name="agent_came_once",
            ),
            models.CheckConstraint(
                condition=models.Q(agent=None, contact__isnull=False)
                | models.Q(contact=None, agent__isnull=False),
                name="one_who_came",
            ),
        ]
