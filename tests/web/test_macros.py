"""A macro of the book at the console: read before it is done, done by one form."""

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.book.load import load_book
from deskbook.engine.decide_undo import UNDO_FOR
from deskbook.jobs.sendings import let_leave
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.stages import close_ticket
from deskbook.web.policy.written import written
from tests.people_factory import make_agent, make_contact, make_desk
from tests.tickets.macro_desk import DESK, MACROS


@pytest.fixture
def asked(db):
    """A request at a desk with macros, and Asha's browser."""
    desk = make_desk("harbour", DESK + MACROS)
    chitra, asha = make_contact(desk), make_agent(desk, "Asha", teams=("first line",))
    case = NewCase("List", Written("Please."), channel="email", facets={"type": "request"})
    ticket = open_ticket(chitra, case, at=timezone.now(), by=chitra).ticket
    browser = Client()
    browser.force_login(asha.user)
    return browser, ticket


def _panel(browser, ticket):
    page = browser.get(f"/console/tickets/{ticket}").content.decode()
    return page.split('id="fact-macros"')[1].split("</details>")[0]


def test_what_it_will_do_is_read_before_with_the_answer_as_it_will_go(asked):
    browser, ticket = asked
    panel = _panel(browser, ticket)
    assert "Papers are missing" in panel
    assert "Hands it to Data team" in panel
    assert f"Dear Chitra, please send the list for {ticket}." in panel
    assert "Moves it to “Waiting”" in panel


def test_one_form_does_all_of_it(asked):
    browser, ticket = asked
    done = browser.post(
        f"/console/tickets/{ticket}/macros", {"macro": "papers are missing", "client_key": "k"}
    )
    assert done.status_code == 302
    ticket.refresh_from_db()
    assert (ticket.stage, ticket.team) == ("waiting", "data team")
    assert Message.objects.filter(ticket=ticket, kind="answer").count() == 1
    assert "Papers are missing" in browser.get(done.url).content.decode()


def test_a_macro_the_book_no_longer_has_is_refused_and_nothing_is_done(asked):
    browser, ticket = asked
    refused = browser.post(f"/console/tickets/{ticket}/macros", {"macro": "gone"})
    assert refused.status_code == 422
    assert re.search(r"has no such macro|is not one of", refused.content.decode())
    assert not Message.objects.filter(ticket=ticket, kind="answer").exists()


def test_a_desk_without_macros_has_no_such_act(console, at_ticket):
    assert 'id="fact-macros"' not in console.get(at_ticket()).content.decode()


def test_the_manual_says_what_each_does():
    loaded = load_book(DESK + MACROS)
    manual = written(
        loaded.desk_or_raise(), loaded.book, "en", form="md", for_agents=True, on=date(2026, 3, 2)
    )
    assert "Papers are missing" in manual
    assert "Sorts: Category: Papers" in manual


def test_who_reads_another_language_is_answered_in_it(db):
    answer = "Dear {name}, please send the list for {ticket}."
    book = f"{DESK}{MACROS}languages: [en, pt]\nin:\n  pt:\n    words:\n      {answer!r}: '{{name}}, envie a lista de {{ticket}}.'\n"
    desk = make_desk("harbour", book)
    chitra = make_contact(desk)
    chitra.language = "pt"
    chitra.save()
    case = NewCase("List", Written("Please."), channel="email", facets={"type": "request"})
    ticket = open_ticket(chitra, case, at=timezone.now(), by=chitra).ticket
    browser = Client()
    browser.force_login(make_agent(desk, "Asha").user)
    assert f"Chitra, envie a lista de {ticket}." in _panel(browser, ticket)


def test_undone_it_leaves_nothing_behind(asked, settings):
    settings.DESKBOOK_UNDO = True
    browser, ticket = asked
    browser.post(f"/console/tickets/{ticket}/macros", {"macro": "papers are missing"})
    sending = Sending.objects.get(ticket=ticket)
    browser.post(f"/console/tickets/{ticket}/undo", {"sending": sending.pk})
    page = browser.get(f"/console/tickets/{ticket}").content.decode()
    assert "All else stands as before." in page
    ticket.refresh_from_db()
    assert (ticket.team, ticket.category) == ("first line", "")


def test_its_answer_leaves_with_its_stage_and_is_undone_until_then(asked, settings):
    settings.DESKBOOK_UNDO = True
    browser, ticket = asked
    act = {"macro": "papers are missing", "client_key": "k"}
    done = browser.post(f"/console/tickets/{ticket}/macros", act)
    ticket.refresh_from_db()
    assert (ticket.stage, ticket.team) == ("new", "data team")
    assert not Message.objects.filter(ticket=ticket, kind="answer").exists()
    toast = browser.get(done.url).content.decode().split('class="toast undo"')[1]
    assert "It leaves in a few seconds." in toast
    sending = Sending.objects.get(ticket=ticket)
    assert (sending.fields["stage"], sending.fields["text"][:12]) == ("waiting", "Dear Chitra,")
    browser.post(f"/console/tickets/{ticket}/macros", act)  # pressed twice
    assert Sending.objects.count() == 1
    again = browser.post(f"/console/tickets/{ticket}/macros", {**act, "client_key": "k1"})
    assert "This was done a moment ago" in again.content.decode()
    assert Sending.objects.count() == 1
    browser.post(f"/console/tickets/{ticket}/undo", {"sending": sending.pk})
    assert not Sending.objects.exists()
    browser.post(f"/console/tickets/{ticket}/macros", {**act, "client_key": "k2"})
    let_leave(at=timezone.now() + UNDO_FOR)
    ticket.refresh_from_db()
    assert ticket.stage == "waiting"
    assert Message.objects.filter(ticket=ticket, kind="answer").count() == 1


def test_an_answer_that_would_be_refused_undoes_all_of_it_at_once(asked, settings):
    settings.DESKBOOK_UNDO = True
    browser, ticket = asked
    close_ticket(ticket, at=timezone.now(), by=ticket.requester)
    refused = browser.post(
        f"/console/tickets/{ticket}/macros", {"macro": "papers are missing", "client_key": "k"}
    )
    assert refused.status_code == 409
    assert not Sending.objects.exists()
    ticket.refresh_from_db()
    assert ticket.team == "first line"
