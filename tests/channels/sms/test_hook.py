"""What gateways report and hand over, from outside."""

import base64
import hashlib
import hmac

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.sms.incoming import LEFT_AFTER, take_in_row, take_left_texts
from deskbook.channels.sms.models import IncomingText, SmsReport, TextMessage
from deskbook.people.contacts import contact_by
from deskbook.people.refusals import in_words
from deskbook.tickets.models import Message, Ticket
from tests.channels.sms.conftest import MOBILE
from tests.channels.sms.texting_desk import connect

SITE = "https://desk.example"
outside = Client()


def signed(path, posted, key="s3cret"):
    said = SITE + path + "".join(f"{name}{posted[name]}" for name in sorted(posted))
    return base64.b64encode(hmac.new(key.encode(), said.encode(), hashlib.sha1).digest()).decode()


@pytest.fixture
def twilio(desk, settings):
    settings.DESKBOOK_SITE_URL = SITE
    return connect(desk, "twilio")


@pytest.fixture
def other(desk):
    return connect(desk, "other")


@pytest.fixture
def text(desk, case):
    return TextMessage.objects.create(
        desk=desk,
        key="k",
        number=MOBILE,
        text="MUK-1",
        purpose="acknowledgement",
        state="sent",
        ticket=case,
        provider_id="SM1",
        queued_at=timezone.now(),
        sent_at=timezone.now(),
    )


def test_twilios_signature_is_worked_out_as_its_documentation_shows(settings):
    from deskbook.channels.sms.models import SmsGateway
    from deskbook.channels.sms.signature import signed_by_twilio
    from deskbook.people.sealing import sealed

    posted = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    gateway = SmsGateway(secret=sealed("12345"))
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signed_by_twilio(gateway, address, posted, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not signed_by_twilio(
        gateway, address, {**posted, "Digits": "1235"}, "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    )


def test_a_report_signed_by_twilio_is_taken_and_one_that_is_not_is_not(twilio, text):
    path, posted = (
        f"/hooks/sms/mukta/?ref={text.pk}",
        {"MessageSid": "SM1", "MessageStatus": "delivered"},
    )
    for signature in (
        "",
        "nonsense",
        "ü",
        signed(path, posted, "guessed"),
        signed("/hooks/sms/mukta/", posted),
    ):
        assert (
            outside.post(path, posted, headers={"X-Twilio-Signature": signature}).status_code == 403
        )
    assert not SmsReport.objects.exists()
    assert (
        outside.post(path, posted, headers={"X-Twilio-Signature": signed(path, posted)}).status_code
        == 200
    )
    text.refresh_from_db()
    assert text.state == "delivered"


def test_a_body_that_twilios_signature_does_not_cover_is_not_read(twilio, text):
    path, report = "/hooks/sms/mukta/", {"MessageSid": "SM1", "MessageStatus": "failed"}
    proof = {"X-Twilio-Signature": signed(path, {})}
    assert (
        outside.post(path, report, content_type="application/json", headers=proof).status_code
        == 422
    )
    text.refresh_from_db()
    assert text.state == "sent"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/hooks/sms/mukta/token-of-mukta/", {}),
        ("/hooks/sms/mukta/?token=token-of-mukta", {}),
        ("/hooks/sms/mukta/", {"Authorization": "Bearer token-of-mukta"}),
    ],
)
def test_a_gateway_that_signs_nothing_is_known_by_its_token(other, text, path, headers):
    report = {"client_ref": str(text.pk), "status": "failed"}
    assert (
        outside.post(path, report, content_type="application/json", headers=headers).status_code
        == 200
    )
    text.refresh_from_db()
    assert text.state == "bounced"


@pytest.mark.parametrize(
    "path", ["/hooks/sms/mukta/", "/hooks/sms/mukta/guess/", "/hooks/sms/mukta/?token=guess"]
)
def test_who_does_not_know_the_token_reports_nothing(other, text, path):
    assert outside.post(path, {"id": "SM1", "status": "failed"}).status_code == 403
    assert outside.get(path).status_code == 403


def test_a_desk_without_a_gateway_has_no_hook(desk):
    assert outside.post("/hooks/sms/mukta/", {"id": "1"}).status_code == 404
    assert outside.post("/hooks/sms/nowhere/", {"id": "1"}).status_code == 404


def test_kannel_reports_in_the_address(desk, text):
    connect(desk, "kannel")
    assert (
        outside.get(f"/hooks/sms/mukta/token-of-mukta/?ref={text.pk}&status=1&code=000").status_code
        == 200
    )
    text.refresh_from_db()
    assert text.state == "delivered"


