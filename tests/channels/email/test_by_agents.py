"""People of the desk answer its notices from their own mail program: the requester gets it, or they
hear why not.
"""

from datetime import timedelta

import pytest

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.jobs.alerts import alert_owner, tell
from deskbook.jobs.letters import carry_answer
from deskbook.people.contacts import contact_by, find_or_make_contact
from deskbook.people.models import User
from deskbook.people.refusals import in_words
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import take_in_message
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Message
from deskbook.tickets.participants import add_participant, change_requester
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.stages import close_ticket
from tests.people_factory import MONDAY, make_agent

CHITRA, EVAN = "chitra@customer.example", "evan@customer.example"
DESK = "it@harbour.example"
TRUSTED = "mx.harbour.example"


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def ticket(desk):
    raw = (
        f"From: Chitra <{CHITRA}>\nTo: {DESK}\nSubject: Printer\nMessage-ID:"
        " <1@customer.example>\n\nIt does not print."
    )
    return receive(ingest(raw.encode())).ticket


@pytest.fixture
def notice(ticket, asha):
    """What Asha's mail program shows of the notice: to whom an answer goes, and the words it would
    quote.
    """
    assign_ticket(ticket, asha, at=ticket.last_activity_at, by=asha)
    raw = (
        f"From: {CHITRA}\nTo: {DESK}\nSubject: Re: [{ticket}]\nMessage-ID:"
        " <2@customer.example>\n\nStill nothing."
    )
    wrote = receive(ingest(raw.encode())).ticket.log.filter(kind="CustomerWrote").get()
    tell(wrote, asha.user.email, asha)
    return parse(bytes(OutboundMail.objects.get(entry=wrote, purpose="notice").raw))


def quoted(notice):
    return "On Mon, 2 Mar 2026, the desk wrote:\n" + "\n".join(
        f"> {line}" for line in notice.text.splitlines()
    )


def replied(
    notice, words, *, sender="asha@small.example", more="", number=9, body=None, **envelope
):
    head = f"From: Asha <{sender}>\nTo: {notice.reply_to[0].addr}\nSubject: Re: {notice.subject}\n"
    ids = f"Message-ID: <{number}@small.example>\nIn-Reply-To: {notice.message_id}\n"
    return receive(ingest(f"{head}{ids}{more}\n{body or words}".encode(), **envelope))


def sent_of(ticket):
    """Who got what of the answers on a ticket."""
    for entry in ticket.log.filter(kind="Answered"):
        carry_answer(entry.pk)
    return {
        row.recipient: bytes(row.raw).decode()
        for row in OutboundMail.objects.filter(purpose="answer")
    }


def told(asha, ticket):
    """What Asha was mailed about a mail of hers that was not taken."""
    rows = OutboundMail.objects.filter(
        recipient=asha.user.email, ticket=ticket, subject__startswith="Not sent"
    )
    return [parse(bytes(row.raw)).text for row in rows]


def test_the_notice_says_what_an_answer_does_and_shows_what_the_requester_wrote(notice):
    assert "Answer this mail to write to the requester; begin with NOTE" in notice.text
    assert "> Still nothing." in notice.text


def test_a_notice_names_who_wrote_where_that_is_not_the_requester_and_the_files(ticket, asha, desk):
    evan = find_or_make_contact(desk, "email", EVAN, name="Evan")
    add_participant(ticket, evan, at=ticket.last_activity_at, by=asha)
    words = Written("Here is a picture.", files=[File("jam.png", "image/png", b"x")])
    wrote = take_in_message(
        ticket, words, channel="email", at=ticket.last_activity_at, by=evan
    ).entries[0]
    tell(wrote, asha.user.email, asha)
    mail = parse(bytes(OutboundMail.objects.get(entry=wrote, purpose="notice").raw))
    assert mail.subject.startswith(f"Evan wrote on {ticket}")
    assert "> Here is a picture." in mail.text
    assert "jam.png" in mail.text
    assert "The requester wrote" not in mail.text


def test_an_agents_answer_to_the_notice_reaches_the_requester_as_theirs_without_the_notice(
    notice, ticket, asha
):
    row = replied(notice, f"Please restart it.\n\n{quoted(notice)}")
    answer = Message.objects.get(ticket=ticket, kind="answer")
    assert (row.state, row.message, answer.author_user) == ("done", answer, asha.user)
    assert (answer.text, answer.quoted, answer.html) == ("Please restart it.", "", "")
    sent = sent_of(ticket)
    assert list(sent) == [CHITRA]
    assert "Please restart it." in sent[CHITRA]
    assert "+a." not in sent[CHITRA]
    assert told(asha, ticket) == []


