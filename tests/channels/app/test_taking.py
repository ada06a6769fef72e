"""Other systems open cases, add to them and ask: proven, once, and told plainly what is wrong."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from deskbook.channels.app.models import AppRequest
from deskbook.delivery.endpoints import OLD_IS_VALID, end_connected, make_new_secret
from deskbook.people.contacts import contact_by, stated_address
from deskbook.people.models import Contact
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment, Message, Ticket
from tests.channels.app.conftest import LEELA
from tests.channels.app.other_system import signed
from tests.people_factory import make_contact

pytestmark = pytest.mark.django_db
CASE = {"person": LEELA, "subject": "No access", "text": "I cannot sign in."}


def error(answer):
    return answer.json()["error"]


def test_a_case_is_opened_for_who_signed_in_there_and_its_number_is_answered(desk, opened):
    said = opened(reference="LP-7", fields={"type": "issue"})
    ticket = Ticket.objects.get()
    assert said["case"] == str(ticket)
    assert (said["reference"], said["open"]) == ("LP-7", True)
    assert said["stage"]["key"] == ticket.stage
    assert said["link"].endswith(f"/desk/sparkrock/cases/{ticket}")
    assert (ticket.subject, ticket.channel) == ("No access", "login page")
    assert ticket.state["facets"]["type"] == "issue"
    assert ticket.requester == contact_by(desk, "app", "spark-login-page:512345")


def test_files_come_along(opened):
    opened(
        files=[
            {
                "name": "screen.png",
                "type": "image/png",
                "base64": base64.b64encode(b"\x89PNG").decode(),
            }
        ]
    )
    file = Attachment.objects.get()
    assert (file.name, file.content_type, bytes(file.blob.data)) == (
        "screen.png",
        "image/png",
        b"\x89PNG",
    )


def test_whom_the_desk_knows_by_mail_is_that_person_and_an_unknown_address_proves_nothing(
    desk, post
):
    chitra = make_contact(desk)
    known = {"id": "9", "mail": "chitra@sparkrock-customer.example"}
    post("case.open", {**CASE, "person": known})
    post("case.open", CASE)
    first, second = Ticket.objects.order_by("pk")
    assert first.requester == chitra == contact_by(desk, "app", "spark-login-page:9")
    assert stated_address(second.requester) == "leela@school.example"
    assert contact_by(desk, "email", "leela@school.example") is None


def test_words_are_added_to_a_case_by_its_number_or_the_systems_own(opened, post):
    number = opened(reference="LP-7")["case"]
    assert post("case.add", {"case": number, "text": "Since Monday."}).status_code == 200
    assert post("case.add", {"reference": "LP-7", "text": "Also at home."}).status_code == 200
    texts = Message.objects.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["I cannot sign in.", "Since Monday.", "Also at home."]
    assert Ticket.objects.count() == 1


def test_who_has_no_part_in_a_case_is_shown_to_the_desk_as_an_outsider(opened, post):
    number = opened()["case"]
    other = {"id": "777", "name": "Meera"}
    post("case.add", {"case": number, "text": "Me too.", "person": other})
    assert Message.objects.get(text="Me too.").outsider


def test_a_system_that_asks_hears_the_state_and_what_the_person_was_answered(asha, opened, post):
    number = opened()["case"]
    ticket = Ticket.objects.get()
    answer_ticket(ticket, Written("Try the new address."), at=timezone.now(), by=asha)
    said = post("case.ask", {"case": number}).json()
    assert [one["text"] for one in said["answers"]] == ["Try the new address."]
    assert said["stage"]["key"] == Ticket.objects.get().stage


def test_what_is_sent_again_is_done_once_and_answered_the_same(post):
    body = json.dumps({"type": "case.open", "data": CASE})
    answers = [post("", {}, body=body, webhook_id="req_again") for _again in range(3)]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert Ticket.objects.count() == AppRequest.objects.count() == 1


def test_another_body_under_the_same_id_is_refused(post):
    post("case.open", CASE, webhook_id="req_1")
    answer = post("case.open", {**CASE, "subject": "Another"}, webhook_id="req_1")
    assert answer.status_code == 409
    assert error(answer)["where"] == "webhook-id"
    assert Ticket.objects.count() == 1


def test_a_reference_that_is_a_case_already_opens_no_second_one(opened, post):
    number = opened(reference="LP-7")["case"]
    answer = post("case.open", {**CASE, "reference": "LP-7"})
    assert answer.status_code == 409
    assert number in error(answer)["what"]


@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_was_signed_at_another_time_is_not_believed(post, minutes):
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    answer = post("case.open", CASE, at=at)
    assert answer.status_code == 401
    assert "5 minutes" in error(answer)["what"]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "a", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"},
        {"webhook-id": "a", "webhook-timestamp": "soon", "webhook-signature": "none"},
    ],
)
def test_what_nobody_signed_is_not_believed(post, headers):
    answer = post("case.open", CASE, headers=headers)
    assert answer.status_code == 401
    assert set(error(answer)) == {"what", "where", "do"}
    assert not Contact.objects.exists()


def test_what_another_secret_signed_and_what_was_changed_on_its_way_is_not_believed(post, secret):
    assert post("case.open", CASE, key="whsec_" + "A" * 43 + "=").status_code == 401
    body = json.dumps({"type": "case.open", "data": CASE})
    changed = body.replace("No access", "No excess")
    assert post("", {}, body=changed, headers=signed(secret, body)).status_code == 401


def test_after_a_new_secret_the_one_before_is_valid_for_three_days(
    login_page, post, secret, time_machine
):
    new = make_new_secret(login_page, at=timezone.now())
    assert post("case.open", CASE, key=secret).status_code == 200
    assert post("case.open", CASE, key=new).status_code == 200
    time_machine.move_to(datetime.now(UTC) + OLD_IS_VALID + timedelta(minutes=1), tick=False)
    assert post("case.open", CASE, key=secret).status_code == 401
    assert post("case.open", CASE, key=new).status_code == 200


def test_an_ended_system_is_not_believed(login_page, post):
    end_connected(login_page, at=timezone.now())
    assert post("case.open", CASE).status_code == 401


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("", ""),
        ("{", ""),
        ("[]", ""),
        ("[" * 100_000, ""),
        ('{"type": "case.open"}', "data"),
        ('{"type": "case.burn", "data": {}}', "type"),
        ('{"type": "case.ask", "data": {}}', "data"),
        ('{"type": "case.ask", "data": {"case": "\\u0000"}}', "data.case"),
        (
            '{"type": "case.open", "data": {"person": {}, "subject": "a", "text": "b"}}',
            "data.person",
        ),
        ('{"type": "case.open", "data": {"person": {"id": "1"}, "text": "b"}}', "data.subject"),
        (
            '{"type": "case.open", "data": {"person": {"id": "1"}, "subject": "a", "text": "b",'
            ' "files": [{"name": "x", "base64": "%%%"}]}}',
            "data.files.0.base64",
        ),
        (
            '{"type": "case.open", "data": {"person": {"id": "1"}, "subject": "a", "text": "b",'
            ' "files": [{"name": "x", "type": "imagé/png", "base64": ""}]}}',
            "data.files.0.type",
        ),
        (
            '{"type": "case.open", "data": {"person": {"id": "1"}, "subject": "a", "text": "b",'
            ' "colour": "red"}}',
            "data.colour",
        ),
        ('{"type": "case.ask", "data": {"case": "\\ud800"}}', ""),
    ],
)
def test_what_cannot_be_understood_says_what_where_and_what_to_do(post, body, where):
    answer = post("", {}, body=body)
    assert answer.status_code in (400, 422)
    said = error(answer)
    assert said["where"] == where
    assert said["what"].endswith(".")
    assert "docs/operating/app.md" in said["do"]
    assert not Ticket.objects.exists()


def test_what_the_book_refuses_is_told_in_its_words(post):
    answer = post("case.open", {**CASE, "fields": {"type": "earthquake"}})
    assert answer.status_code == 422
    assert "earthquake" in error(answer)["what"]
    assert not Ticket.objects.exists()
    assert not Contact.objects.exists()


def test_a_case_of_nobody_and_one_that_another_way_opened_are_not_told_of(desk, post):
    from deskbook.tickets.opening import NewCase, open_ticket

    chitra = make_contact(desk)
    other = open_ticket(
        chitra, NewCase("Mine", Written("Mine"), "email"), at=timezone.now(), by=chitra
    ).ticket
    for number in (str(other), "SR-99999", "nothing", "XX-1", "SR-" + "9" * 40):
        answer = post("case.ask", {"case": number})
        assert answer.status_code == 404
        assert error(answer)["where"] == "data.case"


def test_too_large_and_too_many_are_refused(post, monkeypatch):
    large = post("case.open", {**CASE, "text": "x" * 5_000_001})
    assert large.status_code == 413
    monkeypatch.setattr("deskbook.channels.app.web.hook.MOST", 2)
    statuses = [post("case.open", CASE).status_code for _request in range(3)]
    assert statuses == [200, 200, 429]


def test_the_door_is_opened_by_post_only(client):
    answer = client.get("/hooks/app/sparkrock/spark-login-page/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
