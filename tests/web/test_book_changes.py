"""The next version of the book, written in the console: by owners, checked, looked at, in force."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.jobs.following import follow_book
from deskbook.people.books import apply_book
from deskbook.people.models import BookVersion
from deskbook.tickets.drafts import draft_at
from deskbook.tickets.models import Ticket
from deskbook.web.console.book import aside
from tests.people_factory import BOOKS, make_agent
from tests.screens import one_line

EDIT, CHANGE, APPLY = (f"/console/book/{part}" for part in ("edit", "change", "applying"))
SCENARIOS = "/console/book/scenarios"
SPARKROCK = (BOOKS / "sparkrock.yaml").read_text()
SLOWER = SPARKROCK.replace("respond: 2h,    ", "respond: 3h,    ")
NO_HOLD = re.sub(r"  on hold:\n(    .*\n)+", "", SPARKROCK)


def as_owner(desk, name="Olga"):
    olga, client = make_agent(desk, name, role="owner"), Client()
    client.force_login(olga.user, "django.contrib.auth.backends.ModelBackend")
    return olga, client


@pytest.fixture
def olga(desk):
    return as_owner(desk)


def said(answer):
    return one_line(answer.content.decode())


def test_what_is_wrong_is_said_with_its_line_and_a_link_to_what_it_means(olga):
    _, console = olga
    wrong = SPARKROCK.replace("respond: 2h,", "responds: 2h,")
    line = next(n for n, one in enumerate(wrong.splitlines(), 1) if "responds" in one)
    page = said(console.post(EDIT, {"text": wrong, "base": 1}))
    assert f"Line {line}" in page and "did you mean" in page
    assert "/console/book/codes#unknown-key" in page
    typed = console.post("/console/book/findings", {"text": wrong, "base": 1}).json()
    assert {one["line"] for one in typed["findings"]} == {line}
    assert 'id="unknown-key"' in said(console.get("/console/book/codes"))


def test_a_text_with_errors_is_neither_looked_at_nor_put_into_force(olga, desk):
    _, console = olga
    wrong = {"text": SPARKROCK.replace("respond: 2h,", "responds: 2h,"), "base": 1}
    for address in (CHANGE, APPLY):
        answer = console.post(address, wrong)
        assert answer.status_code == 422
        assert "Mend them first" in said(answer) and "responds: 2h," in said(answer)
    assert BookVersion.objects.count() == 1


def test_what_a_change_does_is_shown_before_it_is_done(olga, desk, open_case):
    case = open_case(severity="s1")
    _, console = olga
    page = said(console.post(CHANGE, {"text": SLOWER.replace("\n", "\r\n"), "base": 1}))
    assert "severity S1: first response 2h → 3h" in page
    assert "becomes due" in page and "Something is due later than before" in page
    assert f">{case}</a>" in page
    assert BookVersion.objects.count() == 1


def test_what_is_worth_a_look_is_said_before_a_version_is_in_force(olga):
    _, console = olga
    unsure = SPARKROCK.replace(
        "2027-12-25: Christmas Day", "2027-12-25: { name: Christmas Day, confirmed: no }"
    )
    page = said(console.post(CHANGE, {"text": unsure, "base": 1}))
    assert "Christmas Day is not confirmed" in page
    assert "/console/book/codes#unconfirmed" in page


def test_in_force_it_moves_open_tickets_that_are_to_follow_and_going_back_moves_them_back(
    olga, desk, open_case
):
    case, (agent, console) = open_case(severity="s1"), olga
    due_at = case.next_due_at
    console.post(APPLY, {"text": SLOWER, "base": 1, "follow": "yes"})
    desk.refresh_from_db()
    assert (desk.book_version, desk.books.latest("number").applied_by) == (2, agent.user)
    follow_book(desk.pk, 2, agent.pk, {})
    assert Ticket.objects.get().next_due_at != due_at
    back = said(console.post(CHANGE, {"version": 1}))
    assert "severity S1: first response 3h → 2h" in back
    console.post(APPLY, {"text": SPARKROCK, "base": 2, "follow": "yes"})
    follow_book(desk.pk, 3, agent.pk, {})
    assert Ticket.objects.get().next_due_at == due_at
    assert Ticket.objects.get().log.filter(kind="CarriedOver", actor=f"agent:{agent.pk}").exists()


def test_of_two_owners_the_second_is_told_who_was_first_and_takes_nothing_back(olga, desk):
    _, console = olga
    other = make_agent(desk, "Otto", role="owner")
    theirs = SPARKROCK.replace("respond: 5bd", "respond: 4bd")
    apply_book(desk.key, theirs, at=timezone.now(), by=other.user)
    answer = console.post(APPLY, {"text": SLOWER, "base": 1})
    assert answer.status_code == 409
    page = said(answer)
    assert "Otto put version 2 into force while you were writing" in page
    assert re.search(r"<ins>[^<]*respond: 4bd", page)
    assert "respond: 3h," in page and 'name="base" value="2"' in page
    assert desk.books.count() == 2


def test_what_was_typed_is_kept_until_it_is_in_force(olga, desk):
    agent, console = olga
    console.post(EDIT, {"text": SLOWER, "base": 1})
    other_machine = Client()
    other_machine.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    assert "respond: 3h," in said(other_machine.get(EDIT))
    console.post(APPLY, {"text": SLOWER, "base": 1})
    assert draft_at(agent.user_id, "book sparkrock") is None


def test_a_stage_that_is_dropped_is_refused_until_it_is_said_what_it_becomes(
    olga, desk, case, asha
):
    from deskbook.tickets.stages import move_ticket

    move_ticket(case, "on hold", at=timezone.now(), by=asha)
    _, console = olga
    refused = console.post(APPLY, {"text": NO_HOLD, "base": 1, "follow": "yes"})
    assert refused.status_code == 409
    assert "stage On Hold" in said(refused)
    assert BookVersion.objects.count() == 1
    becomes = {"becomes stage on hold": "investigation"}
    console.post(APPLY, {"text": NO_HOLD, "base": 1, "follow": "yes", **becomes})
    assert BookVersion.objects.count() == 2


def test_a_check_that_takes_too_long_is_stopped_with_a_sentence_and_nothing_lost(olga, monkeypatch):
    monkeypatch.setattr(aside, "LONGEST_S", 0.05)
    _, console = olga
    answer = console.post(EDIT, {"text": f"# Read by nobody yet.\n{SLOWER}", "base": 1})
    assert answer.status_code == 422
    assert "was stopped; nothing was changed" in said(answer) and "respond: 3h," in said(answer)


def test_what_was_found_in_a_text_is_there_at_once_when_it_is_looked_at_again(olga, monkeypatch):
    _, console = olga
    wrong = SPARKROCK.replace("respond: 2h,", "answers: 2h,")
    assert "/console/book/codes#unknown-key" in said(console.post(EDIT, {"text": wrong, "base": 1}))
    monkeypatch.setattr(aside, "LONGEST_S", 0.0)  # nothing can be asked now
    assert "/console/book/codes#unknown-key" in said(console.post(EDIT, {"text": wrong, "base": 1}))
    other = console.post(EDIT, {"text": wrong.replace("answers:", "replies:"), "base": 1})
    assert other.status_code == 422 and "was stopped" in said(other)


def test_a_check_that_breaks_says_so_and_the_same_text_is_asked_about_again(olga, monkeypatch):
    _, console = olga
    text = f"# Nobody could read this yet.\n{SLOWER}"
    with monkeypatch.context() as broken:
        broken.setattr(aside.sys, "executable", "/bin/false")
        answer = console.post(EDIT, {"text": text, "base": 1})
    assert answer.status_code == 422
    assert "Your text is kept: try again." in said(answer) and "respond: 3h," in said(answer)
    assert console.post(EDIT, {"text": text, "base": 1}).status_code == 200


def test_scenarios_are_played_against_the_text_that_is_being_written(olga):
    scenario = (BOOKS / "sparkrock/closure.scenario.yaml").read_text()
    _, console = olga
    page = said(console.post(SCENARIOS, {"text": scenario}))
    assert "as it should be" in page and "otherwise" not in page
    slower = SPARKROCK.replace("remind: [2bd, 4bd]", "remind: [3bd, 4bd]")
    console.post(EDIT, {"text": slower, "base": 1})
    assert "otherwise" in said(console.post(SCENARIOS, {"text": scenario}))
    assert "reminder 1 is sent" in said(console.get(SCENARIOS)), "what was typed is kept"


def test_agents_and_leads_read_the_book_and_do_not_write_it(console, as_bala):
    for who in (console, as_bala):
        assert who.get("/console/book/").status_code == 200
        assert who.get(EDIT).status_code == 404
        assert who.post(APPLY, {"text": SLOWER, "base": 1}).status_code == 404
    assert BookVersion.objects.count() == 1