def test_who_answers_a_colleagues_notice_hears_of_it_and_the_colleague_does_not(
    notice, ticket, asha, desk
):
    bala = make_agent(desk, "Bala")
    replied(notice, "Please restart it.", sender=bala.user.email)
    assert told(asha, ticket) == []
    [said] = told(bala, ticket)
    assert "a notice that was sent to somebody else" in said
    note = Message.objects.get(ticket=ticket, kind="note").text
    assert "Please restart it." in note
    assert " you " not in note


@pytest.mark.parametrize("change", ["another requester", "a follower", "a case merged in"])
def test_an_answer_to_a_notice_is_not_sent_to_who_was_not_among_its_readers_then(
    notice, ticket, asha, desk, change
):
    evan = find_or_make_contact(desk, "email", EVAN, name="Evan")
    how = {"at": ticket.last_activity_at + timedelta(minutes=1), "by": asha}
    if change == "another requester":
        change_requester(ticket, evan, follows=False, **how)
    elif change == "a follower":
        add_participant(ticket, evan, **how)
    else:
        raw = f"From: Evan <{EVAN}>\nTo: {DESK}\nSubject: Too\nMessage-ID: <7@e>\n\nI too."
        merge_ticket(receive(ingest(raw.encode())).ticket, ticket, across=True, **how)
    row = replied(notice, f"Your password is 1234.\n\n{quoted(notice)}")
    note = Message.objects.get(ticket=ticket, kind="note")
    assert (row.state, row.message) == ("done", note)
    assert "Your password is 1234." in note.text
    assert sent_of(ticket) == {}
    [said] = told(asha, ticket)
    assert "Whom an answer goes to has changed since" in said
    assert f"/console/tickets/{ticket}" in said


@pytest.mark.parametrize("how", ["to the address alone", "to the requester's own mail"])
def test_what_says_of_no_letter_that_it_answers_it_goes_to_nobody_the_agent_did_not_know_of(
    notice, ticket, asha, desk, how, settings
):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = ["mx.example"]
    evan = find_or_make_contact(desk, "email", EVAN, name="Evan")
    later = ticket.last_activity_at + timedelta(minutes=1)
    change_requester(ticket, evan, follows=False, at=later, by=asha)
    wrote = Message.objects.get(mail_id="2@customer.example").mail_id
    answers = "" if how == "to the address alone" else f"In-Reply-To: <{wrote}>\n"
    to = notice.reply_to[0].addr
    if answers:
        to = signer_for(desk).reply_address(str(ticket.pk))
    raw = (
        "Authentication-Results: mx.example; dmarc=pass header.from=small.example\n"
        f"From: Asha <asha@small.example>\nTo: {to}\nSubject: Password\n"
        f"Message-ID: <9@small.example>\n{answers}\nYour password is 1234."
    )
    row = receive(ingest(raw.encode()))
    assert row.message.kind == "note", row.message.kind
    assert sent_of(ticket) == {}
    [said] = told(asha, ticket)
    assert "Whom an answer goes to has changed since" in said


def test_an_answer_to_the_address_alone_goes_to_whose_case_it_was_all_along(notice, ticket):
    raw = (
        f"From: Asha <asha@small.example>\nTo: {notice.reply_to[0].addr}\nSubject: Hello\n"
        "Message-ID: <9@small.example>\n\nRestart it."
    )
    receive(ingest(raw.encode()))
    assert set(sent_of(ticket)) == {CHITRA}


def test_an_answer_to_a_mail_that_copied_somebody_in_goes_to_them_too(ticket, asha, desk):
    assign_ticket(ticket, asha, at=ticket.last_activity_at, by=asha)
    raw = (
        f"From: {CHITRA}\nTo: {signer_for(desk).reply_address(str(ticket.pk))}\nCc: {EVAN}\n"
        "Subject: Re: Printer\nMessage-ID: <2@customer.example>\n\nStill nothing."
    )
    wrote = receive(ingest(raw.encode())).ticket.log.filter(kind="CustomerWrote").get()
    tell(wrote, asha.user.email, asha)
    replied(
        parse(bytes(OutboundMail.objects.get(entry=wrote, purpose="notice").raw)), "Restart it."
    )
    assert set(sent_of(ticket)) == {CHITRA, EVAN}


def test_its_files_go_with_it(notice, ticket):
    body = (
        "--b\nContent-Type: text/plain\n\nSee the sheet.\n--b\nContent-Type: application/pdf\n"
        "Content-Disposition: attachment; filename=sheet.pdf\n\n%PDF-1.4\n--b--\n"
    )
    replied(
        notice, "", more="MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n", body=body
    )
    assert "sheet.pdf" in sent_of(ticket)[CHITRA]


