"""Other systems whose people open and follow cases, what they asked, their cases, and what is to be
told to them.
"""

from django.db import models

from deskbook.delivery.models import Departure, Endpoint
from deskbook.people.models import Contact
from deskbook.tickets.models import LogEntry, Message, Ticket


class AppSystem(Endpoint):
    """A system that speaks with one desk by signed JSON, both ways; without an address it asks."""

    key = models.SlugField(max_length=40)
    """Stands in the address it sends to, and before the ids of its people; never changed."""
    channel = models.CharField(max_length=60)
    """The book's key of the channel its people come by."""
    heard_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "key"], name="one_app_of_a_key")]


class AppRequest(models.Model):
    """What a system asked, was done and answered: sent once more, it is answered the same."""

    system = models.ForeignKey(AppSystem, on_delete=models.CASCADE, related_name="+")
    webhook_id = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    """SHA-256 of its body: another body under the same id is another request, and a mistake."""
    answer = models.JSONField()
    came_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "webhook_id"], name="one_row_per_app_request")
        ]


class AppCase(models.Model):
    """A case that was opened by a system, for one of its people."""

    system = models.ForeignKey(AppSystem, on_delete=models.PROTECT, related_name="cases")
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    """Whom the system shows what is told of it."""
    reference = models.CharField(max_length=100, blank=True)
    """What the system itself calls it."""

    class Meta:
        indexes = [
            models.Index(
                fields=["system", "reference"],
                condition=~models.Q(reference=""),
                name="app_cases_by_reference",
            )
        ]


class AppEvent(Departure):
    """Something a system is told of one of its cases. Unique by `key`: asked for twice it is
    one.
    """

    case = models.ForeignKey(AppCase, on_delete=models.PROTECT, related_name="events")
    key = models.CharField(max_length=120, unique=True)
    type = models.CharField(max_length=30)
    """"case.told", "case.moved" …"""
    entry = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="+")
    """What it follows from."""
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    """Whom it is for; None where it tells the system alone how the case stands."""
    purpose = models.CharField(max_length=32, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    letter = models.TextField(blank=True)
    """The whole text, for another way."""
    language = models.CharField(max_length=8, blank=True)
    ask_for_answer = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="app_events_to_send",
            ),
            models.Index(fields=["case", "id"], name="app_events_of_a_case"),
            models.Index(
                fields=["-queued_at"],
                condition=models.Q(state__in=["held", "bounced", "failed"]),
                name="app_events_left_over",
            ),
        ]

    @property
    def webhook_id(self) -> str:
        """The same for each attempt (Standard Webhooks): the other side knows what it has."""
        return f"deskbook-{self.pk}"
