"""What becomes of mail while its server is away, refuses our password or refuses us."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.channels.email.deliver import REFUSED_FOR, TRIED_FOR, TryAgain, deliver
from deskbook.channels.email.held import send_kept_back, waiting_mail
from deskbook.channels.email.models import MailTrouble, OutboundMail
from deskbook.channels.email.trouble import BLIP, PAUSE
from deskbook.jobs.mail_trouble import alert_mail_trouble
from deskbook.people.refusals import in_words
from deskbook.tickets.models import LogEntry
from tests.channels.email.outbox import NOW, jobs, queue
from tests.channels.email.test_understanding import raw, take
from tests.people_factory import make_agent


@pytest.fixture
def expired(entry, sink, settings):
    """A password that was right until yesterday; two leads; a case for each of eight people."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "desk", "old"
    make_agent(entry.ticket.desk, "Bala", role="lead")
    return [queue(entry, "notice", f"c{n}@customer.example") for n in range(8)]


def test_an_expired_password_loses_no_mail_and_blames_no_recipient(entry, sink, expired, settings):
    for row in expired:
        with pytest.raises(TryAgain, match="535"):
            deliver(row.pk, at=NOW)
    later = NOW + TRIED_FOR + timedelta(days=4)  # however long it takes somebody to look
    with pytest.raises(TryAgain):
        deliver(expired[0].pk, at=later)
    assert set(OutboundMail.objects.values_list("state", "hard")) == {("queued", False)}
    settings.EMAIL_HOST_PASSWORD = "right"
    assert {deliver(row.pk, at=later + PAUSE).state for row in expired} == {"sent"}
    assert (
        deliver(queue(entry, "later", "c1@customer.example").pk, at=later + PAUSE).state == "sent"
    )


def test_an_expired_password_is_told_to_leads_once_and_listed(entry, sink, expired, settings):
    lead = entry.ticket.desk.agents.get(role="lead")
    for row in expired:
        with pytest.raises(TryAgain):
            deliver(row.pk, at=NOW)
    trouble = MailTrouble.objects.get()
    assert "535" in in_words(trouble.reason)
    assert len(waiting_mail(lead)) == 8
    assert jobs("alert_mail_trouble") == 1
    alert_mail_trouble(trouble.pk, at=NOW)
    alert_mail_trouble(trouble.pk, at=NOW)
    told = OutboundMail.objects.get(notice_key=f"mail trouble {trouble.pk}")
    assert told.recipient == lead.user.email
    settings.EMAIL_HOST_PASSWORD = "right"
    assert deliver(told.pk, at=NOW + PAUSE).state == "sent"
    assert not MailTrouble.objects.filter(is_over=False).exists()
    assert jobs("send_waiting_mail") == 1
    queued = jobs("deliver_mail")
    assert send_kept_back() == 8
    assert jobs("deliver_mail") == queued + 8


def test_a_wrong_password_is_tried_by_one_mail_a_minute_and_not_by_all(sink, expired):
    for n in range(8):
        with pytest.raises(TryAgain):
            deliver(expired[n].pk, at=NOW + timedelta(seconds=n))
    assert sink.tries == 1
    with pytest.raises(TryAgain):
        deliver(expired[1].pk, at=NOW + PAUSE)
    assert sink.tries == 2


def test_a_server_that_restarts_is_told_to_nobody_and_one_that_stays_away_is(entry, sink, settings):
    settings.EMAIL_PORT = 1
    row = queue(entry)
    for after in (timedelta(), BLIP / 2):
        with pytest.raises(TryAgain):
            deliver(row.pk, at=NOW + after)
    assert jobs("alert_mail_trouble") == 0
    with pytest.raises(TryAgain):
        deliver(row.pk, at=NOW + BLIP)
    assert jobs("alert_mail_trouble") == 1


