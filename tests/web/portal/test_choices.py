"""Deciding how a case goes on: by the link of a letter, on the page of the case, or on the phone."""

from datetime import timedelta
from email import message_from_bytes, policy
from re import findall

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs import letters
from deskbook.jobs.choices import ask_to_decide
from deskbook.people.contacts import give_sign_in
from deskbook.tickets.choices import choice_token, entered_by
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import move_ticket
from tests.book.test_books import ROOT
from tests.people_factory import make_agent, make_contact, make_desk
from tests.web.portal.conftest import signed_in

WHY = {"choice": "i am not satisfied", "words": "It is dark again."}


@pytest.fixture
def people(db):
    desk = make_desk("satisfied", (ROOT / "docs/book/examples/satisfied.yaml").read_text())
    chitra, asha = make_contact(desk), make_agent(desk, "Asha", teams=("officers",))
    give_sign_in(chitra)
    return chitra, asha


@pytest.fixture
def solved(people):
    chitra, asha = people
    at = timezone.now() - timedelta(hours=1)
    case = NewCase("The lamp", Written("It is dark."), channel="email")
    ticket = open_ticket(chitra, case, at=at, by=chitra).ticket
    move_ticket(ticket, "solved", at=at, by=asha)
    ticket.refresh_from_db()
    return ticket


@pytest.fixture
def link(people, solved):
    return f"/desk/satisfied/choices/{choice_token(entered_by(solved), people[0])}/"


def body_of(mail):
    parsed = message_from_bytes(bytes(mail.raw), policy=policy.default)
    return parsed.get_body(("plain",)).get_content()


def stage_of(ticket):
    ticket.refresh_from_db()
    return ticket.stage


def test_the_letter_has_a_link_for_each_choice_and_opening_one_decides_nothing(people, solved):
    ask_to_decide(entered_by(solved).pk)
    text = body_of(OutboundMail.objects.latest("pk"))
    links = findall(r"https?://[^/]+(/desk/satisfied/choices/\S+)", text)
    assert [link.partition("choice=")[2] for link in links] == [
        "i%20am%20satisfied",
        "i%20am%20not%20satisfied",
    ]
    for method in ("get", "head"):
        assert getattr(Client(), method)(links[0]).status_code == 200
    assert stage_of(solved) == "solved"


def test_an_answer_that_solves_it_asks_in_its_own_letter(people, solved):
    entry = entered_by(solved)
    text = letters.words_of_letters.answer(entry, people[0], None)
    assert "Please decide:" in text
    assert "I am satisfied: http" in text


def test_by_the_link_it_is_decided_without_signing_in_and_once(solved, link):
    assert Client().post(link, {"choice": "i am satisfied", "words": ""}).url == link
    assert stage_of(solved) == "closed"
    assert "You decided: “I am satisfied”." in Client().get(link).content.decode()
    again = Client().post(link, WHY)
    assert again.status_code == 409
    assert "has gone on since" in again.content.decode()
    assert stage_of(solved) == "closed"
    assert solved.log.filter(kind="ChoiceMade").count() == 1


def test_who_is_asked_why_says_it_and_keeps_what_was_chosen(people, solved, link):
    refused = Client().post(link, {"choice": "i am not satisfied", "words": " "})
    assert refused.status_code == 409
    assert "asks why" in refused.content.decode()
    assert Client().post(link, WHY).url == link
    assert stage_of(solved) == "working"
    entry = solved.log.get(kind="ChoiceMade")
    assert entry.actor == f"contact:{people[0].pk}"
    assert "dark" not in str(entry.data)
    assert Message.objects.get(pk=entry.data["message"]).text == "It is dark again."


def test_the_page_of_the_case_offers_it_and_shows_what_was_said(people, solved):
    client, case = signed_in(people[0]), f"/desk/satisfied/cases/{solved}/"
    page = client.get(case).content.decode()
    assert page.index("Please decide") < page.index("I am not satisfied")
    assert client.post(case + "choice/", WHY).url == case
    page = client.get(case).content.decode()
    assert "It is dark again." in page
    assert "Please decide" not in page
    assert stage_of(solved) == "working"


def test_who_only_follows_the_case_is_not_asked(people, solved):
    desk = solved.desk
    gita = make_contact(desk, "Gita")
    give_sign_in(gita)
    solved.participants.create(contact=gita)
    link = f"/desk/satisfied/choices/{choice_token(entered_by(solved), gita)}/"
    assert Client().post(link, WHY).status_code == 409
    case = f"/desk/satisfied/cases/{solved}/"
    assert "Please decide" not in signed_in(gita).get(case).content.decode()
    assert stage_of(solved) == "solved"


def test_somebody_at_the_desk_records_it_for_them_and_the_log_says_so(people, solved):
    browser, case = Client(), f"/console/tickets/{solved}"
    browser.force_login(people[1].user)
    panel = browser.get(case).content.decode().split('id="fact-decision"')[1]
    assert "It becomes “Working”." in panel
    without = browser.post(f"{case}/decision", {**WHY, "words": ""}).content.decode()
    assert "asks why" in without.split('id="fact-decision"')[1]  # the form is there still
    assert stage_of(solved) == "solved"
    assert browser.post(f"{case}/decision", WHY).status_code == 302
    assert stage_of(solved) == "working"
    assert solved.log.get(kind="ChoiceMade").actor == f"agent:{people[1].pk}"
    told = browser.get(case).content.decode()
    assert "The requester decided, as Asha says: “I am not satisfied”: It is dark again." in told
    assert 'id="fact-decision"' not in told


def test_a_link_of_another_desk_or_one_that_was_changed_finds_nothing(link):
    make_desk("small")
    for address in (link[:-3] + "aa/", link.replace("/satisfied/", "/small/")):
        assert Client().get(address).status_code == 404
        assert Client().post(address, WHY).status_code == 404
