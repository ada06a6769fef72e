"""First sign-ins: one-time codes, and the texts that carry them to a phone."""

from django.db import models

from deskbook.people.models import Agent, HelpDesk


class SignInCode(models.Model):
    """A one-time code for a first sign-in. Only its hash is kept: a lost card is answered by a new code."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="sign_in_code")
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class TextMessage(models.Model):
    """A text for a phone, waiting for a gateway to send it. Unique by `key`: asked for twice it is one."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120, unique=True)
    number = models.CharField(max_length=32)
    """As E.164."""
    text = models.CharField(max_length=640)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["queued_at"], condition=models.Q(state="queued"), name="texts_to_send")]
