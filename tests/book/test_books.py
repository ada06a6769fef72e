"""The books that come with Deskbook."""

import random
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from deskbook.book.load import load_book
from deskbook.book.reference import json_schema

ROOT = Path(__file__).parents[2]
BOOKS = sorted((ROOT / "books").glob("*.yaml"))
EXAMPLES = [
    file
    for file in sorted((ROOT / "docs/book/examples").glob("*.yaml"))
    if not file.name.endswith(".load.yaml")
]
SCHEMA = jsonschema.Draft202012Validator(json_schema())
SLIPS = [
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "&a ",
    "*a",
    "!x ",
    "'",
    '"',
    "#",
    "\n",
    "\n  ",
    "~",
    "closed",
    "yes",
    "no",
    "1bd",
    "2h",
    "0bd",
    "9999999d",
    "1/0 bd",
    "S1",
    "the customer's",
    "\t",
    "2026-02-30",
    "12-24 to 01-02",
    "second saturday",
    "é",
    "\U0001f600",
    "\x85",
    "\u2028",
    "99",
    "1bd to 2bd",
    "08:00-20:00",
    "22:00-06:00",
    "EST",
]


@pytest.mark.parametrize("book", [*BOOKS, *EXAMPLES], ids=lambda book: book.stem)
def test_a_book_has_no_error(book):
    assert load_book(book, today=date(2026, 11, 22)).errors == ()


@pytest.mark.parametrize("book", [*BOOKS, *EXAMPLES], ids=lambda book: book.stem)
def test_an_editor_finds_nothing_to_underline_in_a_book(book):
    def keyed(value):
        if isinstance(value, dict):
            return {str(key): keyed(said) for key, said in value.items()}
        if isinstance(value, list):
            return [keyed(item) for item in value]
        return value if isinstance(value, str | int | float | bool | None) else str(value)

    assert [
        error.message for error in SCHEMA.iter_errors(keyed(YAML(typ="safe", pure=True).load(book)))
    ] == []


def test_the_small_book_fits_on_one_screen():
    lines = (BOOKS[0].parent / "small.yaml").read_text().splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 100


def test_sparkrock_has_the_stages_of_its_page():
    titles = [
        stage.title
        for stage in load_book(BOOKS[0].parent / "sparkrock.yaml").desk_or_raise().stages.values()
    ]
    assert titles == [
        "New",
        "Investigation/In Progress",
        "Not Reproducible",
        "Estimate",
        "Development",
        "Testing",
        "On Hold",
        "Updated by Customer",
        "Waiting for Customer",
        "Waiting for 3rd Party Vendor",
        "Delivered",
        "Complete",
        "Closed",
    ]


def test_mukta_names_at_most_ten_people_for_jira():
    loaded = load_book(BOOKS[0].parent / "mukta.yaml")
    assert len(loaded.book.seats["Jira"].for_) <= loaded.book.seats["Jira"].limit == 10


def slipped(text, seed, slips):
    """Returns the text after some slips of the pen: lines lost, doubled, swapped, words
    mistyped.
    """
    pen, lines = random.Random(seed), text.split("\n")
    for _ in range(slips):
        n, other = pen.randrange(len(lines)), pen.randrange(len(lines))
        words = lines[n].split(" ")
        words[pen.randrange(len(words))] = pen.choice(SLIPS)
        cut = pen.randrange(len(lines[n]) + 1)
        lines[n] = pen.choice(
            [
                " ".join(words),
                lines[other],
                lines[n][:cut] + pen.choice(SLIPS) + lines[n][cut:],
                lines[n][:cut],
            ]
        )
    return "\n".join(lines) + "\n"


@given(st.sampled_from(BOOKS), st.integers(0, 2**32), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_no_slip_of_the_pen_crashes_the_reader(book, seed, slips):
    text = slipped(book.read_text(), seed, slips)
    loaded = load_book(text, today=date(2026, 11, 22))
    assert (loaded.desk is None) == bool(loaded.errors)
    assert all(
        1 <= finding.line <= text.count("\n") + 3 and finding.column >= 1
        for finding in loaded.findings
    )


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_text_at_all_crashes_the_reader(text):
    loaded = load_book(text + "\n")
    assert loaded.desk is None
    assert loaded.errors
