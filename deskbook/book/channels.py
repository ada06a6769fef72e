"""Channels, directory, services, sites, templates and site visits of a book to the engine's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from deskbook.book.findings import Path, Remarks, nearest
from deskbook.book.names import Names, title_of
from deskbook.book.schema import Book
from deskbook.book.schema.channels import Channel as ChannelEntry
from deskbook.book.targets import Conditioned
from deskbook.book.wordings import read_templates
from deskbook.book.words import fold
from deskbook.engine.channels import (
    KNOWN,
    Channel,
    DirectoryField,
    Service,
    Site,
    SiteVisits,
    Template,
    usual_channel,
)


def channel_entries(book: Book) -> Mapping[str, ChannelEntry]:
    """Returns the book's channels; e-mail and the portal where it names none."""
    return book.channels or {"email": ChannelEntry(), "portal": ChannelEntry()}


@dataclass(frozen=True, slots=True)
class Reach:
    """Reads how people reach the desk, and how it reaches them."""

    book: Book
    hours: Names
    teams: Names
    channels: Names
    conditions: Conditioned
    remarks: Remarks

    def read_channels(self) -> dict[str, Channel]:
        """Returns the channels in the book's order; what each asks is said there or in the
        directory.
        """
        known = Names.of("field of the directory", "directory", self.book.directory)
        channels = {}
        for name, entry in channel_entries(self.book).items():
            path: Path = ("channels", name)
            usual = usual_channel(name)
            self._look_at_name(name, entry, path)
            stated = [
                field
                for number, word in enumerate(entry.asks)
                if (field := known.find(word, (*path, "asks", number), self.remarks))
            ]
            channels[usual.key] = Channel(
                key=usual.key,
                title=entry.name or usual.title,
                kind=entry.by or usual.kind,
                hours=(
                    self.hours.find(entry.hours, (*path, "hours"), self.remarks)
                    if entry.hours
                    else None
                ),
                asks=tuple(self._asked(name, entry, stated)),
                means=entry.means,
                when_closed=entry.when_closed,
            )
        return channels

    def _look_at_name(self, name: str, entry: ChannelEntry, path: Path) -> None:
        close = nearest(name, KNOWN)
        if entry.by is None and fold(name) not in KNOWN and close.startswith("did you mean"):
            said = (
                f"{name!r} would only be recorded, connected to nothing: {close} Otherwise say `by:"
                " other`"
            )
            self.remarks.warn(path, said, "unconnected", at_key=True)
        kind = entry.by or KNOWN.get(fold(name))
        if kind in ("email", "portal") and kind not in (fold(name), *self.channels.spelled):
            said = (
                f"what comes by it is recorded as `{kind}`: write `{kind}: {{ name: {name} }}`, or"
                " rules miss it"
            )
            self.remarks.warn(path, said, "channel-word", at_key=True)

    def _asked(self, name: str, entry: ChannelEntry, stated: list[str]) -> Iterable[str]:
        """What a channel asks, by itself and by the directory; where both speak they say the
        same.
        """
        by_field = {
            fold(field): {fold(word) for word in said.asked_by}
            for field, said in self.book.directory.items()
        }
        if not entry.asks:
            return [field for field, by in by_field.items() if fold(name) in by]
        spelled = {fold(field): field for field in self.book.directory}
        for field, by in by_field.items():
            if fold(name) in by and field not in stated:
                said = (
                    f"{name!r} says what it asks, and {spelled[field]!r} is not among it: add it"
                    " there, or delete this"
                )
                self.remarks.error(
                    ("directory", spelled[field], "asked by"), said, "two-answers", at_key=True
                )
            elif by and field in stated and fold(name) not in by:
                said = f"{name!r} asks for it too: add it here, or delete `asked by`"
                self.remarks.error(
                    ("directory", spelled[field], "asked by"), said, "two-answers", at_key=True
                )
        return dict.fromkeys(stated)

    def read_directory(self) -> dict[str, DirectoryField]:
        """Returns the fields; an unknown channel under `asked by`, and nothing that identifies, is
        remarked.
        """
        for name, entry in self.book.directory.items():
            self.channels.find_all(entry.asked_by, ("directory", name, "asked by"), self.remarks)
        if self.book.directory and not any(
            known.identifies for known in self.book.directory.values()
        ):
            said = "nothing here tells two people of one name apart: mark a field `identifies: yes`"
            self.remarks.warn(("directory",), said, "no-identity", at_key=True)
        return {
            fold(name): DirectoryField(
                fold(name),
                title_of(name, said.name),
                said.means,
                said.identifies,
                said.required,
                title_of(name, said.name),
            )
            for name, said in self.book.directory.items()
        }

    def read_services(self) -> dict[str, Service]:
        return {
            fold(name): Service(
                key=fold(name),
                title=title_of(name, entry.name),
                means=entry.means,
                facets=self._single(self.conditions.read_line(entry, ("services", name)), name),
            )
            for name, entry in self.book.services.items()
        }

    def _single(self, when: Mapping[str, frozenset[str]], service: str) -> dict[str, str]:
        for facet in (facet for facet, values in when.items() if len(values) > 1):
            said = f"a visit has one {facet} at once: name one, or leave it to who receives it"
            self.remarks.error(("services", service, facet), said, "two-values")
        return {facet: next(iter(values)) for facet, values in when.items() if len(values) == 1}

    def read_sites(self) -> dict[str, Site]:
        """Returns the sites; one with counters offers every service unless it names its own."""
        return {fold(name): site for name, site in self._sites()}

    def _sites(self) -> Iterator[tuple[str, Site]]:
        services = Names.of("service", "services", self.book.services)
        for name, said in self.book.sites.items():
            path: Path = ("sites", name)
            own = [
                service
                for number, word in enumerate(said.services)
                if (service := services.find(word, (*path, "services", number), self.remarks))
            ]
            offered = (own if said.services else services.spelled) if said.counters else ()
            yield (
                name,
                Site(
                    key=fold(name),
                    title=title_of(name, said.name),
                    means=said.means,
                    team=(
                        self.teams.find(said.team, (*path, "team"), self.remarks)
                        if said.team
                        else None
                    ),
                    phone=said.phone or "",
                    hours=self._hours(said.visitor_hours, (*path, "visitor hours")),
                    counters=tuple(said.counters),
                    services=tuple(dict.fromkeys(offered)),
                ),
            )

    def read_templates(self) -> tuple[Template, ...]:
        return read_templates(self.book.templates, self.remarks)

    def read_site_visits(self, line_of: Mapping[int, int]) -> tuple[SiteVisits, ...]:
        """Returns the lines in order; one with an unknown team is remarked and left out."""
        found = []
        for number, line in enumerate(self.book.site_visits):
            path: Path = ("site visits", number)
            when = self.conditions.read_line(line, path)
            decides = self.teams.find(line.decided_by, (*path, "decided by"), self.remarks)
            goes = self.teams.find(line.carried_out_by, (*path, "carried out by"), self.remarks)
            if decides and goes:
                found.append(SiteVisits(when, decides, goes, line_of.get(number, 0)))
        return tuple(found)

    def _hours(self, said: str | None, path: Path) -> str | None:
        return self.hours.find(said, path, self.remarks) if said else None
