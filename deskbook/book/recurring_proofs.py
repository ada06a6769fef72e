"""Cases that open by themselves: what can be proved of them."""

from datetime import UTC, date, datetime, time, timedelta

from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.engine.coming_round import Coming, case_of, coming
from deskbook.engine.decide_open import decide_open
from deskbook.engine.events import TeamArrived
from deskbook.engine.recurring import Timetable
from deskbook.engine.ticket import SYSTEM
from deskbook.refusals.refusal import Refusal

AHEAD = timedelta(days=370)
_AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def prove_recurring(compiled: Compiled) -> None:
    """Each case may be opened, and comes to a team where the desk has any."""
    desk, remarks = compiled.desk, compiled.remarks
    for number, line in enumerate(desk.recurring):
        path: Path = ("recurring", number)
        decision = decide_open(desk, case_of(line, "desk"), at=_AT, by=SYSTEM)
        if isinstance(decision, Refusal):
            remarks.error(path, f"the book refuses this case: {decision.sentence}", "case-refused")
        elif desk.teams and not any(isinstance(event, TeamArrived) for event in decision):
            said = "no rule gives this case to a team: write `to`, or the facets the rules ask for"
            remarks.warn(path, said, "no-team")


def recurring_ahead(compiled: Compiled, today: date) -> None:
    """Of the year from today: each comes at all, and the book says what becomes of closed days."""
    for number, line in enumerate(compiled.desk.recurring):
        said = compiled.book.recurring[number]
        dates_ahead(compiled, line.when, ("recurring", number), today, said.on_closed_days)


def reports_ahead(compiled: Compiled, today: date) -> None:
    """As `recurring_ahead`, of the reports that are promised."""
    for number, line in enumerate(compiled.desk.promised_reports):
        said = compiled.book.reports[number]
        dates_ahead(compiled, line.when, ("reports", number), today, said.on_closed_days)


def dates_ahead(
    compiled: Compiled, when: Timetable, path: Path, today: date, closed: str | None
) -> None:
    """Warns where something never comes in the year from today, or comes on another day than is
    written and the book does not say on which.
    """
    from_at = datetime.combine(today, time(), UTC)
    found = coming(compiled.desk, when, from_at, from_at + AHEAD)
    if not found:
        said = f"this never comes in the year from {today}: look at its dates and its hours"
        compiled.remarks.warn((*path, "every"), said, "never-comes")
    moved = next((one for one in found if one.day != one.written), None)
    if moved and closed is None:
        compiled.remarks.warn((*path, "every"), _moved(moved), "closed-day")


def _moved(moved: Coming) -> str:
    return (
        f"{moved.written:%a} {moved.written} is closed, so it comes on {moved.day:%a} {moved.day}:"
        " write `on closed days`, with `next working day`, `working day before`, `left out` or `as"
        " written`"
    )