@pytest.mark.parametrize(
    ("where", "words"),
    [("mail", "550 5.7.1 Not your sender"), ("rcpt", "554 5.7.1 Relay access denied")],
)
def test_a_refusal_of_what_we_are_is_hard_for_nobody(entry, sink, where, words):
    sink.reply[where] = words
    row = queue(entry)
    with pytest.raises(TryAgain, match=words[:9]):
        deliver(row.pk, at=NOW)
    assert jobs("alert_mail_trouble") == 1
    sink.reply[where] = "250 OK"
    assert deliver(row.pk, at=NOW + PAUSE).state == "sent"


def entry_of(subject):
    ticket = take(raw(Message_ID=f"<{subject}@customer.example>", Subject=subject)).ticket
    return LogEntry.objects.select_related("ticket__desk").get(ticket=ticket, seq=1)


def refused(sink, *rows, at=NOW):
    sink.reply["data"] = "554 5.7.1 Looks like spam"
    for row in rows:
        with pytest.raises(TryAgain, match="spam"):
            deliver(row.pk, at=at)
    sink.reply["data"] = "250 OK"


def test_one_mail_refused_for_its_words_is_no_trouble_of_the_desk(entry, sink):
    row = queue(entry)
    refused(sink, row)
    assert not MailTrouble.objects.exists()
    sink.reply["data"] = "554 5.7.1 Looks like spam"
    given_up = deliver(row.pk, at=NOW + REFUSED_FOR)
    assert (given_up.state, given_up.hard) == ("failed", False)
    assert "spam" in in_words(given_up.reason)
    assert not MailTrouble.objects.exists()
    assert jobs("alert_mail_trouble") == 0


def test_one_letter_refused_to_many_is_no_trouble_of_the_desk(entry, sink):
    refused(sink, *[queue(entry, "answer", f"c{n}@customer.example") for n in range(4)])
    assert not MailTrouble.objects.exists()


def test_a_server_that_refuses_every_letter_is_told_once_and_nothing_is_lost(desk, sink):
    rows = [
        queue(entry_of(subject), "notice") for subject in ("Printer", "Scanner", "Phone", "Screen")
    ]
    refused(sink, *rows)
    assert not MailTrouble.objects.get().stops
    assert jobs("alert_mail_trouble") == 1
    refused(sink, *rows, at=NOW + REFUSED_FOR)
    assert deliver(rows[0].pk, at=NOW + REFUSED_FOR + PAUSE).state == "sent"
    assert jobs("send_waiting_mail") == 1
    assert send_kept_back() == 3


def test_the_end_of_a_trouble_hurries_only_what_the_trouble_held(entry, sink, settings):
    spam, waited, last = (queue(entry, purpose) for purpose in ("notice", "reminder", "severity"))
    refused(sink, spam)
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    with pytest.raises(TryAgain):
        deliver(waited.pk, at=NOW)
    settings.EMAIL_PORT = port
    assert deliver(last.pk, at=NOW + PAUSE).state == "sent"
    queued = jobs("deliver_mail")
    assert send_kept_back() == 1
    assert jobs("deliver_mail") == queued + 1


def test_an_outage_of_days_silences_nobody(entry, sink):
    sink.reply["data"] = "451 4.3.2 Away"
    deliver(queue(entry).pk, at=NOW + TRIED_FOR)
    sink.reply["data"] = "250 OK"
    assert deliver(queue(entry, "reminder").pk, at=NOW + TRIED_FOR).state == "sent"


def test_a_mail_server_that_is_away_is_asked_every_half_hour_at_most_for_three_days():
    from types import SimpleNamespace

    from deskbook.tasks import Patience

    now, waited = datetime.now(UTC), timedelta()
    job = SimpleNamespace(attempts=0, task_name="deliver_mail")
    while decision := Patience().get_retry_decision(exception=TryAgain(), job=job):
        wait = decision.retry_at - now
        assert wait < timedelta(minutes=31)
        waited, job.attempts = waited + wait, job.attempts + 1
    assert waited > TRIED_FOR
