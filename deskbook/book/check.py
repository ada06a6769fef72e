"""What can be proved wrong with a whole book, or is worth a look: hours, stages, ladders,
targets.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from deskbook.book.channel_proofs import (
    prove_channels,
    prove_site_visits,
    prove_templates,
    prove_visitors,
)
from deskbook.book.compile import Compiled
from deskbook.book.organisation_proofs import (
    prove_freezes,
    prove_levels,
    prove_outside,
    prove_responsibilities,
)
from deskbook.book.proofs import prove_routing, prove_targets
from deskbook.book.slips import prove_addresses, prove_ladders, prove_names, prove_promises
from deskbook.book.stage_proofs import prove_stages
from deskbook.book.words import fold
from deskbook.engine.amounts import Amount, AmountError
from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.spans import due

Proof = Callable[[Compiled], None]


CONDITIONS = (
    "facets",
    "types",
    "categories",
    "severities",
    "priorities",
    "plans",
    "teams",
    "channels",
    "matrix",
    "sites",
)


HOURS = ("zone", "hours", "holidays", "open", "dates", "plans")


NEXT_YEARS_LIST_FROM = 7  # July: before that hardly any government has printed it


def prove(compiled: Compiled, today: date | None) -> None:
    """Adds what is found to the book's remarks. A proof is left out when what it reads has errors
    already.
    """
    broken = compiled.remarks.broken_sections()
    for proof, reads in PROOFS:
        if not broken & {*reads, "\0place"}:
            proof(compiled)
    if today and not broken & set(HOURS):
        _look_ahead(compiled, today)


def _prove_levels(compiled: Compiled) -> None:
    desk = compiled.desk
    section = "severities" if desk.severity_word == "severity" else "priorities"
    defaults = [
        name for name, level in (getattr(compiled.book, section) or {}).items() if level.default
    ]
    if desk.severities and not defaults and not desk.matrix:
        compiled.remarks.warn(
            (section,),
            "none is the default: mark the usual one with `default: yes`",
            "no-default",
            at_key=True,
        )
    for name in defaults[1:]:
        compiled.remarks.error(
            (section, name, "default"),
            f"{defaults[0]!r} is the default already: keep one",
            "two-defaults",
        )


def _prove_openings(compiled: Compiled) -> None:
    for path, calendar in _calendars(compiled):
        try:
            calendar.next_opening(_first_instant(calendar))
        except NoOpening:
            compiled.remarks.error(
                path,
                "these hours never open: every day of theirs is closed",
                "never-open",
                at_key=True,
            )
    for path, zone in [
        (("zone",), compiled.desk.zone),
        *((p, c.zone) for p, c in _calendars(compiled) if c.zone != compiled.desk.zone),
    ]:
        if "/" not in zone and zone not in ("UTC", "GMT", "Japan", "Singapore", "Hongkong"):
            compiled.remarks.warn(
                path,
                f"{zone} has no summer time of a place: name the place, like America/Toronto",
                "fixed-zone",
            )


def _calendars(compiled: Compiled) -> list[tuple[tuple[str | int, ...], Calendar]]:
    """Returns each calendar with the place of its hours in the book."""
    desk = compiled.desk
    found: list[tuple[tuple[str | int, ...], Calendar]] = [
        (("hours", name), desk.calendars[fold(name)]) for name in compiled.book.hours
    ]
    for name in compiled.book.plans:
        inline = desk.calendars.get(f"hours of {fold(name)}")
        found += [(("plans", name, "hours"), inline)] if inline else []
    return found


def _first_instant(calendar: Calendar) -> datetime:
    edge = calendar.valid_from or date(2020, 1, 1)
    wall = edge if isinstance(edge, datetime) else datetime.combine(edge, time())
    return wall.replace(tzinfo=UTC) - timedelta(days=1)


def _prove_amounts(compiled: Compiled) -> None:
    """Aims before limits, ladders that grow, and nothing a calendar cannot reach; tried on a
    fortnight of starts.
    """
    desk, remarks = compiled.desk, compiled.remarks
    for number, target in zip(compiled.target_numbers, desk.targets, strict=True):
        calendar = desk.calendars[target.hours or desk.hours]
        if target.aim and target.limit and not _grows(calendar, (target.aim, target.limit)):
            remarks.error(
                ("targets", number),
                "the aim is not before the limit: write the shorter amount first",
                "aim",
            )
        if problem := _unreachable(calendar, target.limit):
            remarks.error(("targets", number), problem, "unreachable-target")
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


def _prove_order(compiled: Compiled) -> None:
    """Within one line a case is answered before it is solved."""
    desk = compiled.desk
    clocks = {(n, t.clock): t for n, t in zip(compiled.target_numbers, desk.targets, strict=True)}
    for (number, clock), solved in clocks.items():
        answered = clocks.get((number, "response"))
        if clock != "resolve" or answered is None or answered.limit is None or solved.limit is None:
            continue
        if _sooner(desk.calendars[solved.hours or desk.hours], solved.limit, answered.limit):
            compiled.remarks.warn(
                ("targets", number, "resolve"),
                "solved sooner than answered: is one of the two amounts a slip?",
                "resolve-first",
                at_key=True,
            )


def _sooner(calendar: Calendar, amount: Amount, other: Amount) -> bool:
    """Whether one amount is over before another, whenever both begin."""
    try:
        return all(
            due(calendar, start, amount) < due(calendar, start, other)
            for start in _starts(calendar)
        )
    except (NoOpening, AmountError, OverflowError):
        return False


def _starts(calendar: Calendar) -> list[datetime]:
    first = calendar.next_opening(_first_instant(calendar) + timedelta(days=1))
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
        due(calendar, _first_instant(calendar) + timedelta(days=1), amount)
    except (NoOpening, AmountError, OverflowError, ValueError) as exc:
        return f"this target can never be due: {exc}"
    return None


def _prove_lists(compiled: Compiled) -> None:
    for path, name in dict.fromkeys(compiled.unconfirmed):
        compiled.remarks.warn(
            path,
            f"{name} is not confirmed: check the date and delete `confirmed: no`",
            "unconfirmed",
            at_key=True,
        )
    plans = (
        plan.hours
        for plan in compiled.book.plans.values()
        if plan.hours and not isinstance(plan.hours, str)
    )
    entries = [*compiled.book.hours.values(), *plans]
    used = {fold(c) for hours in entries for c in hours.closed or () if isinstance(c, str)}
    for name in compiled.book.holidays:
        if fold(name) not in used:
            compiled.remarks.warn(
                ("holidays", name),
                "no hours are closed by this list: name it under `closed:`",
                "unused",
                at_key=True,
            )


def _prove_seats(compiled: Compiled) -> None:
    for name, seats in compiled.book.seats.items():
        if len(seats.for_) > seats.limit:
            compiled.remarks.error(
                ("seats", name, "for"),
                f"{len(seats.for_)} are named for {seats.limit} seats",
                "seats",
            )


def _look_ahead(compiled: Compiled, today: date) -> None:
    needed = [today.year, *([today.year + 1] if today.month >= NEXT_YEARS_LIST_FROM else [])]
    for name, days in compiled.book.holidays.items():
        dated = {
            int(when[:4])
            for when in days.__pydantic_extra__ or {}
            if when[:4].isdigit() and when[4:5] == "-"
        }
        for year in needed if dated else ():
            if year not in dated:
                compiled.remarks.warn(
                    ("holidays", name),
                    f"{name} has no day of {year}: add them, or clocks will run on holidays",
                    "next-year",
                    at_key=True,
                )
    at = datetime.combine(today, time(), UTC)
    for path, calendar in _calendars(compiled):
        try:
            calendar.next_opening(max(at, _first_instant(calendar)))
        except NoOpening:
            if compiled.remarks.wrong_under(path):
                continue
            compiled.remarks.warn(
                path, f"these hours do not open again after {today}", "over", at_key=True
            )


PROOFS: tuple[tuple[Proof, tuple[str, ...]], ...] = (
    (prove_routing, ("routing", *CONDITIONS)),
    (prove_targets, ("targets", *CONDITIONS)),
    (prove_stages, ("stages",)),
    (_prove_levels, ("severities", "priorities")),
    (_prove_openings, HOURS),
    (_prove_amounts, ("targets", "stages", *HOURS)),
    (_prove_lists, HOURS),
    (_prove_seats, ("seats",)),
    (prove_names, ()),
    (prove_addresses, ("mail",)),
    (prove_ladders, ("stages",)),
    (prove_promises, ("targets", "plans")),
    (_prove_order, ("targets", *HOURS)),
    (prove_responsibilities, ("responsibilities",)),
    (prove_outside, ("outside", "stages")),
    (prove_freezes, ("freeze", "stages")),
    (prove_levels, ("levels", "teams", "hops")),
    (prove_channels, ("channels", "directory")),
    (prove_visitors, ("channels", "sites", "services")),
    (prove_templates, ("templates", "languages")),
    (prove_site_visits, ("site visits", "teams", *CONDITIONS)),
)
"""Each proof, and the sections of a book it reads."""
