"""Who came to a running case later reads nothing of what was said, asked, offered or dated there
before.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.channels.contract import Incoming
from deskbook.channels.way_in import take_in
from deskbook.people.contacts import give_sign_in
from deskbook.tickets.conversation import ask_requester
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.procedure import ask_for_papers, receive_paper, return_paper
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.site_visits import call_off_visit, date_visit, decide_on_visit
from deskbook.tickets.stages import verify_severity
from deskbook.tickets.work import deliver, offer_estimate, sign_estimate
from tests.people_factory import make_agent, make_contact
from tests.visit_desk import Office, refreshed, visit_of
from tests.web.portal.conftest import signed_in

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def copied_in(ticket, by, stranger, agent):
    take_in(
        Incoming(
            by, "email", Written("cc"), timezone.now(), "k", ticket=ticket, followers=(stranger,)
        )
    )


def merged_in(ticket, by, stranger, agent):
    other = Ticket.objects.exclude(pk=ticket.pk).get(requester=stranger)
    merge_ticket(other, refreshed(ticket), across=True, at=timezone.now(), by=agent)


def stranger_of(desk):
    stranger = make_contact(desk, "Stranger")
    give_sign_in(stranger)
    return stranger


def worked_on(cast, *, at, words):
    """Return a case on which the desk has said much of what only its page shows."""
    ticket = cast.case(ago=5 * HOUR)
    verify_severity(ticket, "s2", reason=f"{words} severity", at=at, by=cast.asha)
    estimate(cast, ticket, at=at, words=words)
    deliver(refreshed(ticket), f"{words} 7.1", at=at, by=cast.asha)
    ask_requester(refreshed(ticket), Written("Please."), (f"{words} papers",), at=at, by=cast.asha)
    return refreshed(ticket)


def estimate(cast, ticket, *, at, words):
    offer_estimate(
        refreshed(ticket), 26 * HOUR, "1200.00 CAD", f"{words} offer", at=at, by=cast.asha
    )
    sign_estimate(
        refreshed(ticket), refreshed(ticket).state["estimates"][-1]["id"], at=at, by=cast.chitra
    )


def read(client, ticket):
    return client.get(f"/desk/{ticket.desk.key}/cases/{ticket}/").content.decode()


@pytest.mark.parametrize("comes", [copied_in, merged_in])
def test_severity_estimates_signatures_deliveries_and_questions_of_before_are_theirs_who_were_there(
    cast, comes
):
    stranger = stranger_of(cast.desk)
    cast.case("Another", contact=stranger)
    ticket = worked_on(cast, at=timezone.now() - 4 * HOUR, words="OLD")
    comes(ticket, cast.chitra, stranger, cast.asha)
    page = read(signed_in(stranger), ticket)
    assert str(ticket) in page
    assert not [
        word for word in ("OLD", "1200.00", "Signed by", cast.chitra.user.email) if word in page
    ]
    assert "OLD severity" in (whole := read(signed_in(cast.chitra), ticket))
    assert "OLD offer" in whole
    estimate(cast, ticket, at=timezone.now(), words="NEW")
    assert "NEW offer" in read(signed_in(stranger), ticket)


def test_papers_of_before_are_neither_shown_to_nor_taken_from_who_came_later(gita):
    asha, stranger = make_agent(gita.desk, "Asha"), stranger_of(gita.desk)
    facets = {"type": "service request", "category": "data or content"}
    case = NewCase("New villages", Written("x"), "phone", severity="normal", facets=facets)
    ticket = open_ticket(gita, case, at=timezone.now() - HOUR, by=gita).ticket
    receive_paper(ticket, "village list", at=timezone.now(), by=asha)
    copied_in(refreshed(ticket), gita, stranger, asha)
    theirs, address = signed_in(stranger), f"/desk/salama/cases/{ticket}/papers/village list/"
    assert "Village list" in read(signed_in(gita), ticket)
    assert "Village list" not in read(theirs, ticket)
    assert theirs.post(address).status_code == 404
    return_paper(refreshed(ticket), "village list", reason="Torn.", at=timezone.now(), by=asha)
    ask_for_papers(refreshed(ticket), at=timezone.now(), by=asha)
    assert "Village list" in read(theirs, ticket)
    assert theirs.post(address).status_code == 422


@pytest.mark.parametrize("comes", [copied_in, merged_in])
def test_a_visit_of_before_is_neither_read_nor_answered_by_who_came_later(comes):
    office = Office()
    office.now -= HOUR
    stranger = stranger_of(office.desk)
    another = NewCase("Another", Written("x"), "portal", facets={"type": "question"})
    open_ticket(stranger, another, at=office.now, by=stranger)
    ticket = office.asked()
    decide_on_visit(ticket, True, reason="OLD reason", at=office.now, by=office.bala)
    date_visit(refreshed(ticket), office.plan(words="OLD words"), at=office.now, by=office.bala)
    comes(refreshed(ticket), office.chitra, stranger, office.asha)
    client, visit = signed_in(stranger), visit_of(ticket).visit
    page, address = read(client, ticket), f"/desk/payroll/cases/{ticket}/visit/"
    assert not [word for word in ("OLD", "Taluk", "Ravi", "Visit to your office") if word in page]
    assert client.get(f"{address}{visit}.ics").status_code == 404
    assert client.post(f"{address}{visit}/", {"suits": "yes"}).status_code == 404
    assert client.post(address, {"place": "Elsewhere", "people": "3"}).status_code == 404
    assert "Taluk" in read(signed_in(office.chitra), ticket)
    call_off_visit(refreshed(ticket), visit, reason="Rain.", at=timezone.now(), by=office.bala)
    assert "Rain." in read(client, ticket)
    assert "OLD" not in read(client, ticket)
    assert client.get(f"{address}{visit}.ics").status_code == 200
