"""A small desk with one open case, and the cast at work on it."""

import pytest
from django.utils import timezone

from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_contact, make_organisation
from tests.sparkrock_cast import asha, bala, desk

__all__ = ["asha", "bala", "desk"]


@pytest.fixture
def chitra(desk):
    return make_contact(desk, organisation=make_organisation(desk, plan="standard"))


@pytest.fixture
def open_case(chitra):
    """Open a case for Chitra as of now."""

    def opened(
        subject="The payroll report is empty",
        severity="s2",
        text="Since this morning nothing is in it.",
    ):
        case = NewCase(subject, Written(text), "portal", severity=severity)
        return open_ticket(chitra, case, at=timezone.now(), by=chitra).ticket

    return opened


@pytest.fixture
def case(open_case):
    return open_case()


@pytest.fixture
def console(client, asha):
    """A client signed in as Asha."""
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def as_bala(bala):
    from django.test import Client

    client = Client()
    client.force_login(bala.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def at_ticket(case):
    """Return the address of something on the case: at_ticket("answer")."""
    return lambda part="": f"/console/tickets/{case}" + (f"/{part}" if part else "")
