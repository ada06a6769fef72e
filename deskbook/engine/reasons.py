"""Why a calendar is open or closed at an instant, in a desk's words."""

from datetime import date

from deskbook.engine.calendar import Calendar
from deskbook.engine.openings import ONE_DAY, Openings, Piece
from deskbook.engine.wall_time import instant_of, micros_of, wall_of
from deskbook.engine.windows import Closure

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Reasons:
    """A calendar's reasons, worked out once for one explanation."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.openings = Openings(calendar)
        self.closures: list[tuple[Piece, str]] = [
            (self.openings.span(shut.from_at, shut.until_at), shut.name or "closure")
            for shut in calendar.closures
            if isinstance(shut, Closure)
        ]
        self.extra: list[tuple[Piece, str]] = [
            (piece, opening.name or "extra opening")
            for opening in calendar.extra
            for piece in self.openings.pieces(opening.on, opening.windows)
        ]

    def edges(self, start: int, end: int) -> set[int]:
        """Every instant in [start, end) at which a reason may change."""
        edges = {edge for piece, _ in self.closures + self.extra for edge in piece}
        for opens_at, closes_at, _ in self.calendar.segments(instant_of(start), instant_of(end)):
            edges |= {micros_of(opens_at), micros_of(closes_at)}
        edges |= {
            edge
            for edge in (self.openings.valid_from, self.openings.valid_until)
            if edge is not None
        }
        day = wall_of(self.openings.zone, start).date()
        while (midnight := self.openings.midnight(day)) < end:
            edges.add(midnight)
            day += ONE_DAY
        return {edge for edge in edges if start <= edge < end}

    def is_open(self, micros: int) -> bool:
        """Whether the calendar is open at that instant."""
        return self.calendar.timeline(micros).is_open(micros)

    def for_open(self, micros: int) -> str:
        """`open`, or the name of the extra opening."""
        return _named(self.extra, micros) or "open"

    def for_closed(self, micros: int) -> str:
        """The closure's name, the validity dates, a closed weekday, a break or the night."""
        outside = self._outside_validity(micros)
        if outside:
            return outside
        if closure := _named(self.closures, micros):
            return closure
        day = wall_of(self.openings.zone, micros).date()
        for rule in self.openings.rules:
            if rule.closes(day):
                return rule.name or "closure"
        if not self.openings.weekly.get(day.weekday()) and day not in self.openings.extra:
            return "weekend" if day.weekday() >= 5 else f"closed on {_WEEKDAYS[day.weekday()]}s"
        return "break" if self._is_break(day, micros) else "night"

    def _outside_validity(self, micros: int) -> str:
        start, end = self.openings.valid_from, self.openings.valid_until
        if start is not None and micros < start:
            return f"before {self.calendar.valid_from}"
        if end is not None and micros >= end:
            return f"after {self.calendar.valid_until}"
        return ""

    def _is_break(self, day: date, micros: int) -> bool:
        """Whether the desk was open earlier on that date and opens later on it again."""
        start, end = self.openings.midnight(day), self.openings.midnight(day + ONE_DAY)
        around = self.calendar.timeline(start, end).stretches(start, end)
        sides = {opens > micros for opens, _, _ in around}
        return sides == {True, False}


def _named(pieces: list[tuple[Piece, str]], micros: int) -> str:
    for (starts, ends), name in pieces:
        if starts <= micros < ends:
            return name
    return ""
