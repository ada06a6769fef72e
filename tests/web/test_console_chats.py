"""The operators' chats over HTTP."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deskbook.channels.chat import queue, talk
from deskbook.channels.chat.talk import Device
from deskbook.people.books import desk_in_force
from deskbook.tickets.messages import Written
from deskbook.web.console import chats
from deskbook.web.uploads import Limits
from tests.channels.chat.desk import BOOK, SECRET
from tests.people_factory import make_agent, make_contact, make_desk


@pytest.fixture
def desk(db):
    return make_desk("pay", BOOK)


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha", teams=("office",))


@pytest.fixture
def bala(desk):
    return make_agent(desk, "Bala", role="lead", teams=("office",))


@pytest.fixture
def session(desk):
    channel = desk_in_force(desk).channel_of("chat")
    contact = make_contact(desk, "Chitra")
    contact.name = "<b>Chitra</b>"
    contact.save()
    return talk.begin(contact, channel, Written("Help me"), Device(SECRET), at=timezone.now())


def at_console(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def mine(session, asha):
    queue.take(session, at=timezone.now(), by=asha)
    return session


def test_the_screen_shows_who_waits_and_no_markup_of_theirs(session, console):
    page = console.get("/console/chats/").content.decode()
    assert "&lt;b&gt;Chitra" in page or "\\u003cb\\u003eChitra" in page
    assert "<b>Chitra" not in page


def test_the_rail_says_how_many_wait(session, console):
    assert b'href="/console/chats/"' in console.get("/console/").content


def test_of_two_operators_the_second_is_told_that_somebody_was_first(session, asha, bala):
    first = at_console(asha).post(f"/console/chats/{session.pk}/taking")
    second = at_console(bala).post(f"/console/chats/{session.pk}/taking")
    assert (first.status_code, second.status_code) == (200, 409)
    assert "Somebody else took this chat" in second.json()["error"]


def test_taking_next_when_nobody_waits_says_so(console):
    assert console.post("/console/chats/next").json() == {
        "chat": None,
        "error": "Nobody waits for you or your teams.",
    }


def test_files_of_answers_count_among_those_somebody_sends_in_a_day(mine, console, monkeypatch):
    monkeypatch.setattr(chats, "OF_AGENTS", Limits(a_day=25))
    answers = [
        console.post(
            f"/console/chats/{mine.pk}/lines",
            {"files": SimpleUploadedFile("a.txt", b"x" * 10), "key": key * 32},
        )
        for key in "123"
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "No more than this is taken in one day." in answers[-1].json()["error"]
    assert (
        console.post(
            f"/console/chats/{mine.pk}/lines", {"text": "Words go on", "key": "4" * 32}
        ).status_code
        == 200
    )


def test_an_answer_is_stored_once_however_often_it_is_sent(mine, console):
    given = {"text": "We look.", "key": "1" * 32}
    first = console.post(f"/console/chats/{mine.pk}/lines", given).json()
    assert console.post(f"/console/chats/{mine.pk}/lines", given).json() == first
    lines = console.get("/console/chats/events?after=").json()["lines"]
    assert [(line["by"], line["text"]) for line in lines] == [
        ("visitor", "Help me"),
        ("desk", "We look."),
    ]


def test_only_what_came_after_is_told_again(mine, console):
    sent = console.post(
        f"/console/chats/{mine.pk}/lines", {"text": "We look.", "key": "1" * 32}
    ).json()["id"]
    assert console.get(f"/console/chats/events?after={mine.pk}:{sent}").json()["lines"] == []


def test_an_empty_answer_and_one_too_long_are_refused_with_a_sentence(mine, console):
    for text in ("  ", "x" * 50_001):
        answer = console.post(f"/console/chats/{mine.pk}/lines", {"text": text, "key": "1" * 32})
        assert answer.status_code == 422
        assert answer.json()["error"]


def test_what_the_operator_sends_into_a_chat_that_was_passed_on_is_refused_and_not_lost_in_silence(
    mine, asha, bala
):
    queue.be_there(bala, at=timezone.now())
    at_console(asha).post(
        f"/console/chats/{mine.pk}/passing", {"to": f"person:{bala.pk}", "reason": "You know him"}
    )
    late = at_console(asha).post(
        f"/console/chats/{mine.pk}/lines", {"text": "One more", "key": "1" * 32}
    )
    assert late.status_code == 409
    assert "not yours any more" in late.json()["error"]


def test_a_team_off_the_books_ways_is_refused_with_the_books_reason(mine, console):
    refused = console.post(
        f"/console/chats/{mine.pk}/passing", {"to": "team:nowhere", "reason": "x"}
    )
    assert refused.status_code == 422


def test_ending_while_the_visitor_types_loses_nothing(mine, console, desk):
    assert console.post(f"/console/chats/{mine.pk}/end").status_code == 204
    late = Client().post(
        "/chat/pay/lines/", {"text": "Wait!", "key": "1" * 32}, headers={"x-chat-secret": SECRET}
    )
    assert late.status_code == 200
    assert console.get("/console/chats/events").json()["state"]["waiting"][0]["for"] == "you"


@pytest.mark.parametrize("path", ["taking", "lines", "signals", "passing", "end"])
def test_people_of_another_desk_find_no_such_chat(session, db, path):
    other = make_desk("sparkrock")
    stranger = at_console(make_agent(other, "Dev"))
    assert stranger.post(f"/console/chats/{session.pk}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["", "events", "colleagues", "next", "1/taking", "1/lines", "1/signals", "1/passing", "1/end"],
)
def test_who_is_not_signed_in_is_sent_to_sign_in(session, path):
    method = "get" if path in ("", "events", "colleagues") else "post"
    answer = getattr(Client(), method)(f"/console/chats/{path}")
    assert answer.status_code in (302, 404, 405)
    assert "session" not in answer.content.decode()


def test_the_chat_screen_of_a_desk_without_chat_says_what_opens_one(db):
    asha = make_agent(make_desk("sparkrock"), "Asha")
    assert "This desk has no chat" in at_console(asha).get("/console/chats/").content.decode()


def test_the_count_of_who_waits_costs_the_list_no_question_of_its_own(
    asha, session, django_assert_max_num_queries
):
    console = at_console(asha)
    console.get("/console/?queue=open")
    with django_assert_max_num_queries(8):
        page = console.get("/console/?queue=open").content.decode()
    link = re.search(r'href="/console/chats/"[^>]*>(.*?)</a>', page, re.S)[1]
    assert re.sub(r"<[^>]*>", " ", link).split()[-1] == "1"
