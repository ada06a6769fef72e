"""What a mail to somebody of the desk says of a case that the book confines to others."""

import pytest
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.alerts import tell
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk
from tests.tickets.test_sight import BOOK


@pytest.fixture
def entry(db):
    desk = make_desk("harbour", BOOK)
    chitra = make_contact(desk)
    case = NewCase("The till", Written("Nine are short."), "portal", facets={"category": "conduct"})
    ticket = open_ticket(chitra, case, at=timezone.now(), by=chitra).ticket
    assign_ticket(
        ticket, make_agent(desk, "Om", teams=("ombudsman",)), at=timezone.now(), by=chitra
    )
    return ticket.log.get(kind="Assigned")


def told(entry, address, agent=None):
    tell(entry, address, agent)
    mail = OutboundMail.objects.get(recipient=address)
    return f"{mail.subject}\n{bytes(mail.raw).decode()}"


def test_an_agent_who_does_not_see_it_is_told_its_number_and_stage(entry):
    dev = make_agent(entry.ticket.desk, "Dev")

    mail = told(entry, dev.user.email, dev)

    assert "The till" not in mail
    assert str(entry.ticket) in mail
    assert "confined to others" in mail


def test_an_agent_who_sees_it_is_told_what_it_is_about(entry):
    asha = make_agent(entry.ticket.desk, "Asha")

    assert "The till" in told(entry, asha.user.email, asha)


def test_the_mailbox_of_another_team_and_a_stranger_are_told_no_more(entry):
    assert "The till" not in told(entry, "money@desk.example")
    assert "The till" not in told(entry, "mayor@harbour.example")
