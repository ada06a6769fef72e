from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from deskbook.channels.email.deliver import MAX_AUTOMATIC_PER_RECIPIENT, TRIED_FOR, TryAgain, deliver
from deskbook.channels.email.held import held_mail, release
from deskbook.channels.email.letters import Post, queue_letter
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.email.signing import signer_for
from deskbook.tickets.models import LogEntry, Ticket
from tests.channels.email.test_receive import raw, take
from tests.people_factory import make_agent

NOW = datetime.now(UTC)


class Sink:
    """A mail server that keeps what it gets, or says what `reply` tells it to."""

    def __init__(self):
        self.got = []
        self.reply = {"rcpt": "250 OK", "data": "250 OK"}

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return self.reply["rcpt"]

    async def handle_DATA(self, server, session, envelope):
        if self.reply["data"].startswith("250"):
            self.got.append((envelope.mail_from, envelope.rcpt_tos, bytes(envelope.content)))
        return self.reply["data"]


class OnAnyPort(Controller):
    def factory(self):
        return SMTP(self.handler, enable_SMTPUTF8=True)

    def _trigger_server(self):
        # The parent asks the port it was given; this one was given 0.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def sink(settings):
    sink = Sink()
    controller = OnAnyPort(sink, hostname="127.0.0.1", port=0)
    controller.start()
    settings.DESKBOOK_DEMO = False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield sink
    controller.stop()


@pytest.fixture
def entry(desk):
    ticket = take(raw()).ticket
    return LogEntry.objects.select_related("ticket__desk").get(ticket=ticket, seq=1)


def queue(entry, purpose="answer", recipient="chitra@customer.example"):
    message = entry.ticket.messages.get() if purpose == "answer" else None
    post = Post(purpose, recipient, "Is it switched on?", "pt", "Chitra", message=message)
    return queue_letter(entry, entry.ticket, post, at=NOW)


def test_a_mail_leaves_once_with_our_envelope_and_headers(entry, sink):
    row = queue(entry)
    assert deliver(row.pk, at=NOW).state == "sent"
    assert deliver(row.pk, at=NOW).state == "sent"
    ((sender, to, content),) = sink.got
    mail = parse(content)
    assert to == ["chitra@customer.example"]
    assert signer_for(entry.ticket.desk).read_bounce_address(sender) is not None
    assert mail.in_reply_to == "<m1@customer.example>"
    assert mail.message_id == f"<{row.mail_id}>"


def test_an_acknowledgement_leaves_from_nobody(entry, sink):
    deliver(queue(entry, "acknowledgement").pk, at=NOW)
    assert sink.got[0][0] in ("", "<>", None)


def test_an_answer_to_what_left_comes_back_to_its_ticket(entry, sink):
    deliver(queue(entry).pk, at=NOW)
    sent = parse(sink.got[0][2])
    answer = take(raw("Yes.", To=sent.reply_to[0].addr, In_Reply_To=sent.message_id, Message_ID="<m9@x.example>"))
    assert (answer.ticket, answer.message.text) == (entry.ticket, "Yes.")


def test_a_demo_keeps_its_mail(entry, sink, settings):
    settings.DESKBOOK_DEMO = True
    assert deliver(queue(entry).pk, at=NOW).state == "kept"
    assert sink.got == []


def test_a_server_that_is_busy_is_tried_again_and_in_the_end_given_up(entry, sink):
    sink.reply["data"] = "451 4.7.1 Greylisted"
    row = queue(entry)
    for hours in (0, 1, 24, 71):
        with pytest.raises(TryAgain, match="Greylisted"):
            deliver(row.pk, at=NOW + timedelta(hours=hours))
    row = deliver(row.pk, at=NOW + TRIED_FOR)
    assert (row.state, row.attempts, row.hard) == ("failed", 5, False)


def test_a_server_that_is_away_is_tried_again(entry, sink, settings):
    settings.EMAIL_PORT = 1
    row = queue(entry)
    with pytest.raises(TryAgain):
        deliver(row.pk, at=NOW)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 1)


