"""Reading a load file: text → document → schema → load, with every finding at its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice, product
from pathlib import Path as File
from zoneinfo import ZoneInfo

from deskbook.book.calendars import Calendars, read_days
from deskbook.book.document import Node, UnreadableBook, read_document
from deskbook.book.findings import Finding, Path, Remarks, nearest
from deskbook.book.load import (
    WrongBook,
    place_remarks,
    read_section,
    remark_repetitions,
    text_of,
)
from deskbook.book.names import Names
from deskbook.book.schema.hours import Hours
from deskbook.book.words import fold
from deskbook.engine.calendar import Calendar
from deskbook.engine.desk import Conditions, Desk
from deskbook.engine.rosters import Shift
from deskbook.simulation.case import NotOpened, team_of
from deskbook.simulation.channels import WAITING
from deskbook.simulation.load import (
    HOURS_OF_WEEK,
    Handling,
    Load,
    Mix,
    People,
    Requesters,
    Stream,
)
from deskbook.simulation.load_words import Arrivals, HandlingLine, LoadFile, PeopleLine

_LONGEST = timedelta(days=10 * 366)
_ALWAYS = "always"
_MOST_SORTS = 2000
_ANY_AT = datetime(2026, 1, 5, 12, tzinfo=UTC)


def read_load(source: str | File, desk: Desk, *, roster: Iterable[Shift] = ()) -> Load:
    """Returns the load that a file (or its text) describes for a desk, its people beside those of
    a roster. Raises WrongBook with every finding.
    """
    shown = str(source) if isinstance(source, File) else "load.yaml"
    try:
        document = read_document(text_of(source))
    except UnreadableBook as exc:
        wrong = Finding(shown, exc.line, exc.column, "error", exc.message, exc.code)
        raise WrongBook((wrong,)) from None
    remarks = Remarks()
    load = _load(document, desk, remarks, tuple(roster))
    findings = place_remarks(remarks, document, shown)
    if load is None or any(finding.level == "error" for finding in findings):
        raise WrongBook(findings)
    return load


def _load(document: Node, desk: Desk, remarks: Remarks, roster: tuple[Shift, ...]) -> Load | None:
    remark_repetitions(document, remarks)
    if not isinstance(document.value, dict):
        remarks.error((), "a load is keys and values: begin with `from:` and a date", "type")
        return None
    said = read_section(LoadFile, document.plain(), remarks, ())
    if said is None or any(remark.level == "error" for remark in remarks.said):
        return None
    return _Reading(desk, remarks).load(said, roster)


@dataclass(slots=True)
class _Reading:
    """What a load file says, in the words of one desk."""

    desk: Desk
    remarks: Remarks
    teams: Names = field(init=False)

    def __post_init__(self) -> None:
        titles = {fold(team.title): team.title for team in self.desk.teams.values()}
        self.teams = Names("team", "teams", {**titles, **{key: key for key in self.desk.teams}})

    def load(self, said: LoadFile, roster: tuple[Shift, ...]) -> Load:
        from_at, until_at = self._period(said.from_, said.until)
        people = [self._people(line, ("people", n)) for n, line in enumerate(said.people)]
        people += people_of(roster)
        if not people:
            self.remarks.error((), "nobody is there: write `people`, or give a roster", "nobody")
        self._named_twice(said.people)
        return Load(
            streams=tuple(
                self._stream(line, ("arrivals", n)) for n, line in enumerate(said.arrivals)
            ),
            handling=self._handling(said.handling),
            people=tuple(people),
            from_at=from_at,
            until_at=until_at,
            counted_from_at=min(from_at + (said.warm_up or timedelta()), until_at),
            requesters=self._requesters(said),
        )

    def _period(self, first: date, last: date) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.desk.zone)
        from_at = datetime.combine(first, time(), zone).astimezone(UTC)
        until_at = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
        if until_at <= from_at:
            self.remarks.error(("until",), "the last day is before the first", "dates")
        if until_at - from_at > _LONGEST:
            self.remarks.error(("until",), "at most ten years are simulated", "dates")
        return from_at, until_at

    def _stream(self, line: Arrivals, path: Path) -> Stream:
        facets = self._mixes(line.__pydantic_extra__, path)
        if "channel" not in facets:
            said = f"by which channel do they come? Write channel: {next(iter(self.desk.channels))}"
            self.remarks.error(path, said, "missing")
        if (line.per_week is None) == (line.by_hour is None):
            self.remarks.error(path, "write either `per week` or `by hour`", "missing")
        if line.by_hour is not None and line.during:
            said = "`by hour` says already when they come: delete one"
            self.remarks.error((*path, "during"), said, "twice", at_key=True)
        if not self.remarks.wrong_under(path):
            self._opens(facets, path)
        return Stream(
            facets,
            per_week=line.per_week or 0.0,
            during=self._hours(line.during or self.desk.hours, (*path, "during")),
            by_hour=self._week(line.by_hour or {}, (*path, "by hour")) if line.by_hour else (),
        )

    def _opens(self, facets: Mapping[str, Mix], path: Path) -> None:
        """The book takes every case of the stream."""
        pairs = product(*(mix.values for mix in facets.values()))
        for values in islice(pairs, _MOST_SORTS):
            try:
                team_of(self.desk, dict(zip(facets, values, strict=True)), at=_ANY_AT)
            except NotOpened as refused:
                self.remarks.error(path, f"the book refuses such a case: {refused}", "refused")
                return

    def _week(self, said: Mapping[str, list[float]], path: Path) -> tuple[float, ...]:
        week = [0.0] * HOURS_OF_WEEK
        for days, hours in said.items():
            if len(hours) != 24:
                told = f"a day has 24 hours, and here are {len(hours)} numbers"
                self.remarks.error((*path, days), told, "hours")
                continue
            try:
                for day in read_days(days):
                    week[day * 24 : day * 24 + 24] = hours
            except ValueError as exc:
                self.remarks.error((*path, days), str(exc), "day", at_key=True)
        return tuple(week)

    def _mixes(self, said: Mapping[str, dict[str, float]] | None, path: Path) -> dict[str, Mix]:
        mixes = {}
        for word, shares in (said or {}).items():
            if known := self._values_of(word, (*path, word)):
                names = [known.find(value, (*path, word, value), self.remarks) for value in shares]
                values = tuple(name for name in names if name is not None)
                facet = self._facet(word)
                if facet in mixes:
                    self.remarks.error((*path, word), "this is said above already", "twice")
                mixes[facet] = Mix(values, tuple(shares.values()))
        return mixes

    def _facet(self, word: str) -> str:
        """Returns the engine's word: a book may call a severity a priority."""
        return "severity" if fold(word) == fold(self.desk.severity_word) else fold(word)

    def _values_of(self, word: str, path: Path) -> Names | None:
        desk, facet = self.desk, self._facet(word)
        asked = {
            "channel": desk.channels,
            "severity": desk.severities,
            "plan": desk.plans,
            **{key: one.values for key, one in desk.facets.items()},
        }
        if facet not in asked:
            told = f"{word!r} is neither a key here nor a facet of the book: {nearest(word, asked)}"
            self.remarks.error(path, told, "unknown-key", at_key=True)
            return None
        return Names.of(word, facet, asked[facet])

    def _conditions(
        self, said: Mapping[str, list[str]] | None, path: Path, *, held: bool = False
    ) -> Conditions:
        """Returns what a line asks of a case, and, where it is `held` by somebody, of these."""
        when = {}
        for word, values in (said or {}).items():
            own = {"level": Names.of("level", "levels", self.desk.levels), "team": self.teams}
            known = own[fold(word)] if held and fold(word) in own else None
            known = known or self._values_of(word, (*path, word))
            if known:
                when[self._facet(word)] = known.find_all(values, (*path, word), self.remarks)
        return when

    def _handling(self, lines: list[HandlingLine]) -> tuple[Handling, ...]:
        for number, line in enumerate(lines[:-1]):
            if not line.__pydantic_extra__:
                told = "this line is for every case, so those after it count for none: move it down"
                self.remarks.error(("handling", number), told, "dead-line")
        if not lines or lines[-1].__pydantic_extra__:
            told = "the last line has to be for every case, with nothing but `takes` and shares"
            self.remarks.error(("handling", max(len(lines) - 1, 0)), told, "not-all")
        return tuple(
            Handling(
                line.takes,
                self._conditions(line.__pydantic_extra__, ("handling", n), held=True),
                line.hands_on,
                line.asks,
            )
            for n, line in enumerate(lines)
        )

    def _people(self, line: PeopleLine, path: Path) -> People:
        teams = [
            self.teams.find(word, (*path, "team", n), self.remarks)
            for n, word in enumerate(line.team)
        ]
        found = tuple(team for team in map(self._team_key, teams) if team)
        if line.name and line.count != 1:
            self.remarks.error((*path, "count"), "one name is one person: delete one", "count")
        label = line.name or " + ".join(found)
        many = line.count > 1 or not line.name
        return People(
            found,
            tuple(f"{label} {n + 1}" if many else label for n in range(line.count)),
            hours=self._people_hours(line.hours, found, (*path, "hours")),
            leave=tuple(line.leave),
            chats=line.chats,
            only=self._conditions(line.only, (*path, "only")),
            alike=not line.name,
        )

    def _team_key(self, word: str | None) -> str | None:
        titles = {fold(team.title): key for key, team in self.desk.teams.items()}
        return word if word is None or word in self.desk.teams else titles[word]

    def _people_hours(
        self, said: str | Hours | None, teams: tuple[str, ...], path: Path
    ) -> Calendar:
        if isinstance(said, Hours):
            names = Names.of("list of holidays", "holidays", ())
            return Calendars(self.desk.zone, {}, names, self.remarks).make("own", said, path)
        usual = self.desk.teams[teams[0]].hours if teams else None
        return self._hours(said or usual or self.desk.hours, path) or _any_time(self.desk.zone)

    def _hours(self, word: str, path: Path) -> Calendar | None:
        if fold(word) == _ALWAYS:
            return None
        known = Names.of("hours", "hours", [*self.desk.calendars, _ALWAYS])
        found = known.find(word, path, self.remarks)
        return self.desk.calendars[found] if found else None

    def _named_twice(self, lines: list[PeopleLine]) -> None:
        seen: set[str] = set()
        for number, line in enumerate(lines):
            if line.name in seen:
                told = f"{line.name!r} is there already: one line a person, with all their teams"
                self.remarks.error(("people", number, "name"), told, "twice")
            seen.add(line.name or "")
            seen.discard("")

    def _requesters(self, said: LoadFile) -> Requesters:
        patience = {}
        names = Names.of("channel", "channels", self.desk.channels)
        for word, time_ in said.patience.items():
            channel = names.find(word, ("patience", word), self.remarks)
            if channel and self.desk.channels[channel].kind not in WAITING:
                told = f"nobody waits on the line for {word}: patience is of phone, chat and visits"
                self.remarks.error(("patience", word), told, "patience", at_key=True)
            if channel:
                patience[channel] = time_
        if said.requesters is None:
            return Requesters(patience)
        own = said.requesters
        return Requesters(
            patience, own.answer_after, own.never_answer, own.come_back, own.come_back_after
        )


def people_of(roster: Iterable[Shift]) -> list[People]:
    """Returns everybody on a roster, each with their shifts."""
    by_person = sorted(roster, key=lambda shift: (shift.person, shift.from_at, shift.team))
    return [
        People(
            tuple(dict.fromkeys(shift.team for shift in own)),
            (person,),
            shifts=tuple((shift.from_at, shift.until_at) for shift in own),
            alike=False,
        )
        for person, shifts in groupby(by_person, key=lambda shift: shift.person)
        if (own := list(shifts))
    ]


def _any_time(zone: str) -> Calendar:
    from deskbook.book.words import read_windows

    return Calendar(zone, {day: read_windows("00:00-24:00") for day in range(7)}, name=_ALWAYS)
