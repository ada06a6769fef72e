"""What stands beside an answer in a mail: who wrote it, what it answers, what happens next."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs import letters
from deskbook.tickets.conversation import ask_requester
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.participants import add_participant
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.tickets.merged_cases import case_of

pytestmark = pytest.mark.django_db


def test_an_answer_says_who_wrote_it_and_quotes_the_question_to_who_asked_it_alone():
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    ticket = case_of(chitra)
    asked = ticket.messages.get(kind="request").text
    add_participant(ticket, make_contact(desk, "Evan"), at=MONDAY, by=asha)
    at = MONDAY + timedelta(hours=2)
    ask_requester(ticket, Written("Which *batch*?", formatted=True), ["logs"], at=at, by=asha)

    entry = Ticket.objects.get(pk=ticket.pk).log.filter(kind="Answered").latest("seq")
    letters.carry_answer(entry.pk)

    shown = {
        row.recipient.partition("@")[0]: message_from_bytes(bytes(row.raw), policy=default)
        .get_body(("html",))
        .get_content()
        for row in OutboundMail.objects.filter(entry=entry)
    }
    assert shown.keys() == {"chitra", "evan"}
    assert all("<b>Asha</b>" in one and "Which <em>batch</em>?" in one for one in shown.values())
    assert asked in shown["chitra"]
    assert "It is your turn" in shown["chitra"]
    assert "the case closes by itself" in shown["chitra"]
    assert "You wrote" not in shown["evan"]
    assert "It is your turn" not in shown["evan"]
