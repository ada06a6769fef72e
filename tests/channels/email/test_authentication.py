"""Whether a mail is from whom it says: by the word of the desk's own mail server, and by nobody
else's (RFC 8601).
"""

import pytest

from deskbook.channels.email.authentication import what_is_not_proven
from deskbook.channels.email.copied import copied_in
from deskbook.channels.email.signing import signer_for
from deskbook.jobs.letters import acknowledge
from deskbook.people.contacts import address_of
from deskbook.people.refusals import in_words
from deskbook.tickets.conversation import accept_outsider
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.senders import IS_UNPROVEN, accept_sender
from deskbook.tickets.stages import close_ticket
from tests.channels.email.post import mail
from tests.channels.email.test_understanding import raw, take
from tests.people_factory import MONDAY, make_agent

OURS = ("mx.harbour.example",)
PASS = "dmarc=pass header.from=customer.example"


def results(*lines):
    return mail("\n".join(f"Authentication-Results: {line}" for line in lines))


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("mx.harbour.example; dmarc=pass header.from=customer.example", ""),
        (
            "mx.harbour.example; dmarc=fail (p=none) header.from=customer.example; spf=softfail",
            "dmarc=fail, spf=softfail",
        ),
        ("mx.harbour.example 1; dkim=pass header.d=customer.example header.s=s1", ""),
        ("MX.harbour.example; dkim=pass (2048-bit key; ok) header.i=@customer.example", ""),
        (
            (
                '"mx.harbour.example"; dkim=fail reason="a; b" header.d=li.st; dkim=pass'
                ' header.d="customer.example"'
            ),
            "",
        ),
        (
            (
                "mx.harbour.example; dmarc=pass(p=reject (said (so))) header.from=customer.example;"
                " dkim=none"
            ),
            "",
        ),
        ("mx.harbour.example; spf=pass smtp.mailfrom=bounce@customer.example", ""),
        (
            (
                "mx.harbour.example; dkim=pass header.d=bulk.example; spf=pass"
                " smtp.mailfrom=x@bulk.example"
            ),
            "dkim=pass, spf=pass",
        ),
        ("mx.harbour.example; dkim=pass header.d=example", "dkim=pass"),
        ("mx.harbour.example; dmarc=none; dkim=pass header.d=customer.example", ""),
        ("mx.harbour.example; dmarc=pass; dkim=pass header.d=customer.example", ""),
        ("mx.harbour.example; dmarc=pass header.from=Chitra@Customer.Example.", ""),
        ("mx.harbour.example; none", "no result"),
        (
            "mx.evil.example; dmarc=pass header.from=customer.example",
            "the mail server says nothing about it",
        ),
        ("mx.harbour.example.evil.example; dmarc=pass", "the mail server says nothing about it"),
    ],
)
def test_a_sender_is_proven_by_what_our_own_server_found(line, missing):
    assert in_words(what_is_not_proven(results(line), OURS)) == missing


@pytest.mark.parametrize(
    "line",
    [
        'spf=pass smtp.mailfrom="x; dmarc=pass y"@evil.example',
        (
            'spf=pass smtp.mailfrom="x;dmarc=pass"@evil.example; dmarc=fail'
            " header.from=customer.example"
        ),
        'spf=pass smtp.mailfrom="a\\"; dmarc=pass b=\\""@evil.example',
        (
            'spf=pass (domain of "x);dmarc=pass("@evil.example permits)'
            ' smtp.mailfrom="x);dmarc=pass("@evil.example'
        ),
        (
            'spf=pass (domain of x"y; dmarc=pass) smtp.mailfrom=evil.example; dmarc=pass'
            " header.from=customer.example"
        ),
        'auth=pass smtp.auth="x; dmarc=pass y"; dkim=pass header.i="a; dmarc=pass"@evil.example',
        'dkim=pass header.i="a header.d=customer.example b"@evil.example',
        "dmarc=pass header.from=customer.example; dmarc=fail header.from=customer.example",
        "dkim=pass header.d=customer.example; dkim=fail header.d=customer.example",
        "dkim=pass header.d=evil.customer.example",
        "dmarc=pass",
        "dmarc=pass action=none; spf=pass smtp.mailfrom=evil.example",
        "dmarc=pass header.from=evil.example; dkim=pass header.d=customer.example",
        "dmarc=pass; dmarc=fail header.from=customer.example; dkim=pass header.d=customer.example",
        "dmarc=pass header.from=customer.example header.from=evil.example",
        "spf=pass smtp.mailfrom=x@customer.example smtp.mailfrom=x@evil.example",
        "spf=pass smtp.helo=customer.example",
        "dkim=pass header.d=evil.example "
        + "; dkim=pass header.d=evil.example" * 300
        + "; dmarc=fail",
        "dmarc=pass header.from=customer.example; what is this",
        "dmarc=pass (header.from=customer.example",
        "dmarc=pass \\; header.from=customer.example",
    ],
)
def test_nothing_a_sender_can_write_into_the_verdict_proves_them(line):
    assert what_is_not_proven(results(f"mx.harbour.example; {line}"), OURS)


def test_a_domain_is_not_proven_by_another_below_it():
    forged = mail(
        "From: ceo@uk.example\nAuthentication-Results: mx.harbour.example; dkim=pass"
        " header.d=evil.uk.example"
    )
    assert what_is_not_proven(forged, OURS) == "dkim=pass"


