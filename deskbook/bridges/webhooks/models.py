"""Programs of others that are told what happens at a desk, and what each was told."""

from collections.abc import Mapping

from django.contrib.postgres.fields import ArrayField
from django.db import models

from deskbook.delivery.models import Departure, Endpoint
from deskbook.delivery.states import State
from deskbook.tickets.models import LogEntry, Ticket

WAITS = "waits"
BECAME: Mapping[State, str] = {
    State.HANDED_OVER: "taken",
    State.BOUNCED: "refused",
    State.GIVEN_UP: "given up",
    State.DROPPED: "not told",
}
"""State of a call → its word, the same for people and for programs; all others wait."""


class Webhook(Endpoint):
    """A program that is told what happens on the cases of one desk."""

    kinds = ArrayField(models.CharField(max_length=32), default=list)
    """Kinds of entries of the log it is told of; empty: of all."""
    not_before = models.DateTimeField(null=True)
    """It did not take something, and is left in peace until then."""

    class Meta(Endpoint.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "name"],
                condition=models.Q(ended_at=None),
                name="one_webhook_of_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.name


class WebhookCall(Departure):
    """One entry, as one program is told of it: once, however often it is asked for."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls")
    entry = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    """Of the entry: one case's are told in order."""
    status = models.PositiveSmallIntegerField(null=True)
    """What was answered last; None where nothing was."""
    answer = models.CharField(max_length=500, blank=True, default="")
    """How the body of that answer begins."""

    replayed = models.BooleanField(default=False, db_default=False)
    """It waits to be told again with others: what happens now goes first."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "webhook"], name="one_call_of_an_entry")
        ]
        indexes = [
            models.Index(
                fields=["webhook", "entry"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="webhook_calls_to_make",
            ),
            models.Index(fields=["webhook", "-queued_at", "-id"], name="webhook_calls_latest"),
            models.Index(
                fields=["webhook"],
                condition=models.Q(state__in=["held", "bounced", "failed"]),
                name="webhook_calls_left_over",
            ),
        ]

    @property
    def became(self) -> str:
        """Returns what came of it, in the word that owners and programs read."""
        return BECAME.get(State(self.state), WAITS)

    @property
    def told_as(self) -> str:
        """Returns its webhook-id, the same for each attempt and each replay: the other side knows
        what it has.
        """
        return f"deskbook-{self.webhook_id}-{self.entry_id}"
