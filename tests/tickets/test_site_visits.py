"""Visits to sites as they are recorded: who is free, the rows of calendars, two who send the same
person at once.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from icalendar import Calendar
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.jobs.visit_alerts import alert_deciding_team, alert_visitors
from deskbook.jobs.visit_letters import tell_of_visit
from deskbook.people.absences import answer_leave, ask_leave
from deskbook.people.books import desk_in_force
from deskbook.people.free_days import free_days, staff_of
from deskbook.people.rosters import Plan as Shift
from deskbook.people.rosters import add_shift
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.site_visits import (
    Report,
    Wish,
    answer_visit,
    ask_for_visit,
    call_off_visit,
    carry_out_visit,
    date_visit,
    decide_on_visit,
    open_visit_case,
    report_visit,
)
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.verify import broken_links
from deskbook.tickets.visit_calendar import calendar_for_agent, calendar_of_visit, uid_of
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import engagements_between, visits_of_person
from tests.people_factory import make_agent, make_contact
from tests.visit_desk import BOOK, WISH, Office, refreshed, visit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Office()


def leave(office, person, day):
    asked = ask_leave(person, day, day + timedelta(days=1), at=office.now)
    answer_leave(asked, True, at=office.now, by=office.bala)


def test_a_dated_visit_has_a_row_that_says_who_goes_where(office):
    ticket = office.dated(office.ravi, office.meera)
    row = visit_of(ticket)
    assert (row.state, row.place, row.expected, row.sequence) == ("dated", WISH.place, 14, 0)
    assert set(row.people) == {office.ravi.pk, office.meera.pk}


def test_the_row_follows_the_visit_to_its_report(office):
    ticket = office.over()
    visit = visit_of(ticket).visit
    carry_out_visit(ticket, visit, at=office.now, by=office.ravi)
    assert visit_of(ticket).state == "carried out"
    told = Report(
        12, Written("All went well.", files=(File("list.csv", "text/csv", b"Name\nAnu\n"),))
    )
    report_visit(refreshed(ticket), visit, told, at=office.now, by=office.ravi)
    assert (visit_of(ticket).state, visit_of(ticket).attended) == ("reported", 12)
    [message] = ticket.messages.filter(kind="note")
    assert message.attachments.get().name == "list.csv"


def test_a_person_on_leave_is_not_sent(office):
    leave(office, office.ravi, office.workday(2))
    ticket = office.approved()
    with pytest.raises(Refused, match="Ravi cannot go then: on leave"):
        date_visit(ticket, office.plan(office.ravi, office.meera), at=office.now, by=office.bala)
    assert not DatedVisit.objects.exists()


def test_a_person_already_sent_somewhere_is_not_sent_elsewhere(office):
    first, second = office.dated(), office.approved()
    with pytest.raises(Refused, match=f"Ravi cannot go then: visits for {first}"):
        date_visit(second, office.plan(begins=14), at=office.now, by=office.bala)
    date_visit(second, office.plan(begins=15), at=office.now, by=office.bala)


def test_a_called_off_visit_makes_its_people_free(office):
    first, second = office.dated(), office.approved()
    call_off_visit(first, visit_of(first).visit, reason="Flood", at=office.now, by=office.bala)
    date_visit(second, office.plan(), at=office.now, by=office.bala)
    assert visit_of(second).state == "dated"


def test_a_visit_moved_by_an_hour_is_not_in_its_own_way(office):
    ticket = office.dated()
    date_visit(
        ticket, office.plan(begins=11), visit=visit_of(ticket).visit, at=office.now, by=office.bala
    )
    assert visit_of(ticket).sequence == 1
    assert DatedVisit.objects.count() == 1


def test_only_people_of_the_team_that_goes_are_sent(office):
    with pytest.raises(Refused, match="Master Trainers carries this out"):
        office.dated(office.bala)


def test_a_day_off_is_refused_unless_it_is_said(office):
    ticket, plan = office.approved(), office.plan()
    begins = office.sunday().replace(hour=10)
    sunday = type(plan)(begins, begins + timedelta(hours=5), plan.people)
    with pytest.raises(Refused, match=r"No working day: Sun .*\(weekend\)"):
        date_visit(ticket, sunday, at=office.now, by=office.bala)
    said = type(plan)(begins, begins + timedelta(hours=5), plan.people, anyway=True)
    date_visit(ticket, said, at=office.now, by=office.bala)
    assert visit_of(ticket).from_at == begins


def test_free_days_know_leave_rosters_other_visits_and_closed_days(office):
    office.dated(office.ravi)
    leave(office, office.meera, office.workday(3))
    desk, first = desk_in_force(office.desk), office.workday(1)
    until = first + timedelta(days=8)
    engaged = engagements_between(office.desk, first, until)
    staff = staff_of(
        office.desk, desk, "trainers", first, until, engagements=engaged, at=office.now
    )
    people = {
        str(person.agent): {day.on: day.why for day in person.days}
        for person in free_days(staff, first.date(), 8)
    }
    assert people["Ravi"][office.workday(2).date()].startswith("visits for PAY-")
    assert people["Ravi"][office.workday(3).date()] == ""
    assert people["Meera"][office.workday(2).date()] == ""
    assert people["Meera"][office.workday(3).date()] == "on leave"
    assert people["Meera"][office.sunday().date()] == "weekend"


def test_with_a_roster_who_is_not_on_it_that_day_or_on_it_for_another_team_stays(office):
    day = office.workday(2)
    morning, evening = day.replace(hour=10), day.replace(hour=16)
    add_shift(office.desk, Shift("trainers", morning, evening, office.meera))
    office.ravi.teams = ["trainers", "unit"]
    office.ravi.save()
    add_shift(office.desk, Shift("unit", morning, evening, office.ravi))
    ticket = office.approved()
    with pytest.raises(Refused, match="Ravi cannot go then: on shift for Management Unit"):
        date_visit(ticket, office.plan(office.ravi), at=office.now, by=office.bala)
    date_visit(ticket, office.plan(office.meera), at=office.now, by=office.bala)
    with pytest.raises(Refused, match="Meera cannot go then: not on the roster"):
        date_visit(ticket, office.plan(office.meera, days=3), at=office.now, by=office.bala)


def test_whose_seat_ends_before_the_visit_does_not_go(office):
    office.ravi.until = office.workday(1)
    office.ravi.save()
    with pytest.raises(Refused, match="Ravi cannot go then: no longer here"):
        office.dated(office.ravi)


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_send_the_same_person_at_once_the_second_is_told_where_the_first_sent_them():
    office = Office()
    tickets, plan = [office.approved() for _ in range(4)], office.plan()

    def send(ticket):
        try:
            date_visit(ticket, plan, at=office.now, by=office.bala)
        except Refused as refused:
            return refused.sentence
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(send, tickets))
    assert sorted(map(bool, told)) == [False, True, True, True]
    went = tickets[told.index("")]
    assert {sentence for sentence in told if sentence} == {
        f"Ravi cannot go then: visits for {went}."
    }
    assert DatedVisit.objects.count() == 1


def test_the_same_form_sent_twice_dates_one_visit(office):
    ticket = office.approved()
    for _ in range(2):
        date_visit(ticket, office.plan(), at=office.now, by=office.bala, key="k")
    assert DatedVisit.objects.count() == 1
    assert LogEntry.objects.filter(kind="SiteVisitDated").count() == 1


def test_a_reader_of_the_case_neither_asks_nor_answers(office):
    ticket, dev = office.dated(), make_contact(office.desk, "Dev")
    for act in (
        lambda: answer_visit(ticket, visit_of(ticket).visit, True, at=office.now, by=dev),
        lambda: ask_for_visit(ticket, WISH, at=office.now, by=dev),
    ):
        with pytest.raises(Refused, match="You can read this case"):
            act()


def test_an_agent_writes_down_what_an_office_said_on_the_phone(office):
    ticket = office.case()
    ask_for_visit(ticket, Wish(30, "Village Office"), at=office.now, by=office.asha)
    decide_on_visit(ticket, True, at=office.now, by=office.bala)
    date_visit(ticket, office.plan(), at=office.now, by=office.bala)
    assert (visit_of(ticket).expected, visit_of(ticket).place) == (30, "Village Office")


def test_a_place_is_asked_for(office):
    with pytest.raises(Refused, match="Say where"):
        ask_for_visit(office.case(), Wish(30, "  "), at=office.now, by=office.chitra)


def test_asking_opens_the_case_in_the_same_breath_or_not_at_all(office):
    from deskbook.tickets.opening import NewCase

    case = NewCase("Training", Written("Please."), "portal", facets={"type": "on-site training"})
    with pytest.raises(Refused, match="how many people"):
        open_visit_case(office.chitra, case, Wish(0, "Here"), at=office.now)
    assert not Ticket.objects.exists()
    first = open_visit_case(office.chitra, case, WISH, at=office.now, key="k")
    again = open_visit_case(office.chitra, case, WISH, at=office.now, key="k")
    assert first.ticket.pk == again.ticket.pk
    assert first.ticket.log.filter(kind="SiteVisitAsked").count() == 1


def test_a_requester_who_closes_calls_the_visit_off_in_every_calendar(office):
    ticket = office.dated()
    close_ticket(ticket, at=office.now, by=office.chitra)
    assert visit_of(ticket).state == "called off"
    [event] = Calendar.from_ical(
        calendar_for_agent(office.ravi, visits_of_person(office.ravi), "x")
    ).walk("VEVENT")
    assert event["status"] == "CANCELLED"


def events_of(agent):
    data = calendar_for_agent(agent, visits_of_person(agent), "x")
    return {str(event["uid"]): event for event in Calendar.from_ical(data).walk("VEVENT")}


def test_calendars_keep_the_name_of_a_visit_and_count_its_changes(office):
    ticket = office.dated(office.ravi)
    uid = uid_of(visit_of(ticket))
    first = events_of(office.ravi)[uid]
    assert (int(first["sequence"]), first["status"], first["location"]) == (
        0,
        "CONFIRMED",
        WISH.place,
    )
    date_visit(
        ticket,
        office.plan(office.meera, days=3),
        visit=visit_of(ticket).visit,
        at=office.now,
        by=office.bala,
    )
    gone, comes = events_of(office.ravi)[uid], events_of(office.meera)[uid]
    assert (int(gone["sequence"]), gone["status"]) == (1, "CANCELLED")
    assert (int(comes["sequence"]), comes["status"]) == (1, "CONFIRMED")
    assert comes["dtstart"].dt == visit_of(ticket).from_at
    call_off_visit(
        refreshed(ticket), visit_of(ticket).visit, reason="Flood", at=office.now, by=office.bala
    )
    off = events_of(office.meera)[uid]
    assert (int(off["sequence"]), off["status"]) == (2, "CANCELLED")


def test_the_requester_gets_a_file_that_names_who_comes(office):
    file = calendar_of_visit(visit_of(office.dated(office.ravi, office.meera)), office.chitra)
    calendar = Calendar.from_ical(file.data)
    [event] = calendar.walk("VEVENT")
    assert calendar["method"] == "PUBLISH"
    assert "Who comes: Ravi, Meera" in str(event["description"])
    assert "/desk/payroll/cases/" in str(event["url"])
    assert "console" not in file.data.decode()


def mails():
    from deskbook.channels.email.models import OutboundMail

    return {
        (mail.recipient.split("@")[0], mail.purpose, mail.entry.kind): bytes(mail.raw).decode()
        for mail in OutboundMail.objects.select_related("entry")
    }


def react(ticket, kind):
    entry = LogEntry.objects.filter(ticket=ticket, kind=kind).order_by("-seq").first()
    tell_of_visit(entry.pk)
    if kind != "SiteVisitDecided":
        alert_visitors(entry.pk)


def asked_about(ticket):
    return LogEntry.objects.get(ticket=ticket, kind="SiteVisitAsked").pk


def test_who_decides_is_told_once_that_a_visit_is_asked_for(office):
    make_agent(office.desk, "Kofi", teams=("unit",))
    ticket, noon = office.asked(), office.workday(1).replace(hour=12)
    for _twice in range(2):
        alert_deciding_team(asked_about(ticket), at=noon)
    assert list(mails()) == [("bala", "notice", "SiteVisitAsked")]
    assert "people are asked to come" in mails()["bala", "notice", "SiteVisitAsked"]


def test_out_of_its_hours_the_deciding_team_is_told_when_it_opens(office):
    ticket, night = office.asked(), office.workday(1).replace(hour=3)
    alert_deciding_team(asked_about(ticket), at=night)
    assert not mails()
    [job] = ProcrastinateJob.objects.filter(task_name="alert_deciding_team")
    assert job.scheduled_at == night.replace(hour=9, minute=30)


def test_a_deciding_team_with_an_address_of_its_own_is_told_there():
    office = Office(BOOK.replace("Management Unit", "Management Unit, mail: unit@payroll.example"))
    alert_deciding_team(asked_about(office.asked()), at=office.workday(1).replace(hour=12))
    assert list(mails()) == [("unit", "notice", "SiteVisitAsked")]


def test_nobody_is_asked_to_decide_what_they_decided_before_their_hours(office):
    ticket = office.approved()
    alert_deciding_team(asked_about(ticket), at=office.workday(1).replace(hour=12))
    assert not mails()


def test_everybody_concerned_is_told_of_a_date_a_move_and_the_end_of_it(office):
    ticket = office.approved()
    react(ticket, "SiteVisitDecided")
    assert "We will come to you" in mails()["chitra", "visit", "SiteVisitDecided"]
    date_visit(ticket, office.plan(office.ravi), at=office.now, by=office.bala)
    react(ticket, "SiteVisitDated")
    told = mails()
    assert "Who comes: Ravi" in told["chitra", "visit", "SiteVisitDated"]
    assert "text/calendar" in told["chitra", "visit", "SiteVisitDated"]
    assert "You go on a visit" in told["ravi", "visitor", "SiteVisitDated"]


def test_who_is_left_out_of_a_moved_visit_is_told_so_with_a_file_that_cancels_it(office):
    ticket = office.dated(office.ravi)
    date_visit(
        ticket,
        office.plan(office.meera, days=3),
        visit=visit_of(ticket).visit,
        at=office.now,
        by=office.bala,
    )
    react(ticket, "SiteVisitDated")
    told = mails()
    assert "was moved" in told["chitra", "visit", "SiteVisitDated"]
    assert "You do not go to the visit" in told["ravi", "visitor", "SiteVisitDated"]
    assert "was moved" in told["meera", "visitor", "SiteVisitDated"]


def test_a_visit_called_off_says_why_to_both_sides(office):
    ticket = office.dated(office.ravi)
    call_off_visit(
        ticket,
        visit_of(ticket).visit,
        reason="The bridge is closed.",
        at=office.now,
        by=office.bala,
    )
    react(ticket, "SiteVisitCalledOff")
    told = mails()
    assert "The bridge is closed." in told["chitra", "visit", "SiteVisitCalledOff"]
    assert "The bridge is closed." in told["ravi", "visitor", "SiteVisitCalledOff"]


def test_told_twice_is_told_once(office):
    ticket = office.dated()
    react(ticket, "SiteVisitDated")
    react(ticket, "SiteVisitDated")
    assert sorted(mails()) == [
        ("chitra", "visit", "SiteVisitDated"),
        ("ravi", "visitor", "SiteVisitDated"),
    ]


def test_the_log_of_a_visit_is_whole(office):
    office.dated()
    assert list(broken_links(Ticket.objects.all())) == []
