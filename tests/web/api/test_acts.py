"""The acts of the registry, done by programs: once, and to what they have seen."""

import pytest
from django.utils import timezone

from deskbook.people.access import may
from deskbook.people.token_models import ApiRequest
from deskbook.tickets.assignment import take_ticket
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.promises import make_promise
from deskbook.tickets.site_visits import date_visit
from deskbook.web.acts.registry import ACTS
from deskbook.web.api.acts import DOABLE
from tests.costs import statements_of
from tests.visit_desk import Office
from tests.web.api.conftest import program_of


def last(case):
    return LogEntry.objects.filter(ticket=case).latest("seq").kind


def test_each_act_that_is_offered_comes_with_its_form(script, case):
    offered = {one["key"]: one for one in script.get(f"tickets/{case}/acts").json()}
    assert {"assignment", "severity", "stage", "promises"} <= set(offered)
    severity = next(f for f in offered["severity"]["fields"] if f["name"] == "severity")
    assert "s1" in [one["value"] for one in severity["options"]]
    assert set(offered) <= set(DOABLE)


def test_every_act_of_the_registry_is_at_its_address_and_answers_in_sentences(script, case, asha):
    for key, act in ACTS.items():
        answer = script.post(f"tickets/{case}/acts/{key}", {"of no field": "x"})
        expected = 404 if act.page else 422 if may(asha, act.who_may) else 403
        assert answer.status_code == expected, (key, answer.content)


def test_an_act_is_done_as_its_form_would(script, case, asha):
    done = script.post(
        f"tickets/{case}/acts/severity", {"severity": "s1", "reason": "All are down"}
    )
    assert done.status_code == 200, done.content
    assert done.json()["done"] == "Verified."
    case.refresh_from_db()
    assert case.severity == "s1"
    assert done.json()["version"] == case.seq
    assert script.post(f"tickets/{case}/acts/taking", {}).status_code == 200
    case.refresh_from_db()
    assert case.owner == asha


def test_what_the_book_refuses_comes_with_its_code_and_line(script, case):
    answer = script.post(f"tickets/{case}/acts/stage", {"stage": "closed"})
    problem = answer.json()
    assert answer.status_code == 409, problem
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["type"] == f"urn:deskbook:refused:{problem['code'].replace(' ', '%20')}"
    assert problem["detail"]


def test_what_was_typed_wrong_stands_beside_its_field(script, case):
    problem = script.post(f"tickets/{case}/acts/promises", {"text": "", "due_at": "soon"}).json()
    assert {one["field"] for one in problem["errors"]} == {"text", "due_at"}
    unknown = script.post(f"tickets/{case}/acts/taking", {"owner": "bala"}).json()
    assert unknown["errors"][0]["field"] == "owner"


def test_an_act_within_another_names_its_part(script, case, asha):
    now = timezone.now()
    make_promise(case, "I will call", now + timezone.timedelta(days=1), at=now, by=asha)
    case.refresh_from_db()
    [promise] = [one["id"] for one in case.state["promises"]]
    assert script.post(f"tickets/{case}/acts/promise-keeping", {}).status_code == 422
    kept = script.post(f"tickets/{case}/acts/promise-keeping", {"promise": promise})
    assert kept.json()["done"] == "Promise kept."
    again = script.post(f"tickets/{case}/acts/promise-keeping", {"promise": "no such"})
    assert again.status_code in (404, 409)


def test_the_same_key_again_is_answered_the_same_and_does_nothing_twice(script, case):
    def note(text="Looks like DNS.", key="k1"):
        body = {"act": "note", "text": text}
        return script.post(f"tickets/{case}/messages", body, idempotency_key=key)

    first, again = note(), note()
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Idempotency-Replayed"] == "true"
    assert Message.objects.filter(kind="note").count() == 1
    other = note("Something else")
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"
    assert note(key="k2").status_code == 201
    assert Message.objects.filter(kind="note").count() == 2


def test_a_key_is_of_one_token_alone(script, bala_script, case):
    for one in (script, bala_script):
        body = {"act": "note", "text": "x"}
        made = one.post(f"tickets/{case}/messages", body, idempotency_key="k")
        assert made.status_code == 201
    assert Message.objects.filter(kind="note").count() == 2


