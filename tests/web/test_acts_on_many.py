"""One act on several cases: done on each that allows it, and said of the others why not."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.stages import close_ticket
from tests.screens import one_line


@pytest.fixture
def three(open_case):
    return [open_case(f"Case {name}") for name in ("one", "two", "three")]


@pytest.fixture
def send(console):
    """Sends an act on these cases."""

    def sent(act, cases, key="", **typed):
        numbers = {"ticket": [str(case) for case in cases], "trail": "queue=open"}
        known = {"client_key": key or uuid4().hex}
        return console.post(f"/console/many/{act}", {**numbers, **known, **typed})

    return sent


def owners():
    return set(Ticket.objects.values_list("owner__user__name", flat=True))


def test_all_that_were_chosen_get_the_same_owner(send, three, asha):
    answer = send("assignment", three, owner=asha.user.email)

    assert answer.headers["Location"] == "/console/?queue=open"
    assert owners() == {asha.user.name}


def test_what_cannot_be_done_on_a_case_is_said_with_its_reason_and_done_on_the_others(
    send, three, asha
):
    close_ticket(three[1], at=timezone.now(), by=three[1].requester)

    answer = send("assignment", three, owner=asha.user.email)

    page = one_line(answer.content.decode())
    assert answer.status_code == 409
    assert "Done on the other 2." in page
    assert str(three[1]) in page
    assert 'class="why"' in page
    assert f'value="{asha.user.email}"' in page
    assert f'name="ticket" value="{three[0]}"' not in page


def test_sent_twice_it_is_done_once(send, three):
    for _time in range(2):
        send("tags", three, key="the same", put="heat wave")

    assert LogEntry.objects.filter(kind="Tagged").count() == 3


def test_what_the_form_itself_lacks_is_said_and_nothing_is_done(send, three):
    answer = send("snooze", three, until="", until_at="")

    assert answer.status_code == 409
    assert "Choose until when." in answer.content.decode()
    assert not LogEntry.objects.filter(kind="Snoozed").exists()


def test_all_of_it_is_undone_within_ten_seconds(send, console, three, asha, settings):
    settings.DESKBOOK_UNDO = True
    send("assignment", three, owner=asha.user.email)
    page = console.get("/console/?queue=open").content.decode()
    offered = page[page.index('action="/console/many/undo"') :]
    steps = offered[offered.index('name="steps"') :].split('value="')[1].split('"')[0]

    answer = console.post("/console/many/undo", {"steps": steps}, follow=True)

    assert "Undone on 3 tickets." in answer.content.decode()
    assert owners() == {None}


def test_an_act_that_is_for_one_case_alone_has_no_address_for_several(send, three):
    assert send("merge", three, other="1").status_code == 404


def test_a_macro_for_several_shows_nobodys_name(console, three):
    page = console.get("/console/many/", {"ticket": [str(case) for case in three]})

    assert page.status_code == 200
    assert all(str(case) in page.content.decode() for case in three)


def test_more_cases_are_found_by_no_more_statements(console, open_case):
    cases = [open_case(f"Case {n}") for n in range(12)]

    def asked(chosen):
        with CaptureQueriesContext(connection) as statements:
            page = console.get("/console/many/", {"ticket": [str(case) for case in chosen]})
        assert all(str(case) in page.content.decode() for case in chosen)
        return len(statements)

    asked(cases)
    assert asked(cases) == asked(cases[:2])
