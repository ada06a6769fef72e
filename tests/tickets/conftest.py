"""A desk, and cases of two people that are merged."""

from datetime import timedelta

import pytest

from deskbook.tickets.conversation import ask_requester
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import merge_ticket
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.tickets.merged_cases import case_of

HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def merged(desk, asha):
    """Dev's case, merged into Chitra's; neither is of an organisation."""
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    return Ticket.objects.get(pk=other.pk), Ticket.objects.get(pk=kept.pk)


@pytest.fixture
def asked(desk, asha):
    """Dev's case, in which a log was asked for, merged into Chitra's."""
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    ask_requester(other, Written("Please send the log."), ["logs"], at=MONDAY, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    return Ticket.objects.get(pk=other.pk), Ticket.objects.get(pk=kept.pk)
