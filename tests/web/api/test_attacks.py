"""What somebody tries who has a token, or had one, or would like to."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.people.models import Agent
from deskbook.people.second_factors import remove_factors
from deskbook.people.token_models import ApiToken
from deskbook.people.tokens import Told, make_token
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.web.api import entering
from tests.people_factory import make_agent, make_contact, make_desk
from tests.web.api.conftest import API, Program, program_of


@pytest.fixture
def owner(desk):
    return make_agent(desk, "Olga", "owner")


def made_for(agent, by):
    told = Told("robot", ["read", "reports", "book"], timedelta(days=1))
    return Program(make_token(agent, told, at=timezone.now(), by=by)[1])


@pytest.mark.parametrize("how", ["switched off", "gone", "no owner any more"])
def test_an_owner_who_is_none_any_more_keeps_no_way_in_by_a_token_made_for_somebody_else(
    owner, bala, how
):
    robot, own = made_for(bala, owner), made_for(bala, bala)
    assert robot.get("me").status_code == 200
    if how == "switched off":
        owner.is_active = False
    elif how == "gone":
        owner.until = timezone.now() - timedelta(days=1)
    else:
        owner.role = "agent"
    owner.save()
    assert robot.get("me").status_code == 401
    assert own.get("me").status_code == 200


def test_whoever_loses_a_second_factor_to_the_operator_loses_their_tokens_too(asha, bala):
    script, others = program_of(asha), program_of(bala)
    remove_factors(asha.user, at=timezone.now())
    assert script.get("me").status_code == 401
    assert others.get("me").status_code == 200


def test_what_a_role_no_longer_may_its_older_token_may_not_either(owner, bala):
    lead, script = program_of(bala), program_of(owner)
    assert lead.get("reports/flow").status_code == 200
    assert script.post("book/check", {"text": ""}).status_code == 200
    for agent in (bala, owner):
        agent.role = "agent"
        agent.save()
    assert lead.get("reports/flow").status_code == 403
    assert script.post("book/check", {"text": ""}).status_code == 403


def test_many_tokens_of_one_agent_ask_no_more_often_than_one(asha, bala, monkeypatch):
    monkeypatch.setattr(entering, "MOST", 3)
    asked = [program_of(asha).get("me").status_code for _ in range(4)]
    assert asked == [200, 200, 200, 429]
    assert program_of(bala).get("me").status_code == 200


def test_a_key_of_one_agent_gives_another_nothing_of_what_it_answered(script, bala_script, case):
    body = {"act": "note", "text": "of Asha"}
    first = script.post(f"tickets/{case}/messages", body, idempotency_key="k")
    other = bala_script.post(f"tickets/{case}/messages", body, idempotency_key="k")
    assert "Idempotency-Replayed" not in other
    assert first.json()["version"] != other.json()["version"]
    assert Message.objects.filter(kind="note").count() == 2


def test_what_one_has_seen_is_not_unchanged_for_who_may_not_see_it(script, case):
    seen = script.get(f"tickets/{case}")["ETag"]
    stranger = program_of(make_agent(make_desk("mukta"), "Stranger"))
    for tag in (seen, "*", 'W/"x"'):
        answer = stranger.get(f"tickets/{case}", if_none_match=tag)
        assert answer.status_code == 404, tag
        done = stranger.post(f"tickets/{case}/acts/taking", {}, if_match=tag)
        assert done.status_code == 404, tag


def test_no_page_of_others_reads_an_answer_and_none_is_kept_on_the_way(script, case):
    for answer in (
        script.get("tickets", origin="https://evil.example"),
        script.get("tickets/SPR-99999", origin="https://evil.example"),
        script.client.options(
            f"{API}tickets",
            headers={"origin": "https://evil.example", "access-control-request-method": "GET"},
        ),
    ):
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
        assert not answer.cookies
        if answer.status_code != 405:
            assert "private" in answer["Cache-Control"]
            assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_token_counts_in_its_header_and_nowhere_else(script, case):
    client = Client(headers={"cookie": f"token={script.secret}; sessionid={script.secret}"})
    for address in (f"me?token={script.secret}", f"me?access_token={script.secret}"):
        assert client.get(API + address).status_code == 401
    for said in (f"Basic {script.secret}", script.secret, f"Bearer {script.secret}, x", "Bearer"):
        assert client.get(f"{API}me", headers={"authorization": said}).status_code == 401, said
    page = client.get("/console/", headers={"authorization": f"Bearer {script.secret}"})
    assert page.status_code in (302, 404), "nor does it open the console"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head", "options", "trace"])
def test_no_other_method_does_anything(script, case, method):
    headers = {"authorization": f"Bearer {script.secret}", "x-http-method-override": "POST"}
    answer = getattr(script.client, method)(f"{API}tickets/{case}/acts/taking", headers=headers)
    assert answer.status_code in (405, 501), answer.status_code
    case.refresh_from_db()
    assert case.owner is None


@pytest.mark.parametrize(
    "text",
    [
        '{"text": "\\u0000"}',
        '{"text": "\\ud800"}',
        '{"\\ud800": "x"}',
        '{"reason": "\\u0000", "severity": "s1"}',
        '{"reason": "\\udfff", "severity": "s1"}',
        '{"severity": ' + "1" * 4_000 + "}",
        '{"severity": ' + "1" * 5_000 + "}",
        '{"severity": 1e308}',
        '{"severity": ["s1", "s1"], "severity": {"a": 1}}',
        "[" * 100_000,
        '{"a":' * 100_000,
        "{" + ",".join(f'"{n}": 1' for n in range(100)) + "}",
        '{"severity": "' + "s" * 1_000_000 + '"}',
    ],
    ids=range(13),
)
def test_whatever_is_sent_is_answered_and_changes_nothing(script, case, text):
    before = case.seq
    headers = {"authorization": f"Bearer {script.secret}", "idempotency-key": "k\u00ff"}
    for key in ("severity", "promises", "tags", "stage", "links", "assignment"):
        answer = script.client.post(
            f"{API}tickets/{case}/acts/{key}", text, "application/json", headers=headers
        )
        assert answer.status_code in (400, 404, 409, 413, 422), (key, answer.content[:300])
        assert answer["Content-Type"] == "application/problem+json"
        assert len(answer.content) < 30_000, "what was sent is not sent back"
    case.refresh_from_db()
    assert case.seq == before


@pytest.mark.parametrize(
    "words",
    [
        "'; drop table deskbook_ticket; --",
        "stage:new' or 1=1 --",
        "tag:%(desk)s",
        "tag:{}",
        'tag:"\\"',
        "owner:' or true --",
        "from:%s%s%s%n",
        "place:%(sight_me)s",
        "before:0001-01-01",
        "after:9999-12-31",
        "is:open) or (true",
        "SPR-1' or '1'='1",
        "%_\\",
        "\ud7ff\uffff\u202e",
        "a:* & !b | (c",
    ],
)
def test_what_is_searched_for_is_never_a_part_of_the_question(script, case, words):
    other = make_desk("mukta")
    noor = make_contact(other, "Noor")
    open_ticket(noor, NewCase("Secret", Written("x"), "portal"), at=timezone.now(), by=noor)
    for name in ("q", "queue"):
        answer = script.client.get(
            f"{API}tickets", {name: words}, headers={"authorization": f"Bearer {script.secret}"}
        )
        assert answer.status_code in (200, 400, 422), answer.content
        assert "Secret" not in answer.content.decode()
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    "after",
    [
        "9999-12-31T23:59:59%2B00:00_9223372036854775807",
        "2026-01-01T00:00:00%2B00:00_99999999999999999999",
        "2026-01-01T00:00:00%2B00:00_-1",
        "2026-01-01T00:00:00%2B00:00_1%20or%201=1",
        "0001-01-01T00:00:00%2B23:59_1",
        "nan_1",
        "%00_%00",
        "_" * 80,
    ],
)
def test_a_cursor_somebody_made_up_shows_nothing_of_others(script, case, after):
    for address in ("tickets", "tickets?queue=open", f"tickets/{case}/messages"):
        mark = "&" if "?" in address else "?"
        answer = script.get(f"{address}{mark}after={after}")
        assert answer.status_code in (200, 400, 422), (address, answer.content)


def test_a_number_of_a_page_begins_a_ticket_of_no_other_desk(script):
    for address in ("people/-1", "people/0", "people/1e3", "organisations/0", "articles/-1"):
        assert script.get(address).status_code == 404
    assert script.get("people?q=%25%25").json() == []
    assert script.get("organisations?q=%25%25").json() == []


def test_what_went_wrong_says_nothing_of_the_program(script, case):
    for address in ("tickets?limit=x", "rosters/on-duty?at=%00", "reports/flow?by=%27", "nothing"):
        answer = script.get(address)
        assert answer.status_code in (400, 404, 403, 422)
        said = json.dumps(answer.json())
        for one in ("Traceback", "deskbook.", "pydantic"):
            assert one not in said, address


def test_a_token_of_one_desk_opens_nothing_of_another_where_its_agent_works_too(asha, desk):
    mukta = make_desk("mukta")
    Agent.objects.create(user=asha.user, desk=mukta, role="owner")
    noor = make_contact(mukta, "Noor")
    theirs = open_ticket(
        noor, NewCase("Secret", Written("x"), "portal"), at=timezone.now(), by=noor
    ).ticket
    script = program_of(asha)
    for address in (f"tickets/{theirs}", f"tickets/{theirs}/acts", f"people/{noor.pk}"):
        assert script.get(address).status_code == 404, address
    assert script.get("tickets").json() == []
    assert script.get("people?q=noor").json() == []
    assert script.post("book/check", {"text": ""}).status_code == 403
    assert ApiToken.objects.get().desk == desk
