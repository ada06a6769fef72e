"""A desk's WhatsApp number, what came to it, what left by it, and chats exported from groups."""

from django.db import models

from deskbook.delivery.models import Arrival, Departure
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.tickets.models import Attachment, Blob, LogEntry, Message, Ticket


class WhatsAppAccount(models.Model):
    """The number a desk is reached at. Secrets are sealed (people.sealing) and never shown."""

    desk = models.OneToOneField(HelpDesk, on_delete=models.CASCADE, related_name="whatsapp")
    phone_number_id = models.CharField(max_length=32, unique=True)
    display_number = models.CharField(max_length=32)
    app_secret = models.TextField()
    token = models.TextField()
    verify_token = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    heard_at = models.DateTimeField(null=True)
    """When a signed webhook came last."""
    trouble = models.TextField(blank=True)
    """Why sending does not work at all (a token that ended); empty once something was sent."""


class WhatsAppPayload(Arrival):
    """A webhook as it came, stored before anything is understood of it. The same bytes again are
    the same row.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    raw = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "raw"], name="whatsapp_payload_once")
        ]
        indexes = [
            models.Index(
                fields=["desk", "-received_at"],
                condition=models.Q(state="held"),
                name="whatsapp_payloads_held",
            )
        ]


class WhatsAppIncoming(models.Model):
    """One message somebody sent, by its wamid: the same again does nothing."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    wamid = models.CharField(max_length=255)
    payload = models.ForeignKey(
        WhatsAppPayload, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=40)
    group = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField()
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    reaction = models.CharField(max_length=40, blank=True)
    """What its reader answered with one sign."""
    read_told_at = models.DateTimeField(null=True)
    """When the sender was told that the desk has read it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "wamid"], name="whatsapp_incoming_once")
        ]
        indexes = [models.Index(fields=["ticket", "-at"], name="whatsapp_in_of_ticket")]


class WhatsAppMedia(models.Model):
    """A file somebody sent, to be fetched from the service."""

    class State(models.TextChoices):
        WAITING = "waiting"
        KEPT = "kept"
        FAILED = "failed"

    incoming = models.ForeignKey(WhatsAppIncoming, on_delete=models.CASCADE, related_name="media")
    media_id = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=88, blank=True)
    """As the webhook says it: hexadecimal or base64."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    attachment = models.ForeignKey(
        Attachment, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["-id"], condition=models.Q(state="failed"), name="media_not_fetched"
            )
        ]


class WhatsAppWindow(models.Model):
    """Until when somebody may be written to in free words: 24 hours from what they wrote last."""

    contact = models.OneToOneField(
        Contact, on_delete=models.CASCADE, related_name="whatsapp_window"
    )
    wrote_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """When the service said that it is closed although our clock thinks otherwise."""
    undeliverable_at = models.DateTimeField(null=True)
    """When the service said that nothing reaches them; over when they write again."""


class WhatsAppOutgoing(Departure):
    """One message to one person, unique by (entry, contact, purpose, part): asked for twice it is
    sent once.

    What waits without a `next_try_at` waits for the person to write: the window is closed, and it
    is no registered wording.
    """

    class Form(models.TextChoices):
        TEXT = "text"
        TEMPLATE = "template"
        FILE = "file"

    entry = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=16)
    part = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=8, choices=Form.choices)
    text = models.TextField(blank=True)
    """What is read: the words, or the template with its variables filled in."""
    template = models.JSONField(default=dict, blank=True)
    """Name, language and variables as the service wants them."""
    attachment = models.ForeignKey(
        Attachment, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answers = models.CharField(max_length=255, blank=True)
    """wamid of the message it is shown under."""
    letter = models.TextField(blank=True)
    """The whole text, should it have to go another way."""
    language = models.CharField(max_length=8, default="en")
    ask_for_answer = models.BooleanField(default=True)
    wamid = models.CharField(max_length=255, blank=True)
    code = models.PositiveIntegerField(null=True)
    reaction = models.CharField(max_length=40, blank=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "contact", "purpose", "part"], name="whatsapp_outgoing_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["wamid"], condition=~models.Q(wamid=""), name="whatsapp_out_by_wamid"
            ),
            models.Index(fields=["ticket"], name="whatsapp_out_of_ticket"),
            models.Index(
                fields=["contact"], condition=models.Q(state="queued"), name="whatsapp_out_to_send"
            ),
            models.Index(
                fields=["-queued_at"],
                condition=models.Q(state__in=["held", "bounced", "failed"]),
                name="whatsapp_out_left_over",
            ),
        ]


class WhatsAppStatus(models.Model):
    """What the service said of a message, kept also when it comes before we know the message."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    wamid = models.CharField(max_length=255)
    status = models.CharField(max_length=16)
    at = models.DateTimeField()
    code = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)
    correlation = models.CharField(max_length=64, blank=True)
    """Our own id of the message, where the status says it (biz_opaque_callback_data)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "wamid", "status"], name="whatsapp_status_once")
        ]


class ChatExport(models.Model):
    """A chat a person exported from their phone and gave the desk to pick reports from; forgotten
    after a week.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    taken_at = models.DateTimeField()
    text = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    archive = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    order = models.CharField(max_length=3, blank=True)
    """"dmy", "mdy" or "ymd"; empty while a person has to say."""
    messages = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["desk", "-taken_at"], name="chat_exports_lately")]


class ChatLine(models.Model):
    """One message of an exported chat; a message may have several lines."""

    export = models.ForeignKey(ChatExport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    said_at = models.DateTimeField()
    sender = models.CharField(max_length=200, blank=True)
    """Empty: a line of WhatsApp itself."""
    text = models.TextField()
    file = models.CharField(max_length=255, blank=True)
    mark = models.CharField(max_length=64)
    """Hash of sender, minute and text: the same message in another export has the same."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="chat_lines_in_order")
        ]


class CapturedLine(models.Model):
    """A message of a group that is on a ticket: it is never stored a second time."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "mark"], name="chat_line_captured_once")
        ]
