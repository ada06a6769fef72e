"""Mail as it came and as it leaves."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from deskbook.delivery.models import Arrival, Departure
from deskbook.people.models import Contact, HelpDesk
from deskbook.tickets.models import Blob, LogEntry, Message, Ticket


class InboundMailManager(models.Manager["InboundMail"]):
    def get_queryset(self) -> models.QuerySet["InboundMail"]:
        """The search vector is never read in Python, and must not be written back by a save."""
        return super().get_queryset().defer("search")


class InboundMail(Arrival):
    """A mail as it arrived, stored before anything is understood of it."""

    mailbox = models.CharField(max_length=320, blank=True)
    """The address it was delivered to, or the name of the polled box."""
    desk = models.ForeignKey(HelpDesk, null=True, on_delete=models.SET_NULL, related_name="+")
    mail_id = models.CharField(max_length=998, blank=True)
    """Its Message-ID without angle brackets."""
    content_hash = models.CharField(max_length=64)
    raw = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = ArrayField(models.CharField(max_length=320), default=list, blank=True)
    received_at = models.DateTimeField()
    may_acknowledge = models.BooleanField(default=True)
    """False for machines, lists and loops, never answered automatically (RFC 3834), and for senders
    not proven.
    """
    silence = models.TextField(blank=True)
    """Why a person's or a machine's mail is not acknowledged, as a sentence kept as a code."""
    flooding = models.CharField(max_length=320, blank=True)
    """The sender of whom too many came at once, on a mail that is held for it."""
    let_in = models.BooleanField(default=False)
    """A person said that it is read however many came."""
    sender = models.CharField(max_length=400, blank=True)
    """"Chitra <chitra@customer.example>"; this and what follows only of mail that became no ticket.
    """
    subject = models.CharField(max_length=500, blank=True)
    words = models.CharField(max_length=300, blank=True)
    """How it begins."""
    search = SearchVectorField(null=True)
    """Sender, subject and words."""
    may_be_read = models.BooleanField(default=True)
    """False where it may hold a mail of ours to somebody else, with a code that signs them in."""
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = InboundMailManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "mail_id", "content_hash"], name="one_row_per_inbound_mail"
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "-received_at"],
                condition=~models.Q(state="done"),
                name="mail_not_done",
            ),
            # What the clock looks for every minute, and hardly ever finds.
            models.Index(
                fields=["-received_at"],
                condition=models.Q(search=None, state__in=("held", "ignored", "dropped")),
                name="mail_not_noted",
            ),
            GinIndex(fields=["search"], name="mail_search"),
        ]


class OutboundMail(Departure):
    """A mail to one recipient, unique by (entry, recipient, purpose): asked for twice it is queued
    once (docs/decisions/0006: a worker that dies with it in hand has it sent again).

    A notice belongs to no ticket; it is unique by (notice key, recipient).
    """

    entry = models.ForeignKey(
        LogEntry, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.PROTECT, related_name="outbound_mail"
    )
    desk = models.ForeignKey(
        HelpDesk, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Whose mail it is. Empty for notices from before this was kept."""
    notice_key = models.CharField(max_length=120, blank=True)
    """What a mail without a ticket is about: "gap 12", "sign-in code 7"."""
    message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    recipient = models.CharField(max_length=320)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Whose address that is; empty for people at the desk, and in rows of before this was kept."""
    purpose = models.CharField(max_length=16)
    """"answer", "acknowledgement", "reminder", "closing", "severity", "notice"."""
    mail_id = models.CharField(max_length=255, unique=True)
    envelope_from = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=998)
    raw = models.BinaryField()
    hard = models.BooleanField(default=False)
    """It came back for good: the address is dead, not the way to it."""
    released_by = models.CharField(max_length=80, blank=True)
    """Who said that it leaves although it was held; it is not held again."""
    kept_back = models.BooleanField(default=False)
    """It waits for the mail server, not for itself: it leaves as soon as the server takes mail
    again.
    """

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "recipient", "purpose"], name="one_mail_per_entry_and_recipient"
            ),
            models.UniqueConstraint(
                fields=["notice_key", "recipient"],
                condition=~models.Q(notice_key=""),
                name="one_mail_per_notice",
            ),
            models.CheckConstraint(
                condition=models.Q(entry__isnull=False, ticket__isnull=False)
                | ~models.Q(notice_key=""),
                name="mail_of_an_entry_or_a_notice",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-queued_at"], name="mail_by_recipient"),
            models.Index(
                fields=["state", "queued_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="mail_to_leave",
            ),
            models.Index(
                fields=["desk", "-queued_at"],
                condition=models.Q(state__in=["held", "bounced", "failed"]),
                name="mail_left_over",
            ),
            models.Index(
                fields=["-sent_at"],
                condition=models.Q(sent_at__isnull=False),
                name="mail_that_left",
            ),
            models.Index(
                fields=["desk", "-sent_at"],
                condition=models.Q(sent_at__isnull=False),
                name="mail_that_left_a_desk",
            ),
        ]


class MailGrant(models.Model):
    """That a provider lets the desk into one mailbox of the settings, by tokens that are kept
    sealed (people/sealing.py).
    """

    user = models.CharField(max_length=320, unique=True)
    """The mailbox, as it signs in."""
    refresh = models.TextField()
    access = models.TextField()
    access_until_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    """When the provider ends the grant, where it says so."""
    given_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    refused = models.CharField(max_length=60, blank=True)
    """Why the provider renews it no more, as its error is called (RFC 6749, 5.2)."""


class MailTrouble(models.Model):
    """A time in which the mail server did not take the desk's mail, from the first refusal to the
    next 250.
    """

    since_at = models.DateTimeField()
    last_at = models.DateTimeField()
    """When it was tried last; once it is over, when it was."""
    reason = models.TextField()
    stops = models.BooleanField(default=True)
    """It takes no mail at all; otherwise it refuses some for what we are, not for who they are to.
    """
    told_at = models.DateTimeField(null=True)
    is_over = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_over"], condition=models.Q(is_over=False), name="one_mail_trouble"
            )
        ]
