"""What a requester is told in letters of their own stands on the page of the case, in its order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.call_backs import Ring, no_more_call, promise_call_back, try_again
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.procedure import receive_paper, return_paper
from deskbook.tickets.promises import make_promise, withdraw_promise
from deskbook.tickets.stages import close_ticket
from tests.people_factory import make_agent
from tests.visit_desk import refreshed
from tests.web.portal.conftest import signed_in
from tests.web.portal.test_before_their_time import copied_in, read, stranger_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NUMBER = "+14165550123"
pytestmark = pytest.mark.django_db


def promised(cast, ticket, words="The patch for batch 9", ago=timedelta()):
    now = timezone.now()
    made = make_promise(refreshed(ticket), words, now + 4 * HOUR, at=now - ago, by=cast.asha)
    return made.entries[0].data["promise"]


def ring(cast, ticket, text=""):
    call = Ring(NUMBER, timezone.now() + 4 * HOUR, text=text)
    promise_call_back(refreshed(ticket), call, at=timezone.now(), by=cast.asha)
    return CallBack.objects.latest("pk")


def page_of(cast, ticket, who=None):
    return read(signed_in(who or cast.chitra), ticket)


def test_the_words_of_a_promise_stand_between_what_was_said_before_and_after(cast):
    ticket, now = cast.case(ago=HOUR), timezone.now()
    answer_ticket(ticket, Written("We look at it."), at=now - 30 * MINUTE, by=cast.asha)
    promised(cast, ticket, ago=20 * MINUTE)
    answer_ticket(refreshed(ticket), Written("It is on its way."), at=now, by=cast.asha)
    page = page_of(cast, ticket)
    order = ["We look at it.", "We promise, by ", "The patch for batch 9", "It is on its way."]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "The patch for batch 9" in page_of(cast, ticket, cast.dev)


def test_a_promise_that_is_taken_back_says_so_with_its_words_and_not_the_desks_reason(cast):
    ticket = cast.case(ago=HOUR)
    promise = promised(cast, ticket)
    withdraw_promise(
        refreshed(ticket), promise, reason="Ours alone", at=timezone.now(), by=cast.asha
    )
    page = page_of(cast, ticket)
    assert page.index("We promise, by ") < page.index("We take back what we promised by ")
    assert page.count("The patch for batch 9") == 2
    assert "Ours alone" not in page


def test_what_falls_away_with_the_case_is_said_to(cast):
    ticket = cast.case(ago=HOUR)
    promised(cast, ticket)
    ring(cast, ticket)
    close_ticket(refreshed(ticket), at=timezone.now(), by=cast.chitra)
    page = page_of(cast, ticket)
    assert "What we promised by " in page
    assert "as we said: it falls away with the case." in page


def test_what_a_call_is_about_is_read_and_another_try_after_a_call_in_vain(cast):
    ticket = cast.case(ago=HOUR)
    call = ring(cast, ticket, "The totals of batch 9")
    page = page_of(cast, ticket)
    assert "We call you back by " in page and "The totals of batch 9" in page
    assert NUMBER not in page
    try_again(call, timezone.now() + 5 * HOUR, at=timezone.now(), by=cast.asha)
    page = page_of(cast, ticket)
    assert "We rang you and did not reach you. We try again." in page
    assert "We do not call you back" not in page
    no_more_call(CallBack.objects.latest("pk"), at=timezone.now(), by=cast.asha)
    assert "We do not call you back by " in page_of(cast, ticket)


def test_why_a_paper_came_back_is_read_on_the_page_of_the_case(gita):
    asha = make_agent(gita.desk, "Asha")
    facets = {"type": "service request", "category": "data or content"}
    case = NewCase("New villages", Written("x"), "phone", severity="normal", facets=facets)
    ticket = open_ticket(gita, case, at=timezone.now() - HOUR, by=gita).ticket
    receive_paper(ticket, "village list", at=timezone.now(), by=asha)
    return_paper(refreshed(ticket), "village list", reason="Torn.", at=timezone.now(), by=asha)
    page = read(signed_in(gita), ticket)
    assert "We looked at “Village list” and cannot use it yet:" in page and "Torn." in page


def test_promises_and_their_withdrawal_of_before_are_not_theirs_who_came_later(cast):
    stranger, ticket = stranger_of(cast.desk), cast.case(ago=5 * HOUR)
    old = promised(cast, ticket, "OLD promise", ago=4 * HOUR)
    copied_in(refreshed(ticket), cast.chitra, stranger, cast.asha)
    withdraw_promise(refreshed(ticket), old, at=timezone.now(), by=cast.asha)
    promised(cast, ticket, "NEW promise")
    page = page_of(cast, ticket, stranger)
    assert "NEW promise" in page
    assert "OLD promise" not in page and "We take back" not in page


def test_a_letter_is_on_the_page_of_the_messages_it_stands_between(cast):
    ticket, now = cast.case(ago=6 * HOUR), timezone.now()
    promised(cast, ticket, "EARLY promise", ago=5 * HOUR)
    for n in range(45):
        at = now - 4 * HOUR + n * MINUTE
        answer_ticket(refreshed(ticket), Written(f"Answer {n}."), at=at, by=cast.asha)
    promised(cast, ticket, "LATE promise")
    page = page_of(cast, ticket)
    assert "LATE promise" in page and "EARLY promise" not in page
    before = page.split("?before=")[1].split('"')[0]
    earlier = signed_in(cast.chitra).get(f"/desk/sparkrock/cases/{ticket}/?before={before}")
    assert "EARLY promise" in earlier.content.decode()
    assert "LATE promise" not in earlier.content.decode()
