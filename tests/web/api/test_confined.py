"""Tickets a book confines to some: for a program of anybody else there are none."""

import json

import pytest
from django.utils import timezone

from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk
from tests.web.api.conftest import program_of
from tests.web.outsiders.test_confined import CONFINED, HALVED


@pytest.fixture(params=[CONFINED, HALVED], ids=["seen by", "agents see"])
def desk(db, request):
    return make_desk("home", request.param.format(key="home", site="hall", prefix="HOM"))


@pytest.fixture
def confined(desk):
    """A case that only the ombudsman, or its team, sees."""
    chitra = make_contact(desk, "Chitra")
    words = Written("The Numbat bit me.", files=(File("numbat.txt", "text/plain", b"Numbat"),))
    case = NewCase("Numbat", words, "portal", facets={"category": "login"})
    return open_ticket(chitra, case, at=timezone.now(), by=chitra).ticket


@pytest.fixture
def outsider(desk):
    return program_of(make_agent(desk, "Dev", teams=("treasury",)))


@pytest.fixture
def insider(desk):
    ombudsman = make_agent(desk, "Ombudsman", teams=("office",))
    ombudsman.user.email = "ombudsman@desk.example"
    ombudsman.user.save()
    return program_of(ombudsman)


def test_who_may_not_see_it_finds_nothing_wherever_they_ask(confined, outsider):
    file = Attachment.objects.get()
    absent = outsider.get("tickets/HOM-9999").content
    for part in ("", "/acts", "/messages"):
        answer = outsider.get(f"tickets/{confined}{part}")
        assert (answer.status_code, answer.content) == (404, absent), part
    assert outsider.get(f"files/{file.pk}").content == absent
    for asked in (
        "",
        "?q=numbat",
        "?queue=open",
        "?q=is:open",
        "?q=stage:received",
        "?queue=unassigned",
    ):
        assert outsider.get(f"tickets{asked}").json() == [], asked


def test_who_may_not_see_it_does_nothing_to_it(confined, outsider):
    absent = outsider.post("tickets/HOM-9999/acts/taking", {}).content
    for act, body in (
        ("taking", {}),
        ("stage", {"stage": "replied"}),
        ("links", {"other": "HOM-1"}),
    ):
        answer = outsider.post(f"tickets/{confined}/acts/{act}", body)
        assert (answer.status_code, answer.content) == (404, absent), act
    note = outsider.post(f"tickets/{confined}/messages", {"act": "note", "text": "x"})
    assert (note.status_code, note.content) == (404, absent)
    confined.refresh_from_db()
    assert confined.owner is None


def test_it_is_not_told_as_the_other_of_an_act_either(confined, outsider, desk):
    dev = make_contact(desk, "Farid")
    case = NewCase("Printer", Written("It burns."), "portal")
    own = open_ticket(dev, case, at=timezone.now(), by=dev).ticket
    type(own).objects.filter(pk=own.pk).update(team="treasury")
    for act in ("links", "merge"):
        answer = outsider.post(f"tickets/{own}/acts/{act}", {"other": str(confined)})
        assert answer.status_code in (404, 409, 422)
        assert "umbat" not in json.dumps(answer.json())


def test_who_may_see_it_reads_all_of_it(confined, insider):
    assert insider.get(f"tickets/{confined}").json()["subject"] == "Numbat"
    assert [one["number"] for one in insider.get("tickets?q=numbat").json()] == [str(confined)]
    assert insider.get(f"files/{Attachment.objects.get().pk}").content == b"Numbat"


@pytest.mark.parametrize("act", ["links", "merge", "unlinking", "blocking"])
def test_no_answer_tells_it_from_a_ticket_that_is_not_there(confined, outsider, desk, act):
    farid = make_contact(desk, "Farid")
    case = NewCase("Printer", Written("It burns."), "portal")
    own = open_ticket(farid, case, at=timezone.now(), by=farid).ticket
    type(own).objects.filter(pk=own.pk).update(team="treasury", category="")
    address = f"tickets/{own}/acts/{act}"
    for body in ({"other": "{}"}, {"into": "{}"}, {"to": "{}"}, {"tickets": "{}"}):
        told = [
            outsider.post(address, {name: text.format(number) for name, text in body.items()})
            for number in (str(confined), "HOM-9999")
        ]
        first, second = (one.content.decode().replace("HOM-9999", str(confined)) for one in told)
        assert (told[0].status_code, first) == (told[1].status_code, second)


def test_no_number_counts_it_for_who_may_not_see_it(confined, outsider, insider):
    [person] = outsider.get("people?q=chitra").json()
    assert person["open_tickets"] == 0
    assert insider.get("people?q=chitra").json()[0]["open_tickets"] == 1
    for key in ("flow", "agents"):
        answer = outsider.get(f"reports/{key}")
        assert answer.status_code == 403 or not [
            row for row in answer.json()["rows"] if any(row["values"].values())
        ], key
