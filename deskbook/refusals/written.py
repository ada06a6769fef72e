"""A refusal as it is kept: JSON of its code and facts, until somebody reads it in their own language.

`written("mail.large", megabytes=60, most=50)` is a text that fits wherever a sentence would be stored. Rows hold the
codes and the names of their facts: neither is ever renamed. A row of before holds a sentence, and is shown as it is.
"""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from deskbook.refusals.refusal import Aside, Refusal, Word, Written

_KEY = "deskbook"


def written(refusal: Refusal | str, /, **facts: object) -> Written:
    """Returns a refusal, or a code with its facts, as it is kept. A fact may be written already: it is said in its
    place; what somebody else said is a plain text, and never taken for one of ours.
    """
    kept = Refusal(refusal, **facts) if isinstance(refusal, str) else refusal
    return Written(_json(_kept(kept)))


def joined(*texts: Refusal | str) -> Written | str:
    """Returns several things to say, one after the other, as one; nothing where there is none."""
    if len(texts) == 1 and isinstance(texts[0], Refusal):
        return written(texts[0])
    return written("joined", texts=texts) if texts else ""


def read(text: str) -> Refusal | None:
    """Returns what a kept text refuses; None for any other text."""
    told = _told(text)
    return _refusal(told) if told else None


def _told(text: str) -> dict[str, Any] | None:
    if not text.startswith(f'{{"{_KEY}": "'):
        return None
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False)


def _kept(fact: object) -> Any:
    """A fact as JSON has it: what is more than text and numbers says in its key what it is."""
    match fact:
        case None | int() | float():
            return fact
        case Written():
            return json.loads(fact)
        case Refusal():
            return {_KEY: fact.code, **{name: _kept(value) for name, value in fact.facts.items()}}
        case Word():
            return {"word": str(fact)}
        case Aside():
            return {"aside": _kept(fact.what), "why": _kept(fact.why), "line": fact.line}
        case tuple() | list():
            return [_kept(one) for one in fact]
    return _kept_time(fact) if isinstance(fact, date) else str(fact)


def _kept_time(on: date) -> dict[str, str]:
    if isinstance(on, datetime):
        return {"at": on.isoformat(), "zone": getattr(on.tzinfo, "key", "")}
    return {"day": on.isoformat()}


def _refusal(told: dict[str, Any]) -> Refusal:
    facts = {name: _fact(value) for name, value in told.items() if name != _KEY}
    return Refusal(str(told[_KEY]), **facts)


def _fact(kept: Any) -> object:
    match kept:
        case {"deskbook": str()}:
            return _refusal(kept)
        case {"word": str(word)}:
            return Word(word)
        case {"aside": what, "why": why, "line": line}:
            return Aside(_fact(what), _fact(why), line)
        case {"at": str(at), "zone": zone}:
            instant = datetime.fromisoformat(at)
            return instant.astimezone(ZoneInfo(zone)) if zone else instant
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case list():
            return tuple(_fact(one) for one in kept)
    return kept
