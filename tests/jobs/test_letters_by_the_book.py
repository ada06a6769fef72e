"""Letters say what the book has them say, whichever way they leave."""

from datetime import timedelta
from pathlib import Path

import pytest

from deskbook.channels.contract import Outgoing
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.variables import variables_of
from deskbook.jobs import letters
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import move_ticket
from deskbook.tickets.stated import _is_said
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
BOOK = Path(__file__).parents[2] / "docs/book/examples/letters.yaml"
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    return make_desk("letters", BOOK.read_text())


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha")


def opened(desk, asha, language="en"):
    contact = make_contact(desk)
    contact.language = language
    contact.save()
    case = NewCase("A yard", Written("We want a yard"), "phone", facets={"type": "licence"})
    ticket = open_ticket(contact, case, at=MONDAY, by=asha).ticket
    return assign_ticket(ticket, asha, at=MONDAY, by=asha).ticket


def mailed(job, ticket, kind):
    entry = ticket.log.filter(kind=kind).latest("seq")
    job(entry.pk)
    return parse(bytes(OutboundMail.objects.filter(ticket=ticket).latest("pk").raw)).text


def test_an_acknowledgement_names_the_number_the_date_and_the_officer(desk, asha):
    text = mailed(letters.acknowledge, opened(desk, asha), "Opened")
    assert "Received: Mon 2 Mar 2026 15:00 (WET, Europe/Lisbon)" in text
    assert "To be settled by: Mon 16 Mar 2026 15:00 (WET, Europe/Lisbon)" in text
    assert "Who deals with it: Asha" in text
    assert text.count("LIC-1") == 2  # its own words and the link have it: no third time


def test_it_says_so_in_the_language_of_its_reader(desk, asha):
    text = mailed(letters.acknowledge, opened(desk, asha, "pt"), "Opened")
    assert "Quem trata: Asha" in text


def test_a_refusal_has_its_reason_and_where_to_appeal_and_another_answer_has_not(desk, asha):
    ticket = opened(desk, asha)
    answered = answer_ticket(ticket, Written("We look"), at=MONDAY + HOUR, by=asha)
    assert "appeal" not in mailed(letters.carry_answer, answered.ticket, "Answered")
    moved = move_ticket(
        answered.ticket, "refused", stated={"reason": "Too small"}, at=MONDAY + 2 * HOUR, by=asha
    )
    last = answer_ticket(moved.ticket, Written("No yard"), at=MONDAY + 3 * HOUR, by=asha)
    text = mailed(letters.carry_answer, last.ticket, "Answered")
    assert "No yard\n\nNumber: LIC-1\nReason: Too small\n\nYou may appeal within 30 days" in text


def test_a_wording_is_filled_in_with_what_the_letter_says(desk, asha):
    ticket = opened(desk, asha)
    entry = ticket.log.filter(kind="Opened").get()
    known = variables_of(Outgoing(entry, ticket, ticket.requester, "acknowledgement", "Hello"))
    assert known["officer"] == "Asha"
    assert known["solved_by"].startswith("Mon 16 Mar 2026 15:00")
    assert "reason" not in known


def test_only_the_number_and_the_link_are_left_out_where_its_words_have_them():
    said = "WITH care: Solved, LIC-1"
    assert not any(_is_said(*fact, said) for fact in (("team", "IT"), ("stage", "Solved")))
    assert _is_said("number", "LIC-1", said)
    assert not _is_said("number", "LIC-1", "LIC-12")
