"""A complaint that DIGIT's apps send becomes a case, once, and is answered as DIGIT answers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from deskbook.channels.digit.doors import Told, make_door, make_new_token
from deskbook.channels.digit.models import DigitComplaint, DigitDoor
from deskbook.delivery.endpoints import end_connected
from deskbook.people.contacts import contact_by
from deskbook.tickets.models import Message, Ticket
from tests.channels.digit.field_app import payload

pytestmark = pytest.mark.django_db
CREATE = "/hooks/digit/salama/field-app/pgr-services/v2/request/_create"


def errors(answer):
    assert answer["ResponseInfo"] is None
    return [(error["code"], error["message"]) for error in answer["Errors"]]


def test_a_field_workers_complaint_is_a_case_of_who_complains(salama, ask):
    answer = ask("_create", payload())
    [wrapped] = answer["ServiceWrappers"]
    ticket = Ticket.objects.get()
    assert answer["responseInfo"]["msgId"] == "1772438400000|pt_MZ"
    assert answer["responseInfo"]["status"] == "successful"
    assert wrapped["service"]["serviceRequestId"] == str(ticket)
    assert wrapped["service"]["applicationStatus"] == "PENDING_ASSIGNMENT"
    assert ticket.requester == contact_by(salama, "phone", "+258843334445")
    assert (ticket.requester.name, ticket.requester.language) == ("Célia Machava", "pt")
    assert (ticket.channel, ticket.category) == ("complaints module", "technical query")
    assert ticket.state["facets"]["type"] == "incident"


def test_the_case_says_what_the_app_was_told_beside_the_words(send):
    send()
    said = Message.objects.get().text
    assert said.startswith("A sincronização pára a meio.")
    for told in ("VFTw0jbRf1y", "Cavina 1", "Tomás Bila, 845556667", "geo:-16.1564,33.5867"):
        assert told in said
    assert "2026-03-02 10:00" in said  # when it was written down, on the clocks of Maputo


def test_what_comes_back_is_what_came_with_its_number_and_its_state(send):
    service, came = send(), payload()["service"]
    changed = ("auditDetails", "applicationStatus")
    assert {key: service[key] for key in came if key not in changed} == {
        key: came[key] for key in came if key not in changed
    }
    assert service["accountId"] == "5ad5c3f4-0b4e-4a57-9f2b-1c9f0d7a11aa"
    assert service["auditDetails"]["createdTime"] > 1772438400000  # when it came to the desk


def test_sent_again_by_a_phone_that_heard_no_answer_it_is_one(send):
    first, again = send(), send(description="Now it was worded again")
    assert first["serviceRequestId"] == again["serviceRequestId"]
    assert first["id"] == again["id"]
    assert Ticket.objects.count() == DigitComplaint.objects.count() == 1


def test_a_municipal_complaint_without_a_reference_is_one_by_its_whole_request(door, send):
    DigitDoor.objects.update(flavour="municipal", tenant="od")
    assert send("municipal")["id"] == send("municipal")["id"]
    assert send("municipal", description="Another one.")["id"] != send("municipal")["id"]
    assert Ticket.objects.count() == 2


def test_files_stay_in_digits_store_and_the_case_names_them(door, send):
    DigitDoor.objects.update(flavour="municipal", tenant="od")
    assert send("municipal")["applicationStatus"] == "PENDINGFORASSIGNMENT"
    assert "c1d5-photo" in Message.objects.get().text


def test_a_code_that_stands_for_nothing_is_taken_unsorted_and_an_owner_reads_of_it(door, send):
    send(number=1, serviceCode="DeviceLost")
    send(number=2, serviceCode="DeviceLost")
    assert Ticket.objects.count() == 2
    assert set(Ticket.objects.values_list("category", flat=True)) == {""}
    door.refresh_from_db()
    assert door.unsorted == ["DeviceLost"]


def test_a_value_the_book_has_no_more_keeps_no_complaint_out(door, send):
    door.services = {"SyncNotWorking": {"category": "of before", "severity": "critical"}}
    door.save()
    send()
    ticket = Ticket.objects.get()
    assert (ticket.category, ticket.severity) == ("", "critical")


def test_a_place_says_which_team_helps(door, send):
    door.places = {"VFTw0jbRf1y": {"team": "egov india"}}
    door.save()
    send()
    assert Ticket.objects.get().team == "egov india"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"tenantId": "pb.amritsar"}, "INVALID_TENANT_ID"),
        ({"user": {"name": "Célia"}}, "INVALID_REQUEST"),
        ({"user": None}, "INVALID_REQUEST"),
        ({"serviceCode": None}, "INVALID_REQUEST"),
        ({"address": None}, "INVALID_REQUEST"),
        ({"description": "a\x00b"}, "INVALID_REQUEST"),
    ],
)
def test_what_is_wrong_is_said_as_digit_says_it_and_nothing_is_kept(ask, wrong, code):
    [(said, message)] = errors(ask("_create", payload(**wrong), status=400))
    assert said == code
    assert message
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"service": "\\ud800"}', b"[" * 100_000, b'{"n": NaN}', b'{"n": 1e999}'],
)
def test_what_is_no_json_object_is_refused(ask, body):
    assert errors(ask("_create", body, status=400))[0][0] == "INVALID_REQUEST"


def test_additional_detail_may_be_any_json(send):
    for number, detail in enumerate([None, "no JSON", "[1]", {"n": {"m": 1}, "k": "v"}, 7, "{"]):
        send(number=number, additionalDetail=detail)
    assert Message.objects.filter(text__contains="k: v").count() == 1
    assert Message.objects.filter(text__contains="no JSON").count() == 1


@pytest.mark.parametrize("detail", ['{"k":"\\ud800"}', '{"k":"\\u0000"}', '{"k":NaN}'])
def test_detail_that_cannot_be_kept_is_words_and_the_complaint_is_kept(send, detail):
    assert send(additionalDetail=detail)["additionalDetail"] == detail
    assert detail in Message.objects.get().text


def test_what_is_too_long_is_cut_and_the_case_says_so(send):
    store = [{"fileStoreId": f"{number:0250}"} for number in range(300)]
    send(number=1, description="The app stops.", documents=store)
    [said] = Message.objects.values_list("text", flat=True)
    assert said.startswith("The app stops.\n\nReclamação: ")
    assert said.endswith("\nFalta aqui algo: era demasiado longo. O DIGIT tem-no por inteiro.")
    assert len(said) < 10_100
    send(number=2, description="x" * 50_000)
    said = Message.objects.latest("pk").text
    assert len(said) == 50_000
    assert "x\nFalta aqui algo" in said
    assert "Cavina 1" in said


def test_a_token_opens_one_door_and_no_other(client, omar, ask):
    told = Told("Another app", "complaints module", "campaign", "mz")
    _other, of_another = make_door(omar, told, at=timezone.now())
    for token in ("", "dbk_digit_wrong", of_another):
        [(code, _message)] = errors(ask("_create", payload(), token=token, status=401))
        assert code == "InvalidAccessTokenException"
    assert not Ticket.objects.exists()
    answer = client.post(
        CREATE.replace("field-app", "another-app"),
        payload(),
        content_type="application/json",
        headers={"Authorization": f"Bearer {of_another}"},
    )
    assert answer.status_code == 200
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("length", ["500001", "6000000", "99999999999999"])
def test_what_says_that_it_is_too_large_is_not_read(client, door, length):
    answer = client.post(CREATE, "{}", content_type="application/json", CONTENT_LENGTH=length)
    assert answer.status_code == 413
    assert errors(answer.json())[0][0] == "INVALID_REQUEST"


def test_what_is_wrong_with_it_is_told_to_nobody_who_has_no_token(ask):
    for token in ("", "dbk_digit_wrong"):
        for body in (b"{", b"[" * 100_000, b"{}"):
            answer = ask("_create", body, token=token, status=401)
            assert errors(answer)[0][0] == "InvalidAccessTokenException"


def test_the_app_itself_says_the_token_in_its_request_info(made, ask):
    said = payload()
    said["RequestInfo"]["authToken"] = made[1]
    ask("_create", said, token="")
    assert Ticket.objects.count() == 1


def test_the_token_before_is_valid_for_three_days(door, made, ask):
    new = make_new_token(door, at=timezone.now())
    ask("_create", payload(), token=made[1])
    ask("_create", payload(), token=new)
    DigitDoor.objects.update(old_until=timezone.now() - timedelta(seconds=1))
    ask("_create", payload(), token=made[1], status=401)


def test_an_ended_door_takes_nothing(door, ask):
    end_connected(door, at=timezone.now())
    ask("_create", payload(), status=401)


def test_more_than_a_minutes_fill_is_told_to_come_again(ask, monkeypatch):
    monkeypatch.setattr("deskbook.channels.digit.web.hook.MOST", 1)
    ask("_create", payload())
    assert errors(ask("_create", payload(), status=429))[0][0] == "TOO_MANY_REQUESTS"


def test_it_is_asked_by_post_and_for_what_there_is(client, ask):
    answer = client.get("/hooks/digit/salama/field-app/pgr-services/v2/request/_search")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert errors(ask("_plainsearch", payload(), status=404))[0][0] == "NOT_FOUND"


def test_when_it_was_heard_last_is_known(door, send):
    send()
    door.refresh_from_db()
    assert datetime.now(UTC) - door.heard_at < timedelta(minutes=1)
