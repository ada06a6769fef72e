"""Proofs over who is there: people enough for the rosters, nobody missing while clocks run."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deskbook.book.amount_proofs import sooner
from deskbook.book.compile import Compiled
from deskbook.book.words import DAYS, fold
from deskbook.engine.amounts import Amount, OpenTime
from deskbook.engine.calendar import Calendar
from deskbook.engine.desk import Desk, Level, Target
from deskbook.engine.openings import Openings, merged
from deskbook.engine.wall_time import instant_of

Span = tuple[datetime, datetime]
MONDAY = date(2026, 1, 12)
"""The beginning of an ordinary week, far from any change of the clocks."""
MOST_HOURS_A_WEEK = 84  # twelve hours, every day: nobody works more for long


def prove_rosters(compiled: Compiled) -> None:
    """A roster asks for no more people than the team has, and no more hours than people work."""
    for number, line in enumerate(compiled.book.rosters):
        staffing = compiled.desk.staffing[number]
        name = _written(compiled, staffing.team)
        people = compiled.book.teams[name].people
        most = [seats[1] if seats else None for seats in people.values()]
        if not people or None in most:
            continue
        have = sum(seats for seats in most if seats)
        also = (("teams", name, "people"),)
        if line.at_least > have:
            said = f"{line.at_least} are asked for, and {name} has {have}"
            path = ("rosters", number, "at least")
            compiled.remarks.error(path, said, "too-few-people", also=also)
            continue
        open_hours = _length(_week(compiled.desk.calendars[staffing.hours])) / timedelta(hours=1)
        each = open_hours * line.at_least / have
        if each > MOST_HOURS_A_WEEK:
            said = (
                f"{name} has {have} for {open_hours:g} hours a week with {line.at_least} on shift:"
                f" {each:.0f} hours for each of them"
            )
            compiled.remarks.warn(("rosters", number), said, "too-few-people", also=also)


def prove_staffed(compiled: Compiled) -> None:
    """Where rosters keep a team, they keep all of its hours."""
    desk = compiled.desk
    for team in {need.team for need in desk.staffing}:
        hours = desk.teams[team].hours
        needs = [(n, need) for n, need in enumerate(desk.staffing) if need.team == team]
        if hours is None or any(need.place for _, need in needs):
            continue
        kept = [span for _, need in needs for span in _week(desk.calendars[need.hours], 2)]
        for gap in _without(_week(desk.calendars[hours]), kept):
            said = f"{_spoken(gap, desk.calendars[hours])} nobody of {desk.teams[team].title} is on"
            level = desk.teams[team].level
            of = f", on {desk.levels[level].title}" if level else ""
            also = (("teams", _written(compiled, team), "hours"),)
            compiled.remarks.warn(("rosters", needs[0][0]), said + of, "unstaffed", also=also)
            break


def prove_people(compiled: Compiled) -> None:
    """Where most teams say who they are made of, so does each that cases are sent to."""
    said = {name: bool(team.people) for name, team in compiled.book.teams.items()}
    if sum(said.values()) * 2 <= len(said):
        return
    for name in (name for name, people in said.items() if not people):
        sent = [n for n, rule in enumerate(compiled.desk.rules) if rule.to == fold(name)]
        what = "it has no `people`, as the other teams have: who takes its cases?"
        also = tuple(("routing", "rules", n) for n in sent)
        compiled.remarks.warn(("teams", name), what, "no-people", at_key=True, also=also)


def prove_on_duty(compiled: Compiled) -> None:
    """No clock is over in open time during which no team is there."""
    desk = compiled.desk
    if not desk.teams or any(team.hours is None for team in desk.teams.values()):
        return
    for number, target in zip(compiled.target_numbers, desk.targets, strict=True):
        if target.hours is None or not isinstance(target.limit, OpenTime):
            continue
        teams = target.when.get("team") or frozenset(desk.teams)
        there = [span for team in teams for span in _week(_hours_of(desk, team), 2)]
        calendar = desk.calendars[target.hours]
        for gap in _without(_week(calendar), there):
            if gap[1] - gap[0] > target.limit.duration:
                said = (
                    f"{_spoken(gap, calendar)} this clock runs and no team is there: what comes"
                    " then is late before anybody can answer"
                )
                compiled.remarks.warn(("targets", number), said, "nobody-there")
                break


def prove_hand_ups(compiled: Compiled) -> None:
    """A level hands up before all that was promised there is broken."""
    desk = compiled.desk
    for name in compiled.book.levels:
        within = _silent_for(desk.levels[fold(name)])
        promised = _promised_on(compiled, fold(name))
        if within and promised and all(_comes_first(desk, t, name, within) for _, t in promised):
            lines = ", ".join(dict.fromkeys(str(target.line) for _, target in promised))
            said = f"by then all that was promised (line {lines}) is broken: write less"
            short = compiled.book.levels[name].hands_up_after is not None
            path = ("levels", name, "hands up after" if short else "hands up")
            also = tuple(dict.fromkeys(("targets", number) for number, _ in promised))
            compiled.remarks.warn(path, said, "late-hand-up", also=also)


def _silent_for(level: Level) -> Amount | None:
    """How long a level may leave any case without an answer, before it hands the case up."""
    lines = (line for line in level.hands_up if line.on == "not answered" and not line.when)
    return next((line.after for line in lines), None)


def _promised_on(compiled: Compiled, level: str) -> list[tuple[int, Target]]:
    """The targets a level has to keep, with their numbers in the book."""
    desk = compiled.desk
    return [
        (number, target)
        for number, target in zip(compiled.target_numbers, desk.targets, strict=True)
        if _asks_to_act(target) and _concerns(desk, target.when.get("team"), level)
    ]


def _comes_first(desk: Desk, target: Target, level: str, within: Amount) -> bool:
    calendar = desk.calendars[target.hours or desk.levels[fold(level)].hours or desk.hours]
    return target.limit is not None and sooner(calendar, target.limit, within)


def _asks_to_act(target: Target) -> bool:
    in_time = target.clock in ("response", "team") and target.limit
    return bool(in_time and not target.recommended)


def _concerns(desk: Desk, teams: frozenset[str] | None, level: str) -> bool:
    return teams is None or any(desk.teams[team].level == level for team in teams)


def _hours_of(desk: Desk, team: str) -> Calendar:
    return desk.calendars[desk.teams[team].hours or desk.hours]


def _written(compiled: Compiled, team: str) -> str:
    return next(name for name in compiled.book.teams if fold(name) == team)


def _week(calendar: Calendar, around: int = 0) -> list[Span]:
    """Returns when a calendar is open in a week without holidays or dates, and `around` days."""
    usual = replace(calendar, closures=(), extra=(), valid_from=None, valid_until=None)
    openings = Openings(usual)
    days = (MONDAY + timedelta(days=day) for day in range(-around, 7 + around))
    pieces = merged([piece for day in days for piece in openings.on(day)])
    return [(instant_of(opens), instant_of(closes)) for opens, closes in pieces]


def _without(spans: Iterable[Span], taken: Iterable[Span]) -> Iterator[Span]:
    """Yields what is left of some spans."""
    marks = sorted((from_at, until_at) for from_at, until_at in taken)
    for from_at, until_at in spans:
        here = from_at
        for start, end in marks:
            if here < min(start, until_at):
                yield here, min(start, until_at)
            here = max(here, end)
        if here < until_at:
            yield here, until_at


def _length(spans: Iterable[Span]) -> timedelta:
    return sum((until_at - from_at for from_at, until_at in spans), timedelta())


def _spoken(span: Span, calendar: Calendar) -> str:
    """Returns "Sat 14:00–16:00" in the calendar's zone."""
    from_at, until_at = (at.astimezone(ZoneInfo(calendar.zone)) for at in span)
    day, other = DAYS[from_at.weekday()].title(), DAYS[until_at.weekday()].title()
    until = f"{until_at:%H:%M}" if day == other else f"{other} {until_at:%H:%M}"
    if until_at - from_at < timedelta(days=1) and f"{until_at:%H:%M}" == "00:00":
        until = "24:00"
    return f"{day} {from_at:%H:%M}–{until}"
