"""Mails as they came: what was mended in reading them is said, and the whole is a click away for
who works on them.
"""

import pytest
from django.test import Client

from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.tickets.conversation import take_in_outsider_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment, Message
from tests.people_factory import make_agent, make_desk

BROKEN = (
    b"From: Chitra <chitra@customer.example>\nTo: support@sparkrock.example\nSubject: Cut off\n"
    b"Message-ID: <cut@customer.example>\nDate: Mon, 2 Mar 2026 10:15:42 +0530\nMIME-Version: 1.0\n"
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n"
    b'<p>Look <script>x()</script><img src="http://pictures.example/a.png?u=1&amp;v=2" alt="a">'
    b'<img src="//pictures.example/b.png"></p>\n'
)


@pytest.fixture
def mailed(desk):
    return receive(ingest(BROKEN))


def page_of(console, row):
    return console.get(f"/console/tickets/{row.ticket}").content.decode()


def test_what_was_mended_is_said_on_the_message(console, mailed):
    assert "The mail ends before its closing boundary; it may be cut off." in page_of(
        console, mailed
    )


def test_the_original_is_a_click_away_and_a_browser_runs_nothing_of_it(console, mailed):
    address = f"/console/mails/{mailed.pk}/original"
    assert address in page_of(console, mailed)
    answer = console.get(address)
    assert (answer.content, answer["Content-Type"]) == (BROKEN, "text/plain; charset=utf-8")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_of_a_mail_to_two_cases_the_original_is_a_click_away_on_each(console, desk, mailed):
    second = receive(ingest(BROKEN.replace(b"<cut@", b"<second@").replace(b"Cut off", b"More")))
    signer = signer_for(desk)
    cases = ", ".join(signer.reply_address(str(row.ticket.pk)) for row in (mailed, second))
    both = BROKEN.replace(b"<cut@", b"<both@").replace(b"support@sparkrock.example", cases.encode())
    row = receive(ingest(both))
    twins = Message.objects.filter(mail_id="both@customer.example")
    assert {one.ticket for one in twins} == {mailed.ticket, second.ticket}
    for one in twins:
        page = console.get(f"/console/tickets/{one.ticket}").content.decode()
        assert f"/console/mails/{row.pk}/original" in page


def test_the_original_gives_nobody_a_colleagues_answer_address(console, desk):
    address = signer_for(desk).agent_address("12", "3")
    mailed = receive(ingest(BROKEN.replace(b"<p>", f"<p>On Monday {address} wrote:".encode())))
    shown = console.get(f"/console/mails/{mailed.pk}/original").content.decode()
    assert "+a.12.3.****************@" in shown
    assert address not in shown


def test_a_mail_that_is_not_to_be_read_has_no_link_that_leads_nowhere(console, mailed):
    InboundMail.objects.update(may_be_read=False)
    assert "/original" not in page_of(console, mailed)


def test_who_does_not_work_at_the_desk_has_no_original_and_no_pictures(console, mailed, chitra):
    requester, stranger = Client(), Client()
    requester.force_login(chitra.user, "django.contrib.auth.backends.ModelBackend")
    stranger.force_login(
        make_agent(make_desk("mukta"), "Farid").user, "django.contrib.auth.backends.ModelBackend"
    )
    for address in (
        f"/console/mails/{mailed.pk}/original",
        f"/console/messages/{mailed.message_id}/pictures",
    ):
        assert [client.get(address).status_code for client in (console, stranger, requester)] == [
            200,
            404,
            404,
        ]
    InboundMail.objects.update(desk=None)
    assert console.get(f"/console/mails/{mailed.pk}/original").status_code == 404


