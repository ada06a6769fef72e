"""What no article answered, until one does."""

import pytest

from deskbook.knowledge.gaps import (
    begin_from,
    is_marked,
    mark_unanswered,
    note_search,
    open_gaps,
    settle,
    unmark,
)
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_desk


@pytest.fixture
def ticket(chitra, at):
    case = NewCase("Where is the vacation balance?", Written("x"), "portal", severity="s2")
    return open_ticket(chitra, case, at=at, by=chitra).ticket


def words(agent):
    return [(gap.words, gap.times) for gap in open_gaps(agent)]


def test_a_ticket_is_marked_once_and_the_mark_can_be_taken_back(ticket, desk, asha, bala, at):
    mark_unanswered(ticket, at=at, by=asha)
    mark_unanswered(ticket, at=at, by=bala)
    assert [(gap.ticket, gap.made_by) for gap in open_gaps(asha)] == [(ticket, asha)]
    assert is_marked(ticket)
    unmark(ticket)
    assert not is_marked(ticket)


def test_searches_in_vain_are_counted_by_their_words(desk, asha, at):
    for typed in ("Garnishment order", "garnishment  ORDER!", "the order of garnishment"):
        note_search(desk, typed, at=at)
    assert words(asha) == [("garnishment order", 2), ("order garnishment", 1)]
    assert words(make_agent(make_desk("mukta"))) == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "the of",
        "445566",
        "chitra@x.example",
        "+91 98470 12345",
        "SPR-12",
        "x" * 25,
        "Chitra Nair",
    ],
)
def test_nothing_that_may_be_a_persons_is_kept(desk, asha, at, typed):
    note_search(desk, typed, at=at, names="Chitra Nair")
    assert words(asha) == []


def test_a_published_article_settles_what_it_was_written_for(
    ticket, desk, asha, draft, release, at
):
    gap = mark_unanswered(ticket, at=at, by=asha)
    text = draft("Vacation balance")
    begin_from(gap, text)
    assert open_gaps(asha).count() == 1
    release(text)
    assert open_gaps(asha).count() == 0


def test_words_searched_again_after_they_were_settled_are_on_the_list_again(desk, asha, at):
    note_search(desk, "garnishment", at=at)
    settle(open_gaps(asha).get(), at=at)
    assert words(asha) == []
    note_search(desk, "garnishment", at=at)
    assert words(asha) == [("garnishment", 2)]
