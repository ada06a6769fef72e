"""A legal hold: what was written of a case stays, whatever the book says, until it is lifted."""

import pytest
from django.test import Client

from deskbook.jobs.erasing import erase
from deskbook.refusals.refusal import Refused
from deskbook.tickets.holding import held_cases, lift_hold, place_hold
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.verify import broken_links
from tests.jobs.test_erasing import BOOK, SECRET, YEAR, case_of
from tests.people_factory import make_agent, make_desk
from tests.screens import one_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("harbour", BOOK)


@pytest.fixture
def bala(desk):
    return make_agent(desk, "Bala", role="lead")


def console_of(agent):
    client = Client()
    client.force_login(agent.user)
    return client


def subject(ticket):
    return Ticket.objects.get(pk=ticket.pk).subject


def test_a_held_case_is_not_erased_and_one_whose_hold_is_lifted_is(desk, bala):
    ticket = case_of(desk)
    place_hold(ticket, "The court asks for it.", at=ticket.closed_at, by=bala)
    assert list(held_cases(desk)) == [ticket]
    assert erase() == 0 and subject(ticket) == SECRET
    lift_hold(ticket, "The matter is closed.", at=ticket.closed_at, by=bala)
    assert list(held_cases(desk)) == []
    assert erase() == 1 and subject(ticket) == "–"
    assert list(broken_links(Ticket.objects.select_related("desk"))) == []


def test_neither_is_one_into_which_a_held_case_was_merged(desk, bala):
    kept = case_of(desk, closes=False)
    held = case_of(desk, closes=False)
    place_hold(held, "The court asks for it.", at=held.opened_at, by=bala)
    merge_ticket(held, kept, at=kept.opened_at, by=bala)
    close_ticket(kept, at=kept.opened_at, by=bala)
    assert erase() == 0 and subject(kept) == SECRET


def test_of_what_is_erased_already_nothing_is_left_to_hold(desk, bala):
    ticket = case_of(desk)
    erase()
    with pytest.raises(Refused, match="nothing left to hold"):
        place_hold(ticket, "The court asks for it.", at=ticket.closed_at, by=bala)


def test_a_lead_puts_it_on_with_why_and_reads_it_on_the_case_and_among_what_is_erased(desk, bala):
    ticket, console = case_of(desk), console_of(bala)
    address = f"/console/tickets/{ticket}"
    assert console.post(f"{address}/hold", {"reason": ""}).status_code == 422
    console.post(f"{address}/hold", {"reason": "The court asks for it."})
    page = one_line(console.get(address).content.decode())
    assert "Bala put a legal hold on it: The court asks for it." in page
    assert "Lift the legal hold" in page
    assert str(ticket) in console.get("/console/erased/").content.decode()


def test_who_does_not_lead_holds_nothing(desk):
    ticket = case_of(desk, ago=YEAR / 2)
    asha = console_of(make_agent(desk))
    asha.post(f"/console/tickets/{ticket}/hold", {"reason": "I want it."})
    assert not held_cases(desk).exists()


def test_the_hold_of_a_case_that_was_merged_is_lifted_on_it_all_the_same(desk, bala):
    kept, held = case_of(desk, closes=False), case_of(desk, closes=False)
    place_hold(held, "The court asks for it.", at=held.opened_at, by=bala)
    merge_ticket(held, kept, at=kept.opened_at, by=bala)
    close_ticket(kept, at=kept.opened_at, by=bala)
    address = f"/console/tickets/{held}"
    console = console_of(bala)
    assert "Lift the legal hold" in console.get(address).content.decode()
    console.post(f"{address}/lift-hold", {"reason": "The matter is closed."})
    assert list(held_cases(desk)) == []
    assert erase() == 1 and subject(kept) == "–"
