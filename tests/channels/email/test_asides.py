"""Beside a case the desk writes to somebody who takes no part in it: no one of the case reads it."""

import contextlib
from email import message_from_bytes
from email.policy import default
from functools import partial
from itertools import permutations

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.channels.way_in import Incoming, take_in
from deskbook.jobs.letters import carry_answer, carry_aside
from deskbook.people.contacts import find_or_make_contact, give_sign_in
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.asides import write_aside
from deskbook.tickets.conversation import (
    accept_outsider,
    answer_ticket,
    count_as_answer,
    give_case,
    let_follow,
)
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Message
from deskbook.tickets.participants import change_requester
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.web.shared.reading import readable
from tests.channels.email.test_followers import CHITRA, mailed, replied
from tests.people_factory import make_agent

VENDOR = "support@vendor.example"
SECRET = "The spare part is ordered under 4711."


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha")


@pytest.fixture
def vendor(desk):
    return find_or_make_contact(desk, "email", VENDOR, name="Vendor", language="en")


def written_aside(ticket, vendor, asha, *, files=()):
    written = Written(SECRET, files=files)
    [entry] = write_aside(ticket, vendor, written, at=timezone.now(), by=asha).entries
    carry_aside(entry.pk)
    return OutboundMail.objects.get(entry=entry)


def quoted_aside(ticket, number, *, sender, more="", answers=None):
    """A mail that answers what the desk wrote beside the case and quotes it, as mail programs do; to
    the address of the case's own.
    """
    ours = OutboundMail.objects.filter(ticket=ticket, purpose="aside").latest("pk")
    to = message_from_bytes(bytes(ours.raw), policy=default)["Reply-To"].addresses[0].addr_spec
    ids = f"In-Reply-To: <{answers or ours.mail_id}>\nMessage-ID: <{number}@other.example>\n"
    head = f"From: {sender}\nTo: {to}\nSubject: Re: it\n{ids}{more}"
    raw = f"{head}\nI agree, {number}.\n\nThe desk wrote:\n> {SECRET}\n".encode()
    return receive(ingest(raw, "it@harbour.example", envelope_from=sender))


def answered_aside(ticket, number):
    mail = OutboundMail.objects.filter(ticket=ticket, purpose="aside").latest("pk")
    to = message_from_bytes(bytes(mail.raw), policy=default)["Reply-To"].addresses[0].addr_spec
    body = f"From: {VENDOR}\nTo: {to}\nSubject: Re: it\nMessage-ID: <{number}@vendor.example>\n"
    raw = f"{body}\nIn reply, {number}: {SECRET}".encode()
    return receive(ingest(raw, "it@harbour.example", envelope_from=VENDOR))


def mails_to_customers():
    sent = OutboundMail.objects.exclude(recipient=VENDOR)
    return "".join(
        str(message_from_bytes(bytes(one.raw), policy=default).get_body(("plain",)).get_content())
        + bytes(one.raw).decode()
        for one in sent
    )


def test_what_is_written_aside_goes_to_that_one_person_and_says_nothing_of_the_case(vendor, asha):
    ticket = mailed().ticket
    before = ticket.stage, ticket.next_due_at, ticket.waits_for

    mail = written_aside(ticket, vendor, asha)

    raw = bytes(mail.raw).decode()
    assert (mail.recipient, mail.subject) == (VENDOR, f"{SECRET} [{ticket}]")
    assert not OutboundMail.objects.filter(entry=mail.entry).exclude(recipient=VENDOR).exists()
    assert "Printer" not in raw
    assert "customer.example" not in raw
    assert f"cases/{ticket}" not in raw
    assert "Auto-Submitted" not in raw
    ticket.refresh_from_db()
    assert (ticket.stage, ticket.next_due_at, ticket.waits_for) == before


def test_the_answer_comes_back_to_the_thread_and_moves_nothing(vendor, asha):
    ticket = mailed().ticket
    written_aside(ticket, vendor, asha)
    stage = ticket.stage

    answered_aside(ticket, 7)

    answer = Message.objects.get(author_contact=vendor)
    assert (answer.ticket, answer.kind, answer.outsider) == (ticket, Message.Kind.ASIDE, True)
    ticket.refresh_from_db()
    assert ticket.stage == stage
    assert ticket.log.filter(kind="OutsiderWrote").exists()
    assert not ticket.participants.filter(contact=vendor).exists()


def test_who_reads_the_case_is_not_written_to_aside(vendor, asha):
    ticket = mailed().ticket
    for contact in (ticket.requester, vendor):
        if contact == vendor:
            let_follow(ticket, vendor, at=timezone.now(), by=asha)
        with pytest.raises(Refused, match="reads this case"):
            write_aside(ticket, contact, Written(SECRET), at=timezone.now(), by=asha)
    assert not Message.objects.filter(kind=Message.Kind.ASIDE).exists()


@pytest.fixture
def happenings(vendor, asha):
    """What may happen to a case beside which something was said, and the other it is merged into."""

    def followed(ticket, _other):
        let_follow(ticket, vendor, at=timezone.now(), by=asha)

    def merged(ticket, other):
        merge_ticket(ticket, other, at=timezone.now(), by=asha)
        answered_aside(ticket, ticket.pk * 10 + 1)
        unmerge_ticket(ticket, at=timezone.now(), by=asha)

    def gone_on(ticket, _other):
        answered_aside(ticket, ticket.pk * 10 + 2)
        replied(ticket.pk * 10 + 3, ticket)
        done = answer_ticket(ticket, Written("Done."), at=timezone.now(), by=asha)
        carry_answer(done.entries[0].pk)

    return followed, merged, gone_on


