"""Twilio and Exotel tell of calls in their own ways."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha1

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from deskbook.channels.phone.models import Call
from deskbook.channels.phone.sources import make_source
from deskbook.tickets.call_back_models import CallBack
from tests.rung_desk import NUMBER

NIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # Monday, 22:00 in Kerala
MORNING = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)  # Tuesday, 09:30
NOON = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


def twilio_form(**more):
    return {
        "CallSid": "CA1",
        "From": NUMBER,
        "To": "+914712579700",
        "CallStatus": "ringing",
        "Direction": "inbound",
    } | more


def signed_by(token, form, path="/hooks/calls/spark/twilio/?agent_ext=204"):
    url = settings.DESKBOOK_SITE_URL + path
    text = url + "".join(f"{k}{form[k]}" for k in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), sha1)).decode()


def test_twilio_signs_its_form_and_reads_twiml(desk, asha, chitra):
    token = "0123456789abcdef0123456789abcdef"
    make_source(asha, "Twilio", "twilio", token, at=timezone.now())
    asha.extension = "204"
    asha.save()
    path, form = "/hooks/calls/spark/twilio/?agent_ext=204", twilio_form()
    answer = Client().post(path, form, headers={"X-Twilio-Signature": signed_by(token, form)})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml")
    assert (Call.objects.get().agent, Call.objects.get().provider) == (asha, "twilio")
    changed = twilio_form(From="+919999999999")
    assert (
        Client()
        .post(path, changed, headers={"X-Twilio-Signature": signed_by(token, form)})
        .status_code
        == 401
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", "ringing"),
        ("in-progress", "answered"),
        ("completed", "ended"),
        ("no-answer", "missed"),
    ],
)
def test_twilios_words_for_the_state_of_a_call(desk, asha, chitra, status, state):
    token = "0123456789abcdef0123456789abcdef"
    make_source(asha, "Twilio", "twilio", token, at=timezone.now())
    form = twilio_form(CallStatus=status)
    path = "/hooks/calls/spark/twilio/"
    with time_machine.travel(NOON, tick=False):
        Client().post(path, form, headers={"X-Twilio-Signature": signed_by(token, form, path)})
    assert Call.objects.get().state == state


def test_exotel_proves_itself_by_the_secret_in_its_address(desk, asha, chitra):
    _row, token = make_source(asha, "Exotel", "exotel", at=timezone.now())
    fields = {
        "CallSid": "e1",
        "CallFrom": "09447012345",
        "CallTo": "04712579700",
        "CallStatus": "no-answer",
        "StartTime": "2026-03-02 22:00:00",
        "Direction": "incoming",
    }
    assert Client().post("/hooks/calls/spark/exotel/wrong/", fields).status_code == 401
    with time_machine.travel(NIGHT + timedelta(minutes=1), tick=False):
        assert Client().get(f"/hooks/calls/spark/exotel/{token}/", fields).status_code == 200
        popup = json.dumps(
            {
                "event": "incoming_call",
                "call_sid": "e2",
                "from": NUMBER,
                "to": "x",
                "user_id": "204",
            }
        )
        answer = Client().post(
            f"/hooks/calls/spark/exotel/{token}/", popup, content_type="application/json"
        )
    assert answer.status_code == 200
    assert Call.objects.get(call_id="e1").started_at == NIGHT
    assert (Call.objects.get(call_id="e1").state, Call.objects.get(call_id="e2").state) == (
        "missed",
        "ringing",
    )
    assert CallBack.objects.get().from_at == MORNING


def test_exotel_without_a_state_is_refused_and_a_time_out_of_all_time_is_left_out(desk, asha):
    _row, token = make_source(asha, "Exotel", "exotel", at=timezone.now())
    odd = {"CallSid": "e0", "CallStatus": "completed", "StartTime": "0001-01-01 00:00:00"}
    assert Client().post(f"/hooks/calls/spark/exotel/{token}/", odd).status_code == 200
    answer = Client().post(f"/hooks/calls/spark/exotel/{token}/", {"CallSid": "e1"})
    assert (answer.status_code, b"CallStatus" in answer.content) == (422, True)
