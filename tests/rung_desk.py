"""The SPARK desk with somebody to answer the phone and somebody who calls: fixtures for the rooms
where it rings.
"""

import pytest
from django.utils import timezone

from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import ContactIdentity
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_desk

NUMBER = "+919447012345"


@pytest.fixture
def desk(db):
    return make_desk("spark")


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha", teams=("pmu",))


@pytest.fixture
def chitra(desk):
    contact = find_or_make_contact(
        desk, "pen", "512345", name="Chitra Nambiar", sign_in=False, language="en"
    )
    contact.attributes = {"office": "Government School, Hill Road", "district": "Kannur"}
    contact.save()
    ContactIdentity.objects.create(contact=contact, desk=desk, channel="phone", identifier=NUMBER)
    return contact


@pytest.fixture
def case(chitra):
    written = NewCase("HRA", Written("The HRA of our office is wrong."), "phone")
    return open_ticket(chitra, written, at=timezone.now(), by=chitra).ticket
