"""A desk that texts, its gateway, and a caller with a mobile and no mail."""

import pytest
from django.utils import timezone

from deskbook.people.contacts import find_or_make_contact
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.channels.sms.stub_gateway import stub_gateway
from tests.channels.sms.texting_desk import connect, texting_desk
from tests.people_factory import make_agent

MOBILE = "+919437012345"


@pytest.fixture
def desk(db):
    return texting_desk()


@pytest.fixture
def stub(settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.0/8",)
    with stub_gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(desk, stub):
    return connect(desk, "other", stub.address, body_kind="json")


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha")


@pytest.fixture
def caller(desk):
    return find_or_make_contact(desk, "phone", MOBILE, name="Chitra", sign_in=False)


@pytest.fixture
def case(caller, asha):
    written = Written("Told on the telephone.")
    return open_ticket(
        caller, NewCase("The muster roll is empty", written, "phone"), at=timezone.now(), by=asha
    ).ticket
