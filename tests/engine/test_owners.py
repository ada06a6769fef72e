"""Whose case it is: answering takes it, absence gives it on (semantics §4.7, §4.8)."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.book.load import load_book
from deskbook.engine.apply import apply
from deskbook.engine.decide_conversation import decide_answer, decide_ask
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.decide_owner import decide_relieve
from deskbook.engine.events import Answered, Assigned, StageChanged
from deskbook.engine.rosters import Leave, Shift, off_duty
from deskbook.engine.ticket import SYSTEM, Actor, Entry

BOOK = (
    "deskbook: 1\nname: X\nzone: UTC\nhours: { all: { every day: 08:00-20:00 } }\nteams: { crew:"
    " All. }\n"
)
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASHA = Actor("agent", "asha", ("crew",))


def case(more=""):
    desk = load_book(BOOK + more).desk_or_raise()
    opened = decide_open(
        desk, Case(requester="chitra", channel="email"), at=AT, by=Actor("contact", "chitra")
    )
    return desk, after(None, *opened)


def after(ticket, *events):
    for event in events:
        ticket = apply(ticket, Entry((ticket.seq if ticket else 0) + 1, AT, SYSTEM, event))
    return ticket


@pytest.mark.parametrize("decide", [decide_answer, lambda *a, **k: decide_ask(*a, (), **k)])
def test_whoever_answers_a_case_of_nobodys_takes_it_and_the_log_says_why(decide):
    desk, ticket = case()
    events = decide(desk, ticket, "1", at=AT, by=ASHA)
    assert Assigned("asha", cause="answering") in events
    assert after(ticket, *events).owner == "asha"


def test_an_answer_moves_a_new_case_on_where_the_book_moves_it_by_assignment():
    desk, ticket = case(
        "stages: { new: , working: { set by: assignment }, closed: { closed: yes } }\n"
    )
    _answered, _taken, moved = decide_answer(desk, ticket, "1", at=AT, by=ASHA)
    assert moved == StageChanged("working", cause="assignment")


def test_where_the_book_says_no_an_answered_case_stays_with_nobody():
    desk, ticket = case("routing: { first: crew, answering takes: no }\n")
    assert Answered("1", ("crew",)) in decide_answer(desk, ticket, "1", at=AT, by=ASHA)
    assert after(ticket, *decide_answer(desk, ticket, "1", at=AT, by=ASHA)).owner is None


def test_answering_a_colleagues_case_takes_nothing_from_them():
    desk, ticket = case()
    owned = after(ticket, Assigned("bala"))
    assert not any(
        isinstance(event, Assigned) for event in decide_answer(desk, owned, "1", at=AT, by=ASHA)
    )


def test_nobody_is_relieved_of_a_case_that_is_somebody_elses_by_now():
    desk, ticket = case()
    owned = after(ticket, Assigned("bala"))
    assert decide_relieve(desk, owned, "asha", why="left", successor="kofi", at=AT) == ()
    assert decide_relieve(desk, owned, "bala", why="left", successor=None, at=AT) == (
        Assigned(None, cause="left"),
    )


def test_off_duty_is_who_has_shifts_and_none_now_or_is_on_leave():
    shifts = [
        Shift("asha", "crew", AT, AT + HOUR),
        Shift("bala", "other", AT + HOUR, AT + 2 * HOUR),
    ]
    assert not off_duty(shifts, "asha", at=AT)
    assert off_duty(shifts, "asha", at=AT + HOUR)
    assert off_duty(shifts, "bala", at=AT)
    assert not off_duty(shifts, "kofi", at=AT)  # no roster ever named them
    assert off_duty([], "kofi", at=AT, leave=[Leave("kofi", AT, AT + HOUR)])
