"""What somebody of the desk has written and sent, and what has not left yet."""

from django.db import models

from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket


class Sending(models.Model):
    """An answer or a question that leaves by itself. It is in no log before it does; then, or once
    it is withdrawn, its row is gone.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="sendings")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    """What was typed and chosen, under the names the box's draft has."""
    known_seq = models.IntegerField()
    """How far its writer knew the log of the ticket."""
    key = models.CharField(max_length=64, blank=True)
    """Of the act, by which it leaves once."""
    said_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    held = models.TextField(blank=True)
    """Why it does not leave by itself any more, as `refusals/kept.py` keeps it: its writer decides.
    """

    class Meta:
        indexes = [
            models.Index(fields=["leaves_at"], condition=models.Q(held=""), name="sendings_by_time")
        ]
