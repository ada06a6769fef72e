"""A refusal as it is kept: JSON of its code and facts, until somebody reads it in their own
language.

`kept("mail.large", megabytes=60, most=50)` is a text that fits wherever a sentence would be stored.
Rows hold the codes and the names of their facts: neither is ever renamed. A row of before holds a
sentence, and is shown as it is.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from deskbook.refusals.refusal import Aside, KeptRefusal, Refusal, Word

_KEY = "deskbook"
_FEWEST = 8
"""Characters of a fact that are left where one has to be cut."""
_WORDS_OF_BEFORE = {"budget.desk": "what", "automatic.kind": "report"}
"""Code → the fact that is a word of ours, and was kept as plain text before."""


def kept(refusal: Refusal | str, /, **facts: object) -> KeptRefusal:
    """Returns a refusal, or a code with its facts, as it is kept. A fact may be kept already: it is
    said in its place; what somebody else said is a plain text, and never taken for one of ours.
    """
    whole = Refusal(refusal, **facts) if isinstance(refusal, str) else refusal
    return KeptRefusal(_json(_as_json(whole)))


def joined(*texts: Refusal | str) -> str:
    """Returns several things to say, one after the other, as one; nothing where there is none."""
    some = [kept(text) if isinstance(text, Refusal) else text for text in texts if text]
    if len(some) > 1:
        return kept("joined", texts=some)
    return some[0] if some else ""


def stored(text: str) -> str:
    """Returns a text that was kept, as what it was: a refusal in its written form, or a sentence of
    before.
    """
    return KeptRefusal(text) if _told(text) else text


def read(text: str) -> Refusal | None:
    """Returns what a kept text refuses; None for any other text."""
    told = _told(text)
    return _refusal(told) if told else None


def beginning(code: str, **facts: str) -> str:
    """Returns how all texts begin that have this code and whose last fact here begins so."""
    return kept(code, **facts)[:-2]


def cut(text: str, most: int) -> str:
    """Returns a text of at most `most` characters; of a refusal the longest facts are shortened."""
    told = _told(text)
    if told is None or len(text) <= most:
        return text[:most]
    while len(_json(told)) > most:
        whole, name = max(_texts(told), key=lambda one: len(one[0][one[1]]), default=({"": ""}, ""))
        longest = whole[name]
        if len(longest) <= _FEWEST:
            return KeptRefusal(_json({_KEY: told[_KEY]}))
        whole[name] = f"{longest[: max(len(longest) // 2, _FEWEST - 1)]}…"
    return KeptRefusal(_json(told))


def _texts(told: Any) -> Iterator[tuple[Any, Any]]:
    """Where in a kept refusal, and in those within it, a text stands that is no word or time of
    ours: in what, and under which name.
    """
    shortened = isinstance(told, list) or (
        isinstance(told, dict) and bool({_KEY, "aside"} & told.keys())
    )
    for name, value in told.items() if isinstance(told, dict) else enumerate(told):
        if isinstance(value, dict | list):
            yield from _texts(value)
        elif isinstance(value, str) and shortened and name != _KEY:
            yield told, name


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


def _as_json(fact: object) -> Any:
    """A fact as JSON has it: what is more than text and numbers says in its key what it is."""
    match fact:
        case None | int() | float():
            return fact
        case KeptRefusal():
            return json.loads(fact)
        case Refusal():
            return {
                _KEY: fact.code,
                **{name: _as_json(value) for name, value in fact.facts.items()},
            }
        case Word():
            return {"word": str(fact)}
        case Aside():
            return {"aside": _as_json(fact.what), "why": _as_json(fact.why), "line": fact.line}
        case tuple() | list():
            return [_as_json(one) for one in fact]
    return _time_as_json(fact) if isinstance(fact, date) else str(fact)


def _time_as_json(on: date) -> dict[str, str]:
    if isinstance(on, datetime):
        return {"at": on.isoformat(), "zone": getattr(on.tzinfo, "key", "")}
    return {"day": on.isoformat()}


def _refusal(told: dict[str, Any]) -> Refusal:
    facts = {name: _fact(value) for name, value in told.items() if name != _KEY}
    return Refusal(str(told[_KEY]), **_as_of_now(str(told[_KEY]), facts))


def _as_of_now(code: str, facts: dict[str, object]) -> dict[str, object]:
    """The facts of a row of before as they are told now."""
    name = _WORDS_OF_BEFORE.get(code, "")
    if isinstance(facts.get(name), str):
        return facts | {name: Word(facts[name])}
    numbered = [name for name in sorted(facts) if code == "joined" and name.startswith("text_")]
    return {"texts": tuple(facts[name] for name in numbered)} if numbered else facts


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