@pytest.mark.parametrize(
    "body", [b"[1, 2]", b"{", b'{"status": {"deep": {"er": 1}}}', b"\xff\x00", b"[" * 5000]
)
def test_what_is_no_report_is_said_to_be_none(other, body):
    said = outside.post("/hooks/sms/mukta/token-of-mukta/", body, content_type="application/json")
    assert said.status_code == 422


def test_more_than_a_report_can_be_is_refused(other):
    said = outside.post(
        "/hooks/sms/mukta/token-of-mukta/", b"x" * 70_000, content_type="application/json"
    )
    assert said.status_code == 413


def test_a_text_that_comes_is_an_answer_on_the_case_they_were_texted_about(other, text, case):
    coming = {"id": "m1", "from": MOBILE, "text": "Now it works, thank you"}
    for _twice in range(2):
        outside.post("/hooks/sms/mukta/token-of-mukta/", coming, content_type="application/json")
    written = Message.objects.get(ticket=case, text="Now it works, thank you")
    assert written.author_contact == case.requester
    assert Ticket.objects.count() == 1


def test_a_text_with_a_number_goes_to_that_case_if_they_take_part_in_it(other, case, asha):
    from deskbook.people.contacts import find_or_make_contact
    from deskbook.tickets.messages import Written
    from deskbook.tickets.opening import NewCase, open_ticket

    stranger = find_or_make_contact(case.desk, "phone", "+919437099999", sign_in=False)
    theirs = open_ticket(
        stranger, NewCase("Other", Written("x"), "phone"), at=timezone.now(), by=asha
    ).ticket
    coming = {
        "id": "m1",
        "from": MOBILE,
        "text": f"about {str(theirs).lower()} and muk {case.number}",
    }
    outside.post("/hooks/sms/mukta/token-of-mukta/", coming, content_type="application/json")
    assert not Message.objects.filter(ticket=theirs, author_contact=case.requester).exists()


def test_a_text_of_a_stranger_is_a_case_of_their_own(other, desk):
    coming = {"id": "m1", "from": "919437077777", "text": "Muster roll does not open"}
    outside.post("/hooks/sms/mukta/token-of-mukta/", coming, content_type="application/json")
    case = Ticket.objects.get()
    assert (case.subject, case.channel) == ("Muster roll does not open", "sms")
    assert case.requester == contact_by(desk, "phone", "+919437077777")


def test_a_text_the_book_refuses_waits_for_a_person(other, text, case, asha):
    from deskbook.people.models import Contact
    from tests.people_factory import make_desk, make_organisation

    make_desk(
        "mukta", case.desk.books.latest("number").text + "\nplans: { one: { contacts: 1 } }\n"
    )
    stranger = contact_by(case.desk, "phone", MOBILE)
    Contact.objects.filter(pk=stranger.pk).update(
        named=False, organisation=make_organisation(case.desk)
    )
    TextMessage.objects.all().delete()
    Ticket.objects.filter(pk=case.pk).update(is_open=False)
    coming = {"id": "m1", "from": MOBILE, "text": "Another thing"}
    outside.post("/hooks/sms/mukta/token-of-mukta/", coming, content_type="application/json")
    row = IncomingText.objects.get()
    assert row.state == "held"
    assert "whose named contacts open cases" in in_words(row.reason)


def test_a_text_stored_by_a_process_that_died_is_taken_in_by_the_next(other, desk):
    long_ago = timezone.now() - LEFT_AFTER * 2
    IncomingText.objects.create(
        desk=desk, provider_id="m1", number=MOBILE, text="No work since May", came_at=long_ago
    )
    given = {"id": "m2", "from": MOBILE, "text": "Told again"}
    IncomingText.objects.create(
        desk=desk, provider_id="m2", number=MOBILE, text="Told again", came_at=timezone.now()
    )
    assert (
        outside.post(
            "/hooks/sms/mukta/token-of-mukta/", given, content_type="application/json"
        ).status_code
        == 200
    )
    assert take_left_texts(at=timezone.now()) == 1
    assert take_left_texts(at=timezone.now()) == 0
    rows = IncomingText.objects.order_by("pk")
    assert [row.state for row in rows] == ["done", "done"]
    take_in_row(rows[0], at=timezone.now())
    assert Message.objects.filter(text="No work since May").count() == 1
