"""What a telephone system tells of a call: the fields of a CloudEvent, whatever form they
came in.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

PREFIX = "desk.call."
TYPES = ("ringing", "answered", "ended", "missed", "recording")
NOT_REACHED = frozenset(
    {"missed", "no-answer", "no answer", "busy", "failed", "canceled", "cancelled"}
)
"""Outcomes of an ended call that mean nobody spoke."""
AHEAD = timedelta(minutes=5)
LONGEST = {
    "provider": 60,
    "call_id": 200,
    "from": 100,
    "to": 100,
    "agent_ext": 64,
    "recording_url": 500,
}


class Malformed(ValueError):
    """The body is not what it should be; the text says what and where."""


class UnknownType(ValueError):
    """An event of another kind: nothing is wrong with it, and nothing is done."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of one call."""

    provider: str
    call_id: str
    type: str
    at: datetime
    """When it happened, as the sender says; never ahead of when it came."""
    direction: str = "inbound"
    caller: str = ""
    """As told: "from", or for a call of ours "to"."""
    extension: str = ""
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    reached: bool = True
    """False for an ended call nobody answered."""
    recording_url: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def read_cloud_event(body: bytes, *, at: datetime) -> Told:
    """Returns the event in a structured CloudEvent (1.0, JSON). Raises Malformed or UnknownType."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("The body is no JSON: send a CloudEvent in structured mode.") from None
    if not isinstance(event, dict) or event.get("specversion") != "1.0":
        raise Malformed("This is no CloudEvent: specversion must be “1.0”.")
    type_ = _text(event, "type", 100)
    if not type_.startswith(PREFIX) or type_.removeprefix(PREFIX) not in TYPES:
        raise UnknownType(
            f"“{type_[:60]}” is not known here; known are {', '.join(PREFIX + t for t in TYPES)}."
        )
    data = event.get("data")
    if not isinstance(data, dict):
        raise Malformed("data must be an object with provider and call_id.")
    return told_by(data, type_.removeprefix(PREFIX), _instant(event, "time", at) or at, at=at)


def told_by(data: Mapping[str, Any], type_: str, happened_at: datetime, *, at: datetime) -> Told:
    """Returns what the fields of protocols' `data` say. Raises Malformed."""
    provider, call_id = (
        _text(data, name, LONGEST[name], needed=True) for name in ("provider", "call_id")
    )
    direction = "outbound" if _text(data, "direction", 20).lower().startswith("out") else "inbound"
    recording = _text(data, "recording_url", LONGEST["recording_url"])
    if recording and urlsplit(recording).scheme not in ("http", "https"):
        raise Malformed("data.recording_url must begin with https://.")
    return Told(
        provider,
        call_id,
        type_,
        min(happened_at, at),
        direction,
        caller=_text(data, "to" if direction == "outbound" else "from", LONGEST["from"]),
        extension=_text(data, "agent_ext", LONGEST["agent_ext"]),
        started_at=_instant(data, "started_at", at),
        answered_at=_instant(data, "answered_at", at),
        ended_at=_instant(data, "ended_at", at),
        reached=_text(data, "outcome", 40).lower() not in NOT_REACHED,
        recording_url=recording,
        data={key: data[key] for key in sorted(data)[:40]},
    )


def _text(of: Mapping[str, Any], name: str, longest: int, *, needed: bool = False) -> str:
    value = of.get(name)
    text = "" if value is None else str(value).strip() if isinstance(value, str | int) else None
    if text is None or len(text) > longest or "\x00" in text:
        raise Malformed(f"{name} must be a text of at most {longest} characters.")
    if needed and not text:
        raise Malformed(f"{name} is missing: without it a call cannot be told from another.")
    return text


def _instant(of: Mapping[str, Any], name: str, at: datetime) -> datetime | None:
    """An instant with its zone; one ahead of now is a clock that goes wrong, and is taken as
    now.
    """
    text = of.get(name)
    if text in (None, ""):
        return None
    try:
        instant = datetime.fromisoformat(text) if isinstance(text, str) else None
        if instant is None or instant.tzinfo is None:
            raise ValueError
        instant = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed(
            f"{name} must be an instant with its zone, like 2026-03-02T09:30:00+05:30."
        ) from None
    return instant if instant <= at + AHEAD else at
