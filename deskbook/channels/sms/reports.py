"""Delivery reports: kept as they come, in any order, any number of times, before or after the text
they are about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.channels.sms.gateway import pairs
from deskbook.channels.sms.models import SmsGateway, SmsReport, TextMessage
from deskbook.delivery.states import State
from deskbook.people.mobiles import mobiles_of
from deskbook.people.models import HelpDesk
from deskbook.people.turns import take_turns
from deskbook.refusals.kept import kept
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.not_arrived import record_not_arrived
from deskbook.tickets.reminders import is_reminder, record_came_back, tell_another_way

ANOTHER_WAY_JOB = "carry_sms_another_way"
_MEANT: Mapping[str, State] = {
    "queued": State.HANDED_OVER,
    "sent": State.HANDED_OVER,
    "delivered": State.DELIVERED,
    "failed": State.BOUNCED,
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a gateway says of one text, in its own words."""

    status: str
    provider_id: str = ""
    reference: str = ""
    """Ours: `TextMessage.reference`."""
    code: str = ""


def report_in(gateway: SmsGateway, given: Mapping[str, str]) -> Report | None:
    """Returns the report a request's fields hold; None when they hold no status, or nothing it is
    about.
    """
    names = dict(pairs(gateway.report_fields, "="))
    found = {
        part: given.get(names.get(part, ""), "").strip() for part in ("status", "id", "ref", "code")
    }
    if not found["status"] or not (found["id"] or found["ref"]):
        return None
    return Report(found["status"][:64], found["id"][:128], found["ref"][:64], found["code"][:64])


@transaction.atomic
def take_report(gateway: SmsGateway, report: Report, *, at: datetime) -> SmsReport:
    """Keeps a report and does what it says to its text, once; one about an unknown text waits for
    it.
    """
    _hold(gateway.desk, report.provider_id)
    row, made = SmsReport.objects.get_or_create(
        desk=gateway.desk,
        provider_id=report.provider_id,
        reference=report.reference,
        status=report.status,
        code=report.code,
        defaults={"came_at": at},
    )
    text = _text_of(gateway.desk, report) if made else None
    if text:
        _apply(gateway, text, row, at)
    return row


def apply_kept_reports(text: TextMessage, *, at: datetime) -> None:
    """Does what reports said of a text before its id was known. Call in the transaction that stores
    the id.
    """
    _hold(text.desk, text.provider_id)
    gateway = SmsGateway.objects.filter(desk=text.desk_id).first()
    waiting = SmsReport.objects.filter(
        desk=text.desk_id, text=None, provider_id=text.provider_id
    ).order_by("pk")
    for report in waiting if gateway else ():
        if gateway:
            _apply(gateway, text, report, at)


def state_meant(gateway: SmsGateway, status: str) -> State | None:
    """Returns what a gateway's word means; None for one nobody has told the meaning of."""
    words = {word.casefold(): meant for word, meant in pairs(gateway.report_states, "=")}
    return _MEANT.get(words.get(status.casefold(), status.casefold()))


def look_for_another_way(text: TextMessage, *, at: datetime) -> None:
    """Queues the job that offers a letter whose text was refused to the other ways; what is none
    did not arrive. A reminder has a job of its own.
    """
    if text.letter and not is_reminder(text.entry, text.purpose):
        app.configure_task(ANOTHER_WAY_JOB, queue="reactions").defer(text_id=text.pk)
    else:
        say_not_arrived(text, at=at)


def say_not_arrived(text: TextMessage, *, at: datetime) -> None:
    """Says that a text did not arrive: one on a ticket is an entry of its log, a reminder goes
    another way.
    """
    if text.ticket_id:
        ticket = Ticket.objects.select_related("desk").get(pk=text.ticket_id)
        words = text.message or _kept_words(ticket, text, at)
        record_not_arrived(
            ticket, words, lambda contact: text.number in mobiles_of(contact), hard=True, at=at
        )
        record_came_back(text.entry, text.purpose, at=at)
        tell_another_way(text.entry, text.purpose)


def _apply(gateway: SmsGateway, text: TextMessage, row: SmsReport, at: datetime) -> None:
    """A phone that has the text has it: whatever is reported later, or was before."""
    row.text = text
    row.save(update_fields=["text"])
    meant = state_meant(gateway, row.status)
    if meant is None or text.state in (State.DELIVERED, State.DROPPED):
        return
    if meant == State.DELIVERED:
        _end(text, State.DELIVERED, "", at)
    elif meant == State.BOUNCED and text.state not in (State.BOUNCED, State.GIVEN_UP):
        words = " ".join(word for word in (row.status, row.code) if word)
        _end(text, State.BOUNCED, kept("sms.reports", words=words), at)
        look_for_another_way(text, at=at)


def _end(text: TextMessage, state: State, reason: str, at: datetime) -> None:
    text.state, text.reason, text.ended_at, text.next_try_at = state, reason, at, None
    text.sent_at = text.sent_at or at
    text.save(update_fields=["state", "reason", "sent_at", "ended_at", "next_try_at"])


def _text_of(helpdesk: HelpDesk, report: Report) -> TextMessage | None:
    """The text, by our reference or else the gateway's id; a reference of before it was sent again
    is not it.
    """
    own = TextMessage.objects.select_for_update(no_key=True, of=("self",)).filter(desk=helpdesk)
    named = report.reference.partition("-")[0]
    if named.isascii() and named.isdigit() and len(named) < 19:
        found = own.filter(pk=int(named)).first()
        if found:
            return found if found.reference == report.reference else None
    return own.filter(provider_id=report.provider_id).first() if report.provider_id else None


def _hold(helpdesk: HelpDesk, provider_id: str) -> None:
    """A report and the sending of its text take turns: one of the two sees what the other wrote."""
    take_turns(f"sms {helpdesk.pk} {provider_id}")


def _kept_words(ticket: Ticket, text: TextMessage, at: datetime) -> Message:
    """The words of a text of the system's, kept with the ticket because somebody has to tell them
    otherwise now.
    """
    message = store_message(
        ticket.desk, ticket, Message.Kind.SYSTEM, Written(text.text), channel="sms", at=at, by=None
    )
    text.message = message
    text.save(update_fields=["message"])
    return message
