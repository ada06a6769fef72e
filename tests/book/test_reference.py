"""The reference is made of the schema, whole, and is the one in the repository."""

import json
from pathlib import Path

import pytest

from deskbook.book import reference
from deskbook.book.document import read_document
from deskbook.book.load import load_book
from deskbook.book.schema.section import Section, spaced
from deskbook.scenario import sentences_page

DOCS = Path(__file__).parents[2] / "docs/book"
KEYS = [
    (section, spaced(name), given)
    for _, _, section in reference.SECTIONS
    for name, given in section.model_fields.items()
]


@pytest.mark.parametrize(
    ("section", "key", "given"), KEYS, ids=[f"{s.__name__}: {k}" for s, k, _ in KEYS]
)
def test_every_key_is_described_and_has_an_example(section, key, given):
    assert given.description
    assert given.description.rstrip().endswith((".", ":"))
    assert given.examples


def test_no_section_of_the_language_is_left_out():
    def below(kind):
        return {kind, *(k for child in kind.__subclasses__() for k in below(child))}

    told = {section for _, _, section in reference.SECTIONS}
    of_books = {k for k in below(Section) if k.__module__.startswith("deskbook.book.")}
    of_books = {k for k in of_books if not k.__subclasses__()}  # told with each made of it
    assert of_books - told - {Section} == set()


@pytest.mark.parametrize("page", ["reference.md", "book.schema.json", "findings.md"])
def test_the_page_in_the_repository_is_the_one_the_schema_makes(page):
    assert (DOCS / page).read_text() == reference.pages()[page], (
        "run: deskbook schema --docs docs/book"
    )


def test_the_page_of_sentences_is_the_one_the_tables_make():
    assert (DOCS / "scenarios.md").read_text() == sentences_page.page(), (
        "run: deskbook play --docs docs/book"
    )


def test_the_first_book_of_the_tutorial_is_a_book():
    first = (DOCS / "index.md").read_text().split("```yaml\n")[1].split("```")[0]
    assert load_book(first).findings == ()


def test_the_sections_of_the_tutorial_put_together_are_a_book_with_nothing_to_find_but_a_date():
    """The day that is not confirmed stands there to show it."""
    chapters = (DOCS / "index.md").read_text().split("\n## 11 ")[0]
    said = [read_document(part.split("```")[0]).plain() for part in chapters.split("```yaml\n")[1:]]
    book = {}
    for part in said:
        if "deskbook" in part or "zone" not in part:  # a calendar may be a file of its own
            book = together(book, part)
    codes = [finding.code for finding in load_book(json.dumps(book)).findings]
    assert codes == ["unconfirmed"]


def together(one, other):
    """Return what two parts of a book say: lists follow each other, a calendar takes the place of
    one of its name.
    """
    if isinstance(one, dict) or isinstance(other, dict):
        one, other = keyed(one), keyed(other)
        calendars = "office" in one and "mon-thu" in other.get("office", {})
        return {**one, **{k: w if calendars else together(one.get(k), w) for k, w in other.items()}}
    return (one or []) + other if isinstance(other, list) else other


def keyed(part):
    """Return the mapping that a list of names, or a text alone, is short for."""
    if isinstance(part, list):
        return dict.fromkeys(part)
    return {"means": part} if isinstance(part, str) else part or {}
