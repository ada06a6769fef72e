"""A sender of whom far too much comes: held with a sentence, nothing lost, let in by one click."""

import pytest
from django.utils import timezone

from deskbook.channels.email.floods import MAX_CASES_PER_HOUR, MAX_OF_ALL_PER_HOUR, MAX_PER_HOUR
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.set_aside import let_in
from deskbook.channels.email.understanding import receive
from deskbook.people.contacts import contact_by
from deskbook.people.models import Organisation
from deskbook.people.refusals import in_words
from deskbook.tickets.conversation import take_in_message, take_in_outsider_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from tests.channels.email.test_understanding import NOW, raw, take
from tests.people_factory import make_contact

COUNT = MAX_CASES_PER_HOUR + 5


def write(count, sender="loop@machine.example"):
    return [
        take(
            raw(
                f"Alert {n}", From=sender, Subject=f"Alert {n}", Message_ID=f"<{n}@machine.example>"
            )
        )
        for n in range(count)
    ]


@pytest.mark.django_db
def test_forty_mails_of_one_sender_are_not_forty_cases_and_none_is_lost(desk):
    rows = write(COUNT)
    assert Ticket.objects.count() == MAX_CASES_PER_HOUR
    held = [row for row in rows if row.state == "held"]
    assert len(held) == 5
    assert "opened 20 cases within an hour" in in_words(held[0].reason)
    assert (
        take(
            raw("I am somebody else.", From="bala@other.example", Message_ID="<x@other.example>")
        ).state
        == "done"
    )
    assert let_in(held[0]) == 5
    assert {receive(row.pk).state for row in held} == {"done"}
    assert Ticket.objects.count() == COUNT + 1


@pytest.mark.django_db
def test_a_system_of_an_organisation_the_desk_knows_may_have_a_bad_day(desk):
    Organisation.objects.create(desk=desk, name="Machine Works", domains=["machine.example"])
    assert {row.state for row in write(COUNT)} == {"done"}


@pytest.mark.django_db
def test_only_mails_of_that_sender_are_let_in(desk):
    held = write(COUNT)[-1]
    other = InboundMail.objects.create(
        desk=desk,
        raw=held.raw,
        content_hash="x",
        received_at=timezone.now(),
        state="held",
        reason="No sender.",
    )
    assert let_in(held) == 5
    assert let_in(other) == 0
    other.refresh_from_db()
    assert other.state == "held"


def test_a_flood_of_one_sender_on_one_ticket_is_held(desk):
    take(raw())
    rows = [
        take(raw(f"Again {n}", Message_ID=f"<f{n}@x.example>", In_Reply_To="<m1@customer.example>"))
        for n in range(MAX_PER_HOUR)
    ]
    assert [row.state for row in rows] == ["done"] * (MAX_PER_HOUR - 1) + ["held"]
    assert "loop" in in_words(rows[-1].reason)


def test_a_flood_of_many_senders_on_one_ticket_is_held(desk):
    opened = take(raw()).ticket
    for n in range(MAX_OF_ALL_PER_HOUR - 1):
        friend = make_contact(desk, f"Friend {n}")
        take_in_outsider_message(opened, Written("me too"), channel="email", at=NOW, by=friend)
    row = take(
        raw(
            "And I",
            From="last@x.example",
            Message_ID="<l@x.example>",
            In_Reply_To="<m1@customer.example>",
        )
    )
    assert row.state == "held"
    assert "of all senders" in in_words(row.reason)
    other = take(raw("Else", From="last@x.example", Message_ID="<o@x.example>"))
    assert other.state == "done"


def test_a_flood_of_outsiders_holds_up_neither_the_requester_nor_who_follows(desk):
    opened = take(raw(Cc="evan@customer.example")).ticket
    replying = {"In_Reply_To": "<m1@customer.example>"}
    for n in range(MAX_OF_ALL_PER_HOUR):
        buyer = make_contact(desk, f"Buyer {n % 3}")
        take_in_outsider_message(opened, Written("buy"), channel="email", at=NOW, by=buyer)
    held = take(raw("Buy", From="another@evil.example", Message_ID="<o@evil.example>", **replying))
    evans = take(
        raw("So do I", From="evan@customer.example", Message_ID="<e@customer.example>", **replying)
    )
    own = take(raw("It still does not print", Message_ID="<m2@customer.example>", **replying))
    assert [row.state for row in (held, evans, own)] == ["held", "done", "done"]


def test_a_flood_of_those_who_follow_holds_up_who_follows_and_not_the_requester(desk):
    opened = take(raw(Cc="evan@customer.example")).ticket
    evan, replying = (
        contact_by(desk, "email", "evan@customer.example"),
        {"In_Reply_To": "<m1@customer.example>"},
    )
    for _ in range(MAX_OF_ALL_PER_HOUR):
        take_in_message(opened, Written("and again"), channel="email", at=NOW, by=evan)
    held = take(
        raw("And I", From="evan@customer.example", Message_ID="<e@customer.example>", **replying)
    )
    own = take(raw("It still does not print", Message_ID="<m2@customer.example>", **replying))
    assert (held.state, own.state) == ("held", "done")
    assert "of all senders" in in_words(held.reason)


def in_the_name_of_chitra(number, verdict, **more):
    proof = f"mx.harbour.example; dmarc={verdict} header.from=customer.example"
    return take(
        raw(
            f"{number}",
            Authentication_Results=proof,
            Message_ID=f"<{number}@customer.example>",
            **more,
        )
    )


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["new cases", "her case"])
def test_what_others_send_in_her_name_holds_up_nothing_of_her_own(desk, settings, place):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = ("mx.harbour.example",)
    ticket = in_the_name_of_chitra(0, "pass").ticket
    more = {} if place == "new cases" else {"Subject": f"Re: [{ticket}]"}
    forged = [in_the_name_of_chitra(n, "fail", **more) for n in range(1, COUNT)]
    assert [row.state for row in forged[-2:]] == ["held", "held"]
    assert in_the_name_of_chitra(COUNT, "pass", **more).state == "done"
