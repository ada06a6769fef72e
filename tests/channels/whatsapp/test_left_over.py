"""What the book refuses of WhatsApp is read, and made a ticket, by whoever works at the desk."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.test import Client

from deskbook.channels.whatsapp.models import WhatsAppIncoming, WhatsAppMedia, WhatsAppPayload
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.contacts import contact_by
from deskbook.refusals.kept import kept
from deskbook.tickets.models import Ticket
from tests.people_factory import make_contact, make_organisation
from tests.whatsapp_service import BUSINESS, TOMAS

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(post, desk, now):
    """Of an organisation with a named contact somebody writes who is not that one."""
    factory = make_organisation(desk, "Fábrica Norte")
    paula = make_contact(desk, "Paula", organisation=factory)
    webhook = cloud_api.message(BUSINESS, TOMAS, "text", {"body": "A máquina parou"}, at=now)
    assert post(webhook).status_code == 200
    why = kept(
        "named contacts: sender",
        sender="+258841234567",
        organisation="Fábrica Norte",
        named="Paula",
    )
    WhatsAppPayload.objects.update(state="held", reason=why)
    return SimpleNamespace(payload=WhatsAppPayload.objects.get(), paula=paula)


@pytest.fixture
def console(asha):
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_a_refused_message_is_read_by_agents_and_counted_on_their_rail(console, refused):
    page = unescape(console.get("/console/left-over/").content.decode())
    assert "Tomás Cossa +258841234567" in page
    assert "A máquina parou" in page
    assert "messaging_product" not in page
    assert re.search(r'class="count">1<', page)


def test_a_refused_message_is_made_a_ticket_of_a_named_contact(console, refused, service):
    page = unescape(console.get("/console/left-over/").content.decode())
    address = re.search(r'href="([^"]*\?left=[^"]*)"', page)[1]
    form = unescape(console.get(address).content.decode())
    assert "A máquina parou" in form and "+258841234567" in form
    given = {
        "left": f"whatsapp-in {refused.payload.pk}",
        "requester": f"paula@{refused.paula.desk.key}-customer.example",
        "subject": "A máquina parou",
        "text": "A máquina parou",
        "channel": "whatsapp",
        "client_key": "n1",
    }
    for _twice in range(2):
        assert console.post("/console/tickets/new", given).status_code == 302
    ticket = Ticket.objects.latest("pk")
    assert (ticket.requester, Ticket.objects.count()) == (refused.paula, 1)
    came = WhatsAppIncoming.objects.get(payload=refused.payload)
    assert (came.ticket, came.contact, came.message.text) == (
        ticket,
        contact_by(refused.paula.desk, "whatsapp", "+258841234567"),
        "A máquina parou",
    )
    refused.payload.refresh_from_db()
    assert (refused.payload.state, refused.payload.reason) == ("done", "")
    assert not WhatsAppMedia.objects.exists()
    assert f"?left=whatsapp-in%20{refused.payload.pk}" not in (
        console.get("/console/left-over/").content.decode()
    )
