"""What is done to a complaint in DIGIT is done to its case, by who may and as the book allows."""

import pytest
from django.utils import timezone

from deskbook.channels.digit.models import DigitDoor
from deskbook.tickets.conversation import ask_requester
from deskbook.tickets.improvement_models import Rating
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.relations import merge_ticket

pytestmark = pytest.mark.django_db
CELIA = {"mobileNumber": "843334445", "userName": "843334445", "type": "CITIZEN"}
PLAIN = {"serviceCode": "Other"}


def the_case():
    return Ticket.objects.get()


def texts(kind):
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("text", flat=True))


def test_assign_gives_it_to_who_that_is_here(asha, act, send):
    service = act(send(), "ASSIGN", assignes=["asha.n"], comments="Yours")
    assert the_case().owner == asha
    assert service["applicationStatus"] == "PENDING_ASSIGNMENT"
    assert texts(Message.Kind.NOTE) == ["Yours"]


def test_in_a_municipality_an_assigned_one_is_with_somebody(act, send):
    DigitDoor.objects.update(flavour="municipal")
    assert act(send(), "ASSIGN", assignes=["asha.n"])["applicationStatus"] == "PENDINGATLME"
    back = act(send(), "REASSIGN")
    assert back["applicationStatus"] == "PENDINGFORASSIGNMENT"
    assert the_case().owner is None


def test_resolve_answers_who_complained_and_is_resolved(act, send):
    service = act(send(**PLAIN), "RESOLVE", comments="Sync again now.")
    assert service["applicationStatus"] == "RESOLVED"
    assert texts(Message.Kind.ANSWER) == ["Sync again now."]
    assert the_case().stage == "resolved"


def test_what_the_book_refuses_is_refused_in_its_words(act, send):
    answer = act(send(), "RESOLVE", comments="Done.", status=400)
    [error] = answer["Errors"]
    assert error["code"] == "INVALID_ACTION"
    assert "Try again with the reporter" in error["message"]
    assert the_case().stage == "new"
    assert texts(Message.Kind.ANSWER) == []


def test_reject_closes_it_unsolved(act, send):
    service = act(send(**PLAIN), "REJECT", comments="Not of this campaign.")
    assert service["applicationStatus"] == "REJECTED"
    assert the_case().outcome == "closed"


def test_a_stage_may_stand_for_a_state_of_its_own(asha, door, act, send, search):
    door.statuses = {"waiting for the reporter": "CANCELLED"}
    door.save()
    service = send(**PLAIN)
    ask_requester(the_case(), Written("Which?"), ["Version"], at=timezone.now(), by=asha)
    assert act(service, "COMMENT", comments="Look")["applicationStatus"] == "CANCELLED"
    assert [one["id"] for one in search("tenantId=mz&applicationStatus=CANCELLED")]


def test_an_agents_comment_is_a_note_and_the_persons_a_message(act, send):
    service = send()
    act(service, "COMMENT", comments="For us")
    act(service, "COMMENT", CELIA, comments="Still the same")
    assert texts(Message.Kind.NOTE) == ["For us"]
    assert texts(Message.Kind.REQUEST)[1:] == ["Still the same"]


def test_who_complained_has_it_reopened(act, send):
    service = send(**PLAIN)
    act(service, "RESOLVE", comments="Done.")
    reopened = act(service, "REOPEN", CELIA, comments="It is not")
    assert reopened["applicationStatus"] == "PENDING_ASSIGNMENT"
    assert reopened["serviceRequestId"] == service["serviceRequestId"]


@pytest.mark.parametrize(("stars", "value"), [(1, "bad"), (3, "so-so"), (5, "good")])
def test_rating_it_says_that_it_is_over(act, send, search, stars, value):
    DigitDoor.objects.update(flavour="municipal")
    service = send(**PLAIN)
    act(service, "RESOLVE", comments="Done.")
    rated = act(service, "RATE", CELIA, rating=stars, comments="Thanks")
    assert rated["applicationStatus"] == "CLOSEDAFTERRESOLUTION"
    assert Rating.objects.get().value == value
    assert search("tenantId=mz")[0]["rating"] == stars


def test_one_that_was_rated_and_is_solved_again_waits_to_be_rated_again(act, send, search):
    DigitDoor.objects.update(flavour="municipal")
    service = send(**PLAIN)
    act(service, "RESOLVE", comments="Done.")
    act(service, "RATE", CELIA, rating=1, comments="It is not")
    assert act(service, "REOPEN", CELIA)["applicationStatus"] == "PENDINGATLME"
    assert act(service, "RESOLVE", comments="Now.")["applicationStatus"] == "RESOLVED"
    assert search("tenantId=mz&applicationStatus=CLOSEDAFTERRESOLUTION") == []
    rated = act(service, "RATE", CELIA, rating=5)
    assert rated["applicationStatus"] == "CLOSEDAFTERRESOLUTION"
    assert Rating.objects.count() == 2


