"""What deciding and applying costs, counted in calls, which a busy machine does not change."""

from dataclasses import replace as replace_of_dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deskbook.book.load import load_book
from deskbook.engine.apply import apply
from deskbook.engine.clocks import readings
from deskbook.engine.decide_conversation import decide_answer, decide_ask
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.replacing import replace
from deskbook.engine.ticket import Actor, Entry, TicketState
from tests.costs import calls_of

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ASHA, CHITRA = Actor("agent", "1", ("support",)), Actor("contact", "1")


@pytest.fixture(scope="module")
def desk() -> Desk:
    return load_book(Path(__file__).parents[2] / "books" / "sparkrock.yaml").desk_or_raise()


@pytest.fixture(scope="module")
def ticket(desk: Desk) -> TicketState:
    case = Case("1", "email", {"plan": "standard"}, message="1")
    return _applied(None, decide_open(desk, case, at=AT, by=CHITRA), by=CHITRA)


def test_an_answer_is_decided_and_applied_in_a_few_dozen_calls(desk: Desk, ticket: TicketState):
    at = AT + timedelta(hours=1)

    def answered() -> TicketState:
        return _applied(ticket, decide_answer(desk, ticket, "2", at=at, by=ASHA), by=ASHA)

    assert calls_of(answered) <= 120


def test_a_question_is_decided_and_applied_in_a_few_dozen_calls(desk: Desk, ticket: TicketState):
    at = AT + timedelta(hours=1)

    def asked() -> TicketState:
        return _applied(ticket, decide_ask(desk, ticket, "2", (), at=at, by=ASHA), by=ASHA)

    assert calls_of(asked) <= 130


def test_a_due_time_asked_for_again_is_not_worked_out_again(desk: Desk, ticket: TicketState):
    readings(desk, ticket)

    assert calls_of(lambda: readings(desk, ticket)) <= 95


def test_a_state_is_copied_as_dataclasses_copy_it(ticket: TicketState):
    changes = {"owner": "7", "answers": 3, "last_at": AT}

    copied = replace(ticket, **changes)

    assert copied == replace_of_dataclasses(ticket, **changes)
    assert ticket.owner is None


def _applied(ticket: TicketState | None, decision: Decision, *, by: Actor) -> TicketState:
    assert isinstance(decision, tuple)
    for event in decision:
        ticket = apply(ticket, Entry(ticket.seq + 1 if ticket else 1, AT, by, event))
    assert ticket
    return ticket
