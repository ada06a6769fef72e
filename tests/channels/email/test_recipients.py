"""Somebody with two addresses is answered at the one they wrote from, and the desk sees which one
that is.
"""

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.chat.identity import newcomer
from deskbook.channels.email.deliver import deliver, fail
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.jobs.letters import carry_answer, write
from deskbook.people.contacts import add_way, find_or_make_contact, give_sign_ins, take_ways_away
from deskbook.people.merging import merge_contacts
from deskbook.people.models import ContactIdentity
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.channels.whatsapp.conftest import do_jobs
from tests.people_factory import MONDAY, make_agent

WORK, HOME = "chitra@customer.example", "chitra.home@mail.example"


@pytest.fixture
def chitra(desk):
    contact = find_or_make_contact(desk, "email", WORK, name="Chitra")
    add_way(contact, "email", HOME)
    return contact


def written_from(address, *, subject="PIN", reply_to=None, number=1):
    to = reply_to or "it@harbour.example"
    raw = (
        f"From: Chitra <{address}>\nTo: {to}\nSubject: {subject}\nMessage-ID:"
        f" <{number}@x.example>\n\nMy PIN {number}?"
    )
    return receive(ingest(raw.encode())).ticket


def answered(ticket, agent):
    entry = answer_ticket(
        ticket, Written("Your PIN is 4711."), at=ticket.last_activity_at, by=agent
    ).entries[0]
    carry_answer(entry.pk)
    return OutboundMail.objects.get(entry=entry, purpose="answer")


def shown_to(agent, ticket):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/console/tickets/{ticket}").content.decode()
    return page.split('class="for-answer">')[1].split("</span>")[0]


def test_an_answer_goes_to_the_address_the_case_was_written_from_and_the_composer_says_so(
    desk, chitra
):
    ticket, asha = written_from(HOME), make_agent(desk)
    assert shown_to(asha, ticket) == f"to Chitra &lt;{HOME}&gt;"
    assert answered(ticket, asha).recipient == HOME


def test_who_goes_on_from_another_address_is_answered_there(desk, chitra):
    ticket, asha = written_from(HOME), make_agent(desk)
    written_from(WORK, subject=f"Re: PIN [{ticket}]", number=2)
    assert shown_to(asha, ticket) == f"to Chitra &lt;{WORK}&gt;"
    assert answered(ticket, asha).recipient == WORK


def test_each_of_two_cases_of_one_person_is_answered_where_it_came_from(desk, chitra):
    private, official, asha = written_from(HOME), written_from(WORK, number=2), make_agent(desk)
    assert [answered(one, asha).recipient for one in (private, official)] == [HOME, WORK]


def test_who_wrote_nothing_on_a_case_is_answered_at_the_address_they_used_last(desk, chitra):
    asha = make_agent(desk)
    written_from(WORK)
    written_from(HOME, number=2)
    case = NewCase("PIN", Written("By telephone."), "phone")
    ticket = open_ticket(chitra, case, at=timezone.now(), by=asha).ticket
    assert shown_to(asha, ticket) == f"to Chitra &lt;{HOME}&gt;"
    assert answered(ticket, asha).recipient == HOME


def test_two_cards_made_one_are_answered_at_the_address_of_either_that_was_used_last(desk):
    asha = make_agent(desk)
    old, new = (find_or_make_contact(desk, "email", one, name="Chitra") for one in (WORK, HOME))
    written_from(HOME)
    written_from(WORK, number=2)
    written_from(HOME, number=3)
    merge_contacts(new, old, at=timezone.now(), by=asha)
    case = NewCase("PIN", Written("By telephone."), "phone")
    ticket = open_ticket(old, case, at=timezone.now(), by=asha).ticket
    assert answered(ticket, asha).recipient == HOME


def test_an_address_that_is_theirs_no_more_gets_nothing(desk, chitra):
    ticket, asha = written_from(HOME), make_agent(desk)
    take_ways_away(
        chitra, ContactIdentity.objects.filter(identifier=HOME).values_list("pk", flat=True)
    )
    assert shown_to(asha, ticket) == f"to Chitra &lt;{WORK}&gt;"
    assert answered(ticket, asha).recipient == WORK


