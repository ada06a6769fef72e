"""Telephone systems tell of calls: signed, once; what is not proven changes nothing."""

import base64
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook

from deskbook.channels.phone.models import Call, CallEvent, CallSource
from deskbook.channels.phone.sources import make_source
from deskbook.delivery.endpoints import end_connected
from tests.people_factory import make_agent, make_desk
from tests.rung_desk import NUMBER


@pytest.fixture
def secret(asha):
    return make_source(asha, "Office PBX", "standard", at=timezone.now())[1]


def event(type_="ringing", call_id="c1", **data):
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"{call_id}-{type_}",
            "source": "/pbx",
            "type": f"desk.call.{type_}",
            "data": {
                "provider": "pbx",
                "call_id": call_id,
                "direction": "inbound",
                "from": "9447012345",
                "to": "04712579700",
                **data,
            },
        }
    )


def post(secret, body, *, at=None, key="spark", webhook_id="msg_1"):
    at = at or timezone.now()
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, at, body),
    }
    return send(body, headers, key)


def send(body, headers, key="spark"):
    return Client().post(
        f"/hooks/calls/{key}/", body, content_type="application/cloudevents+json", headers=headers
    )


def test_a_signed_event_is_taken_and_known_the_second_time(secret, chitra):
    body = event()
    assert (post(secret, body).status_code, post(secret, body).content) == (
        200,
        b"Known already.\n",
    )
    call = Call.objects.get()
    assert (call.number, call.contact, call.state) == (NUMBER, chitra, "ringing")
    assert CallEvent.objects.count() == 1
    assert CallSource.objects.get().heard_at


def test_a_wrong_signature_is_refused_in_a_sentence_and_nothing_is_kept(secret, desk):
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    answer = post(other, event())
    assert answer.status_code == 401
    assert "signature is not that of a telephone system of this desk" in answer.content.decode()
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "a"},
        {"webhook-id": "a", "webhook-timestamp": "now", "webhook-signature": "v1,x"},
        {"webhook-id": "a", "webhook-timestamp": "nan", "webhook-signature": "v1,x"},
        {"webhook-id": "a", "webhook-timestamp": "1772441400", "webhook-signature": "x"},
    ],
)
def test_headers_that_are_missing_or_broken_are_refused(secret, headers):
    assert send(event(), headers).status_code == 401


def test_a_signature_with_no_comma_or_no_base64_is_refused(secret):
    for wrong in ("v1", "v1,***", ",", "v1,a v2"):
        stamp = str(int(timezone.now().timestamp()))
        answer = send(
            event(), {"webhook-id": "a", "webhook-timestamp": stamp, "webhook-signature": wrong}
        )
        assert answer.status_code == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_replay_out_of_its_five_minutes_is_refused(secret, minutes):
    answer = post(secret, event(), at=timezone.now() + timedelta(minutes=minutes))
    assert answer.status_code == 401
    assert "5 minutes" in answer.content.decode()
    assert not Call.objects.exists()


def test_an_ended_source_and_another_desks_source_prove_nothing(secret, asha):
    elsewhere = make_agent(make_desk("mukta"), "Dev")
    _row, theirs = make_source(elsewhere, "PBX", "standard", at=timezone.now())
    assert post(theirs, event()).status_code == 401
    end_connected(CallSource.objects.get(desk=asha.desk), at=timezone.now())
    assert post(secret, event()).status_code == 401
    assert post(secret, event(), key="no-such-desk").status_code == 401


def test_one_of_two_secrets_is_enough(secret, asha):
    _row, second = make_source(asha, "New PBX", "standard", at=timezone.now())
    assert post(second, event()).status_code == 200
    assert post(secret, event(call_id="c2")).status_code == 200


def test_an_unknown_type_is_left_out_without_being_an_error(secret):
    answer = post(secret, event("transferred"))
    assert answer.status_code == 202
    assert "desk.call.transferred" in answer.content.decode()
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{",
        "[" * 50_000,
        '{"specversion":"0.3"}',
        event(call_id=""),
        event(provider="p" * 61),
        event(started_at="yesterday"),
        event(started_at="2026-03-02T10:00:00"),
        event(recording_url="javascript:1"),
        event(agent_ext={"a": 1}),
        event(call_id="a\x00b"),
        event(started_at="9999-12-31T23:59:59-12:00"),
    ],
)
def test_what_is_no_event_is_refused_in_a_sentence(secret, body):
    answer = post(secret, body)
    assert answer.status_code == 422
    assert answer.content.decode().rstrip().endswith("Nothing was kept.")
    assert not Call.objects.exists()


def test_a_huge_body_is_refused_before_it_is_looked_at(secret):
    assert post(secret, event(queue="x" * 70_000)).status_code == 413


def test_bytes_that_are_no_text_are_refused(secret):
    assert (
        Client()
        .post("/hooks/calls/spark/", b"\xff\xfe", content_type="application/json")
        .status_code
        == 401
    )


def test_a_clock_ahead_of_ours_is_taken_as_now(secret, chitra):
    now = timezone.now()
    post(secret, event(started_at=(now + timedelta(days=3)).isoformat()))
    assert Call.objects.get().started_at <= timezone.now()


def test_only_hooks_with_their_verb_are_there(desk):
    assert Client().get("/hooks/calls/spark/").status_code == 405
    assert Client().put("/hooks/calls/spark/exotel/x/").status_code == 405


def test_the_secret_is_kept_sealed(asha, secret):
    row = CallSource.objects.get()
    assert secret not in row.secret
    assert secret.removeprefix("whsec_") not in row.secret
