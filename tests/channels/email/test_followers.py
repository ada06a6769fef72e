"""Who follows a case: whom its requester copied in, and nobody who only happened to stand on the
mail.
"""

from email import message_from_bytes
from email.policy import default
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.jobs.letters import carry_answer
from deskbook.people.contacts import address_of, contact_by, find_or_make_contact
from deskbook.people.models import Contact
from deskbook.people.refusals import in_words
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from deskbook.tickets.participants import leaving_link, remove_participant
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.tickets.senders import accept_sender
from deskbook.web.shared.reading import readable
from tests.people_factory import make_agent, make_desk

CHITRA, EVAN, FARAH = (f"{name}@customer.example" for name in ("chitra", "evan", "farah"))
DESK = "it@harbour.example"


def mailed(number=1, *, sender=CHITRA, to=DESK, cc="", subject="Printer", mailbox=DESK, more=""):
    head = f"From: {sender}\nTo: {to}\n{f'Cc: {cc}' if cc else 'X-None: x'}\nSubject: {subject}\n"
    raw = f"{head}Message-ID: <{number}@customer.example>\n{more}\nIt does not print, {number}."
    return receive(ingest(raw.encode(), mailbox, envelope_from=sender))


def followers(ticket):
    rows = ticket.participants.exclude(contact=ticket.requester).order_by("pk")
    return [address_of(row.contact) for row in rows]


def answered(ticket, agent):
    entry = answer_ticket(ticket, Written("Done."), at=ticket.last_activity_at, by=agent).entries[0]
    carry_answer(entry.pk)
    return set(OutboundMail.objects.filter(entry=entry).values_list("recipient", flat=True))


def replied(number, ticket, sender=CHITRA, **more):
    """A mail that goes on with the first one, and says so as mail programs do."""
    return mailed(
        number,
        sender=sender,
        subject=f"Re: [{ticket}]",
        more="In-Reply-To: <1@customer.example>\n",
        **more,
    )


def read_by(address, ticket):
    contact = contact_by(ticket.desk, "email", address)
    return list(readable(ticket, contact).order_by("pk").values_list("text", flat=True))


def test_whom_the_requester_copies_in_on_a_reply_follows_from_then_on_and_gets_the_answer(desk):
    ticket = mailed().ticket
    replied(2, ticket, cc=f"Evan <{EVAN}>")
    assert followers(ticket) == [EVAN]
    assert list(ticket.log.order_by("seq").values_list("kind", flat=True))[-1] == "ParticipantAdded"
    assert answered(ticket, make_agent(desk)) == {CHITRA, EVAN}


def test_a_number_in_the_subject_lets_nobody_follow_where_nothing_proves_the_sender(desk):
    ticket = mailed().ticket
    forged = mailed(2, subject=f"Re: [{ticket}]", cc="me@evil.example")
    assert (forged.ticket, followers(ticket)) == (ticket, [])
    assert not Contact.objects.filter(identities__identifier="me@evil.example").exists()
    assert "nothing proves its sender" in in_words(forged.message.mended[-1])
    assert "me@evil.example" in in_words(forged.message.mended[-1])


