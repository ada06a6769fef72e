"""A desk begun in the console by the owner of another, and how a text reads before it is in force."""

import json

import pytest

from deskbook.people.models import Agent, HelpDesk
from tests.people_factory import make_agent

NEW = "/console/book/new-desk"
RIVER = {
    "name": "River Housing",
    "mail": "help@river.example",
    "zone": "Europe/Lisbon",
    "called": "",
    "book": "small",
}


@pytest.fixture
def owner(client, desk):
    olga = make_agent(desk, "Olga", role="owner")
    client.force_login(olga.user, "django.contrib.auth.backends.ModelBackend")
    return client


def said_in(page):
    return page.content.decode()


def test_an_owner_begins_a_desk_with_a_book_and_is_shown_its_text(owner):
    page = owner.post(NEW, RIVER, follow=True)
    river = HelpDesk.objects.get(key="river-housing")
    assert (river.title, river.prefix) == ("River Housing", "RIV")
    assert Agent.objects.get(desk=river).role == "owner"
    assert "River Housing is there" in said_in(page)
    assert "name: &#34;River Housing&#34;" in said_in(page)
    assert "Europe/Lisbon" in said_in(page)
    assert "River Housing" in said_in(owner.get("/console/?desk=river-housing"))


def test_the_form_offers_every_book_that_comes_along_and_the_zone_of_this_desk(owner, desk):
    page = said_in(owner.get(NEW))
    for book in ("small", "spark", "salama", "sparkrock", "mukta"):
        assert f'value="{book}"' in page
    assert 'value="America/Toronto"' in page


@pytest.mark.parametrize(
    ("otherwise", "told"),
    [
        ({"name": ""}, "Give it a name."),
        ({"mail": "nobody"}, "nobody"),
        ({"zone": "Lisboa"}, "Lisboa"),
        ({"called": "no way"}, "no way"),
        ({"called": "SPR"}, "are called SPR-1 already"),
        ({"book": "elsewhere"}, "Choose one of the books."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(owner, otherwise, told):
    page = owner.post(NEW, RIVER | otherwise)
    assert page.status_code == 422
    assert told in said_in(page)
    assert 'value="help@river.example"' in said_in(page) or "mail" in otherwise
    assert HelpDesk.objects.count() == 1


def test_a_name_that_is_taken_is_refused_with_the_desk_that_has_it(owner):
    owner.post(NEW, RIVER)
    again = owner.post(NEW, RIVER | {"mail": "other@river.example", "called": "RV"})
    assert again.status_code == 409
    assert "river-housing in addresses already" in said_in(again)


def test_a_text_is_drawn_as_it_is_typed_and_one_with_errors_is_not(owner, desk):
    text = desk.books.get().text
    found = owner.post("/console/book/findings", {"text": text, "base": "1"})
    drawn = json.loads(found.content)["drawn"]
    assert "Stages of a case" in drawn and "<svg" in drawn
    longer = text.replace("Investigation/In Progress", "Taken note of")
    assert longer != text
    drawn = json.loads(owner.post("/console/book/findings", {"text": longer}).content)["drawn"]
    assert "Taken note of" in drawn
    wrong = owner.post("/console/book/findings", {"text": text + "\nno such word: 1\n"})
    assert json.loads(wrong.content)["drawn"] == ""


def test_a_text_is_read_as_requesters_and_agents_would_before_it_is_in_force(owner, desk):
    text = desk.books.get().text.replace("Investigation/In Progress", "Taken note of")
    page = said_in(owner.post("/console/book/as-read", {"text": text, "base": "1"}))
    assert "What requesters read" in page and "What agents read besides" in page
    assert "Taken note of" in page
    assert desk.books.count() == 1
    kept = said_in(owner.get("/console/book/edit"))
    assert "Taken note of" in kept


def test_a_text_with_errors_comes_back_with_what_is_wrong(owner, desk):
    text = desk.books.get().text + "\nno such word: 1\n"
    page = owner.post("/console/book/as-read", {"text": text, "base": "1"})
    assert page.status_code == 422
    assert "no such word" in said_in(page)
