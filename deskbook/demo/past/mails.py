"""Mails of the demo: those that could not be read, and the last letters as they left."""

from datetime import datetime
from email.utils import format_datetime

from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.delivery.states import State
from deskbook.jobs import words_of_letters
from deskbook.people.contacts import address_of
from deskbook.people.models import HelpDesk
from deskbook.tickets.models import LogEntry, Message

KEPT = {"Answered": 10, "Acknowledged": 3, "ReminderDue": 2}
"""How many letters of each kind of entry are kept."""
_PURPOSES = {"Answered": "answer", "Acknowledged": "acknowledgement", "ReminderDue": "reminder"}
_UNREADABLE = (
    (
        "support@sparkrock.example",
        "scan-2201@copier.example",
        (
            "From: Accounting department\r\nTo: support@sparkrock.example\r\nSubject: invoice"
            " question\r\n"
        ),
        "Sent from the copier on the second floor. Please see the scan.",
    ),
    (
        "support@sparkrock.example",
        "fax-88@gateway.example",
        "From: \r\nTo: support@sparkrock.example\r\nSubject: Fax of 3 pages\r\n",
        "Pages 1 to 3 are attached.",
    ),
    (
        "helpdesk@mukta.example",
        "sms-4471@gateway.example",
        "From: SMS gateway\r\nTo: helpdesk@mukta.example\r\nSubject: Fwd: message\r\n",
        "Muster roll not open ward 5 pls call.",
    ),
    (
        "info@spark.example",
        "scan-17@office.example",
        "From: Scanner, Office\r\nTo: info@spark.example\r\nSubject: FORM 3\r\n",
        "Scanned document, 2 pages.",
    ),
    (
        "info@spark.example",
        "fwd-903@mailer.example",
        "From: undisclosed\r\nTo: info@spark.example\r\nSubject: Fwd: Fwd: OTP\r\n",
        "Kindly do the needful.",
    ),
    (
        None,
        "save-the-date@events.example",
        (
            "From: newsletter@events.example\r\nTo: all-partners@events.example\r\nSubject: Save"
            " the date\r\n"
        ),
        "Our spring conference is open for registration.",
    ),
)


def take_in_unreadable(*, at: datetime) -> None:
    """Lets mails come that no rule can place: they wait in quarantine for a person."""
    for mailbox, id_, headers, text in _UNREADABLE:
        raw = f"{headers}Message-ID: <{id_}>\r\nDate: {format_datetime(at)}\r\n\r\n{text}\r\n"
        receive(ingest(raw.encode(), mailbox), at=at)


def keep_letters(helpdesk: HelpDesk) -> None:
    """The last letters as the mails they were: kept, as the demo keeps every mail."""
    for kind, count in KEPT.items():
        last = LogEntry.objects.filter(ticket__desk=helpdesk, kind=kind).order_by("-at")[:count]
        for entry in last.select_related("ticket__desk", "ticket__requester"):
            _keep(entry)


def _keep(entry: LogEntry) -> None:
    contact = entry.ticket.requester
    message = Message.objects.filter(pk=entry.data.get("message") or 0).first()
    text = getattr(words_of_letters, _PURPOSES[entry.kind])(entry, contact, message)
    post = Post(
        _PURPOSES[entry.kind],
        address_of(contact) or "",
        text,
        contact.language,
        contact.name,
        message=message,
    )
    mail = queue_letter(entry, entry.ticket, post, at=entry.at)
    if mail is not None:
        mail.state, mail.sent_at = State.HANDED_OVER, entry.at
        mail.save(update_fields=["state", "sent_at"])