@pytest.mark.parametrize("begins", ["NOTE She is", "#note She is", "Note: She is", "NOTA\nShe is"])
def test_what_begins_with_note_is_read_by_the_desk_alone(notice, ticket, asha, begins):
    replied(notice, f"{begins} the mayor's sister.\n\n{quoted(notice)}")
    note = Message.objects.get(ticket=ticket, kind="note")
    assert (note.text, note.author_user) == ("She is the mayor's sister.", asha.user)
    assert sent_of(ticket) == {}


def test_what_only_may_be_meant_as_a_note_is_one_and_the_agent_hears_that_nobody_got_it(
    notice, ticket, asha
):
    replied(notice, "Note that it needs paper.")
    assert Message.objects.get(ticket=ticket, kind="note").text == "Note that it needs paper."
    assert sent_of(ticket) == {}
    assert "It begins with “Note”" in told(asha, ticket)[0]


@pytest.mark.parametrize(
    "begins", ["*NOTE*", "_NOTE_", "[NOTE]", "(Note)", '"NOTE"', "\ufeff\u200bNOTE", "**Nota:**"]
)
def test_a_note_in_bold_or_brackets_never_leaves(notice, ticket, begins):
    replied(notice, f"{begins} she is the mayor's sister.")
    assert "the mayor's sister." in Message.objects.get(ticket=ticket, kind="note").text
    assert sent_of(ticket) == {}


def test_a_mail_the_agent_carries_on_to_the_notice_is_a_note(notice, ticket):
    carried = (
        "Look at this.\n\n---------- Forwarded message ---------\nFrom: Boss"
        " <boss@small.example>\n\nSecret."
    )
    replied(notice, carried)
    assert "Secret." in Message.objects.get(ticket=ticket, kind="note").text
    assert sent_of(ticket) == {}


@pytest.mark.parametrize(
    ("more", "envelope"),
    [
        ("Auto-Submitted: auto-replied\n", {}),
        ("X-Auto-Response-Suppress: All\n", {}),
        ("X-Autoreply: yes\n", {}),
        ("Precedence: bulk\n", {}),
        ("", {"envelope_from": "<>"}),
    ],
)
def test_an_agents_note_of_absence_reaches_no_requester_and_is_not_answered(
    notice, ticket, asha, more, envelope
):
    row = replied(notice, "I am away until Monday.", more=more, **envelope)
    assert (row.state, row.ticket) == ("ignored", ticket)
    assert not Message.objects.filter(ticket=ticket, text__contains="away").exists()
    assert (sent_of(ticket), told(asha, ticket)) == ({}, [])


@pytest.mark.parametrize("who", ["another address", "unproven", "ended", "nothing new", "closed"])
def test_what_cannot_be_taken_as_theirs_stands_on_the_ticket_and_they_hear_why(
    notice, ticket, asha, settings, who
):
    words, more, sender = "Please restart it.", "", asha.user.email
    if who == "another address":
        sender = "asha.home@mail.example"
    elif who == "unproven":
        settings.DESKBOOK_TRUSTED_MAIL_SERVERS = (TRUSTED,)
        more = f"Authentication-Results: {TRUSTED}; dmarc=fail header.from=small.example\n"
    elif who == "ended":
        asha.until = ticket.opened_at - timedelta(days=1)
        asha.save()
    elif who == "closed":
        close_ticket(ticket, at=ticket.last_activity_at + timedelta(seconds=1), by=asha)
    else:
        words = quoted(notice)
    row = replied(notice, words, more=more, sender=sender)
    note = Message.objects.get(ticket=ticket, kind="note")
    assert (row.state, row.message, note.author_user) == ("done", note, None)
    said = in_words(note.mended[0])
    assert said.startswith(f"A mail from {sender} was not taken as an answer; nobody got it.")
    assert words in note.text
    reasons = {
        "another address": "is the address of nobody at this desk",
        "unproven": "could not prove that it is from Asha",
        "ended": "Asha does not work at this desk any more",
        "nothing new": "nothing new in it",
        "closed": "Reopen it first",
    }
    [mail] = told(asha, ticket)
    assert reasons[who] in mail
    assert (f"/console/tickets/{ticket}" in mail) == (who != "ended")
    assert not ticket.log.filter(kind="Answered").exists()
    assert contact_by(ticket.desk, "email", sender) is None


