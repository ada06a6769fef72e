"""Levels, hops, outside contacts, the facet of sites, rosters and alerts of a book to the
engine's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, cast

from deskbook.book.dates_that_come_round import read_timetable
from deskbook.book.document import Node
from deskbook.book.findings import Path, Remarks
from deskbook.book.names import Names, name_or_address, title_of
from deskbook.book.schema import Book
from deskbook.book.schema.cases import Facet as FacetEntry
from deskbook.book.schema.cases import Value
from deskbook.book.schema.levels import HandUp as HandUpEntry
from deskbook.book.schema.levels import Hop as HopEntry
from deskbook.book.schema.levels import Level as LevelEntry
from deskbook.book.targets import Conditioned
from deskbook.book.words import fold
from deskbook.engine.desk import ClockKind, HandUp, Level, Staffing, Tell
from deskbook.engine.organisation import Hop, Outside, Team
from deskbook.engine.recurring import PromisedReport

_Awaited = Literal["not answered", "not solved", "reopening"]
_READINGS: dict[str, ClockKind] = {
    "response": "response",
    "update": "update",
    "resolve": "resolve",
    "team": "team",
    "team resolve": "team-resolve",
}
"""The clocks that may hand a case up, by how a book calls them."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Reads who there is and how a case gets from one to the other."""

    book: Book
    hours: Names
    teams: Names
    levels: Names
    remarks: Remarks

    @classmethod
    def of(cls, book: Book, hours: Names, remarks: Remarks) -> "Organisation":
        teams = Names.of("team", "teams", book.teams)
        return cls(book, hours, teams, Names.of("level", "levels", book.levels), remarks)

    def read_levels(self, conditions: Conditioned, document: Node) -> dict[str, Level]:
        return {
            fold(name): Level(
                key=fold(name),
                title=title_of(name, entry.name),
                means=entry.means,
                hands_up=self._hand_ups(name, entry, conditions, document),
                hours=self._hours(entry.hours, ("levels", name, "hours")),
            )
            for name, entry in self.book.levels.items()
        }

    def _hand_ups(
        self, name: str, entry: LevelEntry, conditions: Conditioned, document: Node
    ) -> tuple[HandUp, ...]:
        """Returns what makes a case go on from a level; `hands up after` is the last line."""
        path: Path = ("levels", name, "hands up")
        found = [
            self._hand_up(said, (*path, number), conditions, document)
            for number, said in enumerate(entry.hands_up)
        ]
        if entry.hands_up_after is not None:
            line = document.place(("levels", name, "hands up after"))[0]
            found.append(HandUp(entry.hands_up_after, line=line))
        return tuple(found)

    def _hand_up(
        self, said: HandUpEntry, path: Path, conditions: Conditioned, document: Node
    ) -> HandUp:
        breached = said.on.endswith(" breached")
        if wrong := self._wrong_about(said, breached):
            self.remarks.error(path, wrong, "hand-up")
        whom = Names(
            "level, team or outside contact",
            "teams",
            {
                **Names.of("", "", self.book.outside).spelled,
                **self.levels.spelled,
                **self.teams.spelled,
            },
        )
        return HandUp(
            None if breached else said.after,
            "breached" if breached else cast(_Awaited, said.on),
            _READINGS[said.on.removesuffix(" breached")] if breached else None,
            conditions.read_line(said, path),
            whom.find(said.to, (*path, "to"), self.remarks) if said.to else None,
            document.place(path)[0],
        )

    def _wrong_about(self, said: HandUpEntry, breached: bool) -> str:
        """Returns what a line says too much or too little of for what it waits for."""
        if said.on == "reopening" and fold(said.to or "") in {fold(n) for n in self.book.outside}:
            return (
                "whoever is outside cannot have it back: hand it up to a level or a team, which"
                " redirects it"
            )
        if said.after and (breached or said.on == "reopening"):
            what = "the limit of the clock says when" if breached else "it goes up at once"
            return f"{what}: delete `after`"
        if said.after or breached or said.on == "reopening":
            return ""
        return "say how long they may have it: `after: 3bd`"

    def read_teams(self) -> dict[str, Team]:
        return {
            fold(name): Team(
                key=fold(name),
                title=title_of(name, entry.name),
                means=entry.means,
                hours=self._hours(entry.hours, ("teams", name, "hours")),
                mail=entry.mail or "",
                level=(
                    self.levels.find(entry.level, ("teams", name, "level"), self.remarks)
                    if entry.level
                    else None
                ),
            )
            for name, entry in self.book.teams.items()
        }

    def read_hops(self, line_of: Mapping[int, int]) -> tuple[Hop, ...]:
        """Returns every way from one to another; a line with lists is a way for each pair."""
        self._refuse_two_meanings()
        either = Names("level or team", "teams", {**self.levels.spelled, **self.teams.spelled})
        hops = []
        for number, line in enumerate(self.book.hops):
            by = tuple(fold(way) for way in line.by)
            pairs = self._pairs(line, ("hops", number), either)
            hops += [Hop(one, other, by, line_of.get(number, 0)) for one, other in pairs]
        return tuple(hops)

    def _refuse_two_meanings(self) -> None:
        for name in self.teams.spelled.keys() & self.levels.spelled.keys():
            spelled = self.teams.spelled[name]
            self.remarks.error(
                ("levels", self.levels.spelled[name]),
                f"{spelled!r} is a team too: hops could mean either, so give one another key",
                "two-names",
                at_key=True,
            )

    def _pairs(self, line: HopEntry, path: Path, either: Names) -> list[tuple[str, str]]:
        """The ways of one line of the book, from each of one list to each other of another."""
        leaves = [either.find(word, (*path, "from"), self.remarks) for word in line.from_]
        arrives = [either.find(word, (*path, "to"), self.remarks) for word in line.to]
        known = product(filter(None, leaves), filter(None, arrives))
        pairs = [(one, other) for one, other in known if one != other]
        if not pairs and not self.remarks.wrong_under(path):
            self.remarks.error(path, "this way leads back to where it begins: name two", "no-way")
        return pairs

    def read_outside(self) -> dict[str, Outside]:
        return {
            fold(name): Outside(
                fold(name),
                title_of(name, said.name),
                said.means,
                tuple(fold(way) for way in said.by),
                tuple(said.for_),
                said.mail or "",
            )
            for name, said in self.book.outside.items()
        }

    def read_tells(self, conditions: Conditioned) -> tuple[Tell, ...]:
        """Returns who is told of what; a line that names nobody the book has is remarked."""
        whom = self._whom()
        found = []
        for number, line in enumerate(self.book.tell):
            path: Path = ("tell", number)
            to = self._named(line.to, whom, (*path, "to"))
            when = conditions.read_line(line, path)
            hours = self._hours(line.hours, (*path, "hours"))
            found.append(Tell(frozenset(line.on), to, when, hours))
        return tuple(found)

    def read_reports(self, hours: Names, line_of: Mapping[int, int]) -> tuple[PromisedReport, ...]:
        """Returns who is mailed which numbers when; a line whose dates cannot be read is left
        out.
        """
        whom, made = self._whom(), dict[str, PromisedReport]()
        for number, line in enumerate(self.book.reports):
            path: Path = ("reports", number)
            when = read_timetable(line, path, hours, self.remarks)
            to = self._named(line.to, whom, (*path, "to"))
            name = fold(line.name)
            if name in made:
                what = f"there is a report {line.name!r} above: give this one another name"
                self.remarks.error((*path, "name"), what, "same-name")
            elif when is not None:
                at = line_of.get(number, 0)
                made[name] = PromisedReport(
                    name, line.name, when, to, tuple(line.says), line.of, at
                )
        return tuple(made.values())

    def _whom(self) -> Names:
        people = {**Names.of("", "", (*self.book.outside, "leads", "owners")).spelled}
        return Names(
            "team, outside contact or mail address", "teams", {**people, **self.teams.spelled}
        )

    def _named(self, words: Sequence[str], whom: Names, path: Path) -> tuple[str, ...]:
        found = (
            name_or_address(word, whom, (*path, n), self.remarks) for n, word in enumerate(words)
        )
        return tuple(filter(None, found))

    def read_staffing(self, own: str, line_of: Mapping[int, int]) -> tuple[Staffing, ...]:
        sites = Names.of("site", "sites", self.book.sites)
        found = []
        for number, line in enumerate(self.book.rosters):
            path: Path = ("rosters", number)
            team = self.teams.find(line.team, (*path, "team"), self.remarks)
            during = (
                self._hours(line.during, (*path, "during"))
                if line.during
                else self._team_hours(team) or own
            )
            place = sites.find(line.place, (*path, "place"), self.remarks) if line.place else None
            if team and during:
                found.append(
                    Staffing(
                        team, during, line.at_least, place, line_of.get(number, 0), line.assign
                    )
                )
        return tuple(found)

    def _team_hours(self, team: str | None) -> str | None:
        said = {fold(name): entry.hours for name, entry in self.book.teams.items()}.get(team or "")
        return fold(said) if said and fold(said) in self.hours.spelled else None

    def _hours(self, said: str | None, path: Path) -> str | None:
        return self.hours.find(said, path, self.remarks) if said else None


def site_entry(book: Book) -> FacetEntry:
    """Returns the facet `site`: every site is a value of it."""
    values = {name: Value(name=site.name, means=site.means) for name, site in book.sites.items()}
    return FacetEntry(name="Site", values=values, asked="desk")
