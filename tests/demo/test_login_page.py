"""The login page of SPARK in a demo: another system, by the door of other systems."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.book.shelf import book_text
from deskbook.channels.app.models import AppCase, AppEvent, AppRequest, AppSystem
from deskbook.demo.past.login_page import connect_login_page, with_login_page
from deskbook.jobs.letters import acknowledge, carry_answer
from deskbook.people.books import apply_book
from deskbook.people.contacts import give_sign_in
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from tests.people_factory import make_agent, make_contact, make_desk


@pytest.fixture
def desk(db, demo):
    make_desk("spark")
    at = timezone.now()
    return apply_book("spark", with_login_page("spark", book_text("spark")), at=at, by=None)


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def chitra(desk):
    chitra = make_contact(desk)
    give_sign_in(chitra)
    return chitra


@pytest.fixture
def connected(desk, asha, chitra):
    connect_login_page(desk, [asha], [chitra], at=timezone.now())
    return AppSystem.objects.get()


def written(client, **more):
    given = {"subject": "Salary not released", "text": "My pay is missing.", **more}
    return client.post("/demo/login-page/", given, follow=True).content.decode()


def test_a_case_of_the_login_page_is_there_from_the_beginning(connected, chitra):
    case = AppCase.objects.get()
    assert (case.ticket.channel, case.ticket.requester) == ("login page", chitra)
    assert timezone.now() - case.ticket.opened_at > timedelta(hours=19)


def test_whoever_is_signed_in_there_opens_a_case_by_a_signed_request(client, connected, chitra):
    page = written(client, who=str(chitra.pk))
    opened = Ticket.objects.latest("pk")
    assert f"It is on {opened}." in page
    assert (opened.subject, opened.requester) == ("Salary not released", chitra)
    connected.refresh_from_db()
    assert connected.heard_at and AppRequest.objects.filter(system=connected).count() == 2


def test_the_login_page_shows_what_the_desk_told_it(client, connected, chitra, asha):
    written(client, who=str(chitra.pk))
    opened = Ticket.objects.latest("pk")
    acknowledge(opened.log.get(kind="Opened").pk)
    told = answer_ticket(opened, Written("It is on its way."), at=timezone.now(), by=asha)
    carry_answer(next(entry.pk for entry in told.entries if entry.kind == "Answered"))
    assert AppEvent.objects.filter(case__ticket=opened, type="case.answered").count() == 1
    assert "It is on its way." in client.get("/demo/login-page/").content.decode()


def test_what_is_missing_is_said_and_what_was_typed_stays(client, connected, chitra):
    page = written(client, who=str(chitra.pk), subject="")
    assert "Say what it is about." in page and "My pay is missing." in page
    assert AppCase.objects.count() == 1


def test_a_page_that_was_ended_brings_nothing(client, connected, chitra):
    AppSystem.objects.update(ended_at=timezone.now())
    written(client, who=str(chitra.pk))
    assert AppCase.objects.count() == 1


def test_without_a_demo_there_is_no_login_page(client, connected, settings):
    settings.ROOT_URLCONF = "deskbook.config.urls"
    assert client.get("/demo/login-page/").status_code == 404
