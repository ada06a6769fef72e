"""Policies of others, found in public and written as books: what each says can be said, and happens."""

from pathlib import Path

import pytest

from deskbook.book.load import load_book
from deskbook.scenario.play import play
from deskbook.scenario.scenario import read_scenarios

POLICIES = Path(__file__).parent / "policies"
BOOKS = sorted(POLICIES.glob("*.yaml"))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_policy_is_a_book_that_names_its_source_and_leaves_nothing_to_find(book):
    assert "Source: " in book.read_text().splitlines()[0]
    assert [str(finding) for finding in load_book(book).findings] == []


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_what_a_policy_says_happens_clause_by_clause(book):
    read = read_scenarios(POLICIES / book.stem / "clauses.scenario.yaml")
    assert read.findings == ()
    for scenario in read.scenarios:
        assert scenario.clause, scenario.title
        assert play(scenario).differences == (), scenario.title
