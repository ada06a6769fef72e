"""Who there is to give shifts to, as a CSV file."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from deskbook.book.findings import Finding, nearest
from deskbook.book.load import WrongBook
from deskbook.book.roster_file import rows_of
from deskbook.book.words import fold
from deskbook.engine.desk import Desk
from deskbook.simulation.load_words import read_days_off, read_span
from deskbook.simulation.shifts import Worker
from deskbook.simulation.stretches import Stretch, whole_days

NEEDED = ("person", "team")
_HEADING = "the first line is person,team and, if you use them, hours a week and away"


def read_workers(desk: Desk, text: str, shown: str) -> tuple[Worker, ...]:
    """Returns the people of a CSV text with the columns person, team (several joined by +) and, if
    wanted, `hours a week` (30h) and `away` (2026-08-03 to 2026-08-14, several joined by ;), days on
    the desk's clocks. Raises WrongBook with every line that is not understood.
    """
    rows = rows_of(text)
    columns = [fold(name) for name in rows.fieldnames or ()]
    for name in NEEDED:
        if name not in columns:
            raise _wrong(shown, 1, f"there is no column {name!r}: {_HEADING}", "columns")
    workers: dict[str, Worker] = {}
    findings: list[Finding] = []
    for row in rows:
        try:
            worker = _worker(desk, _cells(row), workers)
            workers[worker.name] = worker
        except ValueError as exc:
            findings += _wrong(shown, rows.line_num, str(exc), "worker").findings
    if findings:
        raise WrongBook(tuple(findings))
    if not workers:
        raise _wrong(shown, 1, "nobody is named", "missing")
    return tuple(workers.values())


def _cells(row: Mapping[str, object]) -> dict[str, str]:
    return {fold(str(key)): str(value or "").strip() for key, value in row.items() if key}


def _wrong(shown: str, line: int, said: str, code: str) -> WrongBook:
    return WrongBook((Finding(shown, line, 1, "error", said, code),))


def _worker(desk: Desk, cells: Mapping[str, str], known: Mapping[str, Worker]) -> Worker:
    name = cells["person"]
    if not name:
        raise ValueError("nobody is named: write who it is")
    if name in known:
        raise ValueError(f"{name!r} stands here twice: join the teams with +")
    titles = {fold(team.title): key for key, team in desk.teams.items()}
    teams = [titles.get(fold(part), fold(part)) for part in cells["team"].split("+")]
    for team in teams:
        if team not in desk.teams:
            raise ValueError(f"{team!r} is no team of the book: {nearest(team, desk.teams)}")
    hours = cells.get("hours a week")
    return Worker(
        name,
        frozenset(teams),
        read_span(hours) if hours else None,
        tuple(_away(desk, cells.get("away", ""))),
    )


def _away(desk: Desk, said: str) -> Iterator[Stretch]:
    for part in filter(None, (part.strip() for part in said.split(";"))):
        yield whole_days(*read_days_off(part), ZoneInfo(desk.zone))
