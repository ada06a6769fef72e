"""SMS gateways, one for each desk, the texts that leave by them, what they report, and texts that
came.
"""

from django.db import models

from deskbook.delivery.models import Arrival, Departure
from deskbook.people.models import HelpDesk
from deskbook.tickets.models import LogEntry, Message, Ticket


class SmsGateway(models.Model):
    """How one desk's texts leave. Its templates name {to}, {text} …: `gateway.PLACEHOLDERS`."""

    class Body(models.TextChoices):
        QUERY = "query"
        """Everything stands in the address."""
        FORM = "form"
        JSON = "json"

    class Check(models.TextChoices):
        TWILIO = "twilio"
        TOKEN = "token"

    desk = models.OneToOneField(HelpDesk, on_delete=models.CASCADE, related_name="sms_gateway")
    preset = models.CharField(max_length=16)
    active = models.BooleanField(default=True)
    method = models.CharField(max_length=4, default="POST")
    url = models.CharField(max_length=500)
    headers = models.TextField(blank=True)
    """Lines "Name: value"."""
    body_kind = models.CharField(max_length=5, choices=Body.choices, default=Body.FORM)
    body = models.TextField(blank=True)
    """Lines "name=value", or a JSON text."""
    accepted = models.TextField(blank=True)
    """Lines of which one says that a text was taken; empty: any 2xx."""
    id_at = models.CharField(max_length=200, blank=True)
    """Where an answer holds its id."""
    sender = models.CharField(max_length=32, blank=True)
    """Header or number the texts come from."""
    entity = models.CharField(max_length=32, blank=True)
    """DLT principal entity id."""
    account = models.CharField(max_length=128, blank=True)
    login = models.CharField(max_length=128, blank=True)
    secret = models.TextField(blank=True)
    """Sealed: see people.sealing."""
    trouble = models.CharField(max_length=300, blank=True, default="")
    """Why it takes nothing from the desk now; empty when all is well."""
    per_minute = models.PositiveIntegerField(default=60)
    report_check = models.CharField(max_length=6, choices=Check.choices, default=Check.TOKEN)
    report_token = models.CharField(max_length=64, unique=True)
    """Stands in the secret address reports come to. It is shown to owners: they type the address in
    at the gateway.
    """
    report_fields = models.TextField(blank=True)
    """Lines "id=SmsSid": under which names a report says what."""
    report_states = models.TextField(blank=True)
    """Lines "DELIVRD=delivered": the gateway's words for queued, sent, delivered and failed."""
    changed_at = models.DateTimeField()


class TextMessage(Departure):
    """A text for a phone. Unique by `key`: asked for twice it is one."""

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
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="texts")
    entry = models.ForeignKey(LogEntry, null=True, on_delete=models.PROTECT, related_name="+")
    """What it follows from."""
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    letter = models.TextField(blank=True, default="", db_default="")
    """The whole text of a letter, should it have to go another way."""
    lacks = models.CharField(max_length=16, blank=True, default="", db_default="")
    """What of an answer it does not bring: "words", "files"; apart by commas."""
    retrials = models.PositiveSmallIntegerField(default=0)
    """How often a person sent it again after it had failed."""
    provider_id = models.CharField(max_length=128, blank=True)
    """What the gateway calls it."""

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
                condition=models.Q(state__in=["held", "bounced", "failed"]),
                name="texts_left_over",
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


class SmsReport(models.Model):
    """A delivery report as it came, kept whether or not its text is known."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    text = models.ForeignKey(
        TextMessage, null=True, on_delete=models.CASCADE, related_name="reports"
    )
    provider_id = models.CharField(max_length=128, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=64)
    """The gateway's word."""
    code = models.CharField(max_length=64, blank=True)
    came_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "provider_id", "reference", "status", "code"],
                name="one_row_per_sms_report",
            ),
        ]


class IncomingText(Arrival):
    """A text somebody sent to the desk, stored before anything is made of it."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    provider_id = models.CharField(max_length=128)
    number = models.CharField(max_length=32)
    text = models.TextField()
    media = models.JSONField(default=list, blank=True, db_default=[])
    """Addresses of pictures and the like that came with it, and are not fetched (yet)."""
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    """What it became."""
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    came_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "provider_id"], name="one_row_per_incoming_text"
            )
        ]
        indexes = [
            models.Index(
                fields=["desk", "-came_at"], condition=models.Q(state="held"), name="texts_held"
            )
        ]
