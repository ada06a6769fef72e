"""The demo: being anybody, and the mailbox that stands for the world's."""

import re
import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives
from django.test import Client, override_settings

from deskbook.channels.email.models import OutboundMail
from deskbook.delivery.states import State
from deskbook.demo.models import KeptMail
from deskbook.jobs.sign_in import mail_code
from deskbook.people.account_models import CodeAsked
from deskbook.tickets.models import LogEntry
from tests.web.portal.conftest import make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def listener(settings):
    """A mail server where the desk's own would listen; what it takes is in `.taken`."""

    class Taking:
        taken: list = []

        async def handle_DATA(self, server, session, envelope):
            self.taken.append(
                (
                    envelope.mail_from,
                    envelope.rcpt_tos,
                    message_from_bytes(envelope.content, policy=policy.default),
                )
            )
            return "250 taken"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    taking = Taking()
    taking.taken = []
    controller = Controller(taking, hostname="127.0.0.1", port=port)
    controller.start()
    settings.DESKBOOK_SMTP_LISTEN = ("127.0.0.1", port)
    yield taking
    controller.stop()


def kept_mail(cast, html="<p>Please send <b>the log</b>.<script>alert(1)</script></p>"):
    ticket = cast.case()
    mail = EmailMultiAlternatives(
        "[SPR-1] The bank run",
        "Please send the log.",
        "Sparkrock <support@sparkrock.example>",
        [cast.chitra.user.email],
        headers={
            "Message-ID": "<t.1.2@sparkrock.example>",
            "Reply-To": "support+t.1.abc@sparkrock.example",
            "References": "<first@x.example>",
        },
    )
    mail.attach_alternative(html, "text/html")
    return OutboundMail.objects.create(
        entry=LogEntry.objects.filter(ticket=ticket).first(),
        ticket=ticket,
        recipient=cast.chitra.user.email,
        purpose="answer",
        mail_id="t.1.2@sparkrock.example",
        subject="[SPR-1] The bank run",
        raw=mail.message().as_bytes(),
        state=State.HANDED_OVER,
        queued_at=ticket.opened_at,
    )


@pytest.mark.parametrize(
    "page", ["", "mailbox/", "mailbox/write/", "mailbox/desk/1/", "mailbox/account/1/html"]
)
def test_outside_a_demo_its_pages_do_not_exist(db, page):
    assert Client().get(f"/demo/{page}").status_code == 404


@pytest.mark.parametrize("page", ["sign-in/", "mailbox/desk/1/reply/", "mailbox/write/"])
def test_outside_a_demo_nobody_becomes_anybody_and_nothing_is_sent(cast, page):
    client = Client()
    assert client.post(f"/demo/{page}", {"user": cast.asha.user.pk}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_people_of_each_desk_stand_by_role_and_one_click_is_enough(demo, cast):
    client = Client()
    page = client.get("/demo/").content.decode()
    for expected in (
        "Asha",
        "Agent",
        "Chitra",
        "Named contact, Northwind Schools",
        "Dev",
        "Reader, Northwind Schools",
    ):
        assert expected in page
    client.post("/demo/sign-in/", {"user": cast.chitra.user.pk})
    assert client.get("/").url == "/desk/sparkrock/cases/"


def test_becoming_somebody_needs_a_post_and_never_reaches_an_administrator(demo, cast):
    cast.asha.user.is_superuser = True
    cast.asha.user.save()
    client = Client()
    assert client.get("/demo/sign-in/").status_code == 405
    assert client.post("/demo/sign-in/", {"user": cast.asha.user.pk}).status_code == 404
    assert client.post("/demo/sign-in/", {"user": "nobody"}).status_code == 404


def test_a_sign_in_code_lands_in_the_mailbox(demo, cast):
    client = Client()
    client.post("/account/login/code/", {"email": cast.chitra.user.email})
    mail_code(CodeAsked.objects.get().pk)
    mail = KeptMail.objects.get()
    page = client.get(f"/demo/mailbox/account/{mail.pk}/").content.decode()
    code = re.search(r"^ {4}(\w+-\w+)$", page, re.MULTILINE)[1]
    assert f"Your code: {code}" in client.get("/demo/mailbox/").content.decode()
    assert client.post("/account/login/code/confirm/", {"code": code}).url == "/"


def test_the_mailbox_shows_mails_with_their_headers_and_html_that_cannot_run(demo, cast):
    mail, client = kept_mail(cast), Client()
    assert (
        "[SPR-1] The bank run"
        in client.get(f"/demo/mailbox/?to={cast.chitra.user.email}").content.decode()
    )
    assert (
        "[SPR-1] The bank run"
        not in client.get("/demo/mailbox/?to=other@x.example").content.decode()
    )
    page = client.get(f"/demo/mailbox/desk/{mail.pk}/").content.decode()
    assert "&lt;t.1.2@sparkrock.example&gt;" in page
    assert "Please send the log." in page
    html = client.get(f"/demo/mailbox/desk/{mail.pk}/html")
    assert "<b>the log</b>" in html.content.decode()
    assert "alert" not in html.content.decode()
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert html.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_an_answer_leaves_as_the_recipients_mail_program_would_send_it(demo, cast, listener):
    mail = kept_mail(cast)
    Client().post(f"/demo/mailbox/desk/{mail.pk}/reply/", {"text": "Here it is. Olá"})
    ((from_, to, letter),) = listener.taken
    assert (from_, to) == (cast.chitra.user.email, ["support+t.1.abc@sparkrock.example"])
    assert letter["In-Reply-To"] == "<t.1.2@sparkrock.example>"
    assert letter["References"] == "<first@x.example> <t.1.2@sparkrock.example>"
    assert letter["Subject"] == "Re: [SPR-1] The bank run"
    assert letter.get_content().splitlines() == ["Here it is. Olá", "", "> Please send the log."]


def test_a_new_mail_goes_to_the_desk_named_and_to_no_other_address(demo, cast, listener):
    client = Client()
    typed = {
        "from": "new@person.example",
        "to": "support@sparkrock.example",
        "subject": "Help",
        "text": "It is broken.",
    }
    assert client.post("/demo/mailbox/write/", typed).status_code == 302
    assert [(from_, to) for from_, to, _ in listener.taken] == [
        ("new@person.example", ["support@sparkrock.example"])
    ]
    wrong = client.post(
        "/demo/mailbox/write/", {**typed, "to": "victim@else.example", "from": "no address"}
    )
    page = wrong.content.decode()
    assert (
        wrong.status_code,
        'id="f-to-error"' in page,
        'id="f-from-error"' in page,
        "It is broken." in page,
    ) == (
        422,
        True,
        True,
        True,
    )
    assert len(listener.taken) == 1


def test_when_the_listener_is_away_the_page_says_so_and_keeps_the_text(demo, cast):
    mail = kept_mail(cast)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        with override_settings(DESKBOOK_SMTP_LISTEN=taken.getsockname()):
            answer = Client().post(f"/demo/mailbox/desk/{mail.pk}/reply/", {"text": "Here it is."})
    page = answer.content.decode()
    assert (answer.status_code, "did not take it" in page, "Here it is.</textarea>" in page) == (
        502,
        True,
        True,
    )


def test_an_empty_answer_is_not_sent(demo, cast, listener):
    page = (
        Client()
        .post(f"/demo/mailbox/desk/{kept_mail(cast).pk}/reply/", {"text": " "})
        .content.decode()
    )
    assert "Write something, or add a file." in page
    assert listener.taken == []
