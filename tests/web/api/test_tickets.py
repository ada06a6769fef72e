"""Tickets for programs: what the agent sees and does in the console, and no more."""

from datetime import timedelta
from itertools import chain

import pytest
from django.utils import timezone

from deskbook.moving.models import CameFrom
from deskbook.tickets.assignment import take_ticket
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.costs import statements_of
from tests.people_factory import make_agent, make_contact, make_desk
from tests.web.api.conftest import program_of


def pages(script, address):
    """Yield the numbers on each page, one after the other."""
    while address:
        answer = script.get(address)
        yield [one["number"] for one in answer.json()]
        link = answer.headers.get("Link", "")
        assert link.endswith('rel="next"') or not link
        address = link[link.find("/api/") : link.find(">")] if link else ""


def test_a_list_goes_page_by_page_without_losing_or_repeating_one(script, open_case):
    names = {str(open_case(f"Case {n}")) for n in range(7)}
    assert sorted(chain.from_iterable(pages(script, "tickets?limit=3"))) == sorted(names)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7])
def test_no_page_is_longer_than_asked_for_also_where_numbers_come_first(
    script, open_case, desk, limit
):
    cases = [open_case(f"Room 13, case {n}") for n in range(6)]
    for source, case in zip(("freshdesk", "zendesk", "jira"), cases[:3], strict=True):
        CameFrom.objects.create(ticket=case, desk=desk, source=source, number="13")
    found = [*pages(script, f"tickets?q=13&limit={limit}")]
    assert [len(one) for one in found[:-1]] == [limit] * (len(found) - 1)
    assert 0 < len(found[-1]) <= limit
    numbers = [*chain.from_iterable(found)]
    assert sorted(numbers) == sorted(map(str, cases)) and len(numbers) == 6
    assert set(numbers[:3]) == set(map(str, cases[:3]))


def test_it_is_searched_by_words_and_operators_as_in_the_console(script, open_case, asha):
    mine, other = open_case("The printer burns"), open_case("Payroll")
    take_ticket(mine, at=timezone.now(), by=asha)
    assert [one["number"] for one in script.get("tickets?q=printer").json()] == [str(mine)]
    assert [one["number"] for one in script.get("tickets?q=owner:me").json()] == [str(mine)]
    assert [one["number"] for one in script.get("tickets?queue=unassigned").json()] == [str(other)]
    wrong = script.get("tickets?q=is:purple")
    assert wrong.status_code == 422
    assert "purple" in wrong.json()["errors"][0]["what"]
    assert script.get("tickets?q=a&queue=open").status_code == 422
    assert script.get("tickets?after=yesterday").status_code == 422


def test_a_copy_is_kept_up_by_asking_for_what_changed_since(script, open_case, asha):
    first, second, third = (open_case(f"Case {n}") for n in range(3))
    known = script.get("tickets").json()
    since = max(one["changed_at"] for one in known)
    long_ago = timezone.now() - timedelta(days=400)
    take_ticket(second, at=timezone.now(), by=asha)
    note_on_ticket(first, Written("Came to light later."), at=long_ago, by=asha)
    found = script.get(f"tickets?changed_since={since}").json()
    assert [one["number"] for one in found] == [str(third), str(second), str(first)]
    assert found[2]["version"] > next(o["version"] for o in known if o["number"] == str(first))
    assert found[2]["last_activity_at"] < found[2]["changed_at"]
    later = script.get(f"tickets?changed_since={since}&limit=1").headers["Link"]
    [following] = script.get(later[later.find("/api/") : later.find(">")]).json()
    assert following["number"] == str(second)
    assert script.get(f"tickets?changed_since={since}&q=case owner:me").json()[0] == found[1]
    assert script.get("tickets?changed_since=yesterday").status_code == 422


def test_what_is_asked_for_in_a_way_that_is_not_known_is_refused_and_not_left_out(script, case):
    for address in ("tickets?stage=new", "me?x=1", f"tickets/{case}?fields=subject"):
        wrong = script.get(address)
        assert wrong.status_code == 422, address
    told = script.get("tickets?updated_since=2026-11-30").json()["errors"][0]
    assert told["field"] == "updated_since" and "changed_since" in told["what"]
    told = script.get("tickets?q=printer status:open").json()
    assert told["errors"][0]["field"] == "q" and "There are: from:, owner:" in told["detail"]
    assert script.get("tickets?q=https://desk.example COVID:19").status_code == 200
    assert script.get('tickets?q="error:404"').status_code == 200
    assert script.get("tickets?queue=nobodys").json()["errors"][0]["field"] == "queue"


