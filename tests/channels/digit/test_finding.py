"""An app asks for complaints by DIGIT's criteria, and sees how they stand at the desk."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deskbook.channels.digit.models import DigitComplaint
from deskbook.jobs.erasing import erase
from deskbook.tickets.going_on import goes_on_as_all
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import merge_ticket

lead_back = import_module("deskbook.migrations.0106_complaints_go_on").lead_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(send):
    """Three complaints, the latest last."""
    other = {"name": "Ana", "mobileNumber": "845000001"}
    return [
        send(number=1),
        send(number=2, serviceCode="UserAccountIssue", user=other),
        send(number=3, address={"locality": {"code": "OTHER", "name": "Moatize"}}),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [3, 2, 1]),
        ("sortOrder=ASC&sortBy=createdTime", [1, 2, 3]),
        ("limit=1", [3]),
        ("limit=1&offset=1", [2]),
        ("serviceCode=UserAccountIssue", [2]),
        ("serviceCode=UserAccountIssue,SyncNotWorking", [3, 2, 1]),
        ("serviceCode=UserAccountIssue&serviceCode=Other", [2]),
        ("locality=OTHER", [3]),
        ("mobileNumber=845000001", [2]),
        ("mobileNumber=849999999", []),
        ("clientReferenceId=complaint-1", [1]),
        ("serviceRequestId=SAL-2", [2]),
        ("ids=nothing", []),
        ("applicationStatus=PENDING_ASSIGNMENT", [3, 2, 1]),
        ("applicationStatus=RESOLVED,REJECTED", []),
        ("fromDate=1772438400000", [3, 2, 1]),
        ("toDate=1772438400000", []),
        ("createdBy=5ad5c3f4-0b4e-4a57-9f2b-1c9f0d7a11aa", [3, 2, 1]),
        ("assignee=asha.n", []),
        ("assignee=nobody", []),
    ],
)
def test_by_its_criteria(three, search, ask, query, found):
    services = search(f"tenantId=mz&{query}")
    assert [service["serviceRequestId"] for service in services] == [f"SAL-{n}" for n in found]
    said = {"RequestInfo": {"userInfo": {"type": "EMPLOYEE"}}}
    if "limit" not in query:
        assert ask("_count", said, query=f"?tenantId=mz&{query}")["count"] == len(found)


def test_what_somebody_was_given_is_theirs(three, search, act):
    act(three[1], "ASSIGN", assignes=["asha.n"])
    [mine] = search("tenantId=mz&assignee=asha.n")
    assert mine["serviceRequestId"] == "SAL-2"


def test_a_citizen_sees_their_own_alone(three, search):
    ana = {"type": "CITIZEN", "mobileNumber": "845000001"}
    assert [one["serviceRequestId"] for one in search("tenantId=mz", ana)] == ["SAL-2"]
    assert search("tenantId=mz&serviceRequestId=SAL-1", ana) == []
    assert search("tenantId=mz", {"type": "CITIZEN", "mobileNumber": "849999999"}) == []


def test_nothing_is_told_without_a_tenant_or_to_another(three, search, ask):
    answer = ask("_search", {}, status=400)
    assert answer["Errors"][0]["code"] == "INVALID_SEARCH"
    assert search("tenantId=pb") == []
    assert search("tenantId=mz.tete") == []


@pytest.mark.parametrize(
    "query", ["limit=x", "offset=-1", "fromDate=99999999999999999", "toDate=²"]
)
def test_what_is_no_number_is_said(three, ask, query):
    answer = ask("_search", {}, query=f"?tenantId=mz&{query}", status=400)
    assert answer["Errors"][0]["code"] == "INVALID_SEARCH"


@pytest.mark.parametrize(
    "name", ["locality", "createdBy", "clientReferenceId", "serviceRequestId", "serviceCode"]
)
def test_signs_that_no_text_has_are_refused_in_the_form_of_digit(three, ask, name):
    for what in ("_search", "_count"):
        answer = ask(what, {}, query=f"?tenantId=mz&{name}=%00", status=400)
        assert answer["Errors"][0]["code"] == "INVALID_REQUEST"


def test_however_many_were_merged_it_is_asked_as_often(asha, send, ask):
    for number in range(9):
        send(number=number)
    kept, *others = Ticket.objects.order_by("pk")
    query = "?tenantId=mz&applicationStatus=PENDING_ASSIGNMENT"

    def asked(what):
        with CaptureQueriesContext(connection) as statements:
            ask(what, {}, query=query)
        return len(statements)

    merge_ticket(others[0], kept, at=timezone.now(), by=asha)
    of_one = asked("_count"), asked("_search")
    for ticket in others[1:7]:
        merge_ticket(ticket, kept, at=timezone.now(), by=asha)
    assert (asked("_count"), asked("_search")) == of_one
    assert ask("_count", {}, query=query)["count"] == 9


def test_one_merged_into_one_that_was_merged_goes_on_as_the_last(asha, send):
    for number in range(3):
        send(number=number)
    rows = Ticket.objects.select_related("desk").order_by("pk")
    merge_ticket(rows[1], rows[2], at=timezone.now(), by=asha)
    first, second, third = rows
    first.state["merged_into"] = str(second)
    assert goes_on_as_all([first, second, third]) == dict.fromkeys(
        (first.pk, second.pk, third.pk), third
    )


def told_of_nobody(service):
    return service["description"] == "" and "user" not in service


def test_what_is_kept_no_longer_is_told_without_who_it_was(followed, search):
    assert erase() == 1
    [service] = search("tenantId=mz")
    assert told_of_nobody(service)
    assert service["auditDetails"]["createdBy"] == "deskbook"
    assert service["serviceRequestId"] == followed["serviceRequestId"]
    assert service["applicationStatus"] == "PENDING_ASSIGNMENT"  # of the case that followed


def test_one_that_was_moved_before_is_led_back_to_the_case_it_came_with(followed, search):
    complaint = DigitComplaint.objects.get()
    first, later = complaint.ticket, complaint.goes_on
    DigitComplaint.objects.update(ticket=later.pk, goes_on=None)
    lead_back(apps, connection.schema_editor())
    complaint.refresh_from_db()
    assert (complaint.ticket, complaint.goes_on) == (first, later)
    assert not told_of_nobody(search("tenantId=mz")[0])


def test_one_that_was_moved_is_emptied_where_its_first_case_is_erased_already(followed, search):
    later = DigitComplaint.objects.get().goes_on
    DigitComplaint.objects.update(ticket=later.pk, goes_on=None)
    assert erase() == 1
    assert not told_of_nobody(search("tenantId=mz")[0])
    lead_back(apps, connection.schema_editor())
    assert told_of_nobody(search("tenantId=mz")[0])