def test_of_two_headers_the_one_our_server_put_on_top_counts():
    forged = "mx.harbour.example; dmarc=pass header.from=customer.example"
    assert (
        what_is_not_proven(results("mx.harbour.example; dmarc=fail", forged), OURS) == "dmarc=fail"
    )


def test_where_no_server_is_trusted_every_sender_is_believed():
    assert what_is_not_proven(results("mx.harbour.example; dmarc=fail"), ()) == ""


@pytest.fixture
def closed(desk, settings):
    """Chitra's case, proven and closed by her."""
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = OURS
    ticket = take(raw(Authentication_Results=f"{OURS[0]}; {PASS}")).ticket
    close_ticket(ticket, at=MONDAY.replace(year=2030), by=ticket.requester)
    ticket.refresh_from_db()
    return ticket


def answer(verdict, number=2, **more):
    """A mail in Chitra's name that names her first one."""
    given = {"In_Reply_To": "<m1@customer.example>", "Message_ID": f"<m{number}@customer.example>"}
    return take(
        raw(
            "Pay this account instead.",
            Authentication_Results=f"{OURS[0]}; {verdict}",
            **given,
            **more,
        )
    )


def test_what_somebody_wrote_in_her_name_is_shown_and_reopens_nothing(closed):
    row = answer("dmarc=fail")
    closed.refresh_from_db()
    assert (row.ticket, closed.is_open) == (closed, False)
    assert (row.message.outsider, in_words(row.message.unproven)) == (True, "dmarc=fail")
    assert not LogEntry.objects.filter(
        ticket=closed, kind__in=("CustomerWrote", "Reopened")
    ).exists()


def test_what_she_wrote_herself_reopens_it(closed):
    row = answer(PASS)
    closed.refresh_from_db()
    assert (closed.is_open, in_words(row.message.unproven)) == (True, "")


def test_an_agent_accepts_what_was_not_proven_and_then_it_counts(closed):
    answer("dmarc=fail")
    accept_outsider(
        closed, closed.requester, at=MONDAY.replace(year=2030), by=make_agent(closed.desk)
    )
    closed.refresh_from_db()
    assert closed.is_open


def test_a_case_opened_in_somebodys_name_is_marked(desk, settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = OURS
    assert in_words(take(raw()).message.unproven) == "the mail server says nothing about it"
    assert Message.objects.get().outsider is False


def test_whom_a_forged_mail_copies_in_follows_nothing(desk, settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = OURS
    copied = {"Cc": "Chitra at home <attacker@evil.example>"}
    forged = take(raw(Authentication_Results=f"{OURS[0]}; dmarc=fail", **copied)).ticket
    meant = take(
        raw(Authentication_Results=f"{OURS[0]}; {PASS}", Message_ID="<m9@x.example>", **copied)
    ).ticket
    assert (forged.participants.count(), meant.participants.count()) == (1, 2)


def test_accepted_it_is_a_mail_like_any_other_and_whom_it_copied_in_follows(desk, settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = OURS
    row = take(
        raw(Authentication_Results=f"{OURS[0]}; dmarc=fail", Cc="Dev <dev@customer.example>")
    )
    asha, message = make_agent(desk), Message.objects.get()
    assert Ticket.objects.filter(IS_UNPROVEN).exists()
    for key in ("one", "one", "two"):
        accept_sender(message, copied_in(message), at=MONDAY, by=asha, key=key)
    followers = who_is_answered(row.ticket)
    assert [address_of(one) for one in followers] == [
        "chitra@customer.example",
        "dev@customer.example",
    ]
    told = row.ticket.log.filter(kind__in=("SenderAccepted", "ParticipantAdded")).order_by("seq")
    assert [(entry.kind, entry.actor) for entry in told] == [
        ("SenderAccepted", f"agent:{asha.pk}"),
        ("ParticipantAdded", f"agent:{asha.pk}"),
    ]
    assert told[0].data["finding"] == "dmarc=fail"
    assert not Ticket.objects.filter(IS_UNPROVEN).exists()


def test_what_was_let_in_on_a_running_case_is_accepted_with_it(closed):
    row = answer("dmarc=fail")
    accept_outsider(
        closed, closed.requester, at=MONDAY.replace(year=2030), by=make_agent(closed.desk)
    )
    row.message.refresh_from_db()
    assert (row.message.unproven, row.message.outsider) == ("", False)
    assert closed.log.filter(kind="SenderAccepted").count() == 1


def test_a_forged_mail_is_not_acknowledged(desk, settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = OURS
    for number, verdict in enumerate(("dmarc=fail", PASS)):
        row = take(
            raw(Authentication_Results=f"{OURS[0]}; {verdict}", Message_ID=f"<m{number}@x.example>")
        )
        acknowledge(row.ticket.log.get(kind="Opened").pk)
        assert row.ticket.log.filter(kind="Acknowledged").exists() is (verdict == PASS)


def test_a_follower_does_not_speak_for_the_requester_by_the_address_both_were_given(closed):
    row = answer("dmarc=fail", To=signer_for(closed.desk).reply_address(str(closed.pk)))
    closed.refresh_from_db()
    assert (row.ticket, row.message.outsider, closed.is_open) == (closed, True, False)


def test_a_name_that_only_becomes_our_servers_when_folded_is_not_our_servers():
    forged = mail(
        "From: asha@faß.de\nAuthentication-Results: mx.faß.example; dmarc=pass"
        " header.from=faß.de\n\nPay."
    )
    assert what_is_not_proven(forged, ("mx.fass.example",))
