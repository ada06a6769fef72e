"""A desk with an organisation: Chitra, a named contact; Dev, of its community; Farah, of another
desk.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.people.contacts import give_sign_in
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.campaign import running_campaign
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation


@dataclass
class Cast:
    desk: HelpDesk
    other_desk: HelpDesk
    asha: Agent
    chitra: Contact
    dev: Contact
    farah: Contact
    gopal: Agent

    def case(
        self,
        subject="The bank run does not balance",
        *,
        text="Totals differ by 12.40.",
        contact=None,
        ago=timedelta(),
        **more,
    ):
        """A case of Chitra's, opened `ago`."""
        contact = contact or self.chitra
        case = NewCase(subject, Written(text, files=more.pop("files", ())), "portal", **more)
        return open_ticket(contact, case, at=timezone.now() - ago, by=contact).ticket


def signed_in(who) -> Client:
    client = Client()
    client.force_login(who.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def gita(db):
    """Somebody of a campaign that is running."""
    desk = running_campaign(timezone.now())
    contact = make_contact(desk, "Gita")
    give_sign_in(contact)
    return contact


def make_cast() -> Cast:
    desk, other_desk = make_desk("sparkrock"), make_desk("small")
    schools, housing = make_organisation(desk), make_organisation(other_desk, "Quayside")
    people = Cast(
        desk=desk,
        other_desk=other_desk,
        asha=make_agent(desk, "Asha"),
        gopal=make_agent(other_desk, "Gopal"),
        chitra=make_contact(desk, "Chitra", schools),
        dev=make_contact(desk, "Dev", schools, named=False),
        farah=make_contact(other_desk, "Farah", housing),
    )
    for contact in (people.chitra, people.dev, people.farah):
        give_sign_in(contact)
    return people
