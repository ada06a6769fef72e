"""Tables of tickets. Only `log.py` writes `Ticket` and `LogEntry`."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

from deskbook.people.models import Agent, Contact, HelpDesk, Organisation, User

_OPEN = models.Q(is_open=True)
_HAS_TAGS = ~models.Q(tags=[])
_ENDED = ~models.Q(outcome="")


class TicketManager(models.Manager["Ticket"]):
    def get_queryset(self) -> models.QuerySet["Ticket"]:
        """The search vector is large, is never read in Python, and must not be written back by a
        save. When it was written to last is asked for by programs alone.
        """
        return super().get_queryset().defer("search", "changed_at")


class Ticket(models.Model):
    """The row the lists read. Everything but `subject` and `search` follows from the log."""

    desk = models.ForeignKey(
        HelpDesk, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    number = models.PositiveBigIntegerField()
    subject = models.CharField(max_length=300)
    requester = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    owner = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="tickets")
    channel = models.CharField(max_length=64)
    kind = models.CharField(max_length=64, blank=True)
    category = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=64, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    claimed = models.CharField(max_length=32, blank=True)
    severity = models.CharField(max_length=32, blank=True)
    """Verified, before that claimed."""
    stage = models.CharField(max_length=64)
    waits_for = models.CharField(max_length=16)
    """Who acts next: desk, requester, third party, nobody."""
    turn = models.CharField(max_length=10, blank=True)
    """What is to be done with it next (engine/turn.py), by which lists have sections."""
    waits_since_at = models.DateTimeField(null=True)
    """Since when its requester waits for an answer, where they do."""
    team = models.CharField(max_length=64, blank=True)
    is_open = models.BooleanField(default=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    """How it ended: solved, closed (without being solved), redirected, merged; empty while it goes
    on.
    """
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    due_order_at = models.DateTimeField()
    """`next_due_at`, or the end of time: lists page by (due_order_at, id)."""
    next_due_clock = models.CharField(max_length=48, blank=True)
    wake_at = models.DateTimeField(null=True)
    breached = models.BooleanField(default=False)
    last_activity_at = models.DateTimeField()
    """The latest instant of its log: when things happened, not when the desk noted them."""
    changed_at = models.DateTimeField(default=None, db_default=Now())
    """When something was written to its log last, whatever instant that bears. A trigger
    sets it, by the clock of the database."""
    book_version = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()
    state = models.JSONField()
    """The engine's state after the last entry."""
    search = SearchVectorField(null=True)

    objects = TicketManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "number"], name="one_ticket_per_number")
        ]
        indexes = [
            models.Index(
                fields=["desk", "id"],
                condition=models.Q(state__legal_hold=True),
                name="under_a_legal_hold",
            ),
            models.Index(
                fields=["desk", "due_order_at", "id"], condition=_OPEN, name="open_by_due"
            ),
            models.Index(
                fields=["desk", "owner", "due_order_at", "id"],
                condition=_OPEN,
                name="open_by_owner",
            ),
            models.Index(
                fields=["desk", "team", "due_order_at", "id"], condition=_OPEN, name="open_by_team"
            ),
            models.Index(
                fields=["desk", "turn", "due_order_at", "id"], condition=_OPEN, name="open_by_turn"
            ),
            models.Index(
                fields=["desk", "waits_since_at", "id"],
                condition=models.Q(waits_since_at__isnull=False),
                name="open_by_waiting",
            ),
            models.Index(
                fields=["wake_at"], condition=models.Q(wake_at__isnull=False), name="wake_queue"
            ),
            # With what lists of ended cases are narrowed by: few of a million may fit.
            models.Index(
                fields=["desk", "-last_activity_at", "-id"],
                include=["is_open", "outcome", "stage", "team", "severity"],
                name="by_activity",
            ),
            models.Index(fields=["desk", "changed_at", "id"], name="by_change"),
            models.Index(
                fields=["desk", "outcome", "-last_activity_at", "-id"],
                condition=_ENDED,
                name="by_outcome",
            ),
            models.Index(fields=["requester", "-opened_at"], name="by_requester"),
            models.Index(fields=["organisation", "-opened_at"], name="by_organisation"),
            models.Index(
                fields=["desk", "-last_activity_at"],
                condition=_HAS_TAGS,
                name="tagged_by_activity",
            ),
            GinIndex(fields=["tags"], condition=_HAS_TAGS, name="by_tag"),
            GinIndex(fields=["search"], name="ticket_search"),
        ]

    def __str__(self) -> str:
        return f"{self.desk.prefix}-{self.number}"


