"""Whether everybody reads the book in their language: what is under `in`, and what is not."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from deskbook.book.compile import Compiled
from deskbook.book.findings import counted
from deskbook.book.languages import texts_for_requesters, texts_without_a_key
from deskbook.book.schema import Book
from deskbook.book.schema.languages import InLanguage, Said
from deskbook.book.words import fold
from deskbook.engine.channels import KNOWN

READ_BY_AGENTS = ("en", "pt")
"""The languages agents work in: of a book in any other, requesters read their part alone."""


class Text(NamedTuple):
    """One text of a book: where `in` has it, and whether a requester reads it."""

    section: str
    name: str
    what: str
    for_requesters: bool


def prove_translations(compiled: Compiled) -> None:
    """Every language of the book has its words, as far as people read it in that language."""
    book, remarks = compiled.book, compiled.remarks
    own = book.written_in or book.languages[0]
    for language in dict.fromkeys(book.languages):
        for_agents = language.partition("-")[0] in READ_BY_AGENTS
        texts = [text for text in texts_of(book) if for_agents or text.for_requesters]
        said = _said(book, language)
        missing = [text for text in texts if (text.section, text.name, text.what) not in said]
        if language == own or not missing:
            continue
        path = ("in", language) if language in book.in_ else ("languages",)
        remarks.warn(path, _told(missing, len(texts), language), "untranslated", at_key=True)


def _told(missing: list[Text], of: int, language: str) -> str:
    by_section = Counter(text.section for text in missing)
    where = ", ".join(f"{section} {number}" for section, number in by_section.most_common())
    named = (f", for example {text.name!r}" for text in missing if text.name)
    return (
        f"{len(missing)} of {counted(of, 'text')} not in {language} ({where}){next(named, '')}:"
        " write them under `in`"
    )


def texts_of(book: Book) -> Iterator[Text]:
    """Yields what people read of a book, in its order; no name that Deskbook itself translates, and
    no code.
    """
    if book.about:
        yield Text("about", "", "", True)
    yield from _named("plans", book.plans, ())
    yield from _named("severities", book.severities or book.priorities or {}, None)
    yield from _named("stages", book.stages, None)
    yield from _channels(book)
    yield from _facets(book)
    for name, asked in book.fields.items():
        yield from _parts("fields", name, asked, asked.asked == "requester")
    yield from _named("directory", book.directory, _asked(book))
    for section in ("levels", "teams"):
        yield from _named(section, getattr(book, section), ())
    for section in ("outside", "sites", "services"):
        yield from _named(section, getattr(book, section), None)
    read = {fold(text) for text in texts_for_requesters(book)}
    for text in dict.fromkeys(map(fold, filter(_is_language, texts_without_a_key(book)))):
        yield Text("words", text, "", text in read)


def _named(section: str, entries: Mapping[str, Any], asked: Any) -> Iterator[Text]:
    """The texts of a section; `asked` are the names that requesters read, all of them if None."""
    for name, entry in entries.items():
        yield from _parts(section, name, entry, asked is None or fold(name) in asked)


def _parts(section: str, name: str, entry: Any, for_requesters: bool) -> Iterator[Text]:
    if _is_language(entry.name or name):
        yield Text(section, fold(name), "name", for_requesters)
    for what in ("means", "hint", "when_closed"):
        if getattr(entry, what, "") and section != "plans":
            yield Text(section, fold(name), what, for_requesters)


def _is_language(text: str) -> bool:
    """Whether it is more than a code, as FORM 1 or MISAU, which is the same in every language."""
    return text != text.upper() or not text.isascii()


def _channels(book: Book) -> Iterator[Text]:
    for name, entry in book.channels.items():
        usual = fold(name) in KNOWN and not entry.name
        yield from (
            t for t in _parts("channels", name, entry, True) if not usual or t.what != "name"
        )


def _facets(book: Book) -> Iterator[Text]:
    for section, short in (("types", book.types), ("categories", book.categories)):
        if short:
            yield from _named(section, short.values, None if short.asked == "requester" else ())
    for name, facet in book.facets.items():
        read = None if facet.asked == "requester" else ()
        yield Text("facets", fold(name), "name", read is None)
        yield from _named(f"facets: {fold(name)}", facet.values, read)


def _asked(book: Book) -> set[str]:
    """The fields of the directory that some channel asks a requester for."""
    by_channels = {fold(word) for channel in book.channels.values() for word in channel.asks}
    return by_channels | {fold(name) for name, said in book.directory.items() if said.asked_by}


def _said(book: Book, language: str) -> set[tuple[str, str, str]]:
    """Returns which texts have words in a language."""
    said = book.in_.get(language, InLanguage())
    found = {("words", fold(text), "") for text in said.words}
    if said.about:
        found.add(("about", "", ""))
    for section in InLanguage.model_fields:
        if section not in ("about", "words", "facets"):
            name = "severities" if section == "priorities" else section
            found |= _places(name, getattr(said, section))
    for facet, told in said.facets.items():
        short = {"type": "types", "category": "categories"}.get(fold(facet))
        found |= _places(short or f"facets: {fold(facet)}", told.values)
        found |= {("facets", fold(facet), "name")} if told.name else set()
    beside = [name for name, service in book.services.items() if language in service.in_]
    return found | {("services", fold(name), "name") for name in beside}


def _places(section: str, entries: Mapping[str, Said]) -> set[tuple[str, str, str]]:
    return {
        (section, fold(name), word)
        for name, entry in entries.items()
        for word in Said.model_fields
        if getattr(entry, word)
    }
