"""Who is on now, who gets the next ticket, and where a roster has gaps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from deskbook.engine.calendar import Calendar
from deskbook.engine.desk import Desk, Staffing


@dataclass(frozen=True, slots=True)
class Shift:
    """A person at work for a team, half open in time. `place` narrows it to one site."""

    person: str
    team: str
    from_at: datetime
    until_at: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    person: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A time at which fewer people are on shift than the book asks for."""

    team: str
    from_at: datetime
    until_at: datetime
    on_shift: int
    needed: int
    line: int
    place: str | None = None


def on_duty(
    shifts: Iterable[Shift],
    team: str,
    *,
    at: datetime,
    place: str | None = None,
    leave: Iterable[Leave] = (),
) -> tuple[str, ...]:
    """Returns who is on shift for the team at `at` and not on leave, in the order of the roster."""
    away = {absence.person for absence in leave if absence.from_at <= at < absence.until_at}
    present = (
        shift.person
        for shift in shifts
        if shift.team == team and shift.from_at <= at < shift.until_at and _at_place(shift, place)
    )
    return tuple(dict.fromkeys(person for person in present if person not in away))


def off_duty(
    shifts: Iterable[Shift], person: str, *, at: datetime, leave: Iterable[Leave] = ()
) -> bool:
    """Whether somebody is not at work at `at`: on leave, or between two of their shifts, before or
    after them all.

    `shifts` are those of the person among others. Whom no roster ever named is bound by none.
    """
    if any(
        absence.person == person and absence.from_at <= at < absence.until_at for absence in leave
    ):
        return True
    own = [shift for shift in shifts if shift.person == person]
    return bool(own) and not any(shift.from_at <= at < shift.until_at for shift in own)


def way_of_giving(desk: Desk, team: str) -> Literal["round robin", "least loaded"] | None:
    """Returns how the book gives a team's new tickets to who is on shift; None leaves them to be
    taken.
    """
    return next((need.assign for need in desk.staffing if need.team == team and need.assign), None)


def next_for(
    candidates: Sequence[str],
    *,
    how: Literal["round robin", "least loaded"],
    open_tickets: Mapping[str, int],
    last_given_at: Mapping[str, datetime],
) -> str | None:
    """Returns who gets the next ticket of those on duty, or None when nobody is.

    Round robin: who waited longest for one. Least loaded: who has the fewest open, of equals who
    waited longest. Of those nothing tells apart it is the first on the roster.
    """

    def waited(person: str) -> tuple[bool, datetime | None]:
        given_at = last_given_at.get(person)
        return (given_at is not None, given_at)

    if not candidates:
        return None
    if how == "round robin":
        return min(candidates, key=waited)
    return min(candidates, key=lambda person: (open_tickets.get(person, 0), waited(person)))


def given_at(last_given_at: Iterable[datetime], *, at: datetime) -> datetime:
    """Returns the instant to note for a ticket given at `at`: after all given before it.

    Where a shift gets the tickets of a night at one instant, equal ones would leave the order of
    turns to the roster: who stands first there would get all the rest.
    """
    return max([at, *(before_at + timedelta(microseconds=1) for before_at in last_given_at)])


def gaps(
    desk: Desk,
    shifts: Sequence[Shift],
    *,
    from_at: datetime,
    until_at: datetime,
    leave: Sequence[Leave] = (),
) -> tuple[Gap, ...]:
    """Returns every time between two instants at which a team has fewer people on than the book
    asks for.
    """
    found = (
        gap for need in desk.staffing for gap in _gaps(desk, need, shifts, leave, from_at, until_at)
    )
    return tuple(sorted(found, key=lambda gap: (gap.from_at, gap.team)))


def _gaps(
    desk: Desk,
    need: Staffing,
    shifts: Sequence[Shift],
    leave: Sequence[Leave],
    from_at: datetime,
    until_at: datetime,
) -> Iterable[Gap]:
    calendar: Calendar = desk.calendars[need.hours]
    concerned = [
        shift for shift in shifts if shift.team == need.team and _at_place(shift, need.place)
    ]
    for opens_at, closes_at, _ in calendar.segments(from_at, until_at):
        edges = _edges(concerned, leave, opens_at, closes_at)
        spans = [
            Gap(need.team, start, end, n, need.at_least, need.line, need.place)
            for start, end in pairwise(edges)
            if (n := len(on_duty(concerned, need.team, at=start, place=need.place, leave=leave)))
            < need.at_least
        ]
        yield from _joined(spans)


def _edges(
    shifts: Sequence[Shift], leave: Sequence[Leave], opens_at: datetime, closes_at: datetime
) -> list[datetime]:
    """The instants within one opening at which somebody comes or goes, and its ends."""
    moments = {opens_at, closes_at}
    times = [(s.from_at, s.until_at) for s in shifts] + [
        (absence.from_at, absence.until_at) for absence in leave
    ]
    moments.update(at for span in times for at in span if opens_at < at < closes_at)
    return sorted(moments)


def _joined(spans: Iterable[Gap]) -> Iterable[Gap]:
    last: Gap | None = None
    for span in spans:
        if last is not None and last.until_at == span.from_at and last.on_shift == span.on_shift:
            last = replace(last, until_at=span.until_at)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _at_place(shift: Shift, place: str | None) -> bool:
    return place is None or shift.place is None or shift.place == place