def heard_of_the_note(ticket, agent):
    for entry in ticket.log.filter(kind="Noted"):
        alert_owner(entry.pk, at=MONDAY)
    rows = OutboundMail.objects.filter(
        recipient=agent.user.email, subject__contains="kept as a note"
    )
    return [parse(bytes(row.raw)).text for row in rows]


def switched_off(agent):
    agent.is_active = False
    agent.save()


def test_who_was_switched_off_is_not_sent_to_a_page_that_is_shut_and_the_lead_reads_what_waits(
    notice, ticket, asha
):
    bala = make_agent(ticket.desk, "Bala", role="lead", teams=[])
    assign_ticket(ticket, None, at=ticket.last_activity_at, by=bala)
    switched_off(asha)
    replied(notice, "The part comes on Monday.")
    [mail] = told(asha, ticket)
    assert "the desk is told of it" in mail
    assert "/console/" not in mail
    [heard] = heard_of_the_note(ticket, bala)
    assert "Asha does not work at this desk any more." in heard
    assert "> The part comes on Monday." in heard
    replied(notice, "Or on Tuesday.", number=10)
    assert heard_of_the_note(ticket, bala) == [heard]
    assert "more mails there become notes within the next hour" in heard


def test_the_owner_hears_of_a_colleagues_mail_that_was_not_taken_and_not_twice_of_their_own(
    notice, ticket, asha
):
    replied(notice, "Buy this.", sender="stranger@evil.example")
    # The notice was theirs: they are told as it is kept.
    assert heard_of_the_note(ticket, asha) == []
    assert len(told(asha, ticket)) == 1
    bala = make_agent(ticket.desk, "Bala")
    assign_ticket(ticket, bala, at=ticket.last_activity_at, by=asha)
    assert "> Buy this." in heard_of_the_note(ticket, bala)[0]


def test_an_answer_to_the_notice_of_one_agent_is_never_anothers(notice, ticket):
    bala = make_agent(ticket.desk, "Bala")
    replied(notice, "Please restart it.", sender=bala.user.email)
    assert not ticket.log.filter(kind="Answered").exists()


def test_nobody_makes_up_an_answer_address(ticket, asha):
    forged = signer_for(ticket.desk).agent_address(str(ticket.pk), str(asha.pk))
    wrong = forged.replace(forged.split(".")[3][:4], "aaaa")
    raw = f"From: {asha.user.email}\nTo: {wrong}\nSubject: x\nMessage-ID: <7@x>\n\nPay this bill."
    receive(ingest(raw.encode()))
    assert not ticket.log.filter(kind="Answered").exists()


def test_who_reads_a_teams_mail_answers_its_notice_as_themselves(ticket, asha):
    tell(ticket.log.get(kind="Opened"), "team@small.example", None)
    replied(
        parse(bytes(OutboundMail.objects.get(recipient="team@small.example").raw)),
        "Please restart it.",
    )
    assert Message.objects.get(ticket=ticket, kind="answer").author_user == asha.user


def test_twenty_mails_of_an_agent_on_a_ticket_within_an_hour_are_enough(notice, ticket):
    for number in range(100, 120):
        replied(notice, f"Answer {number}", number=number)
    assert replied(notice, "One too many", number=121).state == "held"
    assert ticket.log.filter(kind="Answered").count() == 20


@pytest.mark.parametrize("sender", ["asha@small.example", "stranger@evil.example"])
def test_what_is_forged_in_an_agents_name_is_held_after_twenty_and_told_once_an_hour(
    notice, ticket, settings, sender
):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = (TRUSTED,)
    forged = f"Authentication-Results: {TRUSTED}; dmarc=fail header.from=small.example\n"
    rows = [
        replied(notice, f"Buy {n}", number=n, sender=sender, more=forged) for n in range(100, 121)
    ]
    assert [row.state for row in rows] == ["done"] * 20 + ["held"]
    assert (rows[-1].flooding, Message.objects.filter(ticket=ticket, kind="note").count()) == (
        sender,
        20,
    )
    assert OutboundMail.objects.filter(ticket=ticket, subject__startswith="Not sent").count() == 1


def test_notes_that_mails_became_count_for_the_sixty_an_hour_that_a_ticket_takes(notice, ticket):
    for n in range(3):
        for number in range(20):
            replied(
                notice,
                f"Buy {number}",
                number=100 * n + number + 10,
                sender=f"stranger{n}@evil.example",
            )
    row = replied(notice, "One too many", number=999, sender="another@evil.example")
    assert "of all senders" in in_words(row.reason)
    assert replied(notice, "Please restart it.", number=1000).state == "done"


