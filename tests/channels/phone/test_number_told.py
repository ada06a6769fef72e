"""Who calls is told the number of their case: it is read out, texted, and mailed where they
can be.
"""

import pytest
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.phone.calls import Spoken, keep_way, log_call
from deskbook.channels.sms.models import TextMessage
from deskbook.jobs.letters import acknowledge, text_number
from deskbook.people.contacts import find_or_make_contact
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.verify import broken_links
from tests.channels.sms.texting_desk import connect, texting_desk
from tests.people_factory import make_agent


@pytest.fixture
def asha(db):
    desk = texting_desk()
    connect(desk, "other", "http://127.0.0.1:1", body_kind="json")
    return make_agent(desk, "Asha")


@pytest.fixture
def chitra(asha):
    return find_or_make_contact(asha.desk, "phone", "+919437012345", name="Chitra", sign_in=False)


def acknowledged(ticket):
    acknowledge(ticket.log.get(kind="Opened").pk)
    for _twice in range(2):
        text_number(ticket.log.get(kind="Acknowledged").pk)
    return ticket


def test_a_caller_with_a_mobile_only_is_texted(asha, chitra):
    ticket = acknowledged(
        log_call(Spoken(chitra, "Muster roll"), at=timezone.now(), by=asha, key="k")
    )
    assert TextMessage.objects.get().text == f"Your request is {ticket}."


def test_the_case_keeps_by_which_way_they_were_told(asha, chitra):
    def way(of):
        return of.log.get(kind="Acknowledged").data["channel"]

    ticket = acknowledged(
        log_call(Spoken(chitra, "Muster roll"), at=timezone.now(), by=asha, key="k")
    )
    assert way(ticket) == "sms"
    keep_way(chitra, "email", "chitra@ulb.example", by=asha)
    assert (
        way(acknowledged(log_call(Spoken(chitra, "Wages"), at=timezone.now(), by=asha, key="l")))
        == "email"
    )


def test_whom_nothing_reaches_is_not_said_to_have_been_told(asha):
    # No mobile.
    silent = find_or_make_contact(asha.desk, "phone", "+918041234567", name="Dev", sign_in=False)
    ticket = log_call(Spoken(silent, "Muster roll"), at=timezone.now(), by=asha, key="k")
    for _twice in range(2):
        acknowledge(ticket.log.get(kind="Opened").pk)
    assert not ticket.log.filter(kind="Acknowledged").exists()
    assert not TextMessage.objects.exists()
    assert not OutboundMail.objects.exists()
    assert list(broken_links(Ticket.objects.filter(pk=ticket.pk))) == []


def test_a_caller_with_mobile_and_mail_gets_both_once(asha, chitra):
    keep_way(chitra, "email", "chitra@ulb.example", by=asha)
    ticket = acknowledged(
        log_call(Spoken(chitra, "Muster roll"), at=timezone.now(), by=asha, key="k")
    )
    assert TextMessage.objects.get().text == f"Your request is {ticket}."
    assert str(ticket) in OutboundMail.objects.get(purpose="acknowledgement").subject


def test_who_writes_a_mail_is_not_texted(asha, chitra):
    keep_way(chitra, "email", "chitra@ulb.example", by=asha)
    new = NewCase("Muster roll", Written("?"), "email")
    acknowledged(open_ticket(chitra, new, at=timezone.now(), by=chitra).ticket)
    assert not TextMessage.objects.exists()
    assert OutboundMail.objects.filter(purpose="acknowledgement").count() == 1
