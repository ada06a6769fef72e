"""Codes people sign in by, and the texts that carry some of them to a phone."""

from django.db import models

from deskbook.people.models import Agent, HelpDesk, User


class SignInCode(models.Model):
    """A one-time code for a first sign-in. Only its hash is kept: a lost card is answered by a new
    code.
    """

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="sign_in_code")
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    by_operator = models.BooleanField(default=False)
    """Made at the terminal: whoever runs the desk lets in whom they like, the owner of the book
    too.
    """


class TextMessage(models.Model):
    """A text for a phone. Unique by `key`: asked for twice it is one."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        """Claimed by a worker. One that stays so belongs to a worker that died: it is sent again,
        as the same text.
        """
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        DROPPED = "dropped"
        """Failed, and a person decided that it is not tried again."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120, unique=True)
    number = models.CharField(max_length=32)
    """As E.164."""
    text = models.CharField(max_length=2000)
    purpose = models.CharField(max_length=32, blank=True)
    """Of the book's templates; empty in rows of before there were any: these are not sent."""
    language = models.CharField(max_length=8, blank=True)
    registered = models.CharField(max_length=64, blank=True)
    """The wording's DLT template id."""
    parts = models.PositiveSmallIntegerField(default=1)
    ticket = models.ForeignKey(
        "deskbook.Ticket", null=True, on_delete=models.PROTECT, related_name="texts"
    )
    entry = models.ForeignKey(
        "deskbook.LogEntry", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """What it follows from."""
    message = models.ForeignKey(
        "deskbook.Message", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    """Why it waits or failed, as a sentence."""
    attempts = models.PositiveSmallIntegerField(default=0)
    retrials = models.PositiveSmallIntegerField(default=0)
    """How often a person sent it again after it had failed."""
    next_try_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=128, blank=True)
    """What the gateway calls it."""
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it was delivered or failed."""

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="texts_to_send",
            ),
            models.Index(fields=["desk", "-queued_at"], name="texts_by_desk"),
            models.Index(
                fields=["desk", "-queued_at"],
                condition=models.Q(state="failed"),
                name="texts_failed",
            ),
            models.Index(
                fields=["provider_id"],
                condition=~models.Q(provider_id=""),
                name="texts_by_provider_id",
            ),
            models.Index(fields=["number", "-queued_at"], name="texts_by_number"),
        ]

    @property
    def reference(self) -> str:
        """What the gateway knows it by: the same for each attempt, another when a person sends it
        again.
        """
        return f"{self.pk}-{self.retrials}" if self.retrials else str(self.pk)


class CodeAsked(models.Model):
    """Somebody, known or not, asked for a code to be mailed to an address, and types it here."""

    mark = models.CharField(max_length=64)
    """Keyed hash of the address: what one person typed is found by it, and stays unread."""
    address = models.CharField(max_length=254, blank=True)
    """Until the mail has left, or never will."""
    language = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    """Who signs in by the code; known only to the job that mails it."""
    code_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    """When the mail server last did not take it."""
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    """Wrong codes typed here."""

    class Meta:
        indexes = [
            models.Index(fields=["mark", "-asked_at"], name="codes_by_address"),
            models.Index(fields=["asked_at"], name="codes_by_time"),
        ]