def test_pictures_from_elsewhere_show_on_a_page_of_their_own_that_runs_nothing_and_says_nothing(
    console, mailed
):
    page = page_of(console, mailed)
    assert "https://pictures.example" not in page
    address = f"/console/messages/{mailed.message_id}/pictures"
    assert address in page
    answer = console.get(address)
    shown = answer.content.decode()
    assert '<img src="https://pictures.example/a.png?u=1&amp;v=2"' in shown
    assert '<img src="https://pictures.example/b.png"' in shown
    assert "<script" not in shown
    policy = answer["Content-Security-Policy"]
    assert "img-src 'self' data: https:" in policy
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_mail_without_such_pictures_offers_none(console, desk):
    row = receive(ingest(BROKEN.replace(b"img src", b"img alt")))
    assert "Show pictures once" not in page_of(console, row)


def test_what_a_machine_wrote_is_marked_and_counts_as_an_answer_when_somebody_says_so(
    console, mailed
):
    again = BROKEN.replace(
        b"<cut@customer.example>", b"<m2@customer.example>\nIn-Reply-To: <cut@customer.example>"
    )
    row = receive(ingest(again.replace(b"Subject:", b"Auto-Submitted: auto-generated\nSubject:")))
    assert (row.state, row.ticket) == ("done", mailed.ticket)
    page = page_of(console, row)
    assert "Its header Auto-Submitted says auto-generated." in page
    assert f'name="message" value="{row.message_id}">Count it as an answer<' in page
    answered = {"message": row.message_id}
    console.post(
        f"/console/tickets/{row.ticket}/participants", {"contact": row.message.author_contact_id}
    )
    assert not row.ticket.log.filter(kind="CustomerWrote").exists()
    console.post(f"/console/tickets/{row.ticket}/participants", answered)
    console.post(f"/console/tickets/{row.ticket}/participants", answered)
    assert row.ticket.log.filter(kind="CustomerWrote").count() == 1


def test_counting_what_a_machine_wrote_accepts_nothing_else_that_came_in_the_same_name(
    console, mailed
):
    forged = take_in_outsider_message(
        mailed.ticket,
        Written("Send me the papers.", unproven="dmarc=fail"),
        channel="email",
        at=mailed.received_at,
        by=mailed.ticket.requester,
    )
    away = take_in_outsider_message(
        mailed.ticket,
        Written("Away.", automatic="Its subject is that of an automatic answer."),
        channel="email",
        at=mailed.received_at,
        by=mailed.ticket.requester,
    )
    message, other = (
        Message.objects.get(pk=done.entries[0].data["message"]) for done in (away, forged)
    )
    console.post(f"/console/tickets/{mailed.ticket}/participants", {"message": message.pk})
    other.refresh_from_db()
    message.refresh_from_db()
    assert (message.outsider, other.outsider, other.unproven) == (False, True, "dmarc=fail")


def test_a_mail_that_came_as_a_file_is_read_folded_beneath_its_message_and_its_file_is_a_click_away(
    console, desk
):
    raw = (
        b"From: Chitra <chitra@customer.example>\nTo: support@sparkrock.example\nSubject: Fwd:"
        b" Fire\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the"
        b" file.\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment;"
        b" filename=fire.eml\n\nFrom: Joan <joan@customer.example>\nSubject: Fire\nContent-Type:"
        b" multipart/mixed; boundary=c\n\n--c\nContent-Type: text/html\n\n<b>It"
        b" burns.</b><script>x()</script>\n--c\nContent-Type: image/png\nContent-Disposition:"
        b" attachment; filename=smoke.png\n\npng\n--c--\n--b--\n"
    )
    page = page_of(console, receive(ingest(raw)))
    carried = page[page.index('<details class="fold carried">') :]
    carried = carried[: carried.index("</details>")]
    assert "Attached mail: Fire" in carried and "Joan &lt;joan@customer.example&gt;" in carried
    assert "<b>It burns.</b>" in carried and "x()" not in page
    assert "smoke.png" in carried and "smoke.png" not in page.replace(carried, "")
    inside = Attachment.objects.get(name="smoke.png")
    assert console.get(f"/files/{inside.pk}/smoke.png").content == b"png"