def test_nothing_is_rated_before_it_is_over(act, send):
    answer = act(send(), "RATE", CELIA, rating=5, status=400)
    assert answer["Errors"][0]["code"] == "INVALID_ACTION"


@pytest.mark.parametrize(
    ("user", "action"),
    [
        ({"userName": "nobody", "mobileNumber": "840000000"}, "COMMENT"),
        ({"type": "EMPLOYEE"}, "RESOLVE"),
        (CELIA, "RESOLVE"),
        (CELIA, "ASSIGN"),
        (None, "RATE"),
        (None, "APPLY"),
    ],
)
def test_who_may_not_is_told_so(act, send, user, action):
    answer = act(send(), action, user, rating=5, comments="x", status=400)
    assert answer["Errors"][0]["code"] == "INVALID ROLE"


def test_who_left_the_desk_acts_no_more(asha, act, send):
    asha.is_active = False
    asha.save()
    answer = act(send(), "COMMENT", comments="x", status=400)
    assert answer["Errors"][0]["code"] == "INVALID ROLE"


def test_sent_again_it_is_done_once(act, send):
    service = send(**PLAIN)
    for _again in range(2):
        act(service, "COMMENT", comments="For us")
        act(service, "ASSIGN", assignes=["asha.n"], comments="Yours")
    assert texts(Message.Kind.NOTE) == ["For us", "Yours"]


def test_what_nobody_knows_is_not_updated(act, send):
    unknown = {**send(), "id": "x", "serviceRequestId": "SAL-99", "clientReferenceId": ""}
    answer = act(unknown, "COMMENT", comments="x", status=400)
    assert answer["Errors"][0]["code"] == "INVALID_UPDATE"


def test_a_merged_one_stands_as_the_case_it_goes_on_as(asha, act, send, search):
    first, second = send(number=1, **PLAIN), send(number=2, **PLAIN)
    one, two = Ticket.objects.order_by("pk")
    merge_ticket(one, two, at=timezone.now(), by=asha)
    assert act(second, "RESOLVE", comments="Done.")["applicationStatus"] == "RESOLVED"
    numbers = {first["serviceRequestId"], second["serviceRequestId"]}
    found = search("tenantId=mz&applicationStatus=RESOLVED")
    assert {service["serviceRequestId"] for service in found} == numbers


def test_what_is_closed_for_good_is_followed_by_a_case_and_keeps_its_number(followed, act):
    first, later = Ticket.objects.order_by("pk")
    assert (first.is_open, later.is_open) == (False, True)
    assert followed["serviceRequestId"] == str(first)
    assert followed["applicationStatus"] == "PENDING_ASSIGNMENT"
    assert act(followed, "COMMENT", comments="Look")["serviceRequestId"] == str(first)
    assert Message.objects.get(text="Look").ticket == later


def test_a_complaint_was_made_when_it_came_whatever_followed_it(followed, act, search):
    first, later = Ticket.objects.order_by("pk")
    made_ms = int(first.opened_at.timestamp() * 1000)
    assert followed["auditDetails"]["createdTime"] == made_ms
    assert followed["auditDetails"]["lastModifiedTime"] >= later.opened_at.timestamp() * 1000 - 1
    act(followed, "ASSIGN", assignes=["asha.n"])
    for found in (
        f"toDate={made_ms + 1}",
        "applicationStatus=PENDING_ASSIGNMENT",
        "assignee=asha.n",
    ):
        assert [one["id"] for one in search(f"tenantId=mz&{found}")] == [followed["id"]]
    for not_found in (f"fromDate={made_ms + 1}", "applicationStatus=REJECTED"):
        assert search(f"tenantId=mz&{not_found}") == []


def test_one_that_was_followed_stands_as_what_that_one_was_merged_into(
    asha, followed, act, send, search
):
    send(number=2, **PLAIN)
    _first, later, other = Ticket.objects.order_by("pk")
    merge_ticket(later, other, at=timezone.now(), by=asha)
    assert act(followed, "RESOLVE", comments="Now.")["applicationStatus"] == "RESOLVED"
    assert len(search("tenantId=mz&applicationStatus=RESOLVED")) == 2
