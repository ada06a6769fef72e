"""When something comes by itself, in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from deskbook.engine.recurring import Timetable
from deskbook.web.policy.reader import Reader


def timetable(reader: Reader, when: Timetable) -> Iterator[str]:
    """Yields the dates as the book words them, the time, and what becomes of closed days."""
    at = f"{when.at:%H:%M}" if when.at else _("when the hours open")
    yield _("Comes every {dates}, {time}").format(dates=reader.desk.said(when.said), time=at)
    closed = {
        "next working day": _("On a closed day: the next working day"),
        "working day before": _("On a closed day: the working day before"),
        "left out": _("On a closed day: not at all"),
        "as written": _("On a closed day: all the same"),
    }
    if not when.dates.working:
        yield closed[when.closed]
    if when.hours:
        yield reader.hours_title(when.hours)
    if when.dates.from_day:
        yield _("From {date}").format(date=when.dates.from_day)
    if when.dates.until_day:
        yield _("Until {date}").format(date=when.dates.until_day)
