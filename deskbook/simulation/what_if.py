"""A load lived twice: by the people who were there, and by others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from deskbook.engine.desk import Desk
from deskbook.engine.rosters import Shift
from deskbook.simulation.intervals import Interval, interval
from deskbook.simulation.load import Load, People
from deskbook.simulation.load_file import people_of
from deskbook.simulation.tally import ALL, Counted, Measure

_COUNTED = frozenset({"gave up", "closed"})
"""What is nothing where a run says nothing of it."""
_TOLD = _COUNTED | {"wait", "wait 90%", "utilisation", "backlog", "backlog at the end"}


@dataclass(frozen=True, slots=True)
class Change:
    """Other people: so many more or fewer of a team, and a roster in place of theirs."""

    more: Mapping[str, int]
    roster: Sequence[Shift] = ()
    """Its first week is taken for the first of the load, and it begins again when it is over. Of
    its teams nobody else is there.
    """


def changed(load: Load, desk: Desk, change: Change) -> Load:
    """Returns the load with other people. Fewer are taken from those without a name first."""
    people = list(load.people)
    if change.roster:
        teams = {shift.team for shift in change.roster}
        people = [group for group in people if not teams.issuperset(group.teams)]
        people += people_of(_repeated(change.roster, load, ZoneInfo(desk.zone)))
    for team, count in change.more.items():
        if count > 0:
            people.append(_new(desk, team, count))
        else:
            people = _fewer(people, team, -count)
    return replace(load, people=tuple(people))


def _new(desk: Desk, team: str, count: int) -> People:
    hours = desk.calendars[desk.teams[team].hours or desk.hours]
    return People((team,), tuple(f"{team} +{n + 1}" for n in range(count)), hours)


def _fewer(people: Sequence[People], team: str, count: int) -> list[People]:
    left = list(people)
    for group in sorted(people, key=lambda one: (not one.alike, len(one.teams))):
        if team in group.teams and count:
            names = group.names[: max(len(group.names) - count, 0)]
            count -= len(group.names) - len(names)
            left[left.index(group)] = replace(group, names=names)
    return [group for group in left if group.names]


def _repeated(roster: Sequence[Shift], load: Load, zone: ZoneInfo) -> Iterator[Shift]:
    """Yields the shifts at the same time of the week, on the walls of the desk, as often as the
    load is long.
    """
    monday = _monday(min(shift.from_at for shift in roster), zone)
    until = _wall(max(shift.until_at for shift in roster), zone)
    span = timedelta(weeks=max(-((until - monday) // -timedelta(weeks=1)), 1))
    first = _monday(load.from_at, zone)
    while first < _wall(load.until_at, zone):
        for shift in roster:
            ends = (_wall(at, zone) - monday + first for at in (shift.from_at, shift.until_at))
            from_at, until_at = (at.replace(tzinfo=zone).astimezone(UTC) for at in ends)
            yield replace(shift, from_at=from_at, until_at=until_at)
        first += span


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _monday(at: datetime, zone: ZoneInfo) -> datetime:
    midnight = _wall(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())


@dataclass(frozen=True, slots=True)
class Compared:
    """One number, as it was and as it would have been."""

    measure: Measure
    was: Interval | None
    becomes: Interval | None
    is_sure: bool
    """Whether they differ by more than chance. Both were lived with the same lots, so what differs
    is looked at run by run.
    """


def compared(was: Sequence[Counted], becomes: Sequence[Counted]) -> list[Compared]:
    """Returns the numbers a lead asks about, of either; the runs of both are of the same lots, in
    the same order.
    """
    names = sorted({name for run in (*was, *becomes) for name in run.measures if _is_told(name)})
    return [_compared(name, _of(name, was), _of(name, becomes)) for name in names]


def _of(name: Measure, runs: Sequence[Counted]) -> list[float]:
    """Returns the number of each run that says one."""
    if name.what in _COUNTED:
        return [run.measures.get(name, 0.0) for run in runs]
    return [run.measures[name] for run in runs if name in run.measures]


def _compared(name: Measure, was: list[float], becomes: list[float]) -> Compared:
    one, other = (interval(values) if values else None for values in (was, becomes))
    if len(was) != len(becomes) or len(was) < 2:
        return Compared(name, one, other, is_sure=False)
    more = interval([after - before for before, after in zip(was, becomes, strict=True)])
    assert more.low is not None and more.high is not None
    return Compared(name, one, other, is_sure=more.low > 0 or more.high < 0)


def _is_told(name: Measure) -> bool:
    if name.what == "met":
        return name.of[2] == ALL
    if name.what == "decided":
        return name.of[1:] == (ALL, ALL)
    return name.what in _TOLD
