"""What stands in the variables of a registered wording: what is known, and nothing else."""

from zoneinfo import ZoneInfo

import pytest

from deskbook.channels.email.models import OutboundMail
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.books import apply_book
from deskbook.people.models import ContactIdentity
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.models import Ticket
from tests.campaign import campaign_text
from tests.channels.whatsapp.conftest import HOUR, do_jobs, sent


@pytest.fixture
def called_back(desk, says, asha, now):
    """Promise to call somebody back whose window is closed, in a wording of the book."""

    def promised(text):
        wording = (
            f'  - {{ for: call back, by: whatsapp, language: pt, id: ligamos, text: "{text}" }}'
        )
        line = "  - { for: answer, by: whatsapp, language: pt"
        book = campaign_text(now).replace(line, f"{wording}\n{line}")
        apply_book("salama", book, at=now, by=None)
        says(at=now - 25 * HOUR)
        ContactIdentity.objects.create(
            contact=Ticket.objects.get().requester,
            desk=desk,
            channel="email",
            identifier="t@campo.example",
        )
        ring = Ring("+258841234567", now + 3 * HOUR)
        promise_call_back(Ticket.objects.get(), ring, at=now, by=asha)
        do_jobs()

    return promised


def test_who_is_called_back_is_told_when_and_at_which_number(called_back, service, now):
    called_back("Ligamos-lhe {when} para {number} sobre {ticket}.")
    due = (now + 3 * HOUR).astimezone(ZoneInfo("Africa/Maputo"))
    when, number, ticket = cloud_api.variables_of(service.sent[-1]["template"])
    assert when.endswith(f"{due:%H:%M}")
    assert (number, ticket) == ("+258841234567", str(Ticket.objects.get()))


def test_a_wording_that_asks_for_what_is_not_known_goes_another_way(called_back):
    called_back("O código de {ticket} é {code}.")
    assert not sent("template", "call back")
    assert OutboundMail.objects.get(purpose="call back").recipient == "t@campo.example"