@pytest.mark.parametrize("bounced", [HOME, WORK])
def test_from_an_address_that_bounced_the_answer_goes_to_the_other_and_the_composer_says_so(
    desk, chitra, bounced
):
    ticket, asha = written_from(HOME), make_agent(desk)
    now = ticket.opened_at
    OutboundMail.objects.create(
        notice_key="x",
        recipient=bounced,
        purpose="notice",
        mail_id="x",
        subject="x",
        raw=b"",
        state="bounced",
        hard=True,
        queued_at=now,
        ended_at=now,
    )
    other = WORK if bounced == HOME else HOME
    assert shown_to(asha, ticket) == f"to Chitra &lt;{other}&gt;"
    assert answered(ticket, asha).recipient == other


def test_an_outsiders_mail_in_their_name_moves_no_answer(desk, chitra, settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = ("mx.harbour.example",)
    proven = "Authentication-Results: mx.harbour.example; dmarc=pass header.from=customer.example\n"
    raw = (
        f"From: Chitra <{WORK}>\nTo: it@harbour.example\nSubject: PIN\nMessage-ID: <1@x>\n\nMy PIN?"
    )
    ticket = receive(ingest((proven + raw).encode())).ticket
    written_from(HOME, subject=f"Re: PIN [{ticket}]", number=2)
    assert answered(ticket, make_agent(desk)).recipient == WORK


def test_a_case_logged_for_an_address_is_answered_there(desk, chitra):
    asha, client = make_agent(desk), Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    client.post(
        "/console/tickets/new",
        {"requester": HOME, "text": "She forgot her PIN.", "channel": "phone"},
    )
    ticket = Ticket.objects.get()
    assert answered(ticket, asha).recipient == HOME


def test_a_case_of_the_portal_is_answered_at_the_address_they_signed_in_by(desk, chitra):
    client = Client()
    client.force_login(give_sign_ins(HOME), "django.contrib.auth.backends.ModelBackend")
    client.post(
        "/desk/small/cases/new/",
        {
            "subject": "PIN",
            "text": "I forgot it.",
            "severity": "normal",
            "facet.category": "account",
        },
    )
    ticket = Ticket.objects.get()
    assert answered(ticket, make_agent(desk)).recipient == HOME


@pytest.fixture
def chat(desk):
    """A case of somebody who typed an address in a chat, and the letter that answered it."""
    stranger = newcomer(desk, "Farah", "Farah@mail.example", language="en")
    ticket = open_ticket(
        stranger, NewCase("PIN", Written("Mine?"), "email"), at=MONDAY, by=stranger
    ).ticket
    return ticket, answered(ticket, make_agent(desk))


def test_an_address_that_was_only_typed_gets_the_answer_and_is_proved_by_answering_that(chat):
    ticket, letter = chat
    assert letter.recipient == "farah@mail.example"
    assert ticket.requester.identities.count() == 0
    assert (
        written_from(
            "farah@mail.example", reply_to=signer_for(ticket.desk).reply_address(str(ticket.pk))
        )
        == ticket
    )
    assert [way.identifier for way in ticket.requester.identities.all()] == ["farah@mail.example"]
    assert ticket.log.filter(kind="CustomerWrote", actor=f"contact:{ticket.requester_id}").exists()
    ticket.requester.refresh_from_db()
    assert ticket.requester.attributes == {}


def test_neither_a_new_mail_of_its_owner_nor_a_strangers_answer_proves_a_typed_address(chat):
    ticket, _letter = chat
    written_from("dev@mail.example", reply_to=signer_for(ticket.desk).reply_address(str(ticket.pk)))
    assert written_from("farah@mail.example", subject=f"Re: PIN [{ticket}]", number=2) != ticket
    assert ticket.requester.identities.count() == 0


@pytest.mark.parametrize(
    ("headers", "state"),
    [
        ("Auto-Submitted: auto-replied", "ignored"),
        ("Auto-Submitted: auto-generated", "ignored"),
        ("Subject: Out of office: PIN", "ignored"),
        ("X-Auto-Response-Suppress: All", "done"),
        ("Return-Path: <>", "done"),
    ],
)
def test_what_a_program_sends_by_itself_proves_no_typed_address_and_the_letters_go_on(
    chat, headers, state
):
    ticket, _letter = chat
    to = signer_for(ticket.desk).reply_address(str(ticket.pk))
    raw = (
        f"From: Farah <farah@mail.example>\nTo: {to}\n{headers}\nMessage-ID: <a@x.example>\n\nI am"
        " away."
    )
    row = receive(ingest(raw.encode()))
    assert (row.state, row.ticket) == (state, ticket)
    assert ticket.requester.identities.count() == 0
    assert not ticket.log.filter(
        kind="CustomerWrote", actor=f"contact:{ticket.requester_id}"
    ).exists()
    if state == "ignored":  # they answer themselves once they are back
        assert answered(ticket, make_agent(ticket.desk, "Bala")).recipient == "farah@mail.example"
        assert written_from("farah@mail.example", reply_to=to, number=2) == ticket
        assert [way.identifier for way in ticket.requester.identities.all()] == [
            "farah@mail.example"
        ]


def read(mail):
    return parse(bytes(mail.raw))


@pytest.mark.parametrize("how", ["refused at once", "sent back later"])
def test_an_answer_that_one_address_refuses_goes_whole_to_the_other(desk, chitra, sink, how):
    asha, ticket = make_agent(desk), written_from(HOME)
    written = Written("Your PIN is 4711.", files=[File("pin.ics", "text/calendar", b"BEGIN:\r\n")])
    entry = answer_ticket(ticket, written, at=ticket.last_activity_at, by=asha).entries[0]
    carry_answer(entry.pk)
    first = OutboundMail.objects.get(entry=entry)
    if how == "refused at once":
        sink.reply["rcpt"] = "550 5.1.1 User unknown"
        assert deliver(first.pk).state == "bounced"
        sink.reply["rcpt"] = "250 OK"
    else:
        deliver(first.pk)
        fail(first, "The mail server said: 550", hard=True, at=timezone.now())
    do_jobs()
    do_jobs()
    [second] = OutboundMail.objects.filter(entry=entry).exclude(pk=first.pk)
    assert (first.recipient, second.recipient) == (HOME, WORK)
    assert (read(second).text, read(second).attachments) == (
        read(first).text,
        read(first).attachments,
    )
    assert deliver(second.pk).state == "sent"
    assert not ticket.log.filter(kind="DeliveryFailed").exists(), "she is told"


def test_that_no_address_takes_an_answer_is_said_once_and_for_good(desk, chitra, sink):
    ticket = written_from(HOME)
    first = answered(ticket, make_agent(desk))
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    deliver(first.pk)
    do_jobs()
    deliver(OutboundMail.objects.get(entry=first.entry, recipient=WORK).pk)
    do_jobs()
    [failed] = ticket.log.filter(kind="DeliveryFailed")
    assert (failed.data["message"], failed.data["to_requester"]) == (str(first.message_id), True)


def test_a_letter_of_the_desk_that_one_address_refuses_goes_to_the_other_with_its_file(
    desk, chitra, sink
):
    ticket = written_from(HOME)
    entry = ticket.log.get(kind="Opened")
    calendar = File("visit.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n")
    write(
        entry,
        "visit",
        lambda *_of: "We come at ten.",
        chitra,
        ask_for_answer=False,
        files=(calendar,),
    )
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    deliver(OutboundMail.objects.get(entry=entry, purpose="visit").pk)
    do_jobs()
    second = read(OutboundMail.objects.get(entry=entry, purpose="visit", recipient=WORK))
    assert second.text.startswith("We come at ten.")
    assert [(one.filename, one.content) for one in second.attachments] == [
        ("visit.ics", b"BEGIN:VCALENDAR\r\n")
    ]
