"""A new version of a book: what it moves, and that nothing moves before it is carried over."""

import re
from datetime import timedelta

import pytest

from deskbook.engine.ticket import SYSTEM
from deskbook.people.books import BookRefused, apply_book, read_book
from deskbook.tickets.assignment import categorise_ticket, hand_over_ticket
from deskbook.tickets.carrying_over import Left, carry_all_over, due_times_moved, left_without
from deskbook.tickets.mapping import MappingRefused, read_mapping, unmapped_in_words
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import move_ticket
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
BOOK = """
deskbook: 1
name: Small desk
zone: America/Toronto
hours: { office: { mon-fri: 08:00-20:00 } }
targets: [{ respond: 2h }]
"""
FASTER = BOOK.replace("2h", "1h")


@pytest.fixture
def case(db):
    chitra = make_contact(make_desk("small", BOOK))
    return open_ticket(
        chitra, NewCase("Printer", Written("It hums."), "portal"), at=MONDAY, by=chitra
    ).ticket


def test_a_new_book_lists_the_due_times_it_would_move_and_moves_none(case):
    (move,) = due_times_moved(case.desk, read_book("small", FASTER), at=MONDAY)
    assert (move.clock, move.old_at, move.new_at) == (
        "response",
        MONDAY + timedelta(hours=2),
        MONDAY + timedelta(hours=1),
    )
    apply_book("small", FASTER, at=MONDAY, by=None)
    case.refresh_from_db()
    assert case.next_due_at == MONDAY + timedelta(hours=2)


def test_carrying_over_moves_open_tickets_by_an_event(case):
    desk = apply_book("small", FASTER, at=MONDAY, by=None)
    assert carry_all_over(desk, at=MONDAY, by=SYSTEM) == (1, [])
    row = Ticket.objects.get(pk=case.pk)
    assert row.next_due_at == MONDAY + timedelta(hours=1)
    assert row.log.latest("seq").kind == "CarriedOver"


def test_a_case_that_was_in_a_stage_the_new_book_dropped_keeps_its_book_and_holds_up_no_other():
    staged = BOOK + "stages: { New: {}, Parked: {}, Closed: { closed: yes } }"
    desk = make_desk("small", staged)
    asha, chitra = make_agent(desk), make_contact(desk)
    parked, other = (
        open_ticket(
            chitra, NewCase("Printer", Written("It hums."), "portal"), at=MONDAY, by=chitra
        ).ticket
        for _ in range(2)
    )
    for stage in ("parked", "new"):
        move_ticket(parked, stage, at=MONDAY, by=asha)
    shorter = staged.replace("Parked: {}, ", "")
    assert [
        (move.ticket, move.why)
        for move in due_times_moved(desk, read_book("small", shorter), at=MONDAY)
    ] == [(parked, "The new book has no stage “Parked”.")]
    done, (refusal,) = carry_all_over(
        apply_book("small", shorter, at=MONDAY, by=None), at=MONDAY, by=SYSTEM
    )
    assert (done, refusal.rule) == (1, "carry over")
    assert Ticket.objects.get(pk=other.pk).book_version == 2


def test_a_case_that_no_open_hours_are_left_for_is_taken_and_given_no_due_time():
    ending = FASTER.replace("08:00-20:00", "08:00-20:00, until: 2026-03-02").replace("1h", "12h")
    chitra = make_contact(make_desk("small", ending))
    case = open_ticket(
        chitra, NewCase("Printer", Written("It hums."), "portal"), at=MONDAY, by=chitra
    ).ticket
    assert (case.is_open, case.next_due_at, case.wake_at) == (True, None, None)


def test_a_wrong_book_never_half_applies(case):
    with pytest.raises(BookRefused, match="soon"):
        apply_book("small", BOOK.replace("respond: 2h", "respond: soon"), at=MONDAY, by=None)
    case.desk.refresh_from_db()
    assert case.desk.book_version == 1


def test_two_desks_do_not_share_the_letters_of_their_tickets(case):
    with pytest.raises(BookRefused, match="SMA-1 already"):
        apply_book("smart", BOOK, at=MONDAY, by=None)


def test_the_same_book_again_changes_nothing(case):
    assert apply_book("small", BOOK, at=MONDAY, by=None).book_version == 1


SORTED = (
    BOOK
    + """
teams: { Front: { level: L1 }, Workshop: { level: L2 } }
levels: { L1: {}, L2: {} }
severities: { High: {}, Low: { default: yes } }
categories: [Water, Waste]
routing: { rules: [{ category: Waste, to: Workshop }, { to: Front }] }
hops: [{ from: L1, to: L2, by: phone }, { from: L2, to: L1, by: phone }]
"""
)


