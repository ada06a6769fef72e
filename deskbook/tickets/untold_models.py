"""Whom no way carried a message to."""

from django.db import models

from deskbook.people.models import Contact
from deskbook.tickets.models import LogEntry, Message, Ticket


class Untold(models.Model):
    """One message that follows from one entry and went to one person by no way, unique by (entry,
    contact, purpose).
    """

    class State(models.TextChoices):
        NO_WAY = "no way"
        """No way to them is known, or none that takes it."""
        GIVEN_UP = "given up"
        """It could not be written to them."""

    entry = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    purpose = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=State.choices)
    reason = models.TextField(blank=True)
    """Why, as a sentence; empty where the state says all."""
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "contact", "purpose"], name="untold_once")
        ]
