"""Calls as the telephone system tells of them, and the systems that may."""

from django.db import models

from deskbook.delivery.models import Connected
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.tickets.models import Ticket


class CallSource(Connected):
    """A telephone system that may tell the desk of its calls, and the secret it proves itself
    by.
    """

    class Preset(models.TextChoices):
        STANDARD = "standard", "CloudEvents"
        TWILIO = "twilio", "Twilio"
        EXOTEL = "exotel", "Exotel"

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="call_sources")
    preset = models.CharField(max_length=8, choices=Preset.choices, default=Preset.STANDARD)
    secret = models.TextField()
    """Sealed: see people.sealed. Shown once, when it is made."""
    heard_at = models.DateTimeField(null=True)
    """When it last told of a call."""

    class Meta:
        indexes = [
            models.Index(
                fields=["desk"], condition=models.Q(ended_at=None), name="call_sources_in_use"
            )
        ]


class Call(models.Model):
    """One call, put together from what was told of it in whatever order."""

    class State(models.TextChoices):
        RINGING = "ringing"
        ANSWERED = "answered"
        ENDED = "ended"
        MISSED = "missed"

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="calls")
    provider = models.CharField(max_length=60)
    call_id = models.CharField(max_length=200)
    direction = models.CharField(max_length=8, default="inbound")
    number = models.CharField(max_length=64, blank=True)
    """The other side, as E.164 where it parses; empty: withheld."""
    extension = models.CharField(max_length=64, blank=True)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    """Whose telephone it rings at, where an extension says so."""
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="calls")
    """Who it was: known by the number, or as the person who logged it said."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.RINGING)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    recording_url = models.URLField(max_length=500, blank=True)
    opens_at = models.DateTimeField(null=True)
    """Missed while the desk was closed: when it opened next."""
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="calls")
    settled_at = models.DateTimeField(null=True)
    """Logged, called back, or put away: it waits for nobody."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "provider", "call_id"], name="one_row_per_call")
        ]
        indexes = [
            models.Index(
                fields=["desk", "-started_at", "-id"],
                condition=models.Q(settled_at=None, state="missed"),
                name="calls_missed",
            ),
            models.Index(
                fields=["agent", "-started_at"],
                condition=models.Q(settled_at=None, agent__isnull=False),
                name="calls_of_agent",
            ),
            models.Index(fields=["desk", "number", "-started_at"], name="calls_by_number"),
        ]


class CallEvent(models.Model):
    """What was told of a call, once however often it is told."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events")
    type = models.CharField(max_length=10)
    """"ringing", "answered", "ended", "missed", "recording"."""
    told = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "type"], name="told_once_of_a_call")]