def test_a_note_of_what_was_not_sent_gives_nobody_the_agents_answer_address(notice, ticket, asha):
    address = notice.reply_to[0].addr
    replied(
        notice,
        f"On Monday, IT <{address}> wrote:\n> Still nothing.",
        sender="stranger@evil.example",
    )
    text = Message.objects.get(ticket=ticket, kind="note").text
    assert f"+a.{ticket.pk}.{asha.pk}.****************@" in text
    assert address not in text


def copied_answer(ticket, asha, proof=""):
    head = (
        f"From: Asha <{asha.user.email}>\nTo: Chitra <{CHITRA}>\nCc: {DESK}, {EVAN}\nSubject: Re:"
        " Printer\n"
    )
    raw = (
        f"{proof}{head}Message-ID: <3@small.example>\nIn-Reply-To: <1@customer.example>\n\nPlease"
        " restart it."
    )
    return receive(ingest(raw.encode()))


def test_an_agent_who_was_copied_in_and_proven_answers_and_who_had_it_is_not_written_to_again(
    ticket, asha, settings
):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = (TRUSTED,)
    copied_answer(
        ticket, asha, f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=small.example\n"
    )
    answer = Message.objects.get(ticket=ticket, kind="answer")
    assert answer.author_user == asha.user
    # Who follows nothing by it, which the ticket says.
    assert [said for said in answer.mended if EVAN in said]
    assert sent_of(ticket) == {}


def test_what_everybody_on_a_mail_could_write_in_an_agents_name_is_no_answer(ticket, asha):
    copied_answer(ticket, asha)
    assert not ticket.log.filter(kind="Answered").exists()
    assert "Please restart it." in Message.objects.get(ticket=ticket, kind="note").text
    assert "everybody on that mail knows the address" in told(asha, ticket)[0]


def test_who_worked_here_once_writes_as_anybody_from_outside(ticket, asha):
    asha.is_active = False
    asha.save()
    row = copied_answer(ticket, asha)
    assert (row.message.outsider, row.message.author_contact.name) == (True, "Asha")


def test_an_agents_own_request_to_the_desk_is_a_case_of_theirs_as_before(desk, asha):
    raw = (
        f"From: {asha.user.email}\nTo: {DESK}\nSubject: My chair\nMessage-ID: <8@x>\n\nIt is"
        " broken."
    )
    row = receive(ingest(raw.encode()))
    answer = (
        f"From: {asha.user.email}\nTo: {DESK}\nSubject: Re\nIn-Reply-To: <8@x>\nMessage-ID:"
        " <9@x>\n\nQuite broken."
    )
    assert receive(ingest(answer.encode())).ticket == row.ticket
    assert row.ticket.log.filter(kind="CustomerWrote").count() == 1


def test_a_notice_is_in_the_agents_language(ticket, asha):
    User.objects.filter(pk=asha.user_id).update(language="pt")
    assign_ticket(ticket, asha, at=ticket.last_activity_at, by=make_agent(ticket.desk, "Bala"))
    alert_owner(ticket.log.get(kind="Assigned").pk, at=ticket.opened_at)
    row = OutboundMail.objects.filter(recipient=asha.user.email).first()
    assert row is None or "Responda a esta mensagem" in parse(bytes(row.raw)).text


def esther_at(desk, domain):
    esther = make_agent(desk, "Esther")
    User.objects.filter(pk=esther.user_id).update(email=f"esther@{domain}")
    return esther


def test_the_owner_of_a_domain_that_folds_to_an_agents_answers_nothing_in_the_agents_name(
    desk, ticket, settings
):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = (TRUSTED,)
    esther = esther_at(desk, "fass.de")
    proven = f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=faß.de\n"
    head = (
        "From: Esther <esther@faß.de>\nTo:"
        f" {signer_for(desk).reply_address(str(ticket.pk))}\nSubject: Re: Printer\n"
    )
    row = receive(
        ingest(f"{proven}{head}Message-ID: <7@fa.example>\n\nPay to this new account.".encode())
    )
    assert not Message.objects.filter(author_user=esther.user).exists()
    assert row.message.author_contact == contact_by(desk, "email", "esther@xn--fa-hia.de")


def test_an_agents_own_domain_counts_in_letters_and_in_ascii(desk, ticket, settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = (TRUSTED,)
    esther = esther_at(desk, "faß.de")
    proven = f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=xn--fa-hia.de\n"
    head = (
        "From: Esther <esther@faß.de>\nTo:"
        f" {signer_for(desk).reply_address(str(ticket.pk))}\nSubject: Re: Printer\n"
    )
    row = receive(ingest(f"{proven}{head}Message-ID: <8@fa.example>\n\nIt is mended.".encode()))
    assert row.message.author_user == esther.user
