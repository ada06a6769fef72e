"""The Cloud API's webhook as dataclasses (protocols B.1). What is odd in it is left out or kept as
it came.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from deskbook.delivery.inbox import NotTakenIn
from deskbook.refusals.kept import kept

Json = Mapping[str, Any]
LONGEST_ID = 255


class NotAWebhook(NotTakenIn):
    """The bytes are no webhook of the Cloud API; the text says why."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by what the service tells of them: a number, a business-scoped id, or both."""

    number: str = ""
    """Digits with a plus."""
    user_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message of a person."""

    wamid: str
    sender: Person
    at: datetime | None
    kind: str
    content: Json
    quoted: str = ""
    """wamid of the message it answers."""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a message of ours."""

    wamid: str
    status: str
    at: datetime | None
    code: int | None = None
    reason: str = ""
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A person is reached by something else from now on."""

    before: Person
    after: Person


@dataclass(frozen=True, slots=True)
class Webhook:
    """All that one delivery says, in its order."""

    arrived: tuple[Arrived, ...] = ()
    statuses: tuple[Status, ...] = ()
    moved: tuple[Moved, ...] = ()
    phone_number_ids: frozenset[str] = field(default_factory=frozenset)


def parse(raw: bytes) -> Webhook:
    """Returns what a webhook says; parts of it that cannot be understood are left out or kept as
    unknown messages.

    Raises NotAWebhook for bytes that are no JSON object with a list `entry`.
    """
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise NotAWebhook(kept("whatsapp.no_json", error=str(problem)[:200])) from None
    if not isinstance(data, dict) or not isinstance(data.get("entry"), list):
        raise NotAWebhook(kept("whatsapp.no_webhook"))
    values = list(_values(data))
    return Webhook(
        tuple(one for value in values for one in _messages(value)),
        tuple(one for value in values for one in _statuses(value)),
        tuple(one for value in values for one in _moves(value)),
        frozenset(_text(_object(value.get("metadata")), "phone_number_id") for value in values)
        - {""},
    )


def _values(data: Json) -> Iterator[Json]:
    for entry in data["entry"]:
        for change in _list(_object(entry).get("changes")):
            yield _object(change.get("value"))


def _messages(value: Json) -> Iterator[Arrived]:
    people = [_person(contact) for contact in _list(value.get("contacts"))]
    for message in _list(value.get("messages")):
        wamid = _text(message, "id")[:LONGEST_ID]
        kind = _text(message, "type") or "unknown"
        if not wamid or (kind == "system" and _number_change(message)):
            continue
        yield Arrived(
            wamid,
            _sender(message, people),
            _instant(message),
            kind[:40],
            message,
            quoted=_text(_object(message.get("context")), "id")[:LONGEST_ID],
            group=_text(message, "group_id")[:LONGEST_ID],
        )


def _person(contact: Json) -> Person:
    profile = _object(contact.get("profile"))
    name = _text(profile, "name") or _text(profile, "username")
    return Person(_number(_text(contact, "wa_id")), _text(contact, "user_id")[:200], name[:200])


def _sender(message: Json, people: list[Person]) -> Person:
    """Who wrote: the contact of the same number or id, else the only contact, else what the message
    itself says.
    """
    number, user_id = _number(_text(message, "from")), _text(message, "from_user_id")[:200]
    for person in people:
        if (number and person.number == number) or (user_id and person.user_id == user_id):
            return person
    if len(people) == 1 and not (number and people[0].number):
        return Person(number or people[0].number, user_id or people[0].user_id, people[0].name)
    return Person(number, user_id)


def _statuses(value: Json) -> Iterator[Status]:
    for said in _list(value.get("statuses")):
        wamid, status = _text(said, "id")[:LONGEST_ID], _text(said, "status")[:16]
        if not wamid or not status:
            continue
        error = next(iter(_list(said.get("errors"))), {})
        yield Status(
            wamid,
            status,
            _instant(said),
            _code(error),
            error_words(error),
            _text(said, "biz_opaque_callback_data")[:64],
        )


def error_words(error: Json) -> str:
    """Returns the service's own words for an error, the most exact last."""
    details = _text(_object(error.get("error_data")), "details")
    words = [_text(error, "title"), _text(error, "message"), details]
    return " – ".join(dict.fromkeys(word for word in words if word))[:1_000]


def _first_text(told: Json, *names: str) -> str:
    """Each version of the service says it under another name."""
    return next((text for name in names if (text := _text(told, name))), "")


def _moves(value: Json) -> Iterator[Moved]:
    for message in _list(value.get("messages")):
        if _text(message, "type") == "system" and (after := _number_change(message)):
            before = Person(
                _number(_text(_object(message["system"]), "customer") or _text(message, "from"))
            )
            yield Moved(before, after)
    for update in _list(value.get("user_id_update")):
        told = {**update, **_object(update.get("user_id"))}
        before_id = _first_text(told, "previous", "previous_user_id", "old_user_id")
        after_id = _first_text(told, "current", "new_user_id", "user_id")
        number = _number(_text(update, "wa_id"))
        if after_id and (before_id or number):
            yield Moved(Person(number, before_id[:200]), Person(number, after_id[:200]))


def _number_change(message: Json) -> Person | None:
    system = _object(message.get("system"))
    if "changed_number" not in _text(system, "type") and not _text(system, "new_wa_id"):
        return None
    number = _number(_text(system, "wa_id") or _text(system, "new_wa_id"))
    user_id = _text(system, "user_id")[:200]
    return Person(number, user_id) if number or user_id else None


def _instant(said: Json) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(_text(said, "timestamp")), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _number(digits: str) -> str:
    bare = digits.strip().lstrip("+")
    return f"+{bare}" if bare.isascii() and bare.isdigit() and len(bare) <= 20 else ""


def _code(error: Json) -> int | None:
    code = error.get("code")
    return code if isinstance(code, int) and 0 <= code < 2**31 else None


def _text(data: Json, name: str) -> str:
    found = data.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found.replace("\x00", "") if isinstance(found, str) else ""


def _object(found: Any) -> Json:
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Json]:
    return [_object(one) for one in found] if isinstance(found, list) else []
