"""Texts people send: stored first, then an answer on the case they were last texted about, or a new
case.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deskbook.channels.contract import Incoming
from deskbook.channels.sms.gateway import pairs
from deskbook.channels.sms.models import IncomingText, SmsGateway, TextMessage
from deskbook.channels.way_in import running_case, take_in
from deskbook.delivery.inbox import understand
from deskbook.delivery.states import Taken
from deskbook.people.access import may_write_on
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import contact_by, find_or_make_contact, normal_identifier
from deskbook.people.lists.reading import region_of
from deskbook.people.models import Contact, HelpDesk
from deskbook.people.numbers import spellings
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket

LEFT_AFTER = timedelta(minutes=2)
MOST_LEFT = 200


@dataclass(frozen=True, slots=True)
class Text:
    """A text as a gateway hands it over."""

    number: str
    text: str
    provider_id: str


def text_in(gateway: SmsGateway, given: Mapping[str, str]) -> Text | None:
    """Returns the text a request's fields hold; None when they hold none."""
    names = dict(pairs(gateway.report_fields, "="))
    number, words = given.get(names.get("from", ""), ""), given.get(names.get("text", ""), "")
    named = given.get(names.get("message", ""), "") or given.get(names.get("id", ""), "")
    if not number.strip() or not words.strip() or not named:
        return None
    region = region_of(desk_in_force(gateway.desk).zone)
    return Text(
        normal_identifier("sms", _with_plus(number), region=region),
        words.replace("\x00", "")[:2000],
        named[:128],
    )


def take_text(helpdesk: HelpDesk, text: Text, *, at: datetime) -> IncomingText:
    """Stores a text and takes it in; the same id again does nothing. One that cannot be taken in is
    held.
    """
    row, _made = IncomingText.objects.get_or_create(
        desk=helpdesk,
        provider_id=text.provider_id,
        defaults={"number": text.number[:32], "text": text.text, "came_at": at},
    )
    return take_in_row(row, at=at) if row.state == Taken.NEW else row


def take_left_texts(*, at: datetime | None = None) -> int:
    """Takes in what a process stored and did not live to take in; returns how many."""
    at = at or datetime.now(UTC)
    left = IncomingText.objects.filter(state=Taken.NEW, came_at__lt=at - LEFT_AFTER)
    rows = list(left.order_by("pk")[:MOST_LEFT])
    for row in rows:
        take_in_row(row, at=at)
    return len(rows)


def take_in_row(row: IncomingText, *, at: datetime) -> IncomingText:
    """Makes an answer or a case of a stored text, or holds it with the reason; who is second finds
    it done.
    """

    def take(text: IncomingText) -> None:
        text.ticket = _taken_in(text, at)

    return understand(IncomingText.objects.select_related("desk"), row.pk, take)


def _taken_in(row: IncomingText, at: datetime) -> Ticket:
    desk = desk_in_force(row.desk)
    channel = desk.channel_of("sms")
    sender = _sender(row)
    case = _case_meant(row, sender) or (running_case(sender, channel.key) if channel else None)
    written = Written(row.text, sender=normal_identifier("sms", row.number))
    incoming = Incoming(
        sender,
        channel.key if channel else "sms",
        written,
        at,
        f"sms:{row.desk_id}:{row.provider_id}"[:64],
        subject=_subject(row.text),
        ticket=case,
    )
    return take_in(incoming).ticket


def _sender(row: IncomingText) -> Contact:
    for way in ("sms", "phone", "whatsapp"):
        known = contact_by(row.desk, way, row.number)
        if known:
            return known
    return find_or_make_contact(row.desk, "phone", row.number, sign_in=False)


def _case_meant(row: IncomingText, sender: Contact) -> Ticket | None:
    """The case whose number they wrote, if they take part in it; else the one they were last texted
    about.
    """
    own = Ticket.objects.filter(desk=row.desk_id).select_related("desk")
    written = re.search(
        rf"\b{re.escape(row.desk.prefix)}[- ]?(\d{{1,15}})\b", row.text, re.IGNORECASE
    )
    named = own.filter(number=int(written[1])).first() if written else None
    if named and may_write_on(sender, named):
        return named
    last = TextMessage.objects.filter(
        desk=row.desk_id, number__in=spellings(row.number), ticket__is_open=True
    ).order_by("-queued_at")
    found = own.filter(pk=last.values_list("ticket", flat=True).first() or 0).first()
    return found if found and may_write_on(sender, found) else None


def _subject(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else words[:79].rstrip() + "…"


def _with_plus(number: str) -> str:
    digits = number.strip()
    return (
        f"+{digits}"
        if digits.isdigit() and len(digits) > 9 and not digits.startswith("0")
        else digits
    )
