"""Call-backs: promises to ring somebody, as the list of them reads them."""

from django.db import models

from deskbook.people.models import HelpDesk
from deskbook.tickets.models import Ticket


class CallBack(models.Model):
    """A promise by phone. The log holds that it was made and ended; here is the number, which is
    personal.
    """

    class Outcome(models.TextChoices):
        DONE = "done"
        NO_ANSWER = "no answer"
        WITHDRAWN = "withdrawn"

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="call_backs")
    promise = models.CharField(max_length=16)
    number = models.CharField(max_length=32, blank=True)
    """As E.164 where it parses."""
    from_at = models.DateTimeField(null=True)
    """Not before: the caller was told when the desk opens."""
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    """How often it rang in vain before."""
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "promise"], name="one_call_back_per_promise")
        ]
        indexes = [
            models.Index(
                fields=["desk", "due_at", "id"],
                condition=models.Q(ended_at=None),
                name="call_backs_by_due",
            )
        ]
