"""Proofs over amounts of time: aims before limits, ladders that grow, nothing out of reach."""

from datetime import datetime, timedelta
from itertools import pairwise

from deskbook.book.compile import Compiled
from deskbook.book.hours_proofs import first_instant
from deskbook.book.targets import PROMISES
from deskbook.book.words import fold
from deskbook.engine.amounts import (
    DAY,
    Amount,
    AmountError,
    BusinessDays,
    OpenTime,
    format_amount,
)
from deskbook.engine.calendar import Calendar, NoOpening, parse_window
from deskbook.engine.desk import Desk, Target
from deskbook.engine.spans import due


def prove_amounts(compiled: Compiled) -> None:
    """Aims before limits, ladders that grow, and nothing a calendar cannot reach; tried on a
    fortnight of starts.
    """
    desk, remarks = compiled.desk, compiled.remarks
    for number, target in zip(compiled.target_numbers, desk.targets, strict=True):
        _prove_line(compiled, number, target)
    for name in compiled.book.stages:
        ladder = desk.stages[fold(name)].ladder
        if ladder and not _grows(
            desk.calendars[ladder.hours or desk.hours],
            (*ladder.remind, *((ladder.close,) if ladder.close else ())),
        ):
            remarks.error(
                ("stages", name),
                "its reminders and closing do not come one after the other",
                "ladder-order",
                at_key=True,
            )


def _prove_line(compiled: Compiled, number: int, target: Target) -> None:
    calendar = calendar_of(compiled.desk, target)
    if target.aim and target.limit and not _grows(calendar, (target.aim, target.limit)):
        compiled.remarks.error(
            ("targets", number),
            "the aim is not before the limit: write the shorter amount first",
            "aim",
        )
    if problem := _unreachable(calendar, target.limit):
        compiled.remarks.error(("targets", number), problem, "unreachable-target")
    _prove_meant(compiled, number, target)
    if target.hours and isinstance(target.limit, BusinessDays) and _never_closes(calendar):
        said = (
            f"{calendar.name!r} never closes, so that each Sunday is a business day: give what"
            " counts business days a line of its own, or write it in days, as in 5d"
        )
        compiled.remarks.warn(("targets", number, "hours"), said, "no-business-day")


def calendar_of(desk: Desk, target: Target) -> Calendar:
    """Returns the calendar of a line: its own, that of the plans it asks for where they have one
    and the same, else the desk's.
    """
    plans = {desk.plans[plan].hours for plan in target.when.get("plan", ())}
    shared = plans.pop() if len(plans) == 1 else None
    return desk.calendars[target.hours or shared or desk.hours]


def _prove_meant(compiled: Compiled, number: int, target: Target) -> None:
    """Warns of `24h` that would take three days of an office: what most policies mean by it is a
    day and a night. A line that names its hours, or slows them, says what it means.
    """
    line, limit = compiled.book.targets[number], target.limit
    word = next(word for word, clock in PROMISES if clock == target.clock)
    if line.hours or line.after_hours or getattr(line, word) is None:
        return
    if not isinstance(limit, OpenTime) or limit.duration < DAY or limit.said_open:
        return
    if calendar := _closing_at_night(compiled.desk, target):
        days, rest = divmod(limit.duration, DAY)
        amount = format_amount(limit)
        what = (
            f"{amount} pass only while {calendar.name!r} is open, not at night: by the wall clock"
            f" it is {'`hours: always`, hours that never close' if rest else f'`{days}d`'}, and"
            f" if open hours are meant, `{amount.replace('h', ' open hours ', 1).strip()}`"
        )
        compiled.remarks.warn(("targets", number, word), what, "open-hours")


def _closing_at_night(desk: Desk, target: Target) -> Calendar | None:
    """Returns a calendar the line runs on that closes, of its teams or else its plan or desk."""
    teams = {desk.teams[team].hours for team in target.when.get("team", ())}
    calendars = [desk.calendars[name] for name in teams if name] or [calendar_of(desk, target)]
    return next((one for one in calendars if _closes_in_a_week(one)), None)


def _closes_in_a_week(calendar: Calendar) -> bool:
    return any(calendar.weekly.get(day) != (parse_window("00:00-24:00"),) for day in range(7))


def _never_closes(calendar: Calendar) -> bool:
    return not _closes_in_a_week(calendar) and not calendar.closures


def prove_order(compiled: Compiled) -> None:
    """Within one line a case is answered before it is solved."""
    desk = compiled.desk
    clocks = {(n, t.clock): t for n, t in zip(compiled.target_numbers, desk.targets, strict=True)}
    for (number, clock), solved in clocks.items():
        answered = clocks.get((number, "response"))
        if clock != "resolve" or answered is None or answered.limit is None or solved.limit is None:
            continue
        if sooner(desk.calendars[solved.hours or desk.hours], solved.limit, answered.limit):
            compiled.remarks.warn(
                ("targets", number, "resolve"),
                "solved sooner than answered: is one of the two amounts a slip?",
                "resolve-first",
                at_key=True,
            )


def sooner(calendar: Calendar, amount: Amount, other: Amount) -> bool:
    """Whether one amount is over before another, whenever both begin."""
    try:
        return all(
            due(calendar, start, amount) < due(calendar, start, other)
            for start in _starts(calendar)
        )
    except (NoOpening, AmountError, OverflowError):
        return False


def _starts(calendar: Calendar) -> list[datetime]:
    first = calendar.next_opening(first_instant(calendar) + timedelta(days=1))
    return [first + timedelta(days=day, hours=3) for day in range(14)]


def _grows(calendar: Calendar, amounts: tuple[Amount, ...]) -> bool:
    try:
        for start in _starts(calendar) if len(amounts) > 1 else ():
            instants = [due(calendar, start, amount) for amount in amounts]
            if any(later <= earlier for earlier, later in pairwise(instants)):
                return False
    except (NoOpening, AmountError, OverflowError):
        return True
    return True


def _unreachable(calendar: Calendar, amount: Amount | None) -> str | None:
    if amount is None:
        return None
    try:
        due(calendar, first_instant(calendar) + timedelta(days=1), amount)
    except (NoOpening, AmountError, OverflowError, ValueError) as exc:
        return f"this target can never be due: {exc}"
    return None
