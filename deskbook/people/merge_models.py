"""That two contacts are one person, remembered so that it can be taken back."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from deskbook.people.models import Agent, Contact, HelpDesk, User


class ContactMerge(models.Model):
    """One contact taken for the same person as another. In force until `undone_at`.

    `Contact.merged_into` follows from these rows: it names the last of a chain.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="absorbed")
    identities = ArrayField(models.BigIntegerField(), default=list)
    """Ids of the identities that moved."""
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    """The account that moved, where the other had none."""
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(undone_at=None), name="merged_into_one_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["into"], condition=models.Q(undone_at=None), name="merges_in_force"
            )
        ]
