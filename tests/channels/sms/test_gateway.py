"""What leaves for each kind of gateway, and what its answers mean."""

import base64
import json
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from django.utils import timezone

from deskbook.channels.sms.gateway import (
    answer_of,
    report_address,
    request_for,
    unknown_placeholders,
)
from deskbook.channels.sms.models import TextMessage
from deskbook.people.sealing import sealed
from tests.channels.sms.texting_desk import connect


@pytest.fixture
def text(desk):
    return TextMessage.objects.create(
        desk=desk,
        key="k",
        number="+919437012345",
        text="ଅନୁରୋଧ & MUK-7",
        registered="1107",
        purpose="answer",
        queued_at=timezone.now(),
    )


def test_exotel_gets_the_ids_of_the_registered_text_and_the_unicode_flag(desk, text):
    gateway = connect(desk, "exotel")
    request = request_for(gateway, text)
    fields = dict(parse_qsl(request.content.decode()))
    assert str(request.url) == "https://api.exotel.com/v1/Accounts/acme/Sms/send.json"
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"key:s3cret").decode()
    assert fields == {
        "From": "MUKTAH",
        "To": "+919437012345",
        "Body": "ଅନୁରୋଧ & MUK-7",
        "EncodingType": "unicode",
        "DltEntityId": "1101",
        "DltTemplateId": "1107",
        "SmsType": "transactional",
        "StatusCallback": report_address(gateway),
        "CustomField": str(text.pk),
    }
    plain = TextMessage(pk=2, number="+919437012345", text="MUK-7")
    assert "EncodingType=plain" in request_for(gateway, plain).content.decode()


def test_kannel_gets_everything_in_the_address(desk, text):
    address = urlsplit(str(request_for(connect(desk, "kannel"), text).url))
    fields = dict(parse_qsl(address.query))
    assert address.path == "/cgi-bin/sendsms"
    assert (fields["username"], fields["password"], fields["coding"]) == ("key", "s3cret", "2")
    assert fields["dlr-url"].endswith(f"?ref={text.pk}&status=%d&code=%A")


def test_json_stays_json_whatever_the_text_says(desk, text):
    text.text = 'He said "no"\\ {secret}\nand left'
    sent = json.loads(
        request_for(connect(desk, "other", url="https://gateway.example/send"), text).content
    )
    assert sent["text"] == text.text


@pytest.mark.parametrize(
    ("preset", "status", "said", "taken", "provider_id"),
    [
        ("exotel", 200, '{"SMSMessage": {"Sid": "ab12", "Status": "queued"}}', True, "ab12"),
        ("exotel", 200, '{"SMSMessage": {"Sid": "ab12", "Status": "failed"}}', False, ""),
        ("exotel", 200, "<html>maintenance</html>", False, ""),
        ("twilio", 201, '{"sid": "SM1", "status": "queued"}', True, "SM1"),
        ("twilio", 400, '{"code": 21211, "message": "Invalid To"}', False, ""),
        ("kannel", 202, "0: Accepted for delivery", True, ""),
        ("kannel", 403, "Authorization failed for sendsms", False, ""),
        ("kannel", 202, "nothing we know", False, ""),
        ("other", 200, "[" * 9_000, True, ""),
    ],
)
def test_an_answer_is_understood(desk, preset, status, said, taken, provider_id):
    answer = answer_of(connect(desk, preset), httpx.Response(status, text=said))
    assert (answer.taken, answer.provider_id) == (taken, provider_id)
    # Us, or this number: leads are told.
    assert answer.again is answer.perhaps_ours is (status == 403)
    assert taken or str(status) in answer.reason


def test_an_id_stands_between_words(desk):
    gateway = connect(desk, "other", accepted="OK*\nSuccess", id_at="OK: {id}")
    assert answer_of(gateway, httpx.Response(200, text="OK: 77-a\n")).provider_id == "77-a"
    assert not answer_of(gateway, httpx.Response(200, text="ERR: 5")).taken


def test_a_gateway_that_gives_back_what_it_was_sent_shows_nobody_the_secret(desk):
    gateway = connect(desk, "other", secret=sealed("hunter/2"))
    answer = answer_of(
        gateway, httpx.Response(400, text="The 'To' number hunter/2 (hunter%2F2) is not valid")
    )
    assert "hunter" not in answer.reason
    assert "•••" in answer.reason


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_gateway_in_trouble_is_tried_again(desk, status):
    answer = answer_of(
        connect(desk, "other"), httpx.Response(status, headers={"Retry-After": "90"})
    )
    assert (answer.again, answer.wait_s) == (True, 90)


def test_a_name_nobody_knows_is_found():
    assert unknown_placeholders("https://{account}/{acount}", '{"a": "{to}"}') == ["acount"]
