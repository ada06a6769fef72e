"""`deskbook hours`: due times and open time of a calendar alone, from cases in JSON Lines."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from math import isfinite
from typing import Any

from deskbook.book.words import in_years
from deskbook.engine.amounts import Amount, parse_amount
from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.spans import Pause, Span, due, explain

_KEYS = frozenset(("id", "from", "to", "add", "after_hours", "pauses", "explain"))
_SECOND = timedelta(seconds=1)


class CaseError(ValueError):
    """A case that cannot be answered; the message says what is wrong with it."""


def not_json(error: json.JSONDecodeError) -> str:
    """Returns where a line stops being JSON, for somebody who does not know Python."""
    return f"not JSON from column {error.colno} on: a quote, a comma or a brace is missing there"


def run(calendar: Calendar, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One answer per line that is not blank, in order.

    A wrong case gives `{"error": "line 3: …"}` (with its id, if it has one) and the next goes on.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer_line(calendar, number, line)


def answer(calendar: Calendar, case: dict[str, Any]) -> dict[str, Any]:
    """The answer to one case, with its `id` if it has one.

    `from` + `add` (an amount; optional `after_hours`, `pauses`, `explain`) gives `due`;
    `from` + `to` gives `open_seconds` and `business_days`. Raises CaseError, AmountError,
    NoOpening, or ValueError for instants the calendar cannot place.
    """
    _refuse_wrong_keys(case)
    echoed = {"id": case["id"]} if "id" in case else {}
    from_at = instant_in_case(case["from"], "from")
    if "add" in case:
        return echoed | _due_answer(calendar, from_at, case)
    to_at = instant_in_case(case["to"], "to")
    return echoed | {
        "open_seconds": _number(Fraction(calendar.open_between(from_at, to_at) / _SECOND)),
        "business_days": _number(calendar.business_days_between(from_at, to_at)),
    }


def _answer_line(calendar: Calendar, number: int, line: str) -> dict[str, Any]:
    case: Any = None
    try:
        case = json.loads(line)
        if not isinstance(case, dict):
            raise CaseError('a case is an object such as {"from": "…", "add": "2bd"}')
        return answer(calendar, case)
    except json.JSONDecodeError as error:
        return {"error": f"line {number}: {not_json(error)}"}
    except (ValueError, NoOpening, OverflowError, RecursionError) as error:
        echoed = {"id": case["id"]} if isinstance(case, dict) and "id" in case else {}
        return echoed | {"error": f"line {number}: {error}"}


def _refuse_wrong_keys(case: dict[str, Any]) -> None:
    unknown = sorted(case.keys() - _KEYS)
    if unknown:
        raise CaseError(f"unknown key '{unknown[0]}'; a case has {', '.join(sorted(_KEYS))}")
    if "from" not in case:
        raise CaseError("'from' is missing")
    if ("add" in case) == ("to" in case):
        raise CaseError("give either 'add' (an amount) or 'to' (an instant)")
    if "to" in case and (wrong := sorted(case.keys() & {"after_hours", "pauses", "explain"})):
        raise CaseError(f"'{wrong[0]}' goes with 'add', not with 'to'")


def _due_answer(calendar: Calendar, from_at: datetime, case: dict[str, Any]) -> dict[str, Any]:
    amount = _amount(case["add"])
    pauses = _pauses(case.get("pauses", []))
    factor = _factor(case.get("after_hours"))
    found: dict[str, Any] = {
        "due": _written(due(calendar, from_at, amount, pauses=pauses, after_hours=factor))
    }
    if case.get("explain"):
        spans = explain(calendar, from_at, amount, pauses=pauses, after_hours=factor)
        found["spans"] = [span_as_json(span) for span in spans]
    return found


def span_as_json(span: Span) -> dict[str, Any]:
    """A span as plain JSON: instants in UTC, what counted in seconds or in business days."""
    unit = "seconds" if isinstance(span.total, timedelta) else "business_days"
    return {
        "from": _written(span.from_at),
        "to": _written(span.to_at),
        "state": span.state,
        "rate": _number(span.rate),
        "reason": span.reason,
        f"counted_{unit}": _quantity(span.counted),
        f"total_{unit}": _quantity(span.total),
    }


def _amount(written: object) -> Amount:
    if not isinstance(written, str):
        raise CaseError(f"'add' is an amount in quotes such as \"2bd\", not {written!r}")
    return parse_amount(written)


def instant_in_case(written: object, key: str) -> datetime:
    """Returns the instant that a case's `key` says; raises CaseError."""
    if written is None:
        raise CaseError(f"'{key}' is missing: an instant with offset, 2026-03-06T19:00:00-05:00")
    try:
        at = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        at = None
    if at is None:
        raise CaseError(f"'{key}' is {written!r}, not an instant like 2026-03-06T19:00:00-05:00")
    if at.tzinfo is None:
        raise CaseError(f"'{key}' is {written!r}, without an offset; end it with -05:00 or Z")
    try:
        return in_years(at)
    except ValueError as exc:
        raise CaseError(f"'{key}': {exc}") from None


def _pauses(written: object) -> list[Pause]:
    if not isinstance(written, list):
        raise CaseError("'pauses' is a list of [from, to] or [from, to, reason]")
    pauses: list[Pause] = []
    for pause in written:
        if not isinstance(pause, list) or len(pause) not in (2, 3):
            raise CaseError(f"a pause is [from, to] or [from, to, reason], not {pause!r}")
        begins, ends = instant_in_case(pause[0], "pauses"), instant_in_case(pause[1], "pauses")
        if ends < begins:
            raise CaseError(f"a pause ends at {pause[1]}, before its start {pause[0]}")
        pauses.append((begins, ends, str(pause[2]) if len(pause) > 2 else "paused"))
    return pauses


def _factor(written: object) -> Fraction | None:
    if written is None:
        return None
    if isinstance(written, bool) or not isinstance(written, int | float) or not isfinite(written):
        raise CaseError(f"'after_hours' is a factor such as 2, not {written!r}")
    return Fraction(str(written))


def _written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _quantity(amount: timedelta | Fraction) -> int | float:
    return _number(Fraction(amount / _SECOND) if isinstance(amount, timedelta) else amount)


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