def test_a_ticket_sent_twice_is_opened_once(script, chitra):
    body = {"requester": "new@else.example", "name": "Nila", "subject": "x", "text": "y"}
    first = script.post("tickets", body, idempotency_key="k")
    again = script.post("tickets", body, idempotency_key="k")
    assert first.json() == again.json()
    assert Ticket.objects.count() == 1


def test_what_was_refused_keeps_no_key(script, case):
    refused = script.post(f"tickets/{case}/acts/stage", {"stage": "closed"}, idempotency_key="k")
    assert refused.status_code == 409
    assert not ApiRequest.objects.exists()
    for key in ("", "x" * 300):
        body = {"act": "note", "text": "x"}
        wrong = script.post(f"tickets/{case}/messages", body, idempotency_key=key)
        assert wrong.status_code == 422, key


def test_an_act_that_depends_on_what_was_seen_is_not_done_to_what_went_on(script, case, bala):
    seen = script.get(f"tickets/{case}")["ETag"]
    take_ticket(case, at=timezone.now(), by=bala)
    late = script.post(f"tickets/{case}/acts/taking", {}, if_match=seen)
    assert late.status_code == 412
    case.refresh_from_db()
    assert case.owner == bala
    now = script.get(f"tickets/{case}")["ETag"]
    body = {"act": "note", "text": "x"}
    assert script.post(f"tickets/{case}/messages", body, if_match=now).status_code == 201
    assert script.post(f"tickets/{case}/messages", body, if_match=now).status_code == 412


def test_a_merge_that_is_taken_back_by_who_may_not_is_refused(script, case):
    assert script.post(f"tickets/{case}/acts/unmerging", {}).status_code in (403, 409)


def test_an_act_costs_few_statements_more_than_at_the_console(script, case):
    script.get("me")
    cost = statements_of(lambda: script.post(f"tickets/{case}/acts/taking", {}))
    assert len(cost) <= 20, len(cost)


@pytest.mark.parametrize(
    "body", ["[]", '"x"', "{", "null", '{"a": {"b": 1}}', "\\xff", '{"a": 1e999}']
)
def test_a_body_that_is_none_is_answered_as_a_problem(script, case, body):
    answer = script.client.post(
        f"/api/v1/tickets/{case}/acts/taking",
        body,
        "application/json",
        headers={"authorization": f"Bearer {script.secret}"},
    )
    assert answer.status_code in (400, 422), answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_what_is_too_large_or_at_no_address_is_answered_as_a_problem(script, case):
    large = script.post(f"tickets/{case}/messages", {"act": "note", "text": "x" * 2_100_000})
    assert large.status_code == 413
    for address in ("nothing", "tickets/", f"tickets/{case}/acts/taking/x", ""):
        answer = script.get(address)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
    wrong = script.get(f"tickets/{case}/acts/taking")
    assert (wrong.status_code, wrong["Allow"]) == (405, "POST")
    assert wrong["Content-Type"] == "application/problem+json"


def test_what_can_be_done_with_a_visit_names_the_visit(db):
    office = Office()
    case = office.approved()
    date_visit(case, office.plan(), at=office.now, by=office.meera)
    script = program_of(office.meera)
    offered = script.get(f"tickets/{case}/acts").json()
    visit = {one["key"]: one for one in offered}["visit-cancellation"]
    assert visit["parts"]["visit"]
    done = script.post(
        f"tickets/{case}/acts/visit-cancellation", visit["parts"] | {"reason": "Floods"}
    )
    assert done.status_code == 200, done.content


def test_an_instant_is_spelled_the_same_when_it_is_written_and_when_it_is_read(script, chitra):
    body = {"requester": "chitra@sparkrock-customer.example", "subject": "x", "text": "y"}
    made = script.post("tickets", body).json()
    assert script.get(f"tickets/{made['number']}").json() == made


def test_a_tag_is_put_on_a_ticket_found_by_and_taken_off_again(script, case):
    assert script.post(f"tickets/{case}/acts/tags", {"put": "vip, printer"}).status_code == 200
    assert sorted(script.get(f"tickets/{case}").json()["tags"]) == ["printer", "vip"]
    assert [one["number"] for one in script.get("tickets?q=tag:vip").json()] == [str(case)]
    assert script.post(f"tickets/{case}/acts/tags", {"off": ["vip"]}).status_code == 200
    assert script.get(f"tickets/{case}").json()["tags"] == ["printer"]