class LogEntry(models.Model):
    """One event. Append-only: a trigger refuses update and delete; each hash covers the one
    before.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="log", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    actor = models.CharField(max_length=32)
    at = models.DateTimeField()
    """When it happened; a breach noticed late bears the instant of the breach."""
    recorded_at = models.DateTimeField(auto_now_add=True)
    data = models.JSONField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "seq"], name="one_entry_per_seq")]
        indexes = [
            models.Index(
                fields=["at", "ticket"],
                condition=models.Q(kind="TimeLogged"),
                name="time_logged",
            )
        ]
        ordering = ["ticket", "seq"]


class Command(models.Model):
    """A command done, by the client's key: the same key again gets the same entries."""

    key = models.CharField(max_length=64, unique=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    first_seq = models.PositiveIntegerField()
    last_seq = models.PositiveIntegerField()
    done_at = models.DateTimeField(auto_now_add=True, db_index=True)


class Message(models.Model):
    """What somebody wrote: mail, answer, note, reason. The log holds only its id."""

    class Kind(models.TextChoices):
        REQUEST = "request"
        """From the requester or another participant."""
        ANSWER = "answer"
        NOTE = "note"
        ASIDE = "aside"
        """To or from somebody who takes no part, beside the case: an outsider's in whatever asks
        for that, and never read by anybody of the case.
        """
        REASON = "reason"
        PROMISE = "promise"
        SYSTEM = "system"
        """Sent by a rule of the book: acknowledgement, reminder, closing."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    """Empty only inside the transaction that opens the ticket."""
    kind = models.CharField(max_length=8, choices=Kind.choices)
    channel = models.CharField(max_length=64)
    author_user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    author_contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    """Sanitised already; remote images are blocked."""
    formatted = models.BooleanField(default=False, db_default=False)
    """Typed as Markdown by somebody of the desk: `text` is as they typed it, `html` made of it."""
    quoted = models.TextField(blank=True)
    to = ArrayField(models.EmailField(max_length=320), default=list, blank=True)
    cc = ArrayField(models.EmailField(max_length=320), default=list, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    """The address or number it came from, as its author is known by it; empty where it came another
    way.
    """
    forwarded_from = models.CharField(max_length=320, blank=True)
    """Who wrote what somebody of the desk carried on to it: "Joan Field <joan@customer.example>".
    """
    mail_id = models.CharField(max_length=998, blank=True)
    """Message-ID, ours or foreign, without angle brackets."""
    match_reason = models.CharField(max_length=200, blank=True)
    """Why an inbound mail landed on this ticket."""
    outsider = models.BooleanField(default=False)
    """Written by somebody who was no participant: shown as such."""
    kept_from = ArrayField(models.BigIntegerField(), default=list, blank=True)
    """Ids of the contacts who do not read it, though they read the case: it was said on another, to
    the others, after they had left that one.
    """
    written_to = ArrayField(models.BigIntegerField(), default=list, blank=True)
    """Ids of the tickets by whose address, letter or page it came, which went on as this one; empty
    where that is its own ticket alone, or nothing says it.
    """
    unproven = models.CharField(max_length=200, blank=True)
    """What the mail server in front could not prove of its sender ("dmarc=fail"); empty when all is
    well.
    """
    automatic = models.CharField(max_length=200, blank=True)
    """Why it is held for a machine's ("Its header Auto-Submitted says …"), when it moved nothing
    for that.
    """
    mended = ArrayField(models.TextField(), default=list, blank=True)
    """What had to be mended for it to be read, or could not be shown, each in a sentence."""
    unofficial = models.BooleanField(default=False)
    """Came from an address that is none of those the book calls official."""

    class Meta:
        indexes = [
            models.Index(
                fields=["ticket"], condition=models.Q(unofficial=True), name="messages_unofficial"
            ),
            models.Index(
                fields=["ticket"], condition=~models.Q(unproven=""), name="messages_unproven"
            ),
            models.Index(fields=["ticket", "at", "id"], name="messages_of_ticket"),
            models.Index(
                fields=["mail_id"], condition=~models.Q(mail_id=""), name="message_by_mail_id"
            ),
        ]


class Blob(models.Model):
    """Bytes by their SHA-256, each stored once. In PostgreSQL: the database is the only state."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    data = models.BinaryField()
    stored_at = models.DateTimeField(db_default=Now())


class Attachment(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=255)
    content_id = models.CharField(max_length=255, blank=True)
    inline = models.BooleanField(default=False)
    within = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    """The mail it came in, which is a file of the message itself."""


class CarriedMail(models.Model):
    """What a file says that is a mail: words of others, which act for nobody."""

    file = models.OneToOneField(
        Attachment, primary_key=True, on_delete=models.CASCADE, related_name="carried"
    )
    wrote = models.CharField(max_length=400, blank=True)
    """"Joan Field <joan@customer.example>"."""
    written_at = models.DateTimeField(null=True)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    """Sanitised already, as a message's."""


class Participant(models.Model):
    """A contact who follows a ticket by mail and may write on it."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="participants", db_index=False
    )
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="participations")
    since = models.DateTimeField(null=True)
    """They follow as a case of theirs goes on here, or as a mail copied them in: what others said
    before is not theirs to read. Null: all of it.
    """
    copied_by = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    """Whose mail let them follow: where that one came by a merge, they leave together."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "contact"], name="participates_once")
        ]


class ContactChange(models.Model):
    """What a ticket asks for that wants one named contact to take another's seat."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="contact_change")
    leaves = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    arrives = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")


class QueueChange(models.Model):
    """Counts of the console's queues as changes to add up; a job folds them now and then.

    Inserting never waits: a counter row would be locked by every ticket of the desk at once.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+", db_index=False)
    queue = models.CharField(max_length=80)
    change = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["desk", "queue"], include=["change"], name="queue_tally")]


class Draft(models.Model):
    """Text a person was typing, kept until it is sent."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=120)
    """Where it was typed: "ticket 7 answer", "new case sparkrock"."""
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "place"], name="one_draft_per_place")
        ]


class Presence(models.Model):
    """Who has a ticket open, and who is writing."""

    LASTS = timedelta(seconds=45)
    """How long somebody counts as there after their screen was last heard of."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="presences")
    writing = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "ticket"], name="one_presence_per_ticket")
        ]
