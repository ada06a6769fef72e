"""Pages that refresh by themselves ask for the parts they show."""

import time_machine
from django.utils import timezone

from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written


def parts(browser, address, *names):
    answer = browser.get(address, headers={"X-Refresh": " ".join(names)})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_list_that_refreshes_is_sent_without_what_stands_around_it(console, open_case):
    for n in range(3):
        open_case(f"Case {n}")
    page = console.get("/console/?queue=open").content.decode()
    answer = parts(console, "/console/?queue=open", "queue-count", "list")
    assert answer.count("<div") < page.count("<div")
    assert answer.startswith('<span class="faint" id="queue-count"')
    assert 'id="list"' in answer and "Case 2" in answer
    assert "<body" not in answer and 'class="rail"' not in answer
    assert len(answer) < len(page) * 0.5


def test_a_ticket_that_refreshes_sends_only_the_part_asked_for(console, case, asha, at_ticket):
    for n in range(30):
        answer_ticket(case, Written(f"answer {n}\n" * 9), at=timezone.now(), by=asha)
    page = console.get(at_ticket()).content.decode()
    assert "answer 29" not in parts(console, at_ticket(), "head", "side")
    assert len(parts(console, at_ticket(), "head")) < 2_000 < len(page) / 10
    assert "answer 29" in parts(console, at_ticket(), "head", "timeline", "side")


def test_parts_of_a_page_are_not_kept_in_place_of_the_page(console, case):
    answer = console.get("/console/?queue=open", headers={"X-Refresh": "list"})
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_list_on_which_nothing_has_changed_is_not_sent_again(console, open_case):
    def asked(shown=""):
        headers = {"X-Refresh": "queue-count list", "If-None-Match": shown}
        return console.get("/console/?queue=open", headers=headers)

    open_case("Case 1")
    with time_machine.travel(timezone.now(), tick=False):
        shown = asked().headers["ETag"]
        again = asked(f"W/{shown}")
    assert (again.status_code, again.content) == (304, b"")
    open_case("Case 2")
    assert "Case 2" in asked(shown).content.decode()


def test_a_ticket_on_which_nothing_has_changed_is_not_sent_again(console, case, asha, at_ticket):
    """Its forms carry a token and a key that are others each time, and seen by nobody."""

    def asked(shown=""):
        headers = {"X-Refresh": "head timeline side", "If-None-Match": shown}
        return console.get(at_ticket(), headers=headers)

    with time_machine.travel(timezone.now(), tick=False):  # what is due is said by the minute
        first = asked()
        assert b"client_key" in first.content
        assert asked(first.headers["ETag"]).status_code == 304
    answer_ticket(case, Written("answer"), at=timezone.now(), by=asha)
    assert asked(first.headers["ETag"]).status_code == 200


def test_a_name_that_no_part_has_is_answered_with_nothing(console, case):
    assert parts(console, "/console/?queue=open", "rail", "<b>", "") == ""


def test_parts_are_for_who_may_see_the_page(client, case, at_ticket):
    answer = client.get(at_ticket(), headers={"X-Refresh": "timeline"})
    assert answer.status_code in (302, 404)
