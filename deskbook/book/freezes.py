"""Named dates, the campaign and freezes of a book, as dates and instants."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskbook.book.calendars import Within
from deskbook.book.findings import Path, Remarks, nearest
from deskbook.book.names import Names
from deskbook.book.schema import Book
from deskbook.book.schema.hours import Freeze as FreezeEntry
from deskbook.book.targets import Conditioned
from deskbook.book.words import NamedDay, fold
from deskbook.engine.desk import Conditions, Freeze

Day = date | datetime
AFTER = NamedDay("the day after")


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a book, each said outright or by a name under `dates`."""

    book: Book
    remarks: Remarks

    def campaign(self) -> Within | None:
        """Returns the dates between which the desk exists, or None for always."""
        if self.book.open is None:
            return None
        within = Within(
            self.day(self.book.open.from_, ("open", "from")),
            self.day(self.book.open.until, ("open", "until")),
        )
        if within.from_ and within.until and _moment(within.until) < _moment(within.from_):
            self.remarks.error(("open", "until"), "the campaign ends before it begins", "dates")
            return None
        return within

    def day(self, said: NamedDay | Day | None, path: Path) -> Day | None:
        """Returns the date meant; a name that is not under `dates` is remarked."""
        if not isinstance(said, NamedDay):
            return said
        named = {fold(name): day for name, day in self.book.dates.items()}
        if (found := named.get(fold(said.name))) is not None:
            return found + timedelta(days=said.plus)
        meant = (
            nearest(said.name, self.book.dates)
            if self.book.dates
            else "write 2026-03-02, or name it under `dates`"
        )
        self.remarks.error(path, f"{said.name!r} is no date of this book: {meant}", "unknown-name")
        return None


def read_freezes(
    book: Book, campaign: Within | None, conditions: Conditioned, teams: Names, dates: Dates
) -> tuple[Freeze, ...]:
    """Returns the freezes with their instants in the book's zone; a wrong one is remarked and left
    out.
    """
    reader = _FreezeReader(book, campaign, conditions, teams, dates)
    found = [reader.read(entry, ("freeze", number)) for number, entry in enumerate(book.freeze)]
    return tuple(freeze for freeze in found if freeze)


@dataclass(frozen=True, slots=True)
class _FreezeReader:
    book: Book
    campaign: Within | None
    conditions: Conditioned
    teams: Names
    dates: Dates

    def read(self, entry: FreezeEntry, path: Path) -> Freeze | None:
        when = self.conditions.read(entry.what, (*path, "what"))
        between = self._between(entry, path)
        handed, to = self._hand_over(entry, path)
        if between is None:
            return None
        from_at, until_at = between
        title = entry.name or "Freeze"
        return Freeze(
            key=fold(entry.name or f"freeze {path[1] if path[1] else ''}"),
            title=title,
            from_at=from_at,
            until_at=until_at,
            pick_up_at=self._pick_up(entry, until_at, path),
            when=when,
            hand_over_when=handed,
            hand_over_to=to,
        )

    def _between(self, entry: FreezeEntry, path: Path) -> tuple[datetime, datetime] | None:
        first = self.dates.day(entry.from_, (*path, "from"))
        last = self.dates.day(entry.until, (*path, "until"))
        if entry.while_:
            campaign = self.campaign or Within()
            first, last = first or campaign.from_, last or campaign.until
        if first is None or last is None:
            self._say_missing(entry, path)
            return None
        from_at, until_at = self._start(first), self._end(last)
        if until_at <= from_at:
            self.dates.remarks.error(path, "it ends before it begins", "dates")
            return None
        return from_at, until_at

    def _say_missing(self, entry: FreezeEntry, path: Path) -> None:
        if self.dates.remarks.wrong_under(path[:1]) or self.dates.remarks.wrong_under(("open",)):
            return
        said = (
            "`open` needs its `from` and `until` for that"
            if entry.while_
            else "write `while: campaign`, or `from`"
        )
        self.dates.remarks.error(
            (*path, "while") if entry.while_ else path,
            "nothing says from when until when it holds:"
            f" {said}{'' if entry.while_ else ' and `until`'}",
            "dates",
        )

    def _pick_up(self, entry: FreezeEntry, until_at: datetime, path: Path) -> datetime:
        if entry.pick_up is None or entry.pick_up == AFTER:
            return until_at
        day = self.dates.day(entry.pick_up, (*path, "pick up"))
        picked = self._start(day) if day else until_at
        if picked < until_at:
            self.dates.remarks.error(
                (*path, "pick up"), "it is picked up while it is still held", "dates"
            )
        return picked

    def _hand_over(self, entry: FreezeEntry, path: Path) -> tuple[Conditions | None, str | None]:
        if entry.hand_over is None:
            return None, None
        place = (*path, "hand over")
        when = self.conditions.read_line(entry.hand_over, place)
        return when, self.teams.find(entry.hand_over.to, (*place, "to"), self.dates.remarks)

    def _start(self, day: Day) -> datetime:
        return _moment(day).replace(tzinfo=ZoneInfo(self.book.zone)).astimezone(UTC)

    def _end(self, day: Day) -> datetime:
        """The last day is a whole one: it ends at the midnight after."""
        after = day if isinstance(day, datetime) else day + timedelta(days=1)
        return self._start(after)


def _moment(day: Day) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())
