"""What is kept no longer: read before a book is in force, and what went is read afterwards."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.book.load import load_book
from deskbook.jobs.erasing import erase
from deskbook.people.models import BookVersion
from deskbook.tickets.holding import place_hold
from deskbook.tickets.models import Ticket
from deskbook.tickets.stages import close_ticket
from deskbook.web.policy.written import written
from tests.jobs.test_erasing import BOOK, YEAR, case_of
from tests.people_factory import make_agent, make_contact, make_desk
from tests.screens import one_line

WITHOUT = BOOK.split("keep:", maxsplit=1)[0]


@pytest.fixture
def olga(db):
    desk = make_desk("harbour", WITHOUT)
    console = Client()
    console.force_login(make_agent(desk, "Olga", role="owner").user)
    case_of(desk)
    return desk, console


def said(answer):
    return one_line(answer.content.decode())


def test_a_book_that_erases_something_is_not_in_force_before_its_owner_said_that_it_may(olga):
    _desk, console = olga
    looked = said(console.post("/console/book/change", {"text": BOOK, "base": 1}))
    assert "Line 9" in looked
    assert "What was written of a case, and who asked of 1 closed tickets would be erased" in looked
    refused = console.post("/console/book/applying", {"text": BOOK, "base": 1})
    assert refused.status_code == 409
    assert "Say below that what is kept no longer may be erased tonight." in said(refused)
    assert BookVersion.objects.count() == 1
    console.post("/console/book/applying", {"text": BOOK, "base": 1, "erase": "yes"})
    assert BookVersion.objects.count() == 2


def test_a_book_that_erases_nothing_yet_asks_nothing(olga):
    _desk, console = olga
    longer = WITHOUT + "keep: [{ what: cases, for: 9y }]\n"
    assert "Kept no longer" not in said(
        console.post("/console/book/change", {"text": longer, "base": 1})
    )
    console.post("/console/book/applying", {"text": longer, "base": 1})
    assert BookVersion.objects.count() == 2


def test_the_screen_says_what_goes_tonight_and_what_went_by_which_line(olga):
    _desk, console = olga
    console.post("/console/book/applying", {"text": BOOK, "base": 1, "erase": "yes"})
    before = said(console.get("/console/erased/"))
    assert "Everything is kept" not in before
    assert '<a href="?line=9#tonight">1</a>' in before
    tonight = said(console.get("/console/erased/?line=9"))
    assert str(Ticket.objects.get()) in tonight[tonight.index('id="tonight"') :]
    erase()
    after = said(console.get("/console/erased/"))
    assert "Version 2, line 9" in after
    assert "Nothing yet." not in after


def test_the_screen_says_of_each_hold_why_by_whom_and_since_when(olga):
    desk, console = olga
    by = make_agent(desk, "Lena", role="lead")
    place_hold(Ticket.objects.get(), "The auditor asked, matter 12", at=timezone.now(), by=by)
    held = said(console.get("/console/erased/"))
    held = held[held.index("Under a legal hold") :]
    assert "The auditor asked, matter 12" in held
    assert "Lena" in held
    assert str(Ticket.objects.get()) in held


def test_the_story_of_an_erased_case_says_so_and_names_nobody(olga):
    desk, console = olga
    make_contact(desk, "Gita")
    close_ticket(
        case := case_of(desk, "Gita", closes=False), at=timezone.now() - YEAR, by=case.requester
    )
    console.post("/console/book/applying", {"text": BOOK, "base": 1, "erase": "yes"})
    erase(timezone.now() + timedelta(days=2))
    page = said(console.get(f"/console/tickets/{case}"))
    assert "What was written of it is erased (line 9 of version 2 of the book)" in page
    assert "Gita" not in page
    assert "passport" not in page


def test_the_policy_says_how_long_things_are_kept():
    loaded = load_book(BOOK)
    policy = written(
        loaded.desk_or_raise(), loaded.book, "en", form="md", for_agents=False, on=date(2026, 3, 2)
    )
    assert "How long things are kept" in policy
    assert "10 years" in policy
