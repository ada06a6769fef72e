"""Rosters on the clock: who gets a ticket, what is told ahead, when alerts wait, when seats end."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs import alerts, rosters
from deskbook.people.absences import answer_leave, ask_leave
from deskbook.people.models import Agent
from deskbook.people.roster_models import RosterNotice
from deskbook.people.rosters import Plan, add_shift
from deskbook.tickets.assignment import assign_ticket, hand_over_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people.roster_desk import BOOK, HOUR, MONDAY, campaign_desk, crew, on_shift
from tests.people_factory import make_contact

pytestmark = pytest.mark.django_db
NIGHT = MONDAY - 4 * HOUR  # two in the morning in Maputo


@pytest.fixture
def desk():
    return campaign_desk()


def case(desk, at=MONDAY, severity="normal", subject="No sync"):
    chitra = make_contact(desk)
    written = NewCase(subject, Written("It says error 7."), "portal", severity=severity)
    return open_ticket(chitra, written, at=at, by=chitra).ticket


def entry(ticket, kind):
    return LogEntry.objects.filter(ticket=ticket, kind=kind).latest("seq").pk


def arrive(ticket, at):
    rosters.assign_on_duty(entry(ticket, "TeamArrived"), at=at)
    return Ticket.objects.get(pk=ticket.pk).owner


def test_a_ticket_that_arrives_goes_to_who_is_on_duty_in_turn_and_to_nobody_else(desk):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 0)
    given = [arrive(case(desk), MONDAY + n * HOUR) for n in range(4)]
    assert given == [asha, kofi, asha, kofi]


def test_the_least_loaded_gets_it_where_the_book_says_so():
    desk = campaign_desk(BOOK.replace("round robin", "least loaded"))
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 0)
    for _ in range(2):
        assign_ticket(case(desk), asha, at=MONDAY, by=kofi)
    assert [arrive(case(desk), MONDAY + n * HOUR) for n in range(3)] == [kofi, kofi, asha]


def test_a_job_that_runs_twice_gives_the_ticket_once(desk):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 0)
    ticket = case(desk)
    for _ in range(3):
        assert arrive(ticket, MONDAY) == asha
    assert LogEntry.objects.filter(ticket=ticket, kind="Assigned").count() == 1


def test_a_ticket_of_one_site_goes_to_who_is_on_duty_there():
    desk = campaign_desk(BOOK + "sites: { nampula: Nampula, tete: Tete }\n")
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0, place="nampula")
    on_shift(kofi, 0, place="tete")
    chitra = make_contact(desk)
    written = NewCase("No sync", Written("x"), "portal", severity="normal", facets={"site": "tete"})
    ticket = open_ticket(chitra, written, at=MONDAY, by=chitra).ticket
    assert arrive(ticket, MONDAY) == kofi


def test_with_nobody_on_it_waits_unowned_and_goes_to_the_next_shift_as_it_begins(desk):
    asha, _kofi, _bala = crew(desk)
    on_shift(asha, 2)
    ticket = case(desk)
    assert arrive(ticket, MONDAY) is None
    assert rosters.give_waiting(at=MONDAY + HOUR) == 0
    assert rosters.give_waiting(at=MONDAY + 2 * HOUR) == 1
    assert rosters.give_waiting(at=MONDAY + 3 * HOUR) == 0
    assert Ticket.objects.get(pk=ticket.pk).owner == asha


def test_what_came_by_night_is_shared_by_all_of_the_shift_that_begins(desk):
    asha, kofi, _bala = crew(desk)
    night = [case(desk, at=NIGHT) for _ in range(6)]
    on_shift(asha, 0)
    on_shift(kofi, 0)
    assert rosters.give_waiting(at=MONDAY) == 6
    owners = [Ticket.objects.get(pk=ticket.pk).owner for ticket in night]
    assert owners.count(asha) == owners.count(kofi) == 3


def test_a_desk_that_has_ended_gives_its_cases_to_nobody_by_itself():
    ended = BOOK + "open: { until: 2026-03-01 }\n"
    asha, kofi, _bala = crew(campaign_desk(ended))
    ticket = case(asha.desk)
    assert arrive(ticket, MONDAY) is None
    assert rosters.give_waiting(at=MONDAY + HOUR) == 0
    assign_ticket(ticket, kofi, at=MONDAY + HOUR, by=asha)
    Agent.objects.filter(pk=kofi.pk).update(is_active=False)
    rosters.return_cases(at=MONDAY + 2 * HOUR)
    assert Ticket.objects.get(pk=ticket.pk).owner is None


def test_a_case_of_before_the_end_of_a_desk_is_given_to_nobody_after_it_either(desk):
    asha, _kofi, _bala = crew(desk)
    ticket = case(desk)
    campaign_desk(BOOK + "open: { until: 2026-03-02 }\n")
    assert rosters.give_waiting(at=MONDAY + 24 * HOUR) == 0
    assert arrive(ticket, MONDAY + 24 * HOUR) is None
    assert arrive(ticket, MONDAY + HOUR) == asha, "on its last day it was there"


def test_what_a_person_gave_back_is_not_given_to_them_again_by_the_clock(desk):
    asha, _kofi, bala = crew(desk)
    on_shift(asha, 0)
    ticket = case(desk)
    assign_ticket(ticket, asha, at=MONDAY, by=bala)
    assign_ticket(ticket, None, at=MONDAY, by=asha)
    assert rosters.give_waiting(at=MONDAY + HOUR) == 0
    assert arrive(ticket, MONDAY + HOUR) is None


def test_a_team_the_book_does_not_give_for_takes_its_tickets_itself(desk):
    _asha, _kofi, bala = crew(desk)
    ticket = case(desk)
    hand_over_ticket(ticket, "technical", at=MONDAY, by=bala)
    assert arrive(ticket, MONDAY + HOUR) is None


def test_the_leads_are_told_of_a_gap_once_before_it_happens(desk):
    asha, _kofi, bala = crew(desk)
    on_shift(asha, 0, hours=18)
    on_shift(asha, 0, hours=18, days=1)
    on_shift(asha, 0, days=2)
    assert rosters.announce_gaps(at=MONDAY - HOUR) == 0
    for hour in range(30):
        rosters.announce_gaps(at=MONDAY + hour * HOUR)
    mails = OutboundMail.objects.exclude(notice_key="")
    first = mails.order_by("pk").first()
    assert first.recipient == bala.user.email
    assert "Wed 4 Mar 14:00–Thu 5 Mar 00:00 Africa/Maputo" in first.subject
    assert first.queued_at < MONDAY + timedelta(days=2, hours=8)
    assert RosterNotice.objects.filter(from_at=MONDAY + timedelta(days=2, hours=8)).count() == 1
    assert mails.filter(subject=first.subject).count() == 1


def test_a_gap_that_only_shrinks_is_no_news_and_one_that_grows_is(desk):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0, hours=12)
    rosters.announce_gaps(at=MONDAY)
    before = RosterNotice.objects.count()
    on_shift(kofi, 12, hours=2)
    assert rosters.announce_gaps(at=MONDAY) == 0
    desk.shifts.all().delete()
    assert rosters.announce_gaps(at=MONDAY) == 1
    assert RosterNotice.objects.count() == before + 1


def test_a_shift_nobody_will_work_is_told_ahead_with_why(desk):
    asha, _kofi, bala = crew(desk)
    add_shift(desk, Plan("technical", MONDAY, MONDAY + HOUR))
    on_shift(bala, 0, hours=18)
    on_shift(asha, 0)
    answer_leave(ask_leave(asha, MONDAY, MONDAY + HOUR, at=NIGHT), True, at=NIGHT, by=bala)
    for _ in range(2):
        rosters.announce_gaps(at=NIGHT)
    raws = [
        bytes(m.raw).decode()
        for m in OutboundMail.objects.filter(subject__startswith="Nobody works a shift")
    ]
    assert len(raws) == 2
    assert any("It has no person yet." in raw for raw in raws)
    assert any("Asha is away or has left." in raw for raw in raws)


def deferred(name):
    return ProcrastinateJob.objects.filter(task_name=name, scheduled_at__isnull=False)


def test_an_alert_at_night_waits_until_the_team_opens_and_is_then_sent_once(desk):
    crew(desk)
    ticket = case(desk, at=NIGHT)
    alerts.alert_team(entry(ticket, "TeamArrived"), at=NIGHT)
    assert not OutboundMail.objects.exists()
    assert deferred("alert_team").get().scheduled_at == MONDAY
    for _ in range(2):
        alerts.alert_team(entry(ticket, "TeamArrived"), at=MONDAY)
    assert OutboundMail.objects.get().recipient == "helpdesk@campaign.example"


def test_the_gravest_does_not_wait_for_anybodys_hours(desk):
    crew(desk)
    ticket = case(desk, at=NIGHT, severity="critical")
    alerts.alert_team(entry(ticket, "TeamArrived"), at=NIGHT)
    assert OutboundMail.objects.get().recipient == "helpdesk@campaign.example"
    assert not deferred("alert_team").exists()


def test_the_hours_that_count_are_the_receiving_teams(desk):
    _asha, _kofi, bala = crew(desk)
    ticket = case(desk)
    evening = MONDAY + 14 * HOUR  # open in Maputo, closed in Bangalore
    hand_over_ticket(ticket, "technical", at=evening, by=bala)
    alerts.alert_team(entry(ticket, "TeamArrived"), at=evening)
    # 09:30 the next day in Bangalore.
    assert deferred("alert_team").get().scheduled_at == MONDAY + 24 * HOUR


def test_an_alert_that_waited_tells_nobody_about_a_ticket_that_is_somebody_elses_by_then(desk):
    asha, kofi, bala = crew(desk)
    ticket = case(desk, at=NIGHT)
    assign_ticket(ticket, asha, at=NIGHT, by=bala)
    first = entry(ticket, "Assigned")
    alerts.alert_owner(first, at=NIGHT)
    assign_ticket(ticket, kofi, at=NIGHT + HOUR, by=bala)
    alerts.alert_owner(first, at=MONDAY)
    alerts.alert_owner(entry(ticket, "Assigned"), at=MONDAY)
    assert [m.recipient for m in OutboundMail.objects.all()] == [kofi.user.email]


def test_a_temporary_seat_ends_by_itself_and_they_and_the_leads_are_told(desk):
    asha, _kofi, bala = crew(desk)
    assign_ticket(case(desk), asha, at=MONDAY, by=bala)
    Agent.objects.filter(pk=asha.pk).update(until=MONDAY + HOUR)
    assert rosters.switch_off_accounts(at=MONDAY) == 0
    assert rosters.switch_off_accounts(at=MONDAY + HOUR) == 1
    assert rosters.switch_off_accounts(at=MONDAY + 2 * HOUR) == 0
    assert not Agent.objects.get(pk=asha.pk).is_active
    told = {
        mail.recipient: bytes(mail.raw).decode()
        for mail in OutboundMail.objects.exclude(notice_key="")
    }
    assert set(told) == {asha.user.email, bala.user.email}
    assert OutboundMail.objects.filter(
        subject="1 open ticket of Asha went back", recipient=bala.user.email
    ).exists()
