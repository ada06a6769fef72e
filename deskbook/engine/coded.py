"""What the desk has to say of something, as a code and facts, until somebody reads it in their own language.

`coded("mail.too_many", sender="x@y.example", count=20)` is a text that fits wherever a sentence would be stored; the
catalogue (people/catalogue.py) makes the sentence. Facts are what somebody else said, literally, or coded themselves.
"""

from __future__ import annotations

import json
from typing import Any

_KEY = "deskbook"
_FEWEST = 8
"""Characters of a fact that are left where one has to be cut."""


class Coded(str):
    """A code with its facts, as it is stored. Text of anybody else is never one, whatever it looks like."""


def coded(code: str, /, **facts: str | int) -> Coded:
    """Returns a code with its facts. A fact may be coded too: it is said in its place."""
    return Coded(_written({_KEY: code, **{name: _fact(value) for name, value in facts.items()}}))


def joined(*texts: str) -> Coded:
    """Returns several things to say, one after the other, as one."""
    return coded("joined", **{f"text_{number}": text for number, text in enumerate(texts)})


def stored(text: str) -> str:
    """Returns a text that was kept, as what it was: a code with its facts, or a sentence of before."""
    return Coded(text) if facts_of(text) else text


def facts_of(text: str) -> dict[str, Any] | None:
    """Returns a code, under "deskbook", and its facts; None for any other text."""
    if not text.startswith(f'{{"{_KEY}": "'):
        return None
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def code_in(told: dict[str, Any]) -> str:
    """Returns the code of what `facts_of` gave."""
    return str(told[_KEY])


def is_coded(fact: object) -> bool:
    """Whether a fact is coded itself."""
    return isinstance(fact, dict) and _KEY in fact


def beginning(code: str, **facts: str) -> str:
    """Returns how all texts begin that have this code and whose last fact here begins so."""
    return coded(code, **facts)[:-2]


def cut(text: str, most: int) -> str:
    """Returns a text of at most `most` characters; of a coded one the longest facts are shortened."""
    told = facts_of(text)
    if told is None or len(text) <= most:
        return text[:most]
    while len(_written(told)) > most:
        name, longest = max(_texts(told), key=lambda one: len(one[1]), default=("", ""))
        if len(longest) <= _FEWEST:
            return _written({_KEY: told[_KEY]})
        told[name] = f"{longest[: max(len(longest) // 2, _FEWEST - 1)]}…"
    return Coded(_written(told))


def _texts(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in told.items() if isinstance(value, str) and name != _KEY]


def _fact(value: str | int) -> Any:
    return json.loads(value) if isinstance(value, Coded) else value


def _written(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
