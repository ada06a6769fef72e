"""Calling back is a promise with a number."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.jobs import letters
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import Contact, ContactIdentity
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.call_backs import (
    Ring,
    call_backs_of,
    called_back,
    no_more_call,
    promise_call_back,
    try_again,
)
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.promises import keep_promise
from deskbook.tickets.stages import close_ticket, move_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from tests.people_factory import make_agent, make_desk

NUMBER = "+919447012345"


@pytest.fixture
def asha(db):
    return make_agent(make_desk("spark"), "Asha", teams=("pmu",))


@pytest.fixture
def case(asha):
    chitra = find_or_make_contact(asha.desk, "phone", NUMBER, name="Chitra")
    return open_ticket(
        chitra, NewCase("Login", Written("OTP does not come."), "phone"), at=timezone.now(), by=asha
    ).ticket


def in_an_hour():
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def row(case, asha):
    promise_call_back(case, Ring(NUMBER, in_an_hour()), at=timezone.now(), by=asha)
    return CallBack.objects.get()


def test_a_call_back_is_a_promise_by_phone_on_the_clock_of_the_case(case, row):
    case.refresh_from_db()
    [promise] = state_of(case).promises
    assert promise.id == row.promise
    assert case.next_due_clock == f"promise:{row.promise}"
    entry = case.log.get(kind="Promised")
    assert entry.data["channel"] == "phone"
    assert NUMBER not in str(entry.data)


def test_the_one_due_first_comes_first(case, row, asha):
    promise_call_back(
        case,
        Ring("+914712579700", timezone.now() + timedelta(minutes=5)),
        at=timezone.now(),
        by=asha,
    )
    assert [r.number for r in call_backs_of(asha)] == ["+914712579700", NUMBER]


def test_done_it_leaves_the_list_and_the_promise_is_kept(case, row, asha):
    called_back(row, at=timezone.now(), by=asha)
    assert not call_backs_of(asha)
    case.refresh_from_db()
    assert state_of(case).promises[0].kept_at
    row.refresh_from_db()
    assert row.outcome == "done"


def test_kept_beside_the_ticket_it_leaves_the_list_too(case, row, asha):
    keep_promise(case, row.promise, at=timezone.now(), by=asha)
    assert not call_backs_of(asha)


def test_when_nobody_answers_another_try_is_promised_with_the_reason_kept(case, row, asha):
    later = timezone.now() + timedelta(hours=3)
    try_again(row, later, reason="Engaged.", at=timezone.now(), by=asha, key="k")
    try_again(row, later, reason="Engaged.", at=timezone.now(), by=asha, key="k")
    [again] = call_backs_of(asha)
    assert (again.tries, again.due_at, again.number) == (1, later, NUMBER)
    row.refresh_from_db()
    assert row.outcome == "no answer"
    assert list(case.log.order_by("seq").values_list("kind", flat=True))[-2:] == [
        "PromiseWithdrawn",
        "Promised",
    ]
    assert case.messages.filter(kind="reason", text="Engaged.").exists()


def test_two_who_settle_one_call_back_settle_it_once(row, asha):
    called_back(row, at=timezone.now(), by=asha)
    with pytest.raises(Refused, match="already"):
        try_again(row, in_an_hour(), at=timezone.now(), by=asha)
    with pytest.raises(Refused, match="already"):
        no_more_call(row, at=timezone.now(), by=asha)


def test_a_time_that_has_passed_is_refused_and_the_call_back_stays(row, asha):
    with pytest.raises(Refused, match="ahead"):
        try_again(row, timezone.now() - timedelta(hours=1), at=timezone.now(), by=asha)
    assert [r.pk for r in call_backs_of(asha)] == [row.pk]


def test_a_case_on_which_a_call_is_promised_is_not_closed_without_a_word(case, row, asha):
    for end in (close_ticket, lambda case, **how: move_ticket(case, "closed", **how)):
        with pytest.raises(Refused, match=r"Something is promised here by .* keep it first"):
            end(case, at=timezone.now(), by=asha)
    assert [still.pk for still in call_backs_of(asha)] == [row.pk]


@pytest.mark.parametrize("who", ["asha", "requester"])
def test_a_call_that_falls_away_with_its_case_is_withdrawn_and_told(case, row, asha, who):
    ContactIdentity.objects.create(
        contact=case.requester, desk=case.desk, channel="email", identifier="chitra@jatni.example"
    )
    Contact.objects.filter(pk=case.requester_id).update(language="en")
    if who == "asha":
        close_ticket(case, withdrawing=True, at=timezone.now(), by=asha)
    else:
        close_ticket(case, at=timezone.now(), by=case.requester)
    case.refresh_from_db()
    row.refresh_from_db()
    assert not case.is_open
    assert (row.outcome, row.ended_at is None) == ("withdrawn", False)
    assert case.log.get(kind="PromiseWithdrawn").data["with_the_case"] is True
    assert not any(promise.is_open for promise in state_of(case).promises)
    letters.tell_of_closing(case.log.get(kind="Closed").pk)
    told = OutboundMail.objects.filter(ticket=case, purpose="closing")
    said = [parse(bytes(mail.raw)).text for mail in told]
    # Who closes it knows that they do, and is not written to.
    assert ["We do not call you back by" in text for text in said] == [True] * (who != "requester")
    assert not list(broken_links([case]))
