"""Links of the system a desk came from lead to the case or the article here, for who sees it."""

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.knowledge.writing import Draft, Sorting, begin_article, publish_as_it_came
from deskbook.moving.models import ArticleCameFrom, CameFrom
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved():
    desk = make_desk("mukta")
    chitra = make_contact(desk)
    case = NewCase("Printer", Written("It hums."), "portal")
    ticket = open_ticket(chitra, case, at=timezone.now(), by=chitra).ticket
    CameFrom.objects.create(ticket=ticket, desk=desk, source="freshdesk", number="12")
    return ticket


def led(user, address):
    client = Client()
    if user:
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    answer = client.get(address)
    return answer.headers.get("Location", answer.status_code)


def test_an_agent_and_the_requester_are_led_to_the_case_each_to_their_page(moved):
    asha = make_agent(moved.desk)
    assert led(asha.user, "/a/tickets/12") == f"/console/tickets/{moved}"
    requester = moved.requester.user
    assert led(requester, "/support/tickets/12") == f"/desk/mukta/cases/{moved}/"


@pytest.mark.parametrize(
    ("source", "number", "address"),
    [
        ("jira", "HELP-12", "/browse/HELP-12"),
        ("django-helpdesk", "12", "/tickets/12/"),
        ("django-helpdesk", "12", "/helpdesk/tickets/12/"),
    ],
)
def test_addresses_of_jira_and_django_helpdesk_lead_here_too(moved, source, number, address):
    asha = make_agent(moved.desk)
    CameFrom.objects.update(source=source, number=number)
    assert led(asha.user, address) == f"/console/tickets/{moved}"


def test_who_does_not_see_it_is_told_of_nothing_and_who_is_not_signed_in_signs_in_first(moved):
    dev = make_agent(make_desk("sparkrock"), "Dev")
    assert led(dev.user, "/a/tickets/12") == led(dev.user, "/a/tickets/13") == 404
    assert led(dev.user, "/agent/tickets/12") == 404, "that is another system's"
    assert led(None, "/a/tickets/12").endswith("?next=/a/tickets/12")


@pytest.fixture
def article():
    """Return a public article that came from Freshdesk as number 81."""
    asha = make_agent(make_desk("mukta"), "Asha", "owner")
    draft = Draft("Opening a door", "Push.")
    text = begin_article("en", draft, Sorting("public"), at=timezone.now(), by=asha)
    publish_as_it_came(text, at=timezone.now(), by=asha)
    ArticleCameFrom.objects.create(
        article=text.article, desk=asha.desk, source="freshdesk", number="81"
    )
    return text.article


@pytest.mark.parametrize(
    "address",
    [
        "/support/solutions/articles/81",
        "/support/solutions/articles/81-opening-a-door",
        "/en/support/solutions/articles/81-opening-a-door",
        "/a/solutions/articles/81",
    ],
)
def test_old_addresses_of_articles_lead_anybody_who_may_read_them_there(article, address):
    assert led(None, address) == "/desk/mukta/articles/opening-a-door/"


def test_an_article_that_a_reader_may_not_see_is_not_there_under_its_old_address_either(article):
    article.audience = "agents"
    article.save()
    address = "/support/solutions/articles/81-opening-a-door"
    assert led(None, address) == led(None, "/support/solutions/articles/82") == 404
    asha = article.desk.agents.get()
    assert led(asha.user, address) == "/desk/mukta/articles/opening-a-door/"
