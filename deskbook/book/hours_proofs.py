"""What can be proved about hours, holidays and dates: they open, are used, and are not over."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.book.schema.hours import Hours
from deskbook.book.words import fold
from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.openings import Openings
from deskbook.engine.windows import DAY

NEXT_YEARS_LIST_FROM = 7  # July: before that hardly any government has printed it
NEARLY_ALWAYS = 30  # days
HALF_A_DAY = timedelta(hours=12)


def prove_openings(compiled: Compiled) -> None:
    for path, calendar in calendars_of(compiled):
        if not _opens_from(calendar, first_instant(calendar)):
            compiled.remarks.error(
                path,
                "these hours never open: every day of theirs is closed",
                "never-open",
                at_key=True,
            )
    for path, zone in [
        (("zone",), compiled.desk.zone),
        *((p, c.zone) for p, c in calendars_of(compiled) if c.zone != compiled.desk.zone),
    ]:
        if "/" not in zone and zone not in ("UTC", "GMT", "Japan", "Singapore", "Hongkong"):
            compiled.remarks.warn(
                path,
                f"{zone} has no summer time of a place: name the place, like America/Toronto",
                "fixed-zone",
            )


def calendars_of(compiled: Compiled) -> list[tuple[Path, Calendar]]:
    """Returns each calendar with the place of its hours in the book."""
    desk = compiled.desk
    found: list[tuple[Path, Calendar]] = [
        (("hours", name), desk.calendars[fold(name)]) for name in compiled.book.hours
    ]
    for name in compiled.book.plans:
        inline = desk.calendars.get(f"hours of {fold(name)}")
        found += [(("plans", name, "hours"), inline)] if inline else []
    return found


def first_instant(calendar: Calendar) -> datetime:
    edge = calendar.valid_from or date(2020, 1, 1)
    wall = edge if isinstance(edge, datetime) else datetime.combine(edge, time())
    return wall.replace(tzinfo=UTC) - timedelta(days=1)


def _opens_from(calendar: Calendar, at: datetime) -> bool:
    """Whether the calendar opens at an instant or later: seen in its first weeks, as a rule."""
    openings = Openings(calendar)
    if any(openings.on(at.date() + timedelta(days=day)) for day in range(1, NEARLY_ALWAYS)):
        return True
    try:
        # A calendar of its own: the one of the desk would work out the years before as well.
        replace(calendar).next_opening(at)
    except NoOpening:
        return False
    return True


def prove_lists(compiled: Compiled) -> None:
    for path, name in dict.fromkeys(compiled.unconfirmed):
        compiled.remarks.warn(
            path,
            f"{name} is not confirmed: check the date and delete `confirmed: no`",
            "unconfirmed",
            at_key=True,
        )
    entries = [hours for _, hours in _written_hours(compiled)]
    used = {fold(c) for hours in entries for c in hours.closed or () if isinstance(c, str)}
    for name in compiled.book.holidays:
        if fold(name) not in used:
            compiled.remarks.warn(
                ("holidays", name),
                "no hours are closed by this list: name it under `closed:`",
                "unused",
                at_key=True,
            )


def look_ahead(compiled: Compiled, today: date) -> None:
    """Warns of dates that run out, or have: holidays of next year, hours and freezes that are
    over.
    """
    _freezes_over(compiled, today)
    _days_over(compiled, today)
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
    for path, calendar in calendars_of(compiled):
        if not _opens_from(calendar, max(at, first_instant(calendar))):
            if compiled.remarks.wrong_under(path):
                continue
            compiled.remarks.warn(
                path, f"these hours do not open again after {today}", "over", at_key=True
            )


def prove_windows(compiled: Compiled) -> None:
    """A window past midnight is a night, not a day with its ends turned round."""
    found = [
        (path, said, window)
        for path, hours in _written_hours(compiled)
        for said, windows in (hours.__pydantic_extra__ or {}).items()
        for window in windows
    ]
    noons = {(p, s) for p, s, w in found if w.opens < HALF_A_DAY < w.closes}
    for path, said, window in found:
        length = window.closes - window.opens
        if window.closes <= DAY or window.opens < HALF_A_DAY or length < HALF_A_DAY:
            continue
        if length > HALF_A_DAY or not noons:
            opens, closes = _clock(window.opens), _clock(window.closes - DAY)
            what = (
                f"{opens}-{closes} is open for {length / timedelta(hours=1):g} hours over midnight:"
                f" if the day is meant, write {closes}-{opens}"
            )
            compiled.remarks.warn((*path, said), what, "overnight")


def _written_hours(compiled: Compiled) -> list[tuple[Path, Hours]]:
    """Returns the hours as the book has them, each with its place."""
    book = compiled.book
    found: list[tuple[Path, Hours]] = [(("hours", name), said) for name, said in book.hours.items()]
    return found + [
        (("plans", name, "hours"), plan.hours)
        for name, plan in book.plans.items()
        if isinstance(plan.hours, Hours)
    ]


def _clock(since: timedelta) -> str:
    minutes = since // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _freezes_over(compiled: Compiled, today: date) -> None:
    """Warns of freezes that ended before today."""
    at = datetime.combine(today, time(), UTC)
    for number, freeze in enumerate(compiled.desk.freezes):
        if freeze.until_at < at and freeze.pick_up_at < at:
            said = f"this freeze was over before {today}: delete it, or give it new dates"
            compiled.remarks.warn(("freeze", number), said, "over", at_key=True)


def _days_over(compiled: Compiled, today: date) -> None:
    """Warns of extra openings of which none is to come."""
    for path, hours in _written_hours(compiled):
        days = hours.open_also or {}
        if days and all(day < today.isoformat() for day in days):
            said = f"all of these days were before {today}: delete them, or write the next ones"
            compiled.remarks.warn((*path, "open also"), said, "over", at_key=True)
