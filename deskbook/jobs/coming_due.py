"""What has come by the dates of a book and is not done: cases to open, reports to send."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from deskbook.engine.coming_round import Coming, coming, said_before
from deskbook.engine.desk import Desk
from deskbook.engine.recurring import Timetable
from deskbook.people.books import desk_then
from deskbook.people.models import HelpDesk

CAUGHT_UP = timedelta(days=7)
"""What was missed by an outage is done when it is over, not what is older than this."""


class Dated(Protocol):
    """A line of a book that comes round."""

    @property
    def key(self) -> str: ...
    @property
    def when(self) -> Timetable: ...


L = TypeVar("L", bound=Dated)
LinesOf = Callable[[Desk], Iterable[L]]


def due(
    helpdesk: HelpDesk,
    desk: Desk,
    lines_of: LinesOf[L],
    key_of: Callable[[L, Coming], str],
    done_among: Callable[[Collection[str]], Iterable[str]],
    *,
    at: datetime,
) -> list[tuple[L, Coming]]:
    """Returns what has come by `at` and is not done. Each time has a key; `done_among` is asked
    once which of these are done.
    """
    come = {
        key_of(line, one): (line, one)
        for line in lines_of(desk)
        for one in coming(desk, line.when, at - CAUGHT_UP, at)
    }
    done = set(done_among(come)) if come else set()
    left = (one for key, one in come.items() if key not in done)
    return [(line, one) for line, one in left if was_said(helpdesk, desk, lines_of, line, one)]


def was_said(helpdesk: HelpDesk, desk: Desk, lines_of: LinesOf[L], line: L, one: Coming) -> bool:
    """Returns whether a time was one of its line when it came: nothing comes on the days before a
    line was in the book, or had other dates.
    """
    then = desk_then(helpdesk, at=one.at)
    if then is None:
        return False
    when = next((before.when for before in lines_of(then) if before.key == line.key), None)
    return said_before(desk, then, one, when)
