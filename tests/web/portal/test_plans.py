"""What a plan includes is shown before a case is opened, and what is refused loses no word."""

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation
from tests.web.portal.conftest import signed_in

pytestmark = pytest.mark.django_db
BOOK = """\
deskbook: 1
name: Harbour
zone: Europe/Lisbon
hours: { office: { mon-fri: 09:00-18:00 } }
plans: { basic: { limits: [{ most: 2, each: year }, { most: 1, each: week, beyond: taken }] } }
"""
FORM = "/desk/harbour/cases/new/"
GOOD = {"subject": "Lamp", "text": "The lamp in the hall is dark.", "client_key": "a" * 32}


@pytest.fixture
def chitra():
    organisation = make_organisation(make_desk("harbour", BOOK), plan="basic")
    chitra = make_contact(organisation.desk, organisation=organisation)
    case = NewCase("Door", Written("It is stuck"), "portal")
    open_ticket(chitra, case, at=timezone.now(), by=chitra)
    return chitra


def test_a_requester_reads_what_is_used_of_their_plan_before_they_open_a_case(chitra):
    page = signed_in(chitra).get(FORM).content.decode()
    assert "Cases: 1 of 2 a year" in page
    assert "Cases: 1 of 1 a week – one more is taken, beyond the plan" in page


def test_the_case_beyond_it_is_refused_with_all_that_was_typed_and_the_day(chitra):
    signed_in(chitra).post(FORM, GOOD)
    again = signed_in(chitra).post(FORM, {**GOOD, "client_key": "b" * 32})
    page = again.content.decode()
    assert again.status_code == 422
    assert "Cases in your plan: 2 a year; none is left." in page
    assert "The lamp in the hall is dark." in page
    assert Ticket.objects.count() == 2


def test_agents_read_it_on_the_page_of_the_organisation_and_on_the_case(chitra):
    signed_in(chitra).post(FORM, GOOD)
    asha = make_agent(chitra.desk)
    client = Client()
    client.force_login(asha.user)
    page = client.get(f"/console/organisations/{chitra.organisation_id}").content.decode()
    assert "Cases: 2 of 2 a year – one more is refused" in page
    case = client.get("/console/tickets/HAR-2").content.decode()
    assert "beyond the plan basic (line 5 of the book)" in case.lower()
