"""A roster as a CSV file, and the times it leaves uncovered: `deskbook check BOOK --roster
FILE`.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deskbook.book.document import UnreadableBook
from deskbook.book.findings import Finding, nearest
from deskbook.book.load import Loaded, text_of
from deskbook.book.words import DAYS, fold, in_years, read_date, wall_moment
from deskbook.engine.desk import Desk
from deskbook.engine.rosters import Gap, Shift, gaps

COLUMNS = ("team", "person", "from", "until", "place")
NEEDED = COLUMNS[:4]
LOOKED_AHEAD = timedelta(weeks=4)


@dataclass(slots=True)
class Roster:
    """The shifts of a file, and what is wrong with it."""

    shifts: list[Shift] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def check_roster(loaded: Loaded, book: str, file: Path, today: date | None) -> tuple[Finding, ...]:
    """Returns what is wrong in the file, else every gap of the next four weeks or of the campaign,
    at the book's line.

    A campaign is looked at from its first to its last day. Empty when the book has errors of its
    own.
    """
    desk = loaded.desk
    if desk is None:
        return ()
    if not desk.staffing:
        said = "the book asks for nobody on shift: write `rosters` to have a roster checked"
        return (Finding(book, 1, 1, "warning", said, "no-rosters"),)
    try:
        roster = read_roster(desk, text_of(file), str(file))
    except UnreadableBook as exc:
        return (Finding(str(file), exc.line, exc.column, "error", exc.message, exc.code),)
    if roster.findings:
        return tuple(sorted(roster.findings))
    from_at, until_at = _looked_at(desk, roster.shifts, today)
    found = gaps(desk, roster.shifts, from_at=from_at, until_at=until_at)
    return tuple(
        Finding(book, gap.line, 1, "error", _said(desk, gap), "roster-gap") for gap in found
    )


def read_roster(desk: Desk, text: str, shown: str) -> Roster:
    """Returns the shifts of a CSV text with the columns team, person, from, until and, if wanted,
    place.

    Times are wall time in the zone of the team's roster line, `2023-08-07 06:00`, or carry an
    offset of their own.
    """
    roster, rows = Roster(), rows_of(text)
    columns = [fold(name) for name in rows.fieldnames or ()]
    for needed in NEEDED:
        if needed not in columns:
            said = (
                f"there is no column {needed!r}: the first line is team,person,from,until, and"
                " place if you use it"
            )
            roster.findings.append(Finding(shown, 1, 1, "error", said, "columns"))
    if roster.findings:
        return roster
    seen: dict[Shift, int] = {}
    for row in rows:
        _take(
            {fold(str(k)): str(v or "").strip() for k, v in row.items() if k},
            desk,
            rows.line_num,
            shown,
            roster,
            seen,
        )
    return roster


def rows_of(text: str) -> "csv.DictReader[str]":
    """Returns the lines of a CSV text, its separator told by its heading."""
    body = text.removeprefix("\ufeff")
    head = body.split("\n", 1)[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    # Lines end as they do on whatever machine wrote them; a lone CR is none to the library.
    return csv.DictReader(io.StringIO(body, newline=None), delimiter=separator)


def _take(
    row: Mapping[str, str],
    desk: Desk,
    line: int,
    shown: str,
    roster: Roster,
    seen: dict[Shift, int],
) -> None:
    def wrong(said: str, code: str) -> None:
        roster.findings.append(Finding(shown, line, 1, "error", said, code))

    try:
        shift = _shift(row, desk)
    except ValueError as exc:
        wrong(str(exc), "roster")
        return
    if shift in seen:
        wrong(f"the same shift stands in line {seen[shift]}: delete one", "twice")
        return
    seen[shift] = line
    roster.shifts.append(shift)


def _shift(row: Mapping[str, str], desk: Desk) -> Shift:
    titles = {fold(team.title): key for key, team in desk.teams.items()}
    team = titles.get(fold(row["team"]), fold(row["team"]))
    if team not in desk.teams:
        raise ValueError(
            f"{row['team']!r} is no team of the book: {nearest(row['team'], desk.teams)}"
        )
    if not row["person"]:
        raise ValueError("nobody is named: write who is on shift")
    from_at, until_at = _instant(row["from"], desk, team), _instant(row["until"], desk, team)
    if until_at <= from_at:
        raise ValueError(f"the shift ends at {row['until']}, not after it begins at {row['from']}")
    place = fold(row.get("place", "")) or None
    sites = desk.facets["site"].values if "site" in desk.facets else {}
    if place and place not in sites:
        raise ValueError(f"{row['place']!r} is no site of the book: {nearest(row['place'], sites)}")
    return Shift(row["person"], team, from_at, until_at, place)


def _instant(said: str, desk: Desk, team: str) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        day, _, clock = said.partition(" ")
        at = wall_moment(in_years(read_date(day)), clock)  # 24:00 is no time to the library
    at = in_years(at)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(_zone(desk, team)))).astimezone(UTC)


def _zone(desk: Desk, team: str) -> str:
    hours = next(
        (need.hours for need in desk.staffing if need.team == team),
        desk.teams[team].hours or desk.hours,
    )
    return desk.calendars[hours].zone


def _looked_at(desk: Desk, shifts: list[Shift], today: date | None) -> tuple[datetime, datetime]:
    """The campaign when every roster line has one; else four weeks from today, or from the first
    shift.
    """
    edges = [
        (desk.calendars[n.hours].valid_from, desk.calendars[n.hours].valid_until)
        for n in desk.staffing
    ]
    begins, ends = [b for b, _ in edges if b], [e for _, e in edges if e]
    if len(begins) == len(ends) == len(edges):
        first, last = min(map(_wall, begins)), max(map(_wall, ends)) + timedelta(days=2)
        return first.replace(tzinfo=UTC) - timedelta(days=1), last.replace(tzinfo=UTC)
    start = (
        datetime.combine(today, time(), UTC)
        if today
        else min((s.from_at for s in shifts), default=None)
    )
    start = start or datetime(2000, 1, 1, tzinfo=UTC)
    return start, start + LOOKED_AHEAD


def _wall(edge: date | datetime) -> datetime:
    return edge if isinstance(edge, datetime) else datetime.combine(edge, time())


def _said(desk: Desk, gap: Gap) -> str:
    zone = next(desk.calendars[n.hours].zone for n in desk.staffing if n.line == gap.line)
    from_at, until_at = (at.astimezone(ZoneInfo(zone)) for at in (gap.from_at, gap.until_at))
    where = f" at {desk.facets['site'].values[gap.place]}" if gap.place else ""
    ends_at_midnight = until_at.time() == time() and until_at.date() - from_at.date() == timedelta(
        days=1
    )
    until = f"{until_at:%H:%M}" if until_at.date() == from_at.date() else _spoken(until_at)
    until = "24:00" if ends_at_midnight else until
    return (
        f"{desk.teams[gap.team].title}{where} has {gap.on_shift or 'nobody'} on shift of"
        f" {gap.needed} needed from {_spoken(from_at)} to {until} {zone}"
    )


def _spoken(at: datetime) -> str:
    return f"{DAYS[at.weekday()].title()} {at:%Y-%m-%d %H:%M}"