def test_a_number_in_the_subject_of_a_proven_mail_lets_whom_it_copies_in_follow(desk, settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = ("mx.harbour.example",)
    proof = "Authentication-Results: mx.harbour.example; dmarc=pass header.from=customer.example\n"
    ticket = mailed(more=proof).ticket
    mailed(2, subject=f"Re: [{ticket}]", cc=EVAN, more=proof)
    assert followers(ticket) == [EVAN]


def test_who_is_copied_in_on_a_running_case_reads_that_mail_and_what_comes_later(desk):
    ticket = mailed(cc=FARAH).ticket
    replied(2, ticket, cc=EVAN)
    assert read_by(EVAN, ticket) == ["It does not print, 2."]
    assert read_by(FARAH, ticket) == ["It does not print, 1.", "It does not print, 2."]


def test_whom_a_mail_copied_in_that_is_accepted_later_reads_from_that_mail_on(desk):
    ticket, asha = mailed().ticket, make_agent(desk)
    message = replied(2, ticket).message
    Message.objects.filter(pk=message.pk).update(unproven="dmarc=fail")
    accept_sender(message, [find_or_make_contact(desk, "email", EVAN)], at=timezone.now(), by=asha)
    assert read_by(EVAN, ticket) == ["It does not print, 2."]


def test_whom_a_follower_copies_in_follows_too(desk):
    ticket = mailed(cc=EVAN).ticket
    replied(2, ticket, sender=EVAN, cc=f"{FARAH}, {CHITRA}")
    assert followers(ticket) == [EVAN, FARAH]


def test_whom_somebody_copies_in_who_takes_no_part_does_not_follow(desk):
    ticket = mailed().ticket
    known = answer_ticket(
        ticket, Written("Done."), at=ticket.last_activity_at, by=make_agent(desk)
    ).entries[0]
    carry_answer(known.pk)
    ours = OutboundMail.objects.get(entry=known).mail_id
    row = mailed(2, sender="mallory@evil.example", cc=EVAN, more=f"In-Reply-To: <{ours}>\n")
    assert (row.ticket, followers(ticket)) == (ticket, [])


def test_a_blind_copy_to_the_desk_makes_nobody_of_to_a_follower(desk):
    ticket = mailed(to=EVAN, cc=FARAH).ticket
    assert followers(ticket) == []
    [said] = [said for said in ticket.messages.get().mended if "blind copy" in in_words(said)]
    assert f"{EVAN}, {FARAH}" in said


@pytest.mark.parametrize("field", ["to", "cc"])
def test_two_desks_on_one_mail_do_not_follow_each_others_cases(desk, field):
    make_desk("sparkrock")
    other = "support@sparkrock.example"
    both = {"to": f"{DESK}, {other}"} if field == "to" else {"cc": f"{other}, {EVAN}"}
    first, second = mailed(**both).ticket, mailed(mailbox=other, **both).ticket
    assert (first.desk.key, second.desk.key) == ("small", "sparkrock")
    expected = [] if field == "to" else [EVAN]
    assert [followers(ticket) for ticket in (first, second)] == [expected, expected]


def test_who_works_at_the_desk_does_not_follow_by_being_copied_in(desk):
    asha = make_agent(desk)
    assert followers(mailed(cc=f"{asha.user.email}, {EVAN}").ticket) == [EVAN]


def test_whom_the_desk_took_out_is_not_brought_back_by_the_requesters_cc(desk):
    ticket, asha = mailed(cc=EVAN).ticket, make_agent(desk)
    evan = contact_by(desk, "email", EVAN)
    remove_participant(ticket, evan, at=ticket.last_activity_at, by=asha)
    message = replied(2, ticket, cc=EVAN).message
    assert followers(ticket) == []
    assert [said for said in message.mended if EVAN in said]
    assert answered(ticket, asha) == {CHITRA}


def test_a_copy_says_why_it_came_and_how_to_stop_it_and_the_requesters_does_not(desk):
    ticket = mailed(cc=EVAN).ticket
    answered(ticket, make_agent(desk))
    says = {
        row.recipient: "leaving/" in bytes(row.raw).decode()
        for row in OutboundMail.objects.filter(ticket=ticket)
    }
    assert says == {CHITRA: False, EVAN: True}


def test_one_bad_address_among_those_copied_in_keeps_nobody_else_from_the_answer(desk):
    row, asha = (
        mailed(cc=f"@customer.example, Bo <x@>, {EVAN}, {'x' * 300}@customer.example"),
        make_agent(desk),
    )
    assert followers(row.ticket) == [EVAN]
    assert answered(row.ticket, asha) == {CHITRA, EVAN}


def test_the_ticket_says_who_was_named_and_not_taken(desk):
    crowd = ", ".join(f"p{n}@customer.example" for n in range(12))
    row, client = mailed(cc=f"Bo <x@>, {'x' * 300}@customer.example, {crowd}"), Client()
    client.force_login(make_agent(desk).user, "django.contrib.auth.backends.ModelBackend")
    page = unescape(client.get(f"/console/tickets/{row.ticket}").content.decode())
    assert "Cc names “Bo <x@>”, which is no mail address" in page
    assert "xxx has an address of 317 characters" in page
    assert (
        "Of those copied in 10 follow, 2 do not: p10@customer.example, p11@customer.example" in page
    )


def test_the_address_of_a_case_and_of_its_bounces_follow_nothing(desk):
    ticket = mailed().ticket
    signer = signer_for(desk)
    ours = f"{signer.reply_address(str(ticket.pk))}, {signer.bounce_address('7')}"
    replied(2, ticket, cc=f"{ours}, {EVAN}")
    assert followers(ticket) == [EVAN]


def test_of_more_than_ten_copied_in_ten_follow(desk):
    crowd = ", ".join(f"p{n}@customer.example" for n in range(12))
    assert len(followers(mailed(cc=crowd).ticket)) == 10


def test_an_answer_to_a_letter_of_the_case_theirs_was_merged_into_arrives_on_their_own_once_that_is_taken_back(
    desk,
):
    kept, theirs, agent = mailed().ticket, mailed(2, sender=EVAN).ticket, make_agent(desk)
    merge_ticket(theirs, kept, at=theirs.last_activity_at, by=agent)
    said = answer_ticket(kept, Written("Done."), at=theirs.last_activity_at, by=agent).entries[0]
    carry_answer(said.pk)
    ours = OutboundMail.objects.get(entry=said, recipient=EVAN).mail_id
    unmerge_ticket(theirs, at=theirs.last_activity_at, by=agent)
    row = mailed(3, sender=EVAN, more=f"In-Reply-To: <{ours}>\n")
    assert (row.ticket, row.message.outsider) == (theirs, False)


def test_who_was_taken_out_of_a_case_is_an_outsider_there_whichever_letter_of_an_older_one_they_answer(
    desk,
):
    first, second, theirs = (
        mailed().ticket,
        mailed(2, sender=FARAH).ticket,
        mailed(3, sender=EVAN).ticket,
    )
    agent, at = make_agent(desk), theirs.last_activity_at
    merge_ticket(theirs, first, at=at, by=agent)
    unmerge_ticket(theirs, at=at, by=agent)
    merge_ticket(theirs, second, at=at, by=agent)
    remove_participant(second, theirs.requester, at=at, by=agent)
    for number, answered in enumerate((theirs, second, first), start=4):
        row = mailed(number, sender=EVAN, to=signer_for(desk).reply_address(str(answered.pk)))
        assert (row.ticket, row.message.outsider) == (second, True)


@pytest.fixture
def copies(desk, settings):
    """The answer as it went to Chitra, whose case it is, and to Evan, who follows it."""
    settings.DESKBOOK_SITE_URL = "https://desk.example"
    ticket = mailed(cc=f"Evan <{EVAN}>").ticket
    answered(ticket, make_agent(desk))
    mails = OutboundMail.objects.filter(ticket=ticket, purpose="answer")
    return ticket, {
        one.recipient: message_from_bytes(bytes(one.raw), policy=default) for one in mails
    }


def test_only_who_follows_gets_a_button_to_leave_and_one_click_on_it_is_enough(copies):
    ticket, mails = copies
    assert "List-Unsubscribe" not in mails[CHITRA]
    assert mails[EVAN]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mails[EVAN]["List-Unsubscribe"].strip("<>").removeprefix("https://desk.example")
    client = Client(enforce_csrf_checks=True)
    page = client.get(link)
    # Programs that look through mail open every link.
    assert (page.status_code, followers(ticket)) == (
        200,
        [EVAN],
    )
    assert "Stop following this case?" in page.content.decode()
    for _again in range(2):
        assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert followers(ticket) == []
    assert "there is nothing to stop" in client.get(link).content.decode()


def test_a_link_from_before_a_merge_stops_the_copies_of_the_case_it_goes_on_as(copies):
    ticket, mails = copies
    bala, kept = make_agent(ticket.desk, "Bala"), mailed(2, subject="The printer again").ticket
    merge_ticket(ticket, kept, at=timezone.now(), by=bala)
    kept.refresh_from_db()
    assert followers(kept) == [EVAN]
    link = mails[EVAN]["List-Unsubscribe"].strip("<>").removeprefix("https://desk.example")
    assert "The printer again" in Client().get(link).content.decode()
    assert f"You do not follow {kept} any more." in Client().post(link).content.decode()
    assert (followers(kept), followers(ticket)) == ([], [])


def test_a_link_to_leave_that_is_not_ours_or_of_another_desk_or_of_whose_case_it_is_takes_nobody_out(
    copies,
):
    ticket, mails = copies
    link = mails[EVAN]["List-Unsubscribe"].strip("<>").removeprefix("https://desk.example")
    make_desk("mukta")
    for wrong in (f"{link[:-6]}xxxxx/", link.replace(f"/{ticket.desk.key}/", "/mukta/")):
        assert Client().post(wrong).status_code == 404
    own = leaving_link(ticket, contact_by(ticket.desk, "email", CHITRA)).removeprefix(
        "https://desk.example"
    )
    assert Client().post(own).status_code == 200
    assert answered(ticket, make_agent(ticket.desk, "Bala")) == {CHITRA, EVAN}


def test_without_tls_a_page_asks_before_somebody_leaves(desk, settings):
    settings.DESKBOOK_SITE_URL = "http://desk.example"
    ticket = mailed(cc=f"Evan <{EVAN}>").ticket
    answered(ticket, make_agent(desk))
    copy = message_from_bytes(
        bytes(OutboundMail.objects.get(ticket=ticket, recipient=EVAN).raw), policy=default
    )
    assert "List-Unsubscribe" in copy
    assert "List-Unsubscribe-Post" not in copy
