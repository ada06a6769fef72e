"""Proofs over amounts of time: aims before limits, ladders that grow, nothing out of reach."""

from datetime import datetime, timedelta
from itertools import pairwise

from deskbook.book.compile import Compiled
from deskbook.book.hours_proofs import first_instant
from deskbook.book.words import fold
from deskbook.engine.amounts import Amount, AmountError, BusinessDays
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


def _never_closes(calendar: Calendar) -> bool:
    whole = (parse_window("00:00-24:00"),)
    always = all(calendar.weekly.get(day) == whole for day in range(7))
    return always and not calendar.closures


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