def test_a_recipient_refused_for_good_is_said_on_the_ticket(entry, sink):
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    row = deliver(queue(entry).pk, at=NOW)
    assert row.state == "failed"
    assert "User unknown" in row.reason
    assert LogEntry.objects.filter(ticket=entry.ticket, kind="DeliveryFailed").count() == 1


def test_a_bounce_marks_the_mail_and_the_ticket_and_causes_no_mail(entry, sink):
    row = queue(entry)
    deliver(row.pk, at=NOW)
    queued = OutboundMail.objects.count()
    bounce = raw("user unknown", From="MAILER-DAEMON@mx.example", To=row.envelope_from, Return_Path="<>")
    inbound = take(bounce)
    row.refresh_from_db()
    assert (inbound.state, inbound.ticket, row.state) == ("ignored", entry.ticket, "failed")
    assert LogEntry.objects.filter(ticket=entry.ticket, kind="DeliveryFailed").exists()
    assert OutboundMail.objects.count() == queued


def test_reminders_to_an_address_that_bounced_are_held(entry, sink):
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    deliver(queue(entry).pk, at=NOW)
    row = deliver(queue(entry, "reminder").pk, at=NOW)
    assert row.state == "held"
    assert "Correct the address" in row.reason


def test_more_automatic_mails_an_hour_than_honest_are_held(entry, sink):
    rows = [deliver(queue(entry, f"notice {n}").pk, at=NOW) for n in range(MAX_AUTOMATIC_PER_RECIPIENT + 1)]
    assert [row.state for row in rows] == ["sent"] * MAX_AUTOMATIC_PER_RECIPIENT + ["held"]
    assert deliver(queue(entry).pk, at=NOW).state == "sent"
    assert deliver(queue(entry, "later").pk, at=NOW + timedelta(hours=2)).state == "sent"


def test_an_address_outside_ascii_is_reached(entry, sink):
    assert deliver(queue(entry, recipient="चित्रा@उदाहरण.भारत").pk, at=NOW).state == "sent"


def test_junk_that_comes_back_to_the_bounce_address_is_a_soft_failure_of_that_mail_and_no_ticket(entry, sink):
    row = queue(entry)
    deliver(row.pk, at=NOW)
    junk = raw("\x01\x02", From="MAILER-DAEMON@mx.example", To="someone@elsewhere.example", Subject="???")
    inbound = take(junk, envelope_from="<>", envelope_to=[row.envelope_from])
    row.refresh_from_db()
    assert (inbound.state, inbound.ticket, row.state) == ("ignored", entry.ticket, "failed")
    assert "came back" in inbound.reason
    (failure,) = LogEntry.objects.filter(ticket=entry.ticket, kind="DeliveryFailed")
    assert failure.data["hard"] is False
    assert Ticket.objects.count() == 1


def test_an_outage_of_days_silences_nobody(entry, sink):
    sink.reply["data"] = "451 4.3.2 Away"
    deliver(queue(entry).pk, at=NOW + TRIED_FOR)
    sink.reply["data"] = "250 OK"
    assert deliver(queue(entry, "reminder").pk, at=NOW + TRIED_FOR).state == "sent"


def test_a_mail_server_that_is_away_is_asked_every_half_hour_at_most_for_three_days():
    from types import SimpleNamespace

    from deskbook.tasks import Patience

    now, waited, attempts = datetime.now(UTC), timedelta(), 0
    while decision := Patience().get_retry_decision(exception=TryAgain(), job=SimpleNamespace(attempts=attempts)):
        wait = decision.retry_at - now
        assert wait < timedelta(minutes=31)
        waited, attempts = waited + wait, attempts + 1
    assert waited > TRIED_FOR


def test_what_a_lead_sends_after_all_leaves_and_is_not_held_again(entry, sink):
    lead = make_agent(entry.ticket.desk, "Bala", role="lead")
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    deliver(queue(entry).pk, at=NOW)
    sink.reply["rcpt"] = "250 OK"
    row = deliver(queue(entry, "reminder").pk, at=NOW)
    assert [held.pk for held in held_mail(lead)] == [row.pk]
    assert release(row, at=NOW, by=lead)
    assert not release(row, at=NOW, by=lead)
    assert deliver(row.pk, at=NOW).state == "sent"
