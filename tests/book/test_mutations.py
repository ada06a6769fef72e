"""Slips made in the four books: each is found by `check`, or by a scenario beside the book."""

import pytest

from bench.mutations import BOOKS, by_check, by_scenario, drawn

TOLD_ONLY = "it is told on the page about the desk, and nothing the desk does hangs on it"
NOT_FOUND = {
    "people removed from a team": f"who a team is made of: {TOLD_ONLY}",
    "a number of people lowered": f"fewer people or contacts, yet enough: {TOLD_ONLY}",
    "a trigger dropped": "assignment, or asking, leads to the same stage",
    "other hours": "06:00-24:00 in Mozambique and 09:30-03:30 in India are the same instants",
    "a site of another team": "which team sits where is for the owner to know",
}
"""Operator → why some of its slips are right books too."""
LEAST_FOUND, FOUND_BY_CHECK = 0.95, 119


@pytest.fixture(scope="module")
def unnoticed():
    """Return the slips that `check` does not find at one of their lines, and how many there are."""
    made, left = 0, []
    for book in BOOKS:
        for mutation, loaded in drawn(book):
            made += 1
            if by_check(book, mutation, loaded) is None:
                left.append((book, mutation, loaded))
    return made, left


def test_about_half_of_all_slips_are_found_before_anything_is_played(unnoticed):
    made, left = unnoticed
    assert made == 240
    assert made - len(left) >= FOUND_BY_CHECK


def test_of_the_others_scenarios_find_all_but_those_that_are_right_books_too(unnoticed):
    """The whole list is `python -m bench.mutations`; here one slip of each operator and book."""
    made, left = unnoticed
    sample = {(book, mutation.operator): (mutation, loaded) for book, mutation, loaded in left}
    missed = [
        (book, mutation.operator, mutation.path)
        for (book, _), (mutation, loaded) in sample.items()
        if loaded.desk is not None and by_scenario(book, mutation, loaded) is None
    ]
    assert [slip for slip in missed if slip[1] not in NOT_FOUND] == []
    assert len(missed) <= made * (1 - LEAST_FOUND)