def test_what_open_cases_have_and_a_new_book_has_not_is_counted_and_they_can_be_moved_on():
    desk = make_desk("small", SORTED)
    asha, chitra = make_agent(desk), make_contact(desk)
    case = NewCase("Bin", Written("Full."), "portal", severity="high", facets={"category": "waste"})
    ticket = open_ticket(chitra, case, at=MONDAY, by=chitra).ticket
    assert ticket.team == "workshop"
    less = SORTED.replace(", Workshop: { level: L2 }", ", Office: { level: L2 }")
    less = less.replace("High: {}, ", "").replace("[Water, Waste]", "[Water]")
    less = less.replace("{ category: Waste, to: Workshop }, ", "")
    assert left_without(desk, read_book("small", less)) == [
        Left("category", "Waste", 1),
        Left("severity", "High", 1),
        Left("team", "Workshop", 1),
    ]
    carry_all_over(apply_book("small", less, at=MONDAY, by=None), at=MONDAY, by=SYSTEM)
    categorise_ticket(ticket, {"category": "waste"}, at=MONDAY, by=asha)
    hand_over_ticket(ticket, "front", channel="phone", reason="Gone", at=MONDAY, by=asha)
    assert Ticket.objects.get(pk=ticket.pk).team == "front"


DROPPING = """
deskbook: 1
name: Small desk
zone: America/Toronto
hours: { office: { mon-fri: 08:00-20:00 } }
targets: [{ respond: 2h }]
stages: { New: {}, Parked: { clocks: paused }, Closed: { closed: yes } }
teams: [Front, Workshop]
severities: { High: {}, Low: { default: yes } }
categories: [Water, Waste]
routing: { rules: [{ category: Waste, to: Workshop }, { to: Front }] }
"""
DROPPED = (
    DROPPING.replace("Parked: { clocks: paused }, ", "")
    .replace(", Workshop]", "]")
    .replace("High: {}", "Grave: {}")
    .replace("[Water, Waste]", "[Water, Bins]")
    .replace("{ category: Waste, to: Workshop }, ", "")
)
SAID = ["parked=New", "workshop=Front", "High=grave", "category waste=Bins"]


@pytest.fixture
def parked(db):
    """Return a ticket that has of everything what the next book drops."""
    desk = make_desk("small", DROPPING)
    asha, chitra = make_agent(desk), make_contact(desk)
    case = NewCase("Bin", Written("Full."), "portal", severity="high", facets={"category": "waste"})
    ticket = open_ticket(chitra, case, at=MONDAY, by=chitra).ticket
    move_ticket(ticket, "parked", at=MONDAY + timedelta(hours=1), by=asha)
    return Ticket.objects.get(pk=ticket.pk)


def mapped(ticket, said):
    new = read_book("small", DROPPED)
    return read_mapping(said, left_without(ticket.desk, new, stages=True), new)


def test_what_the_new_book_drops_becomes_what_somebody_says(parked):
    renaming = mapped(parked, SAID).renaming
    desk = apply_book("small", DROPPED, at=MONDAY + timedelta(hours=2), by=None)
    assert carry_all_over(desk, renaming, at=MONDAY + timedelta(hours=2), by=SYSTEM) == (1, [])
    row = Ticket.objects.get(pk=parked.pk)
    assert (row.stage, row.team, row.severity, row.category) == ("new", "front", "grave", "bins")
    assert row.log.latest("seq").data == {
        "book_version": 2,
        "stages": {"parked": "new"},
        "teams": {"workshop": "front"},
        "severities": {"high": "grave"},
        "facets": {"category": "bins"},
    }


def test_due_times_are_listed_as_what_they_become(parked):
    """Parked it had no due time; in the stage it becomes the clock never stopped."""
    new = read_book("small", DROPPED)
    (move,) = due_times_moved(parked.desk, new, mapped(parked, SAID).renaming, at=MONDAY)
    assert (move.old_at, move.new_at) == (None, MONDAY + timedelta(hours=2))


def test_what_nobody_said_anything_about_is_named_with_its_tickets(parked):
    (left,) = mapped(parked, SAID[1:]).open
    assert (left.what, left.title, left.tickets) == ("stage", "Parked", 1)
    told = unmapped_in_words([left], read_book("small", DROPPED))
    assert "stage Parked (1 open ticket): --map 'stage parked=…', one of New, Closed" in told


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("parked", "says no two names"),
        ("new=closed", "is nothing open tickets have and the new book drops"),
        ("parked=somewhere", "“somewhere” is no stage of the new book. It has: New, Closed."),
    ],
)
def test_what_cannot_be_is_refused_with_what_there_is(parked, said, why):
    with pytest.raises(MappingRefused, match=re.escape(why)):
        mapped(parked, [said])


def test_going_back_is_the_version_before_applied_again(parked):
    renaming = mapped(parked, SAID).renaming
    desk = apply_book("small", DROPPED, at=MONDAY, by=None)
    carry_all_over(desk, renaming, at=MONDAY + timedelta(hours=2), by=SYSTEM)
    old = read_book("small", DROPPING)
    left = left_without(desk, old, stages=True)
    assert [(one.what, one.title) for one in left] == [("category", "Bins"), ("severity", "Grave")]
    again = read_mapping(["bins=waste", "grave=high"], left, old).renaming
    desk = apply_book("small", DROPPING, at=MONDAY + timedelta(hours=3), by=None)
    assert carry_all_over(desk, again, at=MONDAY + timedelta(hours=3), by=SYSTEM) == (1, [])
    row = Ticket.objects.get(pk=parked.pk)
    assert (row.book_version, row.severity, row.category) == (3, "high", "waste")
