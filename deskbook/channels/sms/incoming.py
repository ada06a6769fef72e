"""Texts people send: stored first, then an answer on the case they were last texted about, or a new
case.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from deskbook.channels.contract import Incoming
from deskbook.channels.sms.gateway import pairs
from deskbook.channels.sms.models import IncomingText, SmsGateway, TextMessage
from deskbook.channels.sms.stopping import confirm_end
from deskbook.channels.way_in import running_case, take_in
from deskbook.delivery.inbox import understand
from deskbook.delivery.states import Taken
from deskbook.people.access import may_write_on
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import contact_by, find_or_make_contact, normal_identifier
from deskbook.people.lists.reading import region_of
from deskbook.people.merging import person
from deskbook.people.models import Contact, HelpDesk
from deskbook.people.numbers import spellings
from deskbook.people.stopped import heed
from deskbook.refusals.kept import kept
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket

LEFT_AFTER = timedelta(minutes=2)
MOST_LEFT = 200
MEDIA_JOB = "fetch_text_media"
_MEDIA = re.compile(r"media_?(?:url)?_?\d{0,2}", re.IGNORECASE)
"""Fields in which gateways name the pictures of a text: "MediaUrl0", "media"."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as a gateway hands it over."""

    number: str
    text: str
    provider_id: str
    media: tuple[str, ...] = ()
    """Addresses of pictures that came with it."""


def text_in(gateway: SmsGateway, given: Mapping[str, str]) -> Text | None:
    """Returns the text a request's fields hold; None when they hold none."""
    names = dict(pairs(gateway.report_fields, "="))
    number, words = given.get(names.get("from", ""), ""), given.get(names.get("text", ""), "")
    named = given.get(names.get("message", ""), "") or given.get(names.get("id", ""), "")
    media = tuple(value for name, value in given.items() if _MEDIA.fullmatch(name) and value)
    if not number.strip() or not (words.strip() or media) or not named:
        return None
    region = region_of(desk_in_force(gateway.desk).zone)
    return Text(
        normal_identifier("sms", _with_plus(number), region=region),
        words.replace("\x00", ""),
        named[:128],
        media,
    )


def take_text(helpdesk: HelpDesk, text: Text, *, at: datetime) -> IncomingText:
    """Stores a text and takes it in; the same id again does nothing. One that cannot be taken in is
    held.
    """
    row, _made = IncomingText.objects.get_or_create(
        desk=helpdesk,
        provider_id=text.provider_id,
        defaults={
            "number": text.number[:32],
            "text": text.text,
            "media": text.media,
            "came_at": at,
        },
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
    it done. One that asks for no more texts, or for texts again, is neither.
    """

    def take(text: IncomingText) -> None:
        wish = _wish(text, at)
        if wish:
            text.state, text.reason = Taken.IGNORED, wish
            return
        text.ticket = _taken_in(text, at)

    return understand(IncomingText.objects.select_related("desk"), row.pk, take)


def _wish(row: IncomingText, at: datetime) -> str:
    """Does what a text of one word asks of texts and returns it as it is kept; empty for any other.
    An end is confirmed once, where the book words it; then there is silence.
    """
    number = normal_identifier("sms", row.number)
    heeded = heed(row.desk, "sms", number, row.text, at=at)
    if heeded == "stopped":
        confirm_end(row, number, at=at)
    if not heeded:
        return ""
    return kept("sms.start") if heeded == "started" else kept("sms.stop")


def _taken_in(row: IncomingText, at: datetime) -> Ticket:
    desk = desk_in_force(row.desk)
    channel = desk.channel_of("sms")
    known = _people(row)
    named = _case_named(row)
    sender = (_who_takes_part(row, named, known) if named else None) or known[0]
    case = named if named and may_write_on(sender, named) else _last_texted_about(row, sender)
    case = case or (running_case(sender, channel.key) if channel else None)
    with translation.override(sender.language):
        words = row.text if row.text.strip() else _("(a picture, without words)")
    marks = tuple(_marks(row, sender, known[0], named if named != case else None))
    written = Written(words, sender=normal_identifier("sms", row.number), mended=marks)
    incoming = Incoming(
        sender,
        channel.key if channel else "sms",
        written,
        at,
        f"sms:{row.desk_id}:{row.provider_id}"[:64],
        subject=_subject(words),
        ticket=case,
    )
    recorded = take_in(incoming)
    said = [entry.data["message"] for entry in recorded.entries if entry.data.get("message")]
    row.message = Message.objects.filter(pk__in=said[:1]).first()
    if row.media:
        app.configure_task(MEDIA_JOB, queue="services").defer(incoming_text_id=row.pk)
    return recorded.ticket


def _people(row: IncomingText) -> Sequence[Contact]:
    """Whose number it is: not empty; the first is who is taken for the writer."""
    ways = (contact_by(row.desk, way, row.number) for way in ("sms", "phone", "whatsapp"))
    known = list(dict.fromkeys(filter(None, ways)))
    return known or [find_or_make_contact(row.desk, "phone", row.number, sign_in=False)]


def _case_named(row: IncomingText) -> Ticket | None:
    written = re.search(
        rf"\b{re.escape(row.desk.prefix)}[- ]?(\d{{1,15}})\b", row.text, re.IGNORECASE
    )
    own = Ticket.objects.filter(desk=row.desk_id).select_related("desk")
    return own.filter(number=int(written[1])).first() if written else None


def _who_takes_part(row: IncomingText, named: Ticket, known: Sequence[Contact]) -> Contact | None:
    """Who of a number takes part in a case: whoever is reached there, or spoke on it from there."""
    spoke = Message.objects.filter(
        ticket=named,
        kind=Message.Kind.REQUEST,
        outsider=False,
        sender__in=spellings(normal_identifier("sms", row.number)),
    ).exclude(author_contact=None)
    spoken = [said.author_contact for said in spoke.select_related("author_contact").order_by("pk")]
    people = (*known, *(person(one) for one in spoken if one))
    return next((one for one in people if may_write_on(one, named)), None)


def _last_texted_about(row: IncomingText, sender: Contact) -> Ticket | None:
    """The case their number was last texted about, if they take part in it."""
    last = TextMessage.objects.filter(
        desk=row.desk_id, number__in=spellings(row.number), ticket__is_open=True
    ).order_by("-queued_at")
    own = Ticket.objects.filter(desk=row.desk_id).select_related("desk")
    found = own.filter(pk=last.values_list("ticket", flat=True).first() or 0).first()
    return found if found and may_write_on(sender, found) else None


def _marks(
    row: IncomingText, sender: Contact, owner: Contact, named: Ticket | None
) -> Iterator[str]:
    """What its reader has to know of it beside its words; `named` is a case it names and did not go
    to.
    """
    if sender.pk != owner.pk:
        yield kept("sms.of_another", who=str(owner))
    if named:
        yield kept("sms.names_another", case=str(named))


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
