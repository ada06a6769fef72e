"""What work done apart hands back: plain values by a format that can say nothing else
(people/apart.py).

A stranger's file may have taken the process over that read it. What it writes is read here as
numbers, texts, bytes, lists and the classes that the work's own annotation names, each field of its
type; unlike a pickle it can call nothing. Eight bytes of length, JSON, then the bytes and long
texts that the JSON counts.
"""

import builtins
import dataclasses
import json
import struct
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import IO, Any, Union, cast, get_args, get_origin, get_type_hints

LONG = 1_000
"""Characters; a longer text goes as it is: in JSON a letter of Kerala is six bytes."""
MOST_JSON = 4 * 1024 * 1024
"""Bytes of the JSON, whose many small values take tens of times their length here; what is long
stands behind it.
"""
_LENGTH = struct.Struct(">Q")
Work = Callable[..., Any]


class Strange(ValueError):
    """It is no answer that this work gives."""


def write_answer(value: Any, to: IO[bytes]) -> None:
    """Writes what a piece of work returned. Raises Strange for what has no plain form."""
    parts: list[bytes] = []
    _write({"answer": _plain(value, parts), "parts": [len(part) for part in parts]}, parts, to)


def write_failure(failure: Exception, to: IO[bytes]) -> None:
    """Writes what it raised: the name of its class and its words."""
    _write({"failed": type(failure).__name__, "words": str(failure)[:LONG], "parts": []}, [], to)


def read_answer(work: Work, from_: IO[bytes], most: int) -> Any:
    """Returns what `work` returned; of work that raised, the error, for the caller to raise.

    Raises EOFError where it ended before, Strange for anything `work` cannot answer, or more than
    `most` bytes.
    """
    try:
        return _read(work, from_, most)
    except (ValueError, TypeError, RecursionError) as strange:
        raise Strange from strange


def _read(work: Work, from_: IO[bytes], most: int) -> Any:
    [length] = _LENGTH.unpack(_exactly(from_, _LENGTH.size, most))
    told = json.loads(_exactly(from_, length, min(most, MOST_JSON)))
    if not isinstance(told, dict) or not isinstance(told.get("parts"), list):
        raise Strange
    parts = [_exactly(from_, length, most) for length in _within(told["parts"], most)]
    if "failed" in told:
        return _failure(work, str(told["failed"]), str(told.get("words")))
    answer = _built(told.get("answer"), parts, _classes_of(work))
    if not _fits(answer, _hints(work).get("return", Any)):
        raise Strange
    return answer


def _write(told: Mapping[str, Any], parts: list[bytes], to: IO[bytes]) -> None:
    head = json.dumps(told).encode()
    to.write(_LENGTH.pack(len(head)))
    to.write(head)
    for part in parts:
        to.write(part)
    to.flush()


def _exactly(from_: IO[bytes], length: int, most: int) -> bytes:
    if length > most:
        raise Strange
    data = from_.read(length)
    if len(data) != length:
        raise EOFError
    return data


def _within(lengths: list[Any], most: int) -> list[int]:
    if not all(type(one) is int and one >= 0 for one in lengths) or sum(lengths) > most:
        raise Strange
    return lengths


def _plain(value: Any, parts: list[bytes]) -> Any:
    """Numbers, short texts and None as they are; all else as an object with one key that says what
    it is.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    fields = _fields(cast(Any, type(value)))
    if fields is not None:
        plain = [_plain(getattr(value, name), parts) for name in fields]
        return {"class": type(value).__name__, "fields": plain}
    match value:
        case str() if len(value) <= LONG:
            return value
        case str():
            parts.append(value.encode("utf-8", "surrogatepass"))
            return {"text": len(parts) - 1}
        case bytes():
            parts.append(value)
            return {"bytes": len(parts) - 1}
        case datetime():
            return {"datetime": value.isoformat()}
        case tuple() | list():
            kind = "tuple" if isinstance(value, tuple) else "list"
            return {kind: [_plain(one, parts) for one in value]}
    raise Strange


def _built(told: Any, parts: list[bytes], classes: Mapping[str, type]) -> Any:
    match told:
        case None | bool() | int() | float() | str():
            return told
        case {"bytes": int(number)} if 0 <= number < len(parts):
            return parts[number]
        case {"text": int(number)} if 0 <= number < len(parts):
            return parts[number].decode("utf-8", "surrogatepass")
        case {"datetime": str(text)}:
            return datetime.fromisoformat(text)
        case {"tuple": list(values)}:
            return tuple(_built(one, parts, classes) for one in values)
        case {"list": list(values)}:
            return [_built(one, parts, classes) for one in values]
        case {"class": str(name), "fields": list(values)} if name in classes:
            return classes[name](*(_built(one, parts, classes) for one in values))
    raise Strange


def _fits(value: Any, wanted: Any) -> bool:
    """Whether a value is of an annotated type, through and through."""
    if wanted is Any or wanted is None:
        return wanted is Any or value is None
    kind, of = get_origin(wanted), get_args(wanted)
    if kind in (Union, types.UnionType):
        return any(_fits(value, one) for one in of)
    if kind is tuple:
        return isinstance(value, tuple) and _each_fits(value, of)
    if type(value) is not wanted:
        return False
    fields = _fields(cast(Any, wanted))
    hints = _hints(cast(Any, wanted)) if fields else {}
    return all(_fits(getattr(value, name), hints[name]) for name in fields or ())


def _each_fits(values: tuple[Any, ...], wanted: tuple[Any, ...]) -> bool:
    if wanted[-1] is Ellipsis:
        return all(_fits(one, wanted[0]) for one in values)
    return len(values) == len(wanted) and all(map(_fits, values, wanted))


@lru_cache
def _hints(of: Any) -> Mapping[str, Any]:
    return get_type_hints(of) if hasattr(of, "__annotations__") else {}


@lru_cache
def _fields(kind: Any) -> tuple[str, ...] | None:
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind))
    return getattr(kind, "_fields", None)  # of a NamedTuple


@lru_cache
def _classes_of(work: Work) -> Mapping[str, type]:
    """The classes an answer may be made of: those that the annotation of the work names, and
    theirs.
    """
    return {kind.__name__: kind for kind in _named_in(_hints(work).get("return"))}


def _named_in(wanted: Any) -> Iterator[type]:
    for one in get_args(wanted):
        yield from _named_in(one)
    if _fields(wanted) is not None:
        yield wanted
        for hint in _hints(wanted).values():
            yield from _named_in(hint)


def _failure(work: Work, name: str, words: str) -> Exception:
    """An error the module of the work knows, or one of Python's; any other is told by its name."""
    known = getattr(sys.modules.get(work.__module__ or ""), name, None) or getattr(
        builtins, name, None
    )
    if isinstance(known, type) and issubclass(known, Exception):
        try:
            return known(words)
        except TypeError:  # it wants more than words
            pass
    return RuntimeError(f"{name[:100]}: {words}"[:500])
