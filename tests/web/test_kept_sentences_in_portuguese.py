"""What the desk kept to say of mail is said on the screens in the language of who reads it."""

import re

import pytest
from django.utils import timezone
from django.utils.translation import override

from deskbook.channels.email.deliver import TryAgain, deliver
from deskbook.channels.email.models import InboundMail, MailTrouble, OutboundMail
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.people.models import User
from deskbook.people.refusals import in_words
from deskbook.refusals import gateways, mail
from tests.people_factory import make_agent
from tests.web.test_originals import BROKEN

FROM, TO = b"From: Chitra <chitra@customer.example>\n", b"To: support@sparkrock.example\n"
DAMAGED = (
    FROM
    + TO
    + b"Cc: bo@[x], evan@\nContent-Type: text/plain; charset=us-ascii\n\nn\xc3\xa3o imprime"
)
NOT_TAKEN = (
    b"",
    b"no mail at all",
    TO + b"Subject: of nobody\n\nx",
    FROM + TO + b"Auto-Submitted: auto-replied\n\nI am away.",
    b"From: support@sparkrock.example\n" + TO + b"\nOur own.",
    FROM + TO + b"Received: a\n" * 60 + b"\nin a circle",
    FROM + TO + b"Content-Type: multipart/report; report-type=disposition-notification;"
    b" boundary=b\n\n--b\n\nx\n--b--\n",
)


@pytest.fixture
def portuguese(bala, as_bala):
    User.objects.filter(pk=bala.user_id).update(language="pt")
    return as_bala


def english_of_ours(page):
    """The sentences of the catalogue, and longer pieces of them, that stand on a page in
    English.
    """
    pieces = {
        piece.strip()
        for said in (mail.SENTENCES | gateways.SENTENCES).values()
        for piece in re.split(r"\{\w+\}", said)
    }
    return {piece for piece in pieces if len(piece) > 14 and piece in page}


def test_why_mail_became_no_ticket_is_said_in_portuguese(portuguese, desk):
    rows = [receive(ingest(raw, "support@sparkrock.example")) for raw in NOT_TAKEN]
    assert {row.state for row in rows} == {"held", "ignored"}
    for address in ("", "?show=left-out", *(f"mails/{row.pk}" for row in rows)):
        answer = portuguese.get(f"/console/left-over/{address}")
        assert (answer.status_code, english_of_ours(answer.content.decode())) == (200, set())
    assert "A mensagem está vazia" in portuguese.get("/console/left-over/").content.decode()


def test_what_was_mended_in_a_mail_and_who_was_not_taken_is_said_in_portuguese(portuguese, desk):
    for raw in (BROKEN, DAMAGED):
        page = portuguese.get(f"/console/tickets/{receive(ingest(raw)).ticket}").content.decode()
        assert "A mensagem" in page
        assert english_of_ours(page) == set()


def test_a_mail_that_was_not_taken_as_an_answer_says_so_to_each_reader(
    portuguese, desk, case, settings
):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = ["mx.sparkrock.example"]
    asha = make_agent(desk, "Asha Two")
    address = signer_for(desk).agent_address(str(case.pk), str(asha.pk))
    receive(
        ingest(f"From: {asha.user.email}\nTo: {address}\nSubject: Re\n\nDo this.".encode(), address)
    )
    page = portuguese.get(f"/console/tickets/{case}").content.decode()
    assert "não foi tomada como resposta" in page
    assert english_of_ours(page) == set()


def test_what_became_of_an_agents_mail_and_of_one_filed_by_hand_is_kept_for_each_reader(
    as_bala, desk, bala, case
):
    address = signer_for(desk).agent_address(str(case.pk), str(bala.pk))
    answered = receive(
        ingest(
            f"From: {bala.user.email}\nTo: {address}\nSubject: Re\n\nTry this.".encode(), address
        )
    )
    held = receive(ingest(b"no mail at all", "support@sparkrock.example"))
    given = {
        "left": f"mail-in {held.pk}",
        "requester": "ghost@far.example",
        "text": "Help me",
        "channel": "email",
    }
    as_bala.post("/console/tickets/new", given)
    held.refresh_from_db()
    assert [in_words(row.reason) for row in (answered, held)] == [
        "It is from somebody who works at the desk.",
        f"Filed by {bala.user}.",
    ]
    with override("pt"):
        assert [in_words(row.reason) for row in (answered, held)] == [
            "É de alguém que trabalha no serviço.",
            f"Registada como ticket por {bala.user}.",
        ]


def test_why_mail_does_not_leave_is_said_in_portuguese_with_the_servers_own_words(
    portuguese, desk, case, sink
):
    note = case.messages.first()
    mail = OutboundMail.objects.create(
        notice_key="test",
        desk=desk,
        message=note,
        recipient="chitra@customer.example",
        purpose="notice",
        mail_id="t.1",
        subject="Re",
        raw=b"Subject: Re\n\nx",
        queued_at=timezone.now(),
    )
    sink.reply["rcpt"] = "450 4.2.0 Greylisted"
    with pytest.raises(TryAgain):
        deliver(mail.pk, at=timezone.now())
    page = portuguese.get("/console/left-over/?show=waiting").content.decode()
    assert "O servidor de correio disse: 450 4.2.0 Greylisted" in page
    assert english_of_ours(page) == set()


def test_rows_from_before_are_shown_as_they_are(portuguese, desk):
    InboundMail.objects.filter(pk=ingest(b"", "support@sparkrock.example")).update(
        state="held", reason="The mail is empty: not one byte came.", desk=desk
    )
    MailTrouble.objects.create(
        since_at=timezone.now(), last_at=timezone.now(), reason="It said 535."
    )
    page = portuguese.get("/console/left-over/").content.decode()
    assert "The mail is empty: not one byte came." in page and "It said 535." in page
