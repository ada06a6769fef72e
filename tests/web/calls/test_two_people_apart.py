"""What agents wrote down for two people who were taken for one: it goes home by the number that was
named.
"""

import pytest
from django.utils import timezone

from deskbook.people.contacts import find_or_make_contact
from deskbook.people.merging import merge_contacts
from deskbook.tickets.models import Ticket
from tests.people_factory import make_agent
from tests.rung_desk import NUMBER
from tests.web.calls.screens import signed_in, words

THE_OTHERS = "+919447055555"
NOBODY_KNOWS = "came while Chitra Namesake and Chitra Nambiar were taken for one person"
CALL, TICKET = "/console/calls/new", "/console/tickets/new"


@pytest.fixture
def lead(desk):
    return signed_in(make_agent(desk, "Bala", role="lead", teams=("pmu",)))


@pytest.fixture
def namesake(desk):
    return find_or_make_contact(desk, "phone", THE_OTHERS, name="Chitra Namesake", sign_in=False)


@pytest.fixture
def as_one(chitra, namesake, asha):
    return merge_contacts(namesake, chitra, at=timezone.now(), by=asha)


def written_down(lead, at, **given):
    answer = lead.post(at, {"text": "OTP does not come.", "client_key": "k", **given})
    assert answer.status_code == 302, words(answer)
    return Ticket.objects.get()


def taken_apart(merge, lead, ticket):
    assert lead.post(f"/console/merges/{merge.pk}/undoing").status_code == 302
    ticket.refresh_from_db()
    return ticket.requester, NOBODY_KNOWS in words(lead.get(f"/console/tickets/{ticket}"))


def test_a_call_from_the_seconds_number_goes_home_with_it(as_one, lead, namesake):
    ticket = written_down(lead, CALL, caller="94470 55555")
    assert taken_apart(as_one, lead, ticket) == (namesake, False)


def test_so_does_one_that_was_chosen_from_the_list_while_the_number_stood_there(
    as_one, lead, chitra, namesake
):
    ticket = written_down(lead, CALL, caller="Chitra", contact=chitra.pk, number="9447055555")
    assert taken_apart(as_one, lead, ticket) == (namesake, False)


def test_a_call_from_the_number_of_who_stays_stays(as_one, lead, chitra):
    ticket = written_down(lead, CALL, caller=NUMBER)
    assert taken_apart(as_one, lead, ticket) == (chitra, False)


def test_of_a_call_by_the_name_alone_the_ticket_says_that_nobody_can_know(as_one, lead, chitra):
    ticket = written_down(lead, CALL, caller="Chitra", contact=chitra.pk)
    assert taken_apart(as_one, lead, ticket) == (chitra, True)
    assert lead.post(f"/console/merges/{as_one.pk}/undoing").status_code == 302
    assert words(lead.get(f"/console/tickets/{ticket}")).count(NOBODY_KNOWS) == 1


def test_a_new_ticket_for_the_seconds_number_goes_home_with_it(as_one, lead, namesake):
    ticket = written_down(lead, TICKET, requester=THE_OTHERS)
    assert taken_apart(as_one, lead, ticket) == (namesake, False)


def test_what_was_written_down_before_they_were_taken_for_one_is_not_asked_about(
    lead, chitra, namesake, asha
):
    ticket = written_down(lead, CALL, caller="Chitra", contact=chitra.pk)
    merge = merge_contacts(namesake, chitra, at=timezone.now(), by=asha)
    assert taken_apart(merge, lead, ticket) == (chitra, False)
