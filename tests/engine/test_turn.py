"""Whose turn a case is: what a list says is to be done with it next."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.book.load import load_book
from deskbook.engine.apply import apply
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.events import (
    Answered,
    CustomerWrote,
    NextUpdateAgreed,
    Reopened,
    StageChanged,
)
from deskbook.engine.reminders_by_requesters import is_reminder
from deskbook.engine.ticket import SYSTEM, Actor, Entry
from deskbook.engine.turn import turn_of

BOOK = """
deskbook: 1
name: X
zone: UTC
hours: { all: { every day: 08:00-20:00 } }
teams: { crew: All. }
stages:
  new:
  waiting for customer: { next: requester }
  with vendor: { next: third party }
  solved: { solved: yes }
  closed: { closed: yes }
"""
AGREED = "targets:\n  - update: as agreed\n"
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANSWERED = Answered("1", ("crew",))
WROTE = CustomerWrote("2", "email")


def case_after(desk, *events):
    chitra = Actor("contact", "chitra")
    opened = decide_open(desk, Case(requester="chitra", channel="email"), at=AT, by=chitra)
    ticket = None
    for hours, event in enumerate((*opened, *events), start=1 - len(opened)):
        ticket = apply(ticket, Entry(hours + len(opened), AT + HOUR * max(hours, 0), SYSTEM, event))
    return ticket


def turn_after(*events, more=""):
    desk = load_book(BOOK + more).desk_or_raise()
    return turn_of(desk, case_after(desk, *events))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), ("requester", AT)),
        ((ANSWERED,), ("desk", None)),
        ((ANSWERED, WROTE), ("requester", AT + 2 * HOUR)),
        ((ANSWERED, StageChanged("waiting for customer", cause="asking")), ("others", None)),
        ((ANSWERED, StageChanged("with vendor")), ("others", None)),
        ((StageChanged("with vendor"),), ("others", None)),
        ((ANSWERED, StageChanged("solved")), ("finished", None)),
        ((ANSWERED, StageChanged("closed")), ("", None)),
    ],
)
def test_a_case_is_its_requesters_the_desks_or_others_turn(events, expected):
    assert turn_after(*events) == expected


def test_who_asks_again_has_waited_since_they_asked_first():
    asked_twice = (ANSWERED, WROTE, CustomerWrote("3", "email"))
    assert turn_after(*asked_twice) == ("requester", AT + 2 * HOUR)
    assert turn_after(*asked_twice, ANSWERED) == ("desk", None)


def test_where_the_book_wants_the_next_update_agreed_and_none_is_that_is_to_be_done():
    assert turn_after(ANSWERED, more=AGREED) == ("agree", None)
    agreed = NextUpdateAgreed(AT + 9 * HOUR, under=None)
    assert turn_after(ANSWERED, agreed, more=AGREED) == ("desk", None)


def test_who_waits_by_the_list_is_who_may_remind():
    """A case that came back with new clocks has no answer of theirs yet."""
    desk = load_book(f"{BOOK}limits: [{{ of: reminders, after: 3d }}]\n").desk_or_raise()
    solved = (ANSWERED, StageChanged("solved"))
    for events, waits in (
        ((), True),
        ((ANSWERED,), False),
        ((*solved, Reopened("new", "restart")), False),
        ((*solved, Reopened("new", "new")), True),
    ):
        ticket = case_after(desk, *events)
        assert (turn_of(desk, ticket)[0] == "requester") is waits
        assert is_reminder(desk, ticket, "email", at=AT + 30 * HOUR) is waits
