"""Those the book names hear by mail that a case was opened, is late or went up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.named_letters import tell_named
from deskbook.people.books import desk_at
from deskbook.tickets.log import wake
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.what_follows import called_for
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

LADDER = Path(__file__).parents[2] / "docs/book/examples/ladder.yaml"

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("ladder", LADDER.read_text())


def opened(desk, **more):
    contact = make_contact(desk)
    case = NewCase("The pump is dry", Written("Since Sunday"), "portal", **more)
    return open_ticket(contact, case, at=MONDAY, by=contact).ticket


def told(ticket, kind):
    entries = list(ticket.log.filter(kind=kind))
    for entry in [*entries, *entries]:  # a job may run twice
        tell_named(entry.pk)
    mails = OutboundMail.objects.filter(entry__in=entries).order_by("pk")
    return [(mail.recipient, mail.subject) for mail in mails]


def test_a_grave_case_is_told_to_the_people_of_the_office_above_and_another_to_nobody(desk):
    bala = make_agent(desk, "Bala", teams=("district office",))
    assert told(opened(desk), "Opened") == []
    ticket = opened(desk, severity="no water")
    [(to, subject)] = told(ticket, "Opened")
    assert to == bala.user.email
    assert subject == f"{ticket} was opened: No water: The pump is dry [{ticket}]"


def test_a_breach_is_told_to_the_leads_and_going_up_to_the_address_of_the_book_once_each(desk):
    lead = make_agent(desk, "Asha", role="lead")
    ticket = opened(desk)
    wake(ticket.pk, at=MONDAY + timedelta(days=4))
    assert {to for to, _ in told(ticket, "LimitBreached")} == {lead.user.email}
    [(to, subject)] = told(ticket, "TeamArrived")
    assert (to, "went up to Block office" in subject) == ("commissioner@water.example", True)


def test_who_outside_gets_a_case_hears_whose_it_is(desk):
    ticket, at = opened(desk), MONDAY
    while ticket.is_open:
        at += timedelta(days=1)
        wake(ticket.pk, at=at)
        ticket.refresh_from_db()
    to = dict(told(ticket, "Redirected"))
    assert set(to) == {"commissioner@water.example", "office@ombudsman.example"}
    sent = OutboundMail.objects.get(recipient="office@ombudsman.example")
    assert "chitra@ladder-customer.example" in bytes(sent.raw).decode()


def test_who_is_told_within_hours_alone_hears_of_the_night_in_the_morning(desk):
    line = "  - { on: opening, to: day@water.example, hours: offices }\n"
    book = LADDER.read_text().replace("tell:\n", f"tell:\n{line}")
    ticket = opened(make_desk("quiet", book))
    [entry] = ticket.log.filter(kind="Opened")
    tell_named(entry.pk, at=MONDAY)  # 20:30 there
    assert not OutboundMail.objects.filter(entry=entry).exists()
    [job] = ProcrastinateJob.objects.filter(task_name="tell_named", scheduled_at__isnull=False)
    assert job.args == {"entry_id": entry.pk}
    assert job.scheduled_at == datetime(2026, 3, 3, 4, 30, tzinfo=UTC)  # 10:00 there
    for _ in range(2):
        tell_named(entry.pk, at=job.scheduled_at)
    assert [m.recipient for m in OutboundMail.objects.filter(entry=entry)] == ["day@water.example"]


def test_a_desk_whose_book_names_nobody_queues_nothing_for_it(desk):
    assert tell_named in jobs_of(opened(desk))
    assert tell_named not in jobs_of(opened(make_desk("sparkrock")))


def jobs_of(case):
    desk = desk_at(case.desk_id, case.book_version)
    return called_for(case.log.get(kind="Opened"), desk, case)
