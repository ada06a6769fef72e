"""Telephone systems tell of calls: signed, once, in any order; what is not proven changes
nothing.
"""

import base64
import hmac
import itertools
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha1

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook

from deskbook.book.shelf import book_text
from deskbook.channels.phone.models import Call, CallEvent, CallSource
from deskbook.channels.phone.sources import end_source, make_source
from deskbook.channels.phone.taking_in import take_in_event
from deskbook.channels.phone.told import Told
from deskbook.people.books import apply_book
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import ContactIdentity
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_desk
from tests.rung_desk import NUMBER

NIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # Monday, 22:00 in Kerala
MORNING = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)  # Tuesday, 09:30
EVENING = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)  # 17:30
NOON = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


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
    end_source(CallSource.objects.get(desk=asha.desk), at=timezone.now())
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


def told(type_, **more):
    return Told(
        "pbx", "c1", type_, NOON + timedelta(seconds=TIMES[type_]), caller="9447012345", **more
    )


TIMES = {"ringing": 0, "answered": 5, "ended": 65, "recording": 70}


@pytest.mark.parametrize("order", list(itertools.permutations(TIMES)))
def test_in_whatever_order_events_come_the_call_ends_the_same(desk, chitra, order):
    for type_ in order:
        more = {"recording_url": "https://pbx.example/1.wav"} if type_ == "recording" else {}
        take_in_event(desk, told(type_, **more), at=NOON + timedelta(minutes=5))
    call = Call.objects.get()
    assert (call.state, call.answered_at, call.ended_at) == (
        "ended",
        NOON + timedelta(seconds=5),
        NOON + timedelta(seconds=65),
    )
    assert call.recording_url == "https://pbx.example/1.wav"
    assert call.started_at == NOON
    assert not Ticket.objects.exists()


def test_the_agent_whose_extension_rings_has_the_call(desk, asha):
    asha.extension = "204"
    asha.save()
    take_in_event(desk, told("ringing", extension="204"), at=NOON)
    assert Call.objects.get().agent == asha


def test_an_agent_is_known_by_their_number_too(desk, asha):
    asha.phone = "+919447099999"
    asha.save()
    take_in_event(desk, told("ringing", extension="09447099999"), at=NOON)
    assert Call.objects.get().agent == asha


def test_a_number_two_people_have_names_neither_of_them(desk, chitra):
    find_or_make_contact(desk, "whatsapp", NUMBER, name="Devi")
    take_in_event(desk, told("ringing"), at=NOON)
    assert Call.objects.get().contact is None


def missed(desk, call_id="c1", at=NIGHT, caller="9447012345"):
    return take_in_event(desk, Told("pbx", call_id, "missed", at, caller=caller), at=at)[0]


def test_a_call_missed_at_night_is_a_case_to_call_back_from_the_next_opening(desk, chitra):
    call = missed(desk)
    row = CallBack.objects.get()
    assert (row.ticket, row.number, row.from_at, row.due_at) == (
        call.ticket,
        NUMBER,
        MORNING,
        EVENING,
    )
    assert row.ticket.requester == chitra
    assert row.ticket.subject == "Missed call from +91 94470 12345"
    assert list(row.ticket.log.values_list("kind", flat=True))[-1] == "Promised"
    assert call.settled_at


def test_who_rings_again_before_it_opens_is_added_to_the_same_case(desk, chitra):
    first = missed(desk)
    second = missed(desk, "c2", at=NIGHT + timedelta(hours=2))
    assert first.ticket == second.ticket
    assert (Ticket.objects.count(), CallBack.objects.count()) == (1, 1)
    assert first.ticket.log.filter(kind="CustomerWrote").count() == 1


def test_somebody_else_and_another_night_are_cases_of_their_own(desk, chitra):
    missed(desk)
    missed(desk, "c2", caller="9447054321")
    missed(desk, "c3", at=NIGHT + timedelta(days=1))
    assert Ticket.objects.count() == 3


def test_a_missed_call_told_twice_is_one(desk, chitra):
    missed(desk)
    missed(desk)
    assert (Ticket.objects.count(), CallBack.objects.count()) == (1, 1)


def test_who_nobody_knows_is_known_by_the_number_from_then_on(desk):
    missed(desk)
    assert ContactIdentity.objects.get(channel="phone").identifier == NUMBER
    assert Ticket.objects.get().requester.user is None


@pytest.mark.parametrize("caller", ["", "anonymous", "12"])
def test_a_withheld_number_or_one_that_does_not_parse_waits_in_the_list(desk, caller):
    call = missed(desk, caller=caller)
    assert (call.state, call.settled_at, call.ticket) == ("missed", None, None)


def test_a_call_missed_while_the_phone_is_open_waits_in_the_list(desk, chitra):
    call = missed(desk, at=NOON)
    assert (call.state, call.settled_at, call.ticket) == ("missed", None, None)


def test_ended_without_an_answer_is_missed(desk, chitra):
    take_in_event(desk, told("ringing"), at=NOON)
    take_in_event(desk, told("ended", reached=False), at=NOON)
    assert Call.objects.get().state == "missed"


def test_a_call_of_ours_that_nobody_took_is_not_a_missed_one(desk, chitra):
    take_in_event(desk, Told("pbx", "c1", "missed", NIGHT, "outbound", caller=NUMBER), at=NIGHT)
    assert Call.objects.get().state == "ended"
    assert not Ticket.objects.exists()


def test_a_clock_ahead_of_ours_is_taken_as_now(secret, chitra):
    now = timezone.now()
    post(secret, event(started_at=(now + timedelta(days=3)).isoformat()))
    assert Call.objects.get().started_at <= timezone.now()


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


def test_only_hooks_with_their_verb_are_there(desk):
    assert Client().get("/hooks/calls/spark/").status_code == 405
    assert Client().put("/hooks/calls/spark/exotel/x/").status_code == 405


def test_the_secret_is_kept_sealed(asha, secret):
    row = CallSource.objects.get()
    assert secret not in row.secret
    assert secret.removeprefix("whsec_") not in row.secret


def test_a_recording_that_comes_after_the_call_was_logged_is_on_its_ticket(desk, asha, case):
    take_in_event(desk, told("answered"), at=NOON)
    Call.objects.update(ticket=case, settled_at=NOON)
    take_in_event(desk, told("recording", recording_url="https://pbx.example/1.wav"), at=NOON)
    console = Client()
    console.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    assert 'href="https://pbx.example/1.wav"' in (
        console.get(f"/console/tickets/{case}").content.decode()
    )


def test_a_recording_is_on_the_ticket_whatever_the_book_calls_its_telephone(desk, asha, chitra):
    two_lines = book_text("spark").replace(
        "  phone: { hours: working days }",
        "  phone: { hours: working days }\n  hotline: { by: phone, hours: working days }",
    )
    apply_book("spark", two_lines, at=NOON, by=None)
    desk.refresh_from_db()
    written = NewCase("HRA", Written("The HRA of our office is wrong."), "hotline")
    case = open_ticket(chitra, written, at=timezone.now(), by=chitra).ticket
    take_in_event(desk, told("recording", recording_url="https://pbx.example/1.wav"), at=NOON)
    Call.objects.update(ticket=case, settled_at=NOON)
    console = Client()
    console.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    page = console.get(f"/console/tickets/{case}").content.decode()
    assert 'href="https://pbx.example/1.wav"' in page
