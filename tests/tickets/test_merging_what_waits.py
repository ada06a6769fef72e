"""What waits on a case that is merged away waits on the kept one, or keeps it from being merged."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.engine.clocks import readings
from deskbook.jobs import letters
from deskbook.people.books import desk_at
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.conversation import answer_ticket, ask_requester
from deskbook.tickets.log import wake
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.promises import withdraw_promise
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from deskbook.tickets.work import confirm_delivery, deliver, offer_estimate
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.tickets.merged_cases import case_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_what_waits_for_the_desk_waits_on_a_closed_case_it_is_merged_into(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    close_ticket(kept, at=MONDAY + HOUR, by=kept.requester)
    merge_ticket(other, kept, at=MONDAY + 2 * HOUR, by=asha)
    kept.refresh_from_db()
    assert kept.is_open and kept.waits_for == "desk"
    assert kept.log.get(kind="Reopened").data["cause"] == "merge"
    assert not list(broken_links([kept]))


def test_what_waits_for_the_desk_waits_on_a_case_whose_requester_was_asked(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    ask_requester(kept, Written("Which report?"), ["name"], at=MONDAY, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    kept.refresh_from_db()
    assert kept.waits_for == "desk"
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/console/tickets/{kept}").content.decode()
    assert "because a ticket that waits was merged into it" in page


def test_a_case_that_waits_for_nothing_opens_none_and_the_letter_says_that_it_is_closed(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    for ticket in (kept, other):
        close_ticket(ticket, at=MONDAY + HOUR, by=ticket.requester)
        ticket.refresh_from_db()
    merge_ticket(other, kept, at=MONDAY + 2 * HOUR, by=asha)
    kept.refresh_from_db()
    assert not kept.is_open
    letters.tell_of_merge(other.log.get(kind="Merged").pk)
    assert "which is closed" in parse(bytes(OutboundMail.objects.get().raw)).text


def test_what_waits_is_not_merged_into_what_never_comes_back():
    book = (Path(__file__).parents[2] / "books" / "small.yaml").read_text()
    desk = make_desk("payroll", book + "reopening: { within: 1d }\n")
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    close_ticket(kept, at=MONDAY + HOUR, by=kept.requester)
    late = case_of(other.requester, at=MONDAY + timedelta(days=40))
    with pytest.raises(Refused, match="come back no more") as refused:
        merge_ticket(late, kept, at=MONDAY + timedelta(days=41), by=make_agent(desk))
    assert refused.value.rule == "merge"


def response_of(ticket):
    desk = desk_at(ticket.desk_id, ticket.book_version)
    return next(one for one in readings(desk, state_of(ticket)) if one.clock == "response")


def test_a_wrong_merge_stops_no_response_clock_and_an_answer_meanwhile_counts_when_it_was_given(
    desk, asha
):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    due_at = response_of(other).due_at
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    kept.refresh_from_db()
    answer_ticket(kept, Written("Try again."), at=MONDAY + 2 * HOUR, by=asha)
    unmerge_ticket(other, at=due_at + timedelta(days=30), by=asha)
    wake(other.pk, at=due_at + timedelta(days=30, hours=1))
    other.refresh_from_db()
    assert response_of(other).due_at == due_at
    assert state_of(other).first_answer_at == MONDAY + 2 * HOUR
    assert not other.log.filter(kind="LimitBreached", data__clock__startswith="response").exists()
    assert not list(broken_links([other]))


def test_nothing_that_is_promised_is_lost_by_a_merge(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    ring = Ring("+351912345678", MONDAY + 4 * HOUR)
    promised = promise_call_back(other, ring, at=MONDAY, by=asha)
    with pytest.raises(Refused, match="Something is promised here by"):
        merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    withdraw_promise(other, promised.entries[0].data["promise"], at=MONDAY + HOUR, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)


def test_an_estimate_that_waits_for_a_signature_is_not_merged_away(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    offer_estimate(other, HOUR, "10 EUR", "A report", at=MONDAY, by=asha)
    with pytest.raises(Refused, match="An estimate is waiting"):
        merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)


def test_a_delivery_that_waits_to_be_confirmed_is_not_merged_away(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    deliver(other, "26.3.1", words="Please try", at=MONDAY, by=asha)
    with pytest.raises(Refused, match=r"whether version 26\.3\.1 works"):
        merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    confirm_delivery(other, at=MONDAY + HOUR, by=other.requester)
    merge_ticket(other, kept, at=MONDAY + 2 * HOUR, by=asha)
    assert Ticket.objects.get(pk=other.pk).outcome == "merged"


def test_taken_back_the_silence_of_a_case_is_counted_from_then_on(asked, asha):
    other, _kept = asked
    back_at = MONDAY + timedelta(days=40)
    unmerge_ticket(other, at=back_at, by=asha)
    wake(other.pk, at=back_at + HOUR)
    case = Ticket.objects.get(pk=other.pk)
    assert case.is_open and case.waits_for == "requester"
    assert case.wake_at is not None and case.wake_at > back_at + timedelta(days=1)