def test_what_was_called_so_comes_first_also_where_it_came_from(script, open_case, desk):
    named = [open_case(f"Room 13, case {n}") for n in range(3)]
    CameFrom.objects.create(ticket=named[0], desk=desk, source="freshdesk", number="13")
    assert script.get("tickets?q=13").json()[0]["number"] == str(named[0])
    assert len(script.get("tickets?q=13").json()) == 3
    came_from = script.get(f"tickets/{named[0]}").json()["came_from"]
    assert came_from == {"source": "freshdesk", "number": "13"}
    assert script.get(f"tickets/{named[1]}").json()["came_from"] is None


def test_what_is_logged_says_where_it_is_and_which_version_it_has(script, chitra):
    body = {"requester": "chitra@sparkrock-customer.example", "subject": "x", "text": "y"}
    made = script.post("tickets", body)
    assert made["Location"].endswith(f"/api/v1/tickets/{made.json()['number']}")
    acts = f"tickets/{made.json()['number']}/acts/taking"
    assert script.post(acts, {}, if_match=made["ETag"]).status_code == 200
    wrong = script.post("tickets", body | {"severity": "s9", "facets": {"category": "zebras"}})
    told = {one["field"]: one["what"] for one in wrong.json()["errors"]}
    assert set(told) == {"severity", "facets.category"}
    assert "s1" in told["severity"]


def test_a_verb_an_address_has_not_is_a_problem_too(script, case):
    for verb in ("put", "patch", "delete"):
        answer = getattr(script.client, verb)(f"/api/v1/tickets/{case}")
        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json" and answer["Allow"] == "GET"


@pytest.mark.parametrize(("verb", "at"), [("head", "tickets?limit=5"), ("post", "me?x=1")])
def test_a_verb_an_address_has_not_is_told_before_what_stands_behind_it(script, verb, at):
    headers = {"authorization": f"Bearer {script.secret}"}
    answer = getattr(script.client, verb)(f"/api/v1/{at}", headers=headers)
    assert answer.status_code == 405 and "GET" in answer["Allow"]


def test_before_and_after_take_an_instant_as_well_as_a_day(script, case):
    earlier = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%d")
    hour = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%MZ")
    assert len(script.get(f"tickets?q=before:{hour}").json()) == 1
    assert script.get(f"tickets?q=after:{hour}").json() == []
    assert script.get(f"tickets?q=after:{earlier}").json()


def test_what_is_wrong_is_said_of_the_name_that_was_sent_and_in_words(script, case):
    body = {"requester": "chitra@sparkrock-customer.example", "subject": "x"}
    wrong = script.post(
        "tickets", body | {"owner": 1, "text": "", "facets": {"category": 3}}
    ).json()
    told = {one["field"]: one["what"] for one in wrong["errors"]}
    assert told == {
        "owner": "There is no such field here: openapi.json names those there are.",
        "text": "Write 1 characters at least.",
        "facets.category": "This must be text.",
    }
    assert ".." not in wrong["detail"]


def test_one_has_every_due_time_with_why_and_the_line_of_the_book(script, case):
    ticket = script.get(f"tickets/{case}").json()
    assert ticket["requester"]["name"] == "Chitra"
    clock = next(one for one in ticket["clocks"] if one["clock"] == "response")
    assert clock["state"] == "runs"
    assert clock["due_at"]
    assert clock["why"]["book_line"] > 1
    assert clock["why"]["spans"]


def test_who_has_seen_it_already_is_told_that_it_is_the_same(script, case, asha):
    first = script.get(f"tickets/{case}")
    assert script.get(f"tickets/{case}", if_none_match=first["ETag"]).status_code == 304
    take_ticket(case, at=timezone.now(), by=asha)
    again = script.get(f"tickets/{case}", if_none_match=first["ETag"])
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]
    assert "no-cache" in again["Cache-Control"]


@pytest.mark.parametrize(
    "number", ["SPR-999999", "ELSE-1", "x", "SPR-1%00", "..%2f..%2fme", "SPR-" + "9" * 40]
)
def test_what_is_not_there_and_what_is_not_theirs_is_answered_the_same(script, case, number):
    other = make_desk("mukta")
    contact = make_contact(other, "Noor")
    theirs = open_ticket(
        contact, NewCase("Secret", Written("x"), "portal"), at=timezone.now(), by=contact
    ).ticket
    absent = script.get(f"tickets/{number}")
    assert absent.status_code == 404
    foreign = script.get(f"tickets/{theirs}")
    assert foreign.status_code == 404
    assert foreign.content == absent.content
    for part in ("acts", "messages"):
        assert script.get(f"tickets/{theirs}/{part}").content == absent.content
    done = script.post(f"tickets/{theirs}/acts/taking", {})
    assert done.content == absent.content


