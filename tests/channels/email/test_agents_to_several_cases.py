"""A mail of the desk's people to several cases is on each of them, or they hear on which it is not
an answer.
"""

import pytest

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.people.refusals import in_words
from deskbook.tickets.models import Message
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.stages import close_ticket
from tests.people_factory import make_agent

DESK, TRUSTED = "it@harbour.example", "mx.harbour.example"


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def proven(settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = (TRUSTED,)


def case_of(sender):
    raw = f"From: {sender}\nTo: {DESK}\nSubject: Printer\nMessage-ID: <{sender}>\n\nIt jams."
    return receive(ingest(raw.encode())).ticket


@pytest.fixture
def first(desk):
    return case_of("chitra@customer.example")


@pytest.fixture
def second(desk):
    return case_of("evan@elsewhere.example")


def written(asha, *to, **envelope):
    proof = f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=small.example\n"
    head = f"From: Asha <{asha.user.email}>\nTo: {', '.join(to)}\nSubject: Re: Printer\nDate: Mon, 2 Mar 2026 10:15:42 +0530\n"
    words = "Please restart it.\n\nOn Mon, 2 Mar 2026, the desk wrote:\n> It jams."
    raw = f"{proof}{head}Message-ID: <9@small.example>\n\n{words}"
    return receive(ingest(raw.encode(), **envelope))


def own(ticket):
    return signer_for(ticket.desk).reply_address(str(ticket.pk))


def told(asha):
    """Of which tickets Asha was mailed that her words did not leave."""
    rows = OutboundMail.objects.filter(
        recipient=asha.user.email, subject__startswith="Not sent"
    ).order_by("pk")
    return [(row.ticket, parse(bytes(row.raw)).text) for row in rows]


def said_on(ticket):
    return [
        (message.kind, message.text)
        for message in ticket.messages.filter(author_user__isnull=False).order_by("pk")
    ]


@pytest.mark.usefixtures("proven")
@pytest.mark.parametrize("by", ["header", "envelope"])
def test_an_agents_answer_to_two_cases_goes_to_both_and_each_names_the_other(
    first, second, asha, by
):
    to = [own(first), own(second)]
    row = written(asha, *to) if by == "header" else written(asha, DESK, envelope_to=to)
    for ticket, other in ((first, second), (second, first)):
        assert said_on(ticket) == [("answer", "Please restart it.")]
        assert ticket.log.filter(kind="Answered").count() == 1
        answer = ticket.messages.get(kind="answer")
        assert [in_words(one) for one in answer.mended] == [f"It was sent to {other} as well."]
    assert (row.state, row.ticket, told(asha)) == ("done", first, [])


@pytest.mark.usefixtures("proven")
def test_it_counts_once_where_the_two_are_one_by_a_merge(first, second, asha):
    merge_ticket(second, first, at=first.opened_at, by=asha)
    written(asha, own(first), own(second))
    assert said_on(first) == [("answer", "Please restart it.")]
    assert said_on(second) == []


def test_an_answer_to_a_notice_that_names_another_case_is_told_where_it_is_none(
    first, second, asha
):
    notice = signer_for(first.desk).agent_address(str(first.pk), str(asha.pk))
    written(asha, notice, own(second))
    assert said_on(first) == [("answer", "Please restart it.")]
    [note] = second.messages.filter(kind=Message.Kind.NOTE)
    assert "Please restart it." in note.text
    [(ticket, why)] = told(asha)
    assert ticket == second
    assert "everybody on that mail knows the address" in why


@pytest.mark.usefixtures("proven")
def test_of_two_cases_the_one_that_takes_no_answer_has_a_note_and_the_agent_hears_of_it(
    first, second, asha
):
    close_ticket(second, at=second.opened_at, by=asha)
    written(asha, own(first), own(second))
    assert said_on(first) == [("answer", "Please restart it.")]
    [note] = second.messages.filter(kind=Message.Kind.NOTE)
    assert "Please restart it." in note.text
    [(ticket, why)] = told(asha)
    assert ticket == second
    assert "This ticket is Closed. Reopen it first." in why


@pytest.mark.usefixtures("proven")
def test_a_mail_to_a_case_of_theirs_and_one_they_work_on_is_their_words_on_one_an_answer_on_the_other(
    second, asha
):
    theirs = case_of(asha.user.email)
    written(asha, own(theirs), own(second))
    assert said_on(second) == [("answer", "Please restart it.")]
    wrote = theirs.messages.latest("pk")
    assert (wrote.kind, wrote.text) == ("request", "Please restart it.")
    assert theirs.log.filter(kind="CustomerWrote").count() == 1
