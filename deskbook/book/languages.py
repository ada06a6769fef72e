"""A book in other languages: the same desk with other words for people, and what has none yet."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from deskbook.book.findings import Path, Remarks, nearest
from deskbook.book.schema import Book
from deskbook.book.schema.hours import Holiday
from deskbook.book.schema.languages import InLanguage, Said, SaidFacet
from deskbook.book.schema.section import Section, spaced
from deskbook.book.words import fold
from deskbook.engine.desk import Desk, Facet, Severity, Stage
from deskbook.engine.procedure_parts import Paper, Procedure, Step

SECTIONS = (
    "channels",
    "plans",
    "stages",
    "directory",
    "levels",
    "teams",
    "outside",
    "sites",
    "services",
)
"""Named things of a desk that have a title, as `in` calls them."""
Named = TypeVar("Named", bound=Any)


def with_translations(book: Book, desk: Desk, remarks: Remarks) -> Desk:
    """Returns the desk that knows itself in every language of its book. Names the book does not
    have are remarked, and words for texts it does not have (any more).
    """
    spoken = {*book.in_, *(language for said in book.services.values() for language in said.in_)}
    made = {}
    for language in sorted(spoken):
        words = _Words(book, desk, book.in_.get(language, InLanguage()), language, remarks)
        made[language] = words.desk_said()
    return knowing_each_other(desk, made)


def knowing_each_other(desk: Desk, said: Mapping[str, Desk]) -> Desk:
    """Returns a desk whose every translation leads to each other and back to its own words."""
    each: dict[str, Desk] = {}
    for language, one in {**said, "": desk}.items() if said else ():
        each[language] = replace(one, translations=each)
    return each.get("", desk)


@dataclass(frozen=True, slots=True)
class _Words:
    """Puts the words of one language into a desk."""

    book: Book
    desk: Desk
    said: InLanguage
    language: str
    remarks: Remarks

    def desk_said(self) -> Desk:
        """Returns the desk with the words of this language."""
        desk = replace(self.desk, words=self._texts())
        named: dict[str, Any] = {w: self._named(w, getattr(desk, w)) for w in SECTIONS}
        questions = self._named("fields", {asked.key: asked for asked in desk.fields})
        named["outside"] = {
            key: replace(one, examples=tuple(map(desk.said, one.examples)))
            for key, one in named["outside"].items()
        }
        named["stages"] = {key: _stage(desk, one) for key, one in named["stages"].items()}
        return replace(
            desk,
            **named,
            severities=self._severities(),
            fields=tuple(questions.values()),
            facets=self._facets(named["sites"]),
            procedures=tuple(_procedure(desk, one) for one in desk.procedures),
            macros=tuple(
                replace(one, title=desk.said(one.title), note=desk.said(one.note))
                for one in desk.macros
            ),
            freezes=tuple(replace(one, title=desk.said(one.title)) for one in desk.freezes),
        )

    def _texts(self) -> dict[str, str]:
        known = {fold(text): text for text in texts_without_a_key(self.book)}
        words = {fold(self.book.about): self.said.about} if self.said.about else {}
        for text, told in self.said.words.items():
            if fold(text) in known:
                words[fold(text)] = told
            else:
                what = f"the book has no text {text!r}: {nearest(text, known.values())}"
                path = ("in", self.language, "words", text)
                self.remarks.warn(path, what, "no-such-text", at_key=True)
        return words

    def _told(self, word: str) -> Mapping[str, Said]:
        """What is said of the names of a section; of services beside each of them too."""
        said: Mapping[str, Said] = getattr(self.said, word)
        if word == "services":
            beside = {
                name: Said(name=service.in_[self.language])
                for name, service in self.book.services.items()
                if self.language in service.in_
            }
            return {**beside, **said}
        return said

    def _named(self, word: str, known: Mapping[str, Named]) -> dict[str, Named]:
        """Returns the things of a section with their words in this language."""
        return self._worded(known, self._told(word), ("in", self.language, word))

    def _worded(
        self, known: Mapping[str, Named], told: Mapping[str, Said], path: Path
    ) -> dict[str, Named]:
        said = {
            fold(name): self._words_for(known[fold(name)], entry, (*path, name))
            for name, entry in told.items()
            if self._has(known, name, path)
        }
        return {key: replace(one, **said.get(key, {})) for key, one in known.items()}

    def _has(self, known: Iterable[str], name: str, path: Path) -> bool:
        if fold(name) in known:
            return True
        what = f"the book has no {name!r} under {path[-1]}: {nearest(name, known)}"
        self.remarks.error((*path, name), what, "unknown-name", at_key=True)
        return False

    def _words_for(self, one: object, said: Said, path: Path) -> dict[str, str]:
        """Returns the fields of a thing to be replaced; what it does not have is remarked."""
        given = {word: text for word in Said.model_fields if (text := getattr(said, word))}
        own = {field.name for field in fields(one)}  # type: ignore[arg-type]  # a dataclass
        for word in given.keys() - own - {"name"}:
            what = f"`{spaced(word)}` is nothing of {path[-1]!r}: delete it"
            self.remarks.error((*path, spaced(word)), what, "unknown-key", at_key=True)
        return {
            "title" if word == "name" else word: text
            for word, text in given.items()
            if word == "name" or word in own
        }

    def _severities(self) -> dict[str, Severity]:
        """Returns them as the book shows its own: `S1` with a name is “S1 – …” in each language."""
        section = "priorities" if self.book.priorities else "severities"
        written = {fold(name): (name, entry) for name, entry in _levels(self.book).items()}
        made = self._named(section, self.desk.severities)
        for key, level in made.items():
            name, entry = written[key]
            if entry.name and level.title != self.desk.severities[key].title:
                made[key] = replace(level, title=f"{name} – {level.title}")
        return made

    def _facets(self, sites: Mapping[str, Any]) -> dict[str, Facet]:
        short = {"type": self.said.types, "category": self.said.categories}
        short["site"] = {key: Said(name=one.title, means=one.means) for key, one in sites.items()}
        path: Path = ("in", self.language, "facets")
        told = {
            fold(n): entry
            for n, entry in self.said.facets.items()
            if self._has(self.desk.facets, n, path)
        }
        return {
            key: self._facet(facet, told.get(key, SaidFacet()), short.get(key, {}))
            for key, facet in self.desk.facets.items()
        }

    def _facet(self, facet: Facet, said: SaidFacet, short: Mapping[str, Said]) -> Facet:
        own = {"type": ("types",), "category": ("categories",), "site": ("sites",)}
        place = own.get(facet.key, ("facets", facet.key, "values")) if short else ("facets",)
        path: Path = ("in", self.language, *place)
        told = {
            fold(name): entry
            for name, entry in {**short, **said.values}.items()
            if self._has(facet.values, name, path)
        }
        return replace(
            facet,
            title=said.name or facet.title,
            values={
                key: told[key].name or title if key in told else title
                for key, title in facet.values.items()
            },
            means={**facet.means, **{key: one.means for key, one in told.items() if one.means}},
        )


def _stage(desk: Desk, stage: Stage) -> Stage:
    """Returns it with what a requester may decide in the words of a desk."""
    choices = tuple(replace(one, title=desk.said(one.title)) for one in stage.choices)
    return replace(stage, choices=choices) if choices else stage


def _procedure(desk: Desk, procedure: Procedure) -> Procedure:
    """Returns it with its steps and papers in the words of a desk."""

    def worded(one: Any) -> Any:
        return replace(one, title=desk.said(one.title), hint=desk.said(one.hint))

    steps: tuple[Step, ...] = tuple(map(worded, procedure.steps))
    papers: tuple[Paper, ...] = tuple(map(worded, procedure.papers))
    return replace(procedure, steps=steps, papers=papers)


def _levels(book: Book) -> Mapping[str, Any]:
    return book.severities or book.priorities or {}


def texts_without_a_key(book: Book) -> Iterator[str]:
    """Yields what people read of a book that is named by nothing but itself."""
    yield from texts_for_requesters(book)
    for procedure in (*_values(book), *book.procedures):
        for step in procedure.steps:
            yield from filter(None, (step.step, step.hint))
    for stage in book.stages.values():
        yield from stage.needs
    yield from (hours.name or name for name, hours in book.hours.items())
    yield from (freeze.name for freeze in book.freeze if freeze.name)
    yield from (text for contact in book.outside.values() for text in contact.for_)
    yield from (who for value in _values(book) for who in value.acted_by)
    for plan in book.plans.values():
        yield from filter(None, (plan.means, *plan.entitlements))
    yield from _holidays([book.holidays, book.hours, book.plans])
    yield from _organised(book)


def texts_for_requesters(book: Book) -> Iterator[str]:
    """Yields those of them that a requester reads: what the papers are called and hold, the
    notes, what they may decide, what a macro answers.
    """
    yield from book.notes.values()
    yield from (choice for stage in book.stages.values() for choice in stage.choices)
    yield from (macro.answer for macro in book.macros if macro.answer)
    yield from (line.text for line in book.letters if line.text)
    for procedure in (*_values(book), *book.procedures):
        for paper in procedure.papers:
            yield from filter(None, (paper.paper, paper.hint))


def _values(book: Book) -> Iterator[Any]:
    for facet in (book.types, book.categories, *book.facets.values()):
        yield from facet.values.values() if facet else ()


def _organised(book: Book) -> Iterator[str]:
    """Yields roles, who answers for what, and what is done together."""
    for macro in book.macros:
        yield from filter(None, (macro.name, macro.note))
    for team in book.teams.values():
        yield from team.people
        yield from filter(None, (team.led_by,))
    for name, tool in book.seats.items():
        yield from filter(None, (name, tool.means, *tool.for_))
    for what, owned in book.responsibilities.items():
        yield from (what, *owned.owned_by, *owned.supported_by)


def _holidays(said: Any) -> Iterator[str]:
    """Yields the names of closed days anywhere below a part of the book."""
    if isinstance(said, Holiday):
        yield said.name
    elif isinstance(said, Section):
        yield from _holidays([*said.__dict__.values(), *(said.__pydantic_extra__ or {}).values()])
    elif isinstance(said, Mapping | list):
        for child in said.values() if isinstance(said, Mapping) else said:
            yield from _holidays(child)