def test_a_script_logs_a_ticket_as_somebody_at_the_console_would(script, chitra):
    body = {
        "requester": "chitra@sparkrock-customer.example",
        "subject": "Nothing prints",
        "text": "Since noon.",
        "severity": "s2",
    }
    made = script.post("tickets", body)
    assert made.status_code == 201, made.content
    ticket = Ticket.objects.get()
    assert made.json()["number"] == str(ticket)
    assert ticket.requester == chitra
    assert LogEntry.objects.filter(ticket=ticket).earliest("seq").actor.startswith("agent:")


def test_what_the_book_asks_for_and_what_it_does_not_know_is_said_field_by_field(script, chitra):
    body = {"requester": "chitra@sparkrock-customer.example", "subject": "x", "text": "y"}
    unknown = script.post("tickets", body | {"facets": {"colour": "red"}}).json()
    assert unknown["errors"][0]["field"] == "facets.colour"
    nobody = script.post("tickets", {"subject": "x", "text": "y"}).json()
    assert nobody["errors"][0]["field"] == "requester"
    channel = script.post("tickets", body | {"channel": "pigeon"}).json()
    assert channel["errors"][0]["field"] == "channel"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("more", [{"owner": 1}, {"stage": "closed"}, {"desk": 1}, {"number": 7}])
def test_nothing_is_set_that_the_form_does_not_have(script, chitra, more):
    body = {"requester": "chitra@sparkrock-customer.example", "subject": "x", "text": "y"}
    answer = script.post("tickets", body | more)
    assert answer.status_code == 422
    assert next(iter(more)) in answer.json()["errors"][0]["field"]
    assert not Ticket.objects.exists()


def test_a_list_of_fifty_and_a_ticket_with_its_clocks_cost_few_statements(script, open_case):
    cases = [open_case(f"Case {n}") for n in range(50)]
    script.get("tickets")
    assert len(statements_of(lambda: script.get("tickets?queue=open"))) == 3
    assert len(statements_of(lambda: script.get(f"tickets/{cases[0]}"))) == 3
    assert len(statements_of(lambda: script.get(f"tickets/{cases[0]}/messages"))) <= 6


def test_messages_are_read_with_their_files_and_written(script, case, chitra, desk):
    words = Written("See this.", files=(File("a.txt", "text/plain", b"seen"),))
    with_file = open_ticket(
        chitra, NewCase("With a file", words, "portal"), at=timezone.now(), by=chitra
    ).ticket
    [message] = script.get(f"tickets/{with_file}/messages").json()
    assert (message["author"], message["kind"], message["by_desk"]) == ("Chitra", "request", False)
    [file] = message["files"]
    got = script.get(f"files/{file['id']}")
    assert got.content == b"seen"
    assert got["Content-Type"] == "application/octet-stream"
    assert got["Content-Disposition"].startswith("attachment")
    stranger = program_of(make_agent(make_desk("mukta"), "Stranger"))
    assert stranger.get(f"files/{file['id']}").status_code == 404
    assert stranger.get("files/999999999999999999999").status_code == 404


def test_a_script_answers_notes_and_asks(script, case):
    address = f"tickets/{case}/messages"
    assert script.post(address, {"act": "note", "text": "Looks like DNS."}).status_code == 201
    assert script.post(address, {"act": "answer", "text": "We are at it."}).status_code == 201
    asked = script.post(address, {"act": "question", "text": "Which?", "awaited": ["screenshot"]})
    assert asked.status_code == 201, asked.content
    kinds = list(Message.objects.filter(ticket=case).order_by("pk").values_list("kind", flat=True))
    assert kinds[:4] == ["request", "note", "answer", "answer"]
    case.refresh_from_db()
    assert asked.json()["version"] == case.seq
    for wrong in ({"act": "shout", "text": "x"}, {"act": "note", "text": " "}, {"act": "note"}):
        assert script.post(address, wrong).status_code == 422


def test_a_queue_that_is_not_there_is_refused_with_those_that_are(script, case):
    answer = script.get("tickets?queue=al")
    assert answer.status_code == 422 and "unassigned" in answer.json()["detail"]
    assert script.get("tickets?queue=unassigned").status_code == 200
    assert script.get("tickets?queue=team:nobody").status_code == 422
