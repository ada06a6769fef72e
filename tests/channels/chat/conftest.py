"""A payroll desk that is open at all hours, its people, and an employee in its directory."""

import pytest

from deskbook.people.models import ContactIdentity
from tests.channels.chat.desk import BOOK
from tests.people_factory import make_agent, make_contact, make_desk


@pytest.fixture
def desk(db):
    return make_desk("pay", BOOK)


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha", teams=("office",))


@pytest.fixture
def bala(desk):
    return make_agent(desk, "Bala", role="lead", teams=("office",))


@pytest.fixture
def chitra(desk):
    contact = make_contact(desk, "Chitra")
    contact.name = "Chitra K. Raman"
    contact.save()
    for channel, identifier in (("pen", "512345"), ("phone", "+919447000001")):
        ContactIdentity.objects.create(
            contact=contact, desk=desk, channel=channel, identifier=identifier
        )
    return contact
