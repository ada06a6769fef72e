"""The reference is made of the schema, whole, and is the one in the repository."""

from pathlib import Path

import pytest

from deskbook.book import reference
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
