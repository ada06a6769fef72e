"""The open pieces of one date, as instants: (weekly - closures) + extra, inside the validity."""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from deskbook.engine.wall_time import instant_of, resolve, zone_named
from deskbook.engine.windows import Closure, ExtraOpening, Window

if TYPE_CHECKING:
    from deskbook.engine.calendar import Calendar

ONE_DAY = timedelta(days=1)
LAST_YEAR = 9900  # a later end is no end
Piece = tuple[int, int]  # [opens, closes) in microseconds since 1970


def merged(pieces: list[Piece]) -> list[Piece]:
    """The same time in order, without overlap, touching pieces joined, empty ones dropped."""
    joined: list[Piece] = []
    for opens, closes in sorted(pieces):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        elif closes > opens:
            joined.append((opens, closes))
    return joined


class Openings:
    """What a calendar says about single dates, with its closures already turned into instants."""

    def __init__(self, calendar: "Calendar") -> None:
        self.zone = zone_named(calendar.zone)
        self.weekly = calendar.weekly
        fixed = [closure for closure in calendar.closures if isinstance(closure, Closure)]
        self.rules = [rule for rule in calendar.closures if not isinstance(rule, Closure)]
        self.closed = merged([self.span(shut.from_at, shut.until_at) for shut in fixed])
        self.closed_starts = [starts for starts, _ in self.closed]
        self.extra: dict[date, list[ExtraOpening]] = {}
        for opening in calendar.extra:
            self.extra.setdefault(opening.on, []).append(opening)
        self.valid_from = self._edge(calendar.valid_from, included=False)
        self.valid_until = self._edge(calendar.valid_until, included=True)
        walls = [edge for shut in fixed for edge in (shut.from_at.year, shut.until_at.year)]
        walls += [day.year for day in self.extra]
        walls += [calendar.valid_from.year] if calendar.valid_from else []
        self.last_written_year = max(walls, default=0)

    def on(self, day: date) -> list[Piece]:
        """The open pieces of the windows that start on `day`, in order."""
        windows = self.weekly.get(day.weekday(), ())
        pieces = self._without_closures(day, self.pieces(day, windows)) if windows else []
        for opening in self.extra.get(day, ()):
            pieces = pieces + self.pieces(day, opening.windows)
        return self._inside_validity(merged(pieces)) if pieces else []

    def midnight(self, day: date) -> int:
        """The first instant of `day`."""
        return resolve(self.zone, datetime.combine(day, time()), second=False)

    def nothing_after(self) -> int | None:
        """An instant after which nothing can open, where the calendar's own words prove one."""
        if any(self.weekly.values()):
            return self.valid_until
        last = min(max(self.extra, default=date(1, 1, 2)), date(LAST_YEAR, 1, 1))
        end = self.midnight(last + 3 * ONE_DAY)
        return end if self.valid_until is None else min(end, self.valid_until)

    def skip_from(self, day: date) -> date:
        """A date from `day` on before which none opens: past one long closure, or validity's start.

        Three years of closure cost nothing; short ones are not worth the skip.
        """
        start = self.midnight(day)
        held = bisect_right(self.closed_starts, start) - 1
        until = max(self.closed[held][1] if held >= 0 else start, self.valid_from or start)
        worked = [self.midnight(extra) for extra in self.extra if extra >= day - 2 * ONE_DAY]
        until = min([until, *worked])
        return max(day, instant_of(until).date() - 4 * ONE_DAY)

    def pieces(self, day: date, windows: tuple[Window, ...]) -> list[Piece]:
        midnight = datetime.combine(day, time())
        return merged(
            [self.span(midnight + hours.opens, midnight + hours.closes) for hours in windows]
        )

    def span(self, from_wall: datetime, until_wall: datetime) -> Piece:
        return resolve(self.zone, from_wall, second=False), self._end(until_wall)

    def _end(self, wall: datetime) -> int:
        """The second pass of a time shown twice; but 24:00 is the end of its date, of two midnights
        the first.
        """
        return resolve(self.zone, wall, second=wall.time() != time())

    def _without_closures(self, day: date, pieces: list[Piece]) -> list[Piece]:
        closures = [
            self.span(datetime.combine(near, time()), datetime.combine(near + ONE_DAY, time()))
            for near in (day - ONE_DAY, day, day + ONE_DAY)
            if any(rule.closes(near) for rule in self.rules)
        ]
        if pieces and self.closed:
            index = max(0, bisect_right(self.closed_starts, pieces[0][0]) - 1)
            while index < len(self.closed) and self.closed[index][0] < pieces[-1][1]:
                closures.append(self.closed[index])
                index += 1
        for closure in closures:
            pieces = _subtracted(pieces, closure)
        return pieces

    def _inside_validity(self, pieces: list[Piece]) -> list[Piece]:
        start, end = self.valid_from, self.valid_until
        if start is not None:
            pieces = [(max(opens, start), closes) for opens, closes in pieces if closes > start]
        if end is not None:
            pieces = [(opens, min(closes, end)) for opens, closes in pieces if opens < end]
        return pieces

    def _edge(self, edge: date | datetime | None, *, included: bool) -> int | None:
        if edge is None or edge.year > LAST_YEAR:
            return None
        if not isinstance(edge, datetime):
            edge = datetime.combine(edge + ONE_DAY if included else edge, time())
        return self._end(edge) if included else resolve(self.zone, edge, second=False)


def _subtracted(pieces: list[Piece], closure: Piece) -> list[Piece]:
    starts, ends = closure
    left: list[Piece] = []
    for opens, closes in pieces:
        if ends <= opens or closes <= starts:
            left.append((opens, closes))
            continue
        if opens < starts:
            left.append((opens, starts))
        if ends < closes:
            left.append((ends, closes))
    return left
