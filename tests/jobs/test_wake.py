"""The wake loop and the reactions, on a real database."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.engine import events
from deskbook.jobs import alerts, letters, reactions, schedule
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import answer_ticket, ask_requester
from deskbook.tickets.log import wake
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import LogEntry, Presence, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests import events_page
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db):
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def case(desk):
    chitra = make_contact(desk)
    return open_ticket(
        chitra, NewCase("Empty report", Written("Help"), "portal"), at=MONDAY, by=chitra
    ).ticket


def entry(ticket, kind):
    return LogEntry.objects.filter(ticket=ticket, kind=kind).latest("seq").pk


def jobs(name):
    return ProcrastinateJob.objects.filter(task_name=name).count()


def test_every_kind_of_event_says_what_follows():
    assert set(reactions.FOLLOWS) == set(events.KINDS)


def test_who_is_told_of_an_entry_at_the_desk_reads_what_it_is_about():
    told = {
        kind
        for kind, row in reactions.FOLLOWS.items()
        if {alerts.alert_owner, alerts.alert_team} & {*row.jobs}
    }
    assert {kind for kind in told if reactions.FOLLOWS[kind].alert is None} == set()


def test_the_page_of_events_is_as_their_classes_and_the_table_say():
    """Else: python -m tests.events_page."""
    assert events_page.PAGE.read_text() == events_page.page()


def test_tickets_that_are_due_wake_and_others_sleep(case, asha):
    ask_requester(case, Written("Which report?"), [], at=MONDAY, by=asha)
    assert schedule.wake_due_tickets(at=MONDAY + timedelta(days=1)) == 0
    assert schedule.wake_due_tickets(at=MONDAY + timedelta(days=2)) == 1
    assert LogEntry.objects.filter(kind="ReminderDue").count() == 1


def test_a_ticket_woken_with_nothing_to_do_sleeps_until_its_next_due_time(case):
    due_at = case.wake_at
    Ticket.objects.filter(pk=case.pk).update(wake_at=MONDAY)  # as older zone data had it
    assert wake(case.pk, at=MONDAY).entries == ()
    assert Ticket.objects.get(pk=case.pk).wake_at == due_at > MONDAY


def test_a_ticket_that_cannot_wake_does_not_hold_up_the_next(case, desk, caplog):
    chitra = make_contact(desk)
    other = open_ticket(
        chitra, NewCase("Second", Written("Help"), "portal"), at=MONDAY, by=chitra
    ).ticket
    broken = {**case.state, "stays": [{"stage": "no such stage", "from_at": MONDAY.isoformat()}]}
    Ticket.objects.filter(pk=case.pk).update(state=broken, wake_at=MONDAY)
    late = MONDAY + timedelta(days=30)
    schedule.wake_due_tickets(at=late)
    assert LogEntry.objects.filter(ticket=other, kind="LimitBreached").exists()
    assert "could not be woken" in caplog.text
    assert Ticket.objects.get(pk=case.pk).wake_at > late


def test_reacting_queues_one_job_for_each_reaction(db):
    salama = make_contact(make_desk("salama"))
    given = open_ticket(
        salama, NewCase("Empty report", Written("Help"), "email"), at=MONDAY, by=salama
    ).ticket
    reactions.react(given.pk, 1, given.seq)
    assert (jobs("acknowledge"), jobs("assign_on_duty")) == (1, 1)


def test_no_job_is_queued_for_what_the_book_of_the_case_asks_nothing_of(desk):
    """Its teams have no address, nobody is given cases, and it came by no phone."""
    chitra = make_contact(desk)
    case = open_ticket(
        chitra, NewCase("Empty", Written("Help"), "portal"), at=timezone.now(), by=chitra
    ).ticket
    reactions.react(case.pk, 1, case.seq)
    assert LogEntry.objects.filter(ticket=case, kind="Acknowledged").count() == 1
    assert (jobs("acknowledge"), jobs("alert_team"), jobs("assign_on_duty")) == (0, 0, 0)
    assert jobs("react") == 1, "for the opening; none for the acknowledgement"


def test_a_new_case_is_acknowledged_once_with_its_number_and_its_time(case):
    for _ in range(2):
        letters.acknowledge(entry(case, "Opened"))
        letters.tell_number(entry(case, "Acknowledged"))
    mail = OutboundMail.objects.get(purpose="acknowledgement")
    assert "[SPR-1]" in mail.subject
    assert "Wed 4 Mar 2026 10:00 (EST, America/Toronto)" in bytes(mail.raw).decode()
    assert mail.envelope_from == ""


def test_an_answer_is_mailed_once_with_its_file_however_often_the_job_runs(case, asha):
    written = Written("See the file.", files=[File("fix.txt", "text/plain", b"steps")])
    answer_ticket(case, written, at=MONDAY + timedelta(hours=1), by=asha)
    for _ in range(3):
        letters.carry_answer(entry(case, "Answered"))
    mail = OutboundMail.objects.get(purpose="answer")
    assert mail.recipient == "chitra@sparkrock-customer.example"
    assert b"fix.txt" in bytes(mail.raw)
    assert jobs("deliver_mail") == 1


def test_of_reminders_that_were_overtaken_one_tells(case, asha):
    ask_requester(case, Written("Which report?"), [], at=MONDAY, by=asha)
    schedule.wake_due_tickets(at=MONDAY + timedelta(days=60))
    for row in LogEntry.objects.filter(kind="ReminderDue"):
        letters.remind(row.pk)
    assert list(OutboundMail.objects.values_list("purpose", flat=True)) == ["reminder"]


def test_the_owner_is_told_what_others_do_and_not_what_they_did_themselves(case, asha, desk):
    bala = make_agent(desk, "Bala", role="lead")
    assign_ticket(case, asha, at=MONDAY, by=asha)
    alerts.alert_owner(entry(case, "Assigned"), at=MONDAY)
    assert not OutboundMail.objects.exists()
    assign_ticket(case, bala, at=MONDAY, by=asha)
    alerts.alert_owner(entry(case, "Assigned"), at=MONDAY)
    assert OutboundMail.objects.get().recipient == "bala@sparkrock.example"


@pytest.mark.parametrize(("seen", "told"), [(timedelta(), 0), (timedelta(minutes=2), 1)])
def test_an_owner_who_has_the_ticket_open_gets_no_mail_about_it(case, asha, desk, seen, told):
    bala = make_agent(desk, "Bala", role="lead")
    assign_ticket(case, asha, at=MONDAY, by=bala)
    Presence.objects.create(user=asha.user, ticket=case, seen_at=timezone.now() - seen)
    alerts.alert_owner(entry(case, "Assigned"), at=MONDAY)
    assert OutboundMail.objects.count() == told


def test_nobody_is_written_to_who_left_the_desk(case, asha, desk):
    assign_ticket(case, asha, at=MONDAY, by=make_agent(desk, "Bala", role="lead"))
    asha.is_active = False
    asha.save()
    alerts.alert_owner(entry(case, "Assigned"))
    assert not OutboundMail.objects.exists()
