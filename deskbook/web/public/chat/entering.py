"""Beginning a chat: who somebody is, and their first message."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from deskbook.channels.chat import talk, tries
from deskbook.channels.chat.identity import (
    NAME,
    Asked,
    asked_by,
    came_as,
    claims,
    newcomer,
    person_of,
)
from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.talk import Device
from deskbook.engine.wall_time import zone_named
from deskbook.knowledge.deflection import note_sent
from deskbook.people.models import Contact
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import LONGEST_TEXT, Written
from deskbook.web.public.chat.visitor import Place, visitor_of
from deskbook.web.shared.chat_writing import text_problem
from deskbook.web.typed import key_of

_SECRET = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{32}")
LONGEST_FIELD = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed to begin a chat, and what became of it."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """Field → what is missing; never which statement was wrong."""
    refusal: str = ""
    status: int = 200
    chat: ChatSession | None = None
    left: str = ""
    """Number of the ticket a message was left on."""


def fields_of(place: Place) -> tuple[Asked, ...]:
    """Returns what the form asks: the book's fields, or the name alone."""
    return asked_by(place.desk, place.channel) or (Asked(NAME, "name"),)


def enter(request: HttpRequest, place: Place) -> Entry:
    """Takes the form: begins a chat, or leaves a message where the chat is closed or the browser
    runs no scripts.
    """
    values = {name: str(value)[: LONGEST_TEXT + 1] for name, value in request.POST.items()}
    secret = values.get("secret", "")
    device = Device(secret, get_language() or "en", _zone(values.get("zone", "")))
    at = timezone.now()
    known = talk.chat_of(place.helpdesk.pk, secret, at=at) if _SECRET.fullmatch(secret) else None
    if known:
        return _begun_already(request, known, values, at)
    errors = _missing(place, values)
    if errors:
        return Entry(values, errors, status=422)
    proved = _proved(request, place, values, at)
    if isinstance(proved, Entry):
        return proved
    if tries.too_many_chats(place.helpdesk, visitor_of(request).address, proved, at=at):
        said = _(
            "Too many chats were begun from here. Try again in ten minutes, or write to {where}."
        )
        return Entry(values, refusal=said.format(where=_elsewhere(place)), status=429)
    try:
        who = proved or _newcomer(place, values)
        begun = _begun(request, place, who, values, device, at)
    except Refused as refused:
        return Entry(values, refusal=in_words(refused, "requester"), status=409)
    note_sent(place.helpdesk, values.get("writing", "")[:32], at=at)
    return begun


def _begun_already(
    request: HttpRequest, chat: ChatSession, values: Mapping[str, str], at: datetime
) -> Entry:
    """The answer of a beginning was lost: other words than it had are the next line of the chat."""
    text = _text(values)
    if not text or text == talk.first_words(chat):
        return Entry(values, chat=chat)
    if problem := text_problem(text):
        return Entry(values, {"text": problem}, status=422)
    try:
        talk.say(chat, Written(text), at=at, key=key_of(request, values.get("client_key", "")))
    except Refused as refused:
        return Entry(values, refusal=in_words(refused, "requester"), status=409)
    return Entry(values, chat=chat)


def _begun(
    request: HttpRequest,
    place: Place,
    contact: Contact,
    values: Mapping[str, str],
    device: Device,
    at: datetime,
) -> Entry:
    asked = asked_by(place.desk, place.channel)
    written = Written(
        _text(values), sender=came_as(contact, asked, _stated(asked, values), place.desk)
    )
    open_now = place.desk.channel_hours(place.channel).is_open(at)
    if open_now and _SECRET.fullmatch(device.secret):
        return Entry(values, chat=talk.begin(contact, place.channel, written, device, at=at))
    key = values.get("client_key", "")
    key = key if _KEY.fullmatch(key) else device.secret or f"{contact.pk}-{at.timestamp()}"
    key = key_of(request, key)
    recorded = talk.leave_message(contact, place.channel, written, at=at, key=key)
    return Entry(values, left=str(recorded.ticket))


def _newcomer(place: Place, values: Mapping[str, str]) -> Contact:
    name, mail = values[f"asked.{NAME.key}"].strip(), values.get("mail", "")
    return newcomer(place.helpdesk, name, mail, language=get_language() or "en")


def _proved(
    request: HttpRequest, place: Place, values: Mapping[str, str], at: datetime
) -> Contact | Entry | None:
    """Returns who somebody proved to be; None where the chat asks nothing, and so nobody proves
    anything.
    """
    asked = asked_by(place.desk, place.channel)
    stated = _stated(asked, values)
    if not asked:
        return None
    claimed, visitor = claims(place.desk, asked, stated), visitor_of(request)
    with transaction.atomic():
        locked = tries.count_try(place.helpdesk, visitor, claimed, at=at)
        found = person_of(place.helpdesk, place.desk, asked, stated)
        if found and not locked:
            tries.forgive(place.helpdesk, visitor, claimed, at=at)
            return found
    if locked:
        return Entry(values, refusal=_locked_until(locked, place, at), status=429)
    said = _("This does not match what the desk knows. Check every field, or write to {where}.")
    return Entry(values, refusal=said.format(where=_elsewhere(place)), status=422)


def _stated(asked: Iterable[Asked], values: Mapping[str, str]) -> dict[str, str]:
    return {one.key: values.get(f"asked.{one.key}", "") for one in asked}


def _locked_until(locked: tries.Locked, place: Place, at: datetime) -> str:
    minutes = int((locked.until_at - at).total_seconds() // 60) + 1
    said = ngettext(
        "Too many tries did not match. Try again in {minutes} minute, or write to {where}.",
        "Too many tries did not match. Try again in {minutes} minutes, or write to {where}.",
        minutes,
    )
    return said.format(minutes=minutes, where=_elsewhere(place))


def _elsewhere(place: Place) -> str:
    return ", ".join(place.desk.mail[:1]) or place.desk.title


def _missing(place: Place, values: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    for one in fields_of(place):
        text = values.get(f"asked.{one.key}", "").strip()
        if not text:
            errors[f"asked.{one.key}"] = _("Fill this in.")
        elif len(text) > LONGEST_FIELD:
            errors[f"asked.{one.key}"] = _("At most {most} characters.").format(most=LONGEST_FIELD)
    mail = values.get("mail", "").strip()
    if mail and not _is_address(mail):
        errors["mail"] = _(
            "This is no mail address: write it like name@example.org, or leave it out."
        )
    text = _text(values)
    if problem := text_problem(text):
        errors["text"] = problem
    elif not text:
        errors["text"] = _("Write what you need help with.")
    return errors


def _is_address(mail: str) -> bool:
    try:
        validate_email(mail)
    except ValidationError:
        return False
    return len(mail) <= 254


def _text(values: Mapping[str, str]) -> str:
    return values.get("text", "").replace("\r\n", "\n").strip()


def _zone(name: str) -> str:
    try:
        return zone_named(name).key if name else ""
    except ValueError:
        return ""
