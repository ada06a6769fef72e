"""What is proved of two books, in sentences: never later than before, or for whom, with a case."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deskbook.book.boxes import Box, TooManyBoxes
from deskbook.book.compare.made_up import MadeUp
from deskbook.book.compare.promised import CLOCKS, facet_in_words
from deskbook.book.compare.promises import Later, Proof
from deskbook.book.compare.sides import Place, Side, place_as_dict
from deskbook.book.compare.space import Space
from deskbook.book.compare.ways import (
    Otherwise,
    boxes_in_words,
    stages_reached,
    who_gets_it,
    who_may_close,
)

NO_OTHER = "never later than before"
AS_BEFORE = "as before"
WAYS: dict[str, Callable[[Side, Side], Iterator[Otherwise]]] = {
    "who gets a case": who_gets_it,
    "who may close a case": who_may_close,
    "where a case can come to": stages_reached,
}


@dataclass(frozen=True, slots=True)
class Except:
    """One exception of a statement: whom it concerns, and a case that shows it."""

    said: str
    old: Place
    new: Place
    made_up: MadeUp | None = None
    boxes: Sequence[Box] = ()
    """The cases it is about, by what is said of them; empty: told in words alone."""

    def __str__(self) -> str:
        return f"{self.said}  [{self.old} → {self.new}]"

    def as_dict(self) -> dict[str, Any]:
        """Returns the exception for `--json`; instants are UTC."""
        shown = self.made_up
        case = (
            {
                "case": dict(shown.case),
                "was_due": shown.was_at and shown.was_at.isoformat(),
                "becomes_due": shown.becomes_at and shown.becomes_at.isoformat(),
            }
            if shown
            else {}
        )
        return {
            "said": self.said,
            "old": place_as_dict(self.old),
            "new": place_as_dict(self.new),
            **case,
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """What is true of every case two books have in common, but for the exceptions."""

    about: str
    holds: str
    exceptions: tuple[Except, ...] = ()
    unproved: bool = False

    @property
    def later(self) -> bool:
        """Whether something is, or may be, due later than before."""
        return self.holds == NO_OTHER and bool(self.exceptions or self.unproved)

    def as_dict(self) -> dict[str, Any]:
        """Returns the statement for `--json`."""
        return {
            "about": self.about,
            "said": self.holds,
            "proved": not self.unproved,
            "exceptions": [one.as_dict() for one in self.exceptions],
        }


def statements(old: Side, new: Side, today: date) -> tuple[Statement, ...]:
    """Returns what is proved: each promise of either book, then who gets, closes and moves cases.

    Cases are those opened within a year of `today`.
    """
    proof = Proof(old, new, today)
    promised = {target.clock for side in (old, new) for target in side.desk.targets}
    clocks = [clock for clock in CLOCKS if clock.removeprefix("team-") in promised]
    if not _has_team_solution(old, new):
        clocks = [clock for clock in clocks if clock != "team-resolve"]
    return (
        *(_of_clock(proof, clock) for clock in clocks),
        *(_of_way(about, find, old, new) for about, find in WAYS.items()),
    )


def _has_team_solution(old: Side, new: Side) -> bool:
    targets = (target for side in (old, new) for target in side.desk.targets)
    return any(target.clock == "resolve" and "team" in target.when for target in targets)


def _of_clock(proof: Proof, clock: str) -> Statement:
    try:
        found = (*proof.later(clock), *proof.later_in_stages(clock))
    except TooManyBoxes:
        return Statement(CLOCKS[clock], NO_OTHER, unproved=True)
    told = tuple(_told(proof, later) for later in found)
    return Statement(CLOCKS[clock], NO_OTHER, told)


def _of_way(
    about: str, find: Callable[[Side, Side], Iterator[Otherwise]], old: Side, new: Side
) -> Statement:
    try:
        found = tuple(Except(one.said, one.old, one.new) for one in find(old, new))
    except TooManyBoxes:
        return Statement(about, AS_BEFORE, unproved=True)
    return Statement(about, AS_BEFORE, found)


def _told(proof: Proof, later: Later) -> Except:
    space = Space(proof.old.desk, proof.new.desk)
    whose = boxes_in_words(proof.new, space, list(later.boxes)) if later.boxes else ""
    parts = [part for part in (whose, later.why) if part]
    said = ": ".join(parts)
    if later.made_up:
        said = f"{said}: {_case_in_words(proof.new, later.made_up)}"
    return Except(said, later.old, later.new, later.made_up, later.boxes)


def _case_in_words(side: Side, made: MadeUp) -> str:
    zone = ZoneInfo(side.desk.zone)
    known = {"opened", "waiting", "answered", "verified", "acknowledged", "requested_for"}
    facets = [
        f"{facet_in_words(side, facet)} {side.spelled(facet).get(value, value)}"
        for facet, value in made.case.items()
        if facet not in known
    ]
    opened = instant_in_words(datetime.fromisoformat(made.case["opened"]), zone)
    besides = [
        _besides(key, made.case[key], zone) for key in sorted(known & made.case.keys() - {"opened"})
    ]
    was, becomes = (_due_in_words(at, zone) for at in (made.was_at, made.becomes_at))
    more = f" ({', '.join([*facets, *besides])})" if facets or besides else ""
    return f"one opened {opened}{more} was due {was}, becomes due {becomes}"


def _besides(key: str, said: Any, zone: ZoneInfo) -> str:
    if key == "waiting":
        until = instant_in_words(datetime.fromisoformat(said[0][1]), zone)
        return f"in it until {until}"
    if isinstance(said, dict):
        return f"verified as {said['severity']}"
    at = said[0] if isinstance(said, list) else said
    shown = instant_in_words(datetime.fromisoformat(at), zone)
    return f"{key.replace('requested_for', 'asked for')} {shown}"


def _due_in_words(at: datetime | None, zone: ZoneInfo) -> str:
    return instant_in_words(at, zone) if at else "at no time"


def instant_in_words(at: datetime, zone: ZoneInfo) -> str:
    """Returns "Fri 2026-12-04 16:00" on the desk's own wall."""
    wall = at.astimezone(zone)
    exact = f":{wall:%S}" if wall.second or wall.microsecond else ""
    return f"{wall:%a %Y-%m-%d %H:%M}{exact}"


def looked_at_until(today: date) -> date:
    """Returns the last day on which the cases of a statement are opened."""
    return today + timedelta(days=365)
