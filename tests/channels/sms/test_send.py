"""Texts leave once, as fast as the gateway takes them, and are given up with a reason."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.contract import Outgoing
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.sms.carrier import carry
from deskbook.channels.sms.declared import DECLARED
from deskbook.channels.sms.held import send_again, send_waiting
from deskbook.channels.sms.models import TextMessage
from deskbook.channels.sms.reports import Report, take_report
from deskbook.channels.sms.send import LEASE, MOST_DEATHS, send_due_texts, send_text
from deskbook.channels.sms.writing import NewText, queue_text
from deskbook.delivery.patience import SHORTEST_PAUSE
from deskbook.jobs import letters, schedule
from deskbook.jobs.another_way import carry_another_way
from deskbook.jobs.carriers import send
from deskbook.jobs.letters import tell_number
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import ContactIdentity
from deskbook.people.refusals import in_words
from deskbook.tickets.conversation import acknowledge_ticket, answer_ticket, ask_requester
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from deskbook.tickets.opening import NewCase, open_ticket
from tests.channels.sms.texting_desk import connect, texting_book
from tests.channels.whatsapp.conftest import do_jobs
from tests.people_factory import make_agent, make_desk

NOW = timezone.now()


@pytest.fixture
def queued(desk):
    def queued(key="a", at=NOW, **more):
        given = {"values": {"ticket": "MUK-7"}, **more}
        return queue_text(desk, NewText(key, "+919437012345", "acknowledgement", **given), at=at)

    return queued


def test_a_text_leaves_once(gateway, stub, queued):
    text = queued()
    sent = send_text(text.pk, at=NOW)
    assert (sent.state, sent.provider_id, sent.attempts) == ("sent", "sms-1", 1)
    send_text(text.pk, at=NOW)
    assert send_due_texts(at=NOW + timedelta(days=1)) == 0
    assert [request["fields"]["client_ref"] for request in stub.requests] == [str(text.pk)]
    assert stub.requests[0]["headers"]["Authorization"] == "Bearer s3cret"


def test_a_text_of_a_worker_that_died_leaves_again_under_the_same_reference(gateway, stub, queued):
    text = queued()
    TextMessage.objects.filter(pk=text.pk).update(
        state="sending", attempts=1, next_try_at=NOW + LEASE
    )
    assert send_due_texts(at=NOW + timedelta(minutes=1)) == 0
    assert send_due_texts(at=NOW + LEASE) == 1
    assert stub.requests[0]["fields"]["client_ref"] == str(text.pk)


def test_a_text_that_kills_its_workers_is_given_up(gateway, stub, queued):
    text = queued()
    TextMessage.objects.filter(pk=text.pk).update(
        state="sending", attempts=MOST_DEATHS, next_try_at=NOW
    )
    assert send_due_texts(at=NOW) == 0
    text.refresh_from_db()
    assert (text.state, "may have arrived" in in_words(text.reason)) == ("failed", True)
    assert stub.requests == []


def test_what_waited_in_a_line_is_tried_again_soon_after_its_first_failure(gateway, stub, queued):
    text, stub.status = queued(at=NOW - timedelta(hours=2)), 503
    tried = send_text(text.pk, at=NOW)
    assert (tried.attempts, tried.next_try_at) == (1, NOW + SHORTEST_PAUSE)
    stub.status = 200
    assert send_due_texts(at=NOW + SHORTEST_PAUSE) == 1


def test_a_gateway_down_for_an_hour_gets_the_text_afterwards(gateway, stub, queued):
    text, stub.status = queued(), 503
    at = NOW
    for _minute in range(60):
        send_due_texts(at=at)
        at += timedelta(minutes=1)
    assert len(stub.requests) < 12
    text.refresh_from_db()
    assert (text.state, in_words(text.reason)[:22]) == ("queued", "The gateway said: 503 ")
    stub.status = 200
    send_due_texts(at=at + timedelta(minutes=30))
    text.refresh_from_db()
    assert text.state == "sent"


def test_a_text_nobody_takes_for_a_day_is_given_up(gateway, stub, queued):
    text, stub.status = queued(), 503
    TextMessage.objects.filter(pk=text.pk).update(queued_at=NOW - timedelta(hours=24))
    assert send_text(text.pk, at=NOW).state == "failed"


def test_a_text_the_gateway_refuses_is_not_tried_again(gateway, stub, queued):
    stub.status, stub.answers = 400, lambda number: "no such template"
    text = send_text(queued().pk, at=NOW)
    assert (text.state, in_words(text.reason)) == (
        "failed",
        "The gateway said: 400 no such template",
    )


def test_a_gateway_gets_so_many_texts_a_minute(gateway, stub, queued):
    gateway.per_minute = 3
    gateway.save()
    for number in range(5):
        queued(str(number))
    assert send_due_texts(at=NOW) == 3
    assert send_due_texts(at=NOW + timedelta(seconds=30)) == 0
    assert send_due_texts(at=NOW + timedelta(seconds=70)) == 2
    assert len(stub.requests) == 5


def test_of_those_that_wait_for_the_next_minute_one_is_looked_at(gateway, stub, queued):
    type(gateway).objects.update(per_minute=1)
    for key in "abcd":
        queued(key)
    assert send_due_texts(at=NOW) == 1
    waiting = TextMessage.objects.filter(state="queued", next_try_at=NOW)
    assert (waiting.count(), waiting.exclude(reason="").count()) == (3, 1)
    assert send_due_texts(at=NOW + timedelta(minutes=2)) == 1


def test_an_address_inside_the_network_is_not_called_and_no_text_is_lost_by_it(
    gateway, stub, queued, settings
):
    settings.DESKBOOK_PRIVATE_HOSTS = ()
    text = send_text(queued().pk, at=NOW)
    assert text.state == "queued"
    assert "127.0.0.1 is 127.0.0.1, an address of a private network" in in_words(text.reason)
    assert stub.requests == []


def test_a_text_of_no_template_is_not_sent(gateway, stub, desk):
    old = TextMessage.objects.create(
        desk=desk, key="old", number="+919437012345", text="Hello", queued_at=NOW, next_try_at=NOW
    )
    why = send_text(old.pk, at=NOW).reason
    assert in_words(why) == "It comes from no template of the book: nothing else is sent to phones."
    assert stub.requests == []


def test_a_text_waits_for_a_gateway_that_is_connected_later(desk, queued, stub):
    text = send_text(queued().pk, at=NOW)
    assert (text.state, in_words(text.reason)) == (
        "queued",
        "The desk has no SMS gateway that is switched on.",
    )
    connect(desk, "other", stub.address)
    assert send_due_texts(at=NOW + timedelta(minutes=30)) == 1


def test_a_report_that_is_faster_than_the_answer_is_not_lost(gateway, queued, stub):
    take_report(gateway, Report("delivered", provider_id="sms-1"), at=NOW)
    assert send_text(queued().pk, at=NOW).state == "delivered"


@pytest.mark.django_db(transaction=True)
def test_a_report_while_the_text_is_being_sent_is_not_lost(gateway, queued, stub):
    from django.db import connection

    def report(fields):
        take_report(gateway, Report("DELIVERED", reference=fields["client_ref"]), at=NOW)
        connection.close()

    text, stub.meanwhile = queued(), report
    sent = send_text(text.pk, at=NOW)
    assert (sent.state, sent.provider_id) == ("delivered", "sms-1")


def test_a_failed_text_sent_again_by_a_person_has_another_reference(gateway, stub, queued):
    stub.status = 400
    text = send_text(queued().pk, at=NOW)
    stub.status = 200
    assert send_again(text, at=NOW)
    assert not send_again(text, at=NOW)
    sent = send_text(text.pk, at=NOW)
    assert (sent.state, stub.requests[1]["fields"]["client_ref"]) == ("sent", f"{text.pk}-1")
    take_report(gateway, Report("failed", reference=str(text.pk)), at=NOW)
    text.refresh_from_db()
    assert text.state == "sent"


def test_a_caller_without_mail_is_texted_once(gateway, case):
    entry = acknowledge_ticket(case, "phone", at=timezone.now()).entries[-1]
    for _twice in range(2):
        tell_number(entry.pk)
    text = TextMessage.objects.get()
    assert (text.text, text.ticket) == (f"Your request is {case}.", case)


def with_a_text_refused(case, stub, asha):
    """Let an answer go to somebody by text, which the gateway refuses; return its entry."""
    recorded = answer_ticket(case, Written("Try this."), at=timezone.now(), by=asha)
    entry = next(one for one in recorded.entries if one.kind == "Answered")
    letters.carry_answer(entry.pk)
    stub.status = 400
    assert send_text(TextMessage.objects.get().pk).state == "failed"
    return entry


def test_an_answer_whose_text_is_refused_for_good_goes_by_mail_to_who_has_an_address(
    gateway, stub, case, caller, asha
):
    entry = with_a_text_refused(case, stub, asha)
    ContactIdentity.objects.create(
        contact=caller, desk=case.desk, channel="email", identifier="chitra@jatni.example"
    )
    do_jobs()
    mail = OutboundMail.objects.get(entry=entry)
    assert (mail.recipient, "Try this." in parse(bytes(mail.raw)).text) == (
        "chitra@jatni.example",
        True,
    )
    assert not case.log.filter(kind="DeliveryFailed").exists(), "they are told"


def test_an_answer_whose_text_is_refused_for_good_and_that_no_way_is_left_for_is_said_once(
    gateway, stub, case, asha
):
    message = with_a_text_refused(case, stub, asha).data["message"]
    do_jobs()
    do_jobs()
    assert case.log.filter(kind="DeliveryFailed", data__message=message).count() == 1


def test_who_was_texted_the_reminder_but_never_the_question_is_not_closed(stub, db):
    desk = make_desk("spark", texting_book("sparkrock"))
    connect(desk, "other", stub.address)
    asha = make_agent(desk)
    caller = find_or_make_contact(desk, "phone", "+14165550123", sign_in=False)
    case = open_ticket(caller, NewCase("Lost", Written("Lost"), "phone"), at=NOW, by=asha).ticket
    asked = ask_requester(case, Written("Which one?"), [], at=NOW, by=asha).entries
    letters.carry_answer(next(entry.pk for entry in asked if entry.kind == "Answered"))
    stub.status = 400  # a word it does not like
    text = send_text(TextMessage.objects.get().pk, at=timezone.now() + LEASE)
    assert text.state == "failed"
    carry_another_way(*DECLARED.another_way(text.pk))
    stub.status = 200
    late = NOW + timedelta(days=60)
    schedule.wake_due_tickets(at=late)
    letters.remind(LogEntry.objects.filter(ticket=case, kind="ReminderDue").latest("seq").pk)
    assert send_text(TextMessage.objects.latest("pk").pk, at=late).state == "sent"
    [stopped] = LogEntry.objects.filter(ticket=case, kind="CannotBeReached")
    case.refresh_from_db()
    assert (stopped.data["reason"], case.waits_for) == ("not asked", "desk")


def test_who_has_a_mail_address_is_reminded_by_mail(gateway, case, caller):
    entry = acknowledge_ticket(case, "phone", at=timezone.now()).entries[-1]
    ContactIdentity.objects.create(
        contact=caller, desk=case.desk, channel="email", identifier="chitra@jatni.example"
    )
    assert send(Outgoing(entry, case, caller, "reminder", "We wait."), at=NOW) == "email"
    assert not TextMessage.objects.exists()


def test_nobody_is_texted_without_a_gateway_a_mobile_or_a_template(desk, case, caller, stub):
    entry = acknowledge_ticket(case, "phone", at=timezone.now()).entries[-1]
    outgoing = Outgoing(entry, case, caller, "acknowledgement", "Received.")
    assert not carry(outgoing, at=NOW)
    connect(desk, "other", stub.address)
    assert not carry(Outgoing(entry, case, caller, "severity", "It is P1 now."), at=NOW)
    landline = find_or_make_contact(desk, "phone", "+916742390011", sign_in=False)
    assert not carry(Outgoing(entry, case, landline, "acknowledgement", "Received."), at=NOW)
    assert send(outgoing, at=NOW) == "sms"


def test_somebody_to_be_called_back_is_told_when_by_text(settings, stub, db):
    from deskbook.jobs.letters import tell_of_promise
    from deskbook.tickets.promises import make_promise

    desk = make_desk("mukta")
    connect(desk, "other", stub.address)
    asha, caller = (
        make_agent(desk),
        find_or_make_contact(desk, "phone", "+919437012345", sign_in=False),
    )
    case = open_ticket(caller, NewCase("Lost", Written("Lost"), "phone"), at=NOW, by=asha).ticket
    due = NOW.replace(hour=6, minute=0) + timedelta(days=3)
    promised = make_promise(case, "We call back", due, channel="phone", at=NOW, by=asha)
    tell_of_promise(next(entry.pk for entry in promised.entries if entry.kind == "Promised"))
    day = due.astimezone(ZoneInfo("Asia/Kolkata"))
    assert (
        TextMessage.objects.get().text
        == f"MUKTA help desk: we will call you back, {day.day} {day:%b} 11:30."
    )


@pytest.mark.parametrize("status", [401, 402])
def test_a_gateway_that_refuses_the_desk_loses_no_text_and_blames_no_number(
    desk, gateway, stub, queued, status
):
    stub.status = status
    texts = [queued(key) for key in "abc"]
    assert send_due_texts(at=NOW) == 1  # one finds out: the others do not lock the account
    late = NOW + timedelta(days=5)
    assert send_text(texts[0].pk, at=late).state == "queued"
    gateway.refresh_from_db()
    assert str(status) in in_words(gateway.trouble)
    assert ProcrastinateJob.objects.filter(task_name="alert_service_trouble").count() == 1
    stub.status = 200
    send_waiting(desk, at=late)
    assert send_due_texts(at=late) == 3
    gateway.refresh_from_db()
    assert gateway.trouble == ""


def test_a_number_the_gateway_may_not_text_holds_up_no_other_and_is_given_up_after_a_day(
    gateway, stub, queued
):
    texts, stub.status = [queued(key) for key in "ab"], 403
    assert send_due_texts(at=NOW) == 2
    gateway.refresh_from_db()
    assert "403" in in_words(gateway.trouble)
    assert ProcrastinateJob.objects.filter(task_name="alert_service_trouble").count() == 1
    assert send_text(texts[0].pk, at=NOW + timedelta(days=1)).state == "failed"


def test_what_anybody_makes_the_desk_text_waits_behind_what_somebody_waits_for(
    desk, gateway, stub, queued
):
    gateway.per_minute = 1
    gateway.save()
    queued("flood")
    reminder = queue_text(
        desk, NewText("r", "+919437012346", "reminder", values={"ticket": "MUK-7"}), at=NOW
    )
    send_due_texts(at=NOW)
    reminder.refresh_from_db()
    assert reminder.state == "sent"
