"""A case of a desk whose dates are over, or have not begun, promises nothing that nobody does."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from deskbook.jobs import words_of_case_letters, words_of_letters
from deskbook.jobs.visit_letters import visit_lines
from deskbook.people.books import apply_book
from deskbook.tickets.conversation import answer_ticket, ask_requester
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.promises import make_promise, withdraw_promise
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.visit_models import DatedVisit
from tests.campaign import campaign_text, running_campaign
from tests.channels.chat.desk import BOOK, BY_NAME, SECRET
from tests.people_factory import BOOKS, MONDAY, make_agent, make_contact, make_desk
from tests.web.portal.conftest import signed_in

LONG_AFTER = timedelta(days=60)
OF_THE_DESK = BY_NAME.replace("hours: chat hours, ", "")
"""A chat that is open when the desk is."""
ENDED = "This desk ended its work"
SAID = {
    "en": (ENDED, "nobody answers"),
    "pt": ("Este serviço", "ninguém"),
    "hi": ("इस डेस्क", "कोई"),
    "ml": ("ഈ ഡെസ്ക്", "ആരും"),
    "or": ("ଏହି ଡେସ୍କ", "କେହି"),
}


@pytest.fixture
def chitra(db):
    return make_contact(running_campaign(timezone.now()))


def opened(contact, **more):
    case = NewCase("The tablet is locked", Written("Please."), "portal", **more)
    return open_ticket(contact, case, at=timezone.now(), by=contact).ticket


def read(contact, path="", after=LONG_AFTER, **headers):
    with time_machine.travel(timezone.now() + after):
        page = signed_in(contact).get(f"/desk/{contact.desk.key}/cases/{path}", headers=headers)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", page.content.decode())


@pytest.mark.parametrize("language", SAID)
def test_a_case_of_a_desk_that_ended_says_so_in_every_language(chitra, language):
    ticket = opened(chitra)
    chitra.user.language = language
    chitra.user.save()
    page = read(chitra, f"{ticket}/")
    for words in SAID[language]:
        assert words in page
    assert "will answer" not in page and "We answer by" not in page and "are late" not in page


def test_nobody_goes_on_when_they_have_answered_where_the_desk_ended(chitra):
    ticket, asha = opened(chitra), make_agent(chitra.desk, "Asha")
    ask_requester(ticket, Written("Which one?"), ["screen captures"], at=timezone.now(), by=asha)
    assert "It is your turn" in read(chitra, f"{ticket}/", after=timedelta())
    page = read(chitra, f"{ticket}/")
    assert ENDED in page
    assert "we go on when you have answered" not in page and "screen captures</li>" not in page


def test_nobody_is_working_on_a_case_of_a_desk_that_ended(chitra):
    ticket, asha = opened(chitra), make_agent(chitra.desk, "Asha")
    answer_ticket(ticket, Written("We look at it."), at=timezone.now(), by=asha)
    page = read(chitra, f"{ticket}/")
    assert ENDED in page and "We are working on it" not in page


def test_the_list_of_cases_says_that_the_desk_ended(chitra):
    opened(chitra)
    assert ENDED not in read(chitra, after=timedelta())
    assert ENDED in read(chitra)


def ended(desk, text):
    """Apply a book that has ended; its cases keep the one they were opened under."""
    yesterday = (timezone.now() - timedelta(days=2)).date()
    return apply_book(desk.key, f"{text}\nopen: {{ until: {yesterday} }}\n", at=MONDAY, by=None)


def test_a_case_older_than_the_end_promises_nothing_where_no_time_was_agreed(db):
    text = BOOK.replace("  email:\n", "  email:\n  portal:\n")
    chitra = make_contact(make_desk("pay", text))
    ticket = opened(chitra)
    assert "We have your case and will answer" in read(chitra, f"{ticket}/", after=timedelta())
    ended(chitra.desk, text)
    page = read(chitra, f"{ticket}/", after=timedelta())
    assert ENDED in page and "will answer" not in page


def test_a_case_older_than_the_end_keeps_the_time_that_was_agreed(db):
    chitra = make_contact(make_desk("small"))
    ticket = opened(chitra)
    ended(chitra.desk, (BOOKS / "small.yaml").read_text())
    assert "We answer by" in read(chitra, f"{ticket}/", after=timedelta())


def test_what_is_written_after_the_end_is_said_to_be_kept_and_not_answered(db):
    text = (BOOKS / "small.yaml").read_text()
    chitra = make_contact(make_desk("small", text))
    ticket = opened(chitra)
    ended(chitra.desk, text)
    page = signed_in(chitra).post(
        f"/desk/small/cases/{ticket}/answer/",
        {"text": "Still locked.", "client_key": "k"},
        follow=True,
    )
    assert ENDED in page.content.decode()
    assert "We have your answer" not in page.content.decode()


@pytest.mark.parametrize("stage", ["closed", "waiting"])
def test_a_closed_or_waiting_case_older_than_the_end_does_not_say_that_somebody_goes_on(db, stage):
    text = (BOOKS / "small.yaml").read_text()
    chitra = make_contact(make_desk("small", text))
    ticket, asha = opened(chitra), make_agent(chitra.desk, "Asha")
    if stage == "closed":
        close_ticket(ticket, at=timezone.now(), by=asha)
    else:
        ask_requester(ticket, Written("Which one?"), [], at=timezone.now(), by=asha)
    now = {"after": timedelta()}
    promised = "it opens again" if stage == "closed" else "we go on when you have answered"
    assert promised in read(chitra, f"{ticket}/", **now)
    ended(chitra.desk, text)
    page = read(chitra, f"{ticket}/", **now)
    assert ENDED in page and promised not in page


def letters_of(ticket, kind, words, contact):
    entry = LogEntry.objects.filter(ticket=ticket, kind=kind).latest("seq")
    return " ".join(words(entry, contact, None).split())


def test_no_letter_of_a_desk_that_ended_asks_for_an_answer(db):
    text = (BOOKS / "small.yaml").read_text()
    chitra = make_contact(make_desk("small", text))
    ticket, asha = opened(chitra), make_agent(chitra.desk, "Asha")
    soon = timezone.now() + timedelta(days=2)
    promise = make_promise(ticket, "A new one", soon, at=timezone.now(), by=asha)
    number = next(e.data["promise"] for e in promise.entries if e.kind == "Promised")
    withdraw_promise(ticket, number, at=timezone.now(), by=asha)
    ask_requester(ticket, Written("Which one?"), [], at=timezone.now(), by=asha)
    close_ticket(ticket, at=timezone.now(), by=asha)
    letters = {
        "PromiseWithdrawn": (words_of_letters.withdrawal, "answer this message"),
        "InformationRequested": (words_of_letters.reminder, "waiting for your answer"),
        "Closed": (words_of_letters.closing, "it opens again"),
    }
    for kind, (words, asks) in letters.items():
        assert asks in letters_of(ticket, kind, words, chitra)
    ended(chitra.desk, text)
    for kind, (words, asks) in letters.items():
        letter = letters_of(ticket, kind, words, chitra)
        assert ENDED in letter and "nobody answers" in letter
        assert asks not in letter and "keeps the case open" not in letter


@pytest.mark.parametrize("opens_pages", [True, False])
def test_no_letter_about_work_asks_for_an_answer_where_the_desk_ended(db, opens_pages):
    text = (BOOKS / "small.yaml").read_text()
    chitra = make_contact(make_desk("small", text))
    if not opens_pages:
        chitra.user = None
        chitra.save()
    ticket, at = opened(chitra), timezone.now()
    visit = DatedVisit(ticket=ticket, visit="1", from_at=at, until_at=at, people=[])

    def letters():
        told = {"paper": "letter", "minutes": 60, "cost": "10 CAD", "version": "2", "visit": "1"}
        entry = LogEntry(
            ticket=Ticket.objects.get(pk=ticket.pk),
            kind="SiteVisitDated",
            seq=99,
            at=timezone.now(),
            data=told,
        )
        yield words_of_case_letters.paper_returned(entry, chitra, None)
        yield words_of_case_letters.estimate(entry, chitra, None)
        yield words_of_case_letters.delivery(entry, chitra, None)
        yield " ".join(visit_lines(entry, chitra, visit))

    assert all("lease" in letter and ENDED not in letter for letter in letters())
    ended(chitra.desk, text)
    for letter in letters():
        assert ENDED in letter and "nobody answers" in letter and "lease" not in letter


def test_the_chat_of_a_desk_that_ended_does_not_say_that_an_answer_comes(db):
    ended(make_desk("pay", OF_THE_DESK), OF_THE_DESK)
    page = Client().get("/chat/pay/").content.decode()
    assert ENDED in page
    assert "answer comes to you" not in page and "Write a message." not in page
    given = {"asked.name": "Chitra", "text": "My arrears.", "secret": SECRET, "zone": "Asia/Dubai"}
    thanks = Client().post("/chat/pay/", given, headers={"accept": "application/json"}).json()
    assert "nobody answers" in thanks["thanks"] and "answer comes" not in thanks["thanks"]


def test_before_its_first_day_a_desk_says_when_it_begins_and_not_that_it_will_answer(db):
    text = campaign_text(timezone.now(), began=timedelta(days=-10))
    chitra = make_contact(make_desk("salama", text))
    page = read(chitra, f"{opened(chitra)}/", after=timedelta())
    assert "This desk begins its work" in page and "will answer" not in page
