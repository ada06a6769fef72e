"""Mail from an address that is not official is taken, marked, and answered politely."""

from email.message import EmailMessage

import pytest
from django.test import Client

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.jobs.letters import acknowledge, tell_number
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import HelpDesk
from deskbook.tickets.models import Message
from tests.people_factory import make_agent, make_desk


@pytest.fixture
def asha(db):
    return make_agent(make_desk("spark"), "Asha")


def mailed(sender, to="info@spark.example"):
    find_or_make_contact(HelpDesk.objects.get(), "email", sender, language="en")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, "HRA", f"<{sender}>"
    mail.set_content("The HRA is wrong.")
    return receive(ingest(mail.as_bytes(), envelope_from=sender, envelope_to=[to])).ticket


def acknowledgement_of(ticket):
    acknowledge(ticket.log.get(kind="Opened").pk)
    tell_number(ticket.log.get(kind="Acknowledged").pk)
    return " ".join(bytes(OutboundMail.objects.get(purpose="acknowledgement").raw).decode().split())


def pages(asha, ticket):
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    addresses = (f"/console/tickets/{ticket}", "/console/?queue=open")
    return [client.get(address).content.decode() for address in addresses]


@pytest.mark.parametrize("sender", ["leela@home.example", "leela@evilgov.in"])
def test_it_is_taken_and_marked_on_the_ticket_in_its_story_and_in_the_list(asha, sender):
    ticket = mailed(sender)
    assert Message.objects.get(ticket=ticket).unofficial
    page, queue = pages(asha, ticket)
    assert "opened this, not from an official address" in page
    assert "not an official address" in page
    assert "not from an official address" in queue
    assert "please use it next time" in acknowledgement_of(ticket)


def test_official_mail_bears_no_mark(asha):
    ticket = mailed("ddo@finance.kerala.gov.in")
    assert not Message.objects.get(ticket=ticket).unofficial
    page, queue = pages(asha, ticket)
    assert "official address" not in page
    assert "official address" not in queue
    assert "official" not in acknowledgement_of(ticket)


def test_a_desk_that_calls_nothing_official_marks_nothing(db):
    desk = make_desk("sparkrock")
    from deskbook.people.books import desk_in_force

    to = desk_in_force(desk).mail[0]
    assert not Message.objects.get(ticket=mailed("leela@home.example", to)).unofficial