def test_whatever_happens_to_the_case_its_requester_never_reads_what_was_said_beside_it(
    vendor, asha, happenings
):
    for number, order in enumerate(permutations(happenings), start=1):
        ticket, other = (mailed(number * 100 + n, subject=f"Case {n}").ticket for n in (1, 2))
        written_aside(ticket, vendor, asha, files=[File("offer.txt", "text/plain", b"4711")])
        for happens in order:
            happens(ticket, other)
            ticket.refresh_from_db()
        for case in (ticket, other):
            _requester_reads_nothing(case)
    told = mails_to_customers()
    assert CHITRA in told
    assert "4711" not in told
    assert "vendor.example" not in told


def _requester_reads_nothing(case):
    client, user = Client(), give_sign_in(case.requester)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert not readable(case, case.requester).filter(text__contains="4711").exists()
    page = client.get(f"/desk/{case.desk.key}/cases/{case}/").content.decode()
    assert str(case) in page
    assert "4711" not in page
    assert "offer.txt" not in page
    for message in case.messages.filter(kind=Message.Kind.ASIDE):
        assert client.get(f"/messages/{message.pk}").status_code == 404
        for file in message.attachments.all():
            assert client.get(f"/files/{file.pk}/offer.txt").status_code == 404


def test_what_the_requester_writes_is_the_cases_own_however_they_came_to_be_it(vendor, asha):
    ticket = mailed().ticket
    written_aside(ticket, vendor, asha)
    change_requester(ticket, vendor, follows=False, at=timezone.now(), by=asha)

    answered_aside(ticket, 7)

    assert Message.objects.get(author_contact=vendor).kind == Message.Kind.REQUEST
    assert ticket.log.filter(kind="CustomerWrote").exists()


def test_what_is_forged_in_the_name_of_who_was_written_to_stands_not_among_their_words(
    vendor, asha
):
    ticket = mailed().ticket
    written_aside(ticket, vendor, asha)
    forged = Written("Approved, go on.", unproven="nobody vouches", outsider=True)
    key = "forged"

    take_in(Incoming(vendor, "email", forged, timezone.now(), key, ticket=ticket, outsider=True))

    message = Message.objects.get(author_contact=vendor)
    assert (message.kind, message.outsider) == (Message.Kind.REQUEST, True)


FORGED = "Authentication-Results: mx.harbour.example; dmarc=fail header.from=vendor.example\n"


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        ("support@vendor-group.example", ""),
        ("colleague@vendor.example", ""),
        (VENDOR, FORGED),
        (VENDOR, "Auto-Submitted: auto-generated\n"),
        (CHITRA, ""),
    ],
    ids=["another address", "a colleague", "not proven", "a machine", "the requester"],
)
def test_whoever_answers_what_was_said_beside_the_case_stays_beside_it(
    vendor, asha, settings, sender, more
):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = ("mx.harbour.example",)
    ticket = mailed().ticket
    written_aside(ticket, vendor, asha)
    stage = ticket.stage

    message = quoted_aside(ticket, 7, sender=sender, more=more).message

    assert (message.ticket, message.kind, message.outsider) == (ticket, Message.Kind.ASIDE, True)
    ticket.refresh_from_db()
    assert ticket.stage == stage
    for contact in (message.author_contact, vendor):
        for let_in in (
            partial(accept_outsider, ticket, contact),
            partial(count_as_answer, ticket, message),
            partial(let_follow, ticket, contact),
            partial(give_case, ticket, contact, follows=True),
        ):
            with contextlib.suppress(Refused):
                let_in(at=timezone.now(), by=asha)
            ticket.refresh_from_db()
            _requester_reads_nothing(ticket)
    assert not readable(ticket, ticket.requester).filter(text__contains="I agree").exists()


def test_who_answers_the_suppliers_own_mail_stays_beside_the_case_too(vendor, asha):
    ticket = mailed().ticket
    written_aside(ticket, vendor, asha)
    answered_aside(ticket, 7)

    later = quoted_aside(ticket, 8, sender="boss@vendor.example", answers="7@vendor.example")

    assert later.message.kind == Message.Kind.ASIDE


def test_what_somebody_wrote_since_the_desk_wrote_to_them_is_let_in_by_nobody(vendor, asha):
    ticket, before = mailed().ticket, Written("I know of it.", outsider=True)
    outside = {"key": "1", "ticket": ticket, "outsider": True}
    take_in(Incoming(vendor, "email", before, timezone.now(), **outside))
    written_aside(ticket, vendor, asha)
    after = Written(f"Approved: {SECRET}", unproven="nobody vouches", outsider=True)
    take_in(Incoming(vendor, "email", after, timezone.now(), **outside | {"key": "2"}))

    accept_outsider(ticket, vendor, at=timezone.now(), by=asha)

    texts = readable(ticket, ticket.requester).values_list("text", flat=True)
    assert "I know of it." in texts
    _requester_reads_nothing(ticket)
    with pytest.raises(Refused, match="stays there"):
        accept_outsider(ticket, vendor, at=timezone.now(), by=asha)
    give_case(ticket, vendor, follows=True, at=timezone.now(), by=asha)
    ticket.refresh_from_db()
    assert not readable(ticket, vendor).filter(text__contains="4711").exists()


def test_somebody_of_the_desk_who_goes_on_with_it_answers_no_requester(desk, vendor, settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = ("mx.harbour.example",)
    asha = make_agent(desk, "Asha")
    ticket = mailed().ticket
    written_aside(ticket, vendor, asha)
    proof = "Authentication-Results: mx.harbour.example; dmarc=pass header.from=harbour.example\n"

    row = quoted_aside(ticket, 7, sender=asha.user.email, more=proof)

    assert row.message.kind == Message.Kind.NOTE
    assert "said beside the case" in in_words(row.message.mended[0])
    assert not ticket.log.filter(kind="Answered").exists()
