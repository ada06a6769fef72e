"""Two desks of one server with addresses in one mail domain: what comes back is of the desk that
wrote, and told nobody else.
"""

from datetime import UTC, datetime

import pytest

from deskbook.channels.email.deliver import deliver, is_dead
from deskbook.channels.email.mailboxes import mailboxes_of
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.set_aside import held_here, left_out
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.jobs.deliveries import not_reached
from deskbook.people.books import apply_book
from deskbook.people.refusals import in_words
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.relations import merge_ticket
from tests.channels.email.conftest import BOOK, MONDAY
from tests.channels.email.outbox import NOW, queue
from tests.channels.email.test_understanding import raw, take
from tests.people_factory import make_agent, make_contact
from tests.tickets.merged_cases import case_of

CHITRA, OTHER = "chitra@customer.example", "someone@elsewhere.example"


def a_desk(key, address):
    book = BOOK.read_text().replace("[it@harbour.example]", f"[{address}]")
    return apply_book(key, book, at=MONDAY, by=None)


@pytest.fixture
def first(db):
    return a_desk("spark", "info@harbour.example")


@pytest.fixture
def second(first):
    return a_desk("salama", "salama@harbour.example")


@pytest.fixture
def sent(second, sink):
    """The second desk's answer to Chitra."""
    ticket = take(raw(To="salama@harbour.example")).ticket
    row = queue(LogEntry.objects.select_related("ticket__desk").get(ticket=ticket, seq=1))
    return deliver(row.pk, at=NOW)


def report(to, *said, original="", message_id="<dsn1@mx.example>"):
    """A report as RFC 3464 has it, of (recipient, action, status)."""
    blocks = "\r\n".join(
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        for recipient, action, status in said
    )
    parts = {
        "text/plain": "This is the mail system.",
        "message/delivery-status": f"Reporting-MTA: dns; mx.example\r\n\r\n{blocks}",
        "text/rfc822-headers": f"Message-ID: {original}\r\nSubject: Your case\r\n",
    }
    body = "".join(f"--d\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in parts.items())
    return raw(
        f"{body}--d--",
        From="MAILER-DAEMON@mx.example",
        To=to,
        Subject="Undelivered Mail Returned to Sender",
        Message_ID=message_id,
        Content_Type='multipart/report; report-type=delivery-status; boundary="d"',
    )


FAILED = (CHITRA, "failed", "5.1.1")


def came_back(sent, *said, **how):
    envelope = {"envelope_from": "<>", "envelope_to": [sent.envelope_from]}
    content = report(sent.envelope_from, *said, **how)
    return receive(ingest(content, **envelope), at=datetime.now(UTC))


def read_left_out(desk):
    return set(left_out(make_agent(desk, f"Lead of {desk.key}", role="lead")))


def test_a_letter_that_came_back_is_told_on_its_case_whichever_desk_shares_the_domain(
    first, second, sent
):
    row = came_back(sent, FAILED)
    sent.refresh_from_db()
    assert (row.desk, row.ticket, sent.state, sent.hard) == (second, sent.ticket, "bounced", True)
    assert sent.ticket.log.filter(kind="DeliveryFailed").count() == 1
    assert is_dead(CHITRA, at=NOW)
    assert (read_left_out(first), read_left_out(second)) == (set(), {row})


def test_a_report_that_came_to_another_desk_s_own_address_is_of_the_desk_that_wrote(
    first, second, sent
):
    row = take(report("info@harbour.example", FAILED, original=f"<{sent.mail_id}>"))
    sent.refresh_from_db()
    assert (row.desk, row.ticket, sent.state) == (second, sent.ticket, "bounced")
    assert not sent.hard, "who reads the letter knows its id"


def test_a_bounce_address_of_no_letter_is_of_the_one_desk_of_its_domain(first):
    address = signer_for(first).bounce_address("999-ab")
    [mailbox] = mailboxes_of([address])
    assert (mailbox.desk, mailbox.address) == (first, "info@harbour.example")


def test_in_a_domain_of_several_a_bounce_of_no_letter_is_of_the_desk_whose_letter_it_names(
    first, second, sent
):
    address = signer_for(first).bounce_address("999-ab")
    row = take(report(address, FAILED, original=f"<{sent.mail_id}>"))
    assert (row.desk, row.ticket) == (second, sent.ticket)


def test_in_a_domain_of_several_a_bounce_that_names_nothing_is_held_once_and_shown_to_leads(
    first, second, sent
):
    content = report(signer_for(first).bounce_address("999-ab"), FAILED)
    row = take(content)
    assert (row.desk, row.state) == (None, "held")
    assert ingest(content) == row.pk and InboundMail.objects.filter(state="held").count() == 1
    for desk in (first, second):
        assert row in held_here(make_agent(desk, f"Bala of {desk.key}", role="lead"))


def test_desks_of_one_address_have_the_answers_to_their_own_cases(first, second):
    """Books that name no mail are all at the address of the site."""
    twin = a_desk("twin", "info@harbour.example")
    case = case_of(make_contact(twin, "Dev"))
    agent = signer_for(twin).agent_address(str(case.pk), str(make_agent(twin).pk))
    for address in (signer_for(twin).reply_address(str(case.pk)), agent):
        assert [mailbox.desk for mailbox in mailboxes_of([address])] == [twin]
    assert [mailbox.desk for mailbox in mailboxes_of(["info@harbour.example"])] == [first]
    answer = take(raw("Yes.", To=signer_for(twin).reply_address(str(case.pk))))
    assert (answer.desk, Ticket.objects.filter(desk=first).count()) == (twin, 0)


def test_a_late_bounce_of_a_merged_case_is_told_on_the_case_it_goes_on_as(second, sent):
    asha = make_agent(second)
    kept = case_of(sent.ticket.requester)
    merge_ticket(sent.ticket, kept, at=NOW, by=asha)
    row = came_back(sent, FAILED)
    sent.refresh_from_db()
    assert (row.ticket, sent.state) == (kept, "bounced")
    failure = kept.log.get(kind="DeliveryFailed")
    assert failure.data["to_requester"] is True
    assert not sent.ticket.log.filter(kind="DeliveryFailed").exists()
    kept.refresh_from_db()
    assert [(one.to, one.state) for one in not_reached(failure)] == [(CHITRA, "bounced")]


@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded"])
def test_what_a_report_says_of_others_is_not_said_of_who_the_letter_was_to(sent, action):
    row = came_back(sent, (OTHER, "failed", "5.1.1"), (CHITRA, action, "4.4.1"))
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert in_words(row.reason) == f"A delivery report: the mail to {CHITRA} is {action}."


def test_a_report_that_names_another_address_first_says_what_became_of_ours(sent):
    row = came_back(sent, (OTHER, "delayed", "4.4.1"), (CHITRA, "relayed", "2.0.0"))
    assert in_words(row.reason) == f"A delivery report: the mail to {CHITRA} is relayed."


def test_of_mail_that_goes_on_to_another_address_the_failure_there_is_its_own(sent):
    came_back(sent, (OTHER, "failed", "5.1.1"))
    sent.refresh_from_db()
    assert sent.state == "bounced"
