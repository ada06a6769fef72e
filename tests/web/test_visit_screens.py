"""Visits on the console: the page of a case's visit, the screen of all of them, the private
calendars.
"""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.jobs.rosters import return_cases
from deskbook.people.absences import ask_leave
from deskbook.people.contacts import give_sign_in
from deskbook.people.models import Agent
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment
from deskbook.tickets.site_visits import (
    Report,
    answer_visit,
    call_off_visit,
    carry_out_visit,
    decide_on_visit,
    report_visit,
)
from deskbook.web.console.visits.feed import feed_urls
from tests.people_factory import make_agent, make_desk
from tests.screens import one_line
from tests.spreadsheets import no_process_can_be_started, small_spreadsheet
from tests.visit_desk import KOLKATA, WISH, Office, refreshed, visit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Office()


def signed_in(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def bala(office):
    return signed_in(office.bala)


def page(client, ticket, part="visit"):
    return one_line(client.get(f"/console/tickets/{ticket}/{part}").content.decode())


def post(client, ticket, part, **given):
    answer = client.post(f"/console/tickets/{ticket}/visit/{part}", given)
    ticket.refresh_from_db()
    return answer


def day(office, days=2):
    return office.workday(days).date().isoformat()


def dates(office, *people, **more):
    chosen = {"day": day(office), "begins": "10:00", "ends": "15:00", "lasts": "1"}
    return {**chosen, "people": [person.pk for person in people], **more}


def test_the_ticket_says_how_its_visit_stands(office, bala):
    ticket = office.asked()
    shown = bala.get(f"/console/tickets/{ticket}").content.decode()
    assert "to be decided" in shown
    assert f"/console/tickets/{ticket}/visit" in shown
    question = office.case("question")
    assert 'id="fact-site-visit"' not in bala.get(f"/console/tickets/{question}").content.decode()


def test_what_the_office_asked_for_is_read_before_it_is_decided(office, bala):
    shown = page(bala, office.asked())
    for words in (WISH.place, "14", WISH.words, "Management Unit decides."):
        assert words in shown


def test_only_the_deciding_team_is_offered_the_decision(office):
    ticket = office.asked()
    assert "Approve: people go there" not in page(signed_in(office.ravi), ticket)
    refused = post(signed_in(office.asha), ticket, "decision", decision="approve")
    assert refused.status_code == 409
    assert "Management Unit decides about visits (line 19 of the book)" in refused.content.decode()


def test_a_refusal_without_a_reason_comes_back_as_it_was_typed(office, bala):
    ticket = office.asked()
    again = post(bala, ticket, "decision", decision="refuse")
    assert again.status_code == 422
    assert "Say why nobody comes" in again.content.decode()
    assert post(bala, ticket, "decision").status_code == 422
    assert (
        post(bala, ticket, "decision", decision="refuse", reason="Two people only.").status_code
        == 302
    )
    assert "Two people only." in page(bala, ticket)


def test_people_with_free_days_are_proposed_and_one_is_dated(office, bala):
    other = office.dated(office.ravi)
    ticket = office.approved()
    shown = page(bala, ticket)
    assert f"visits for {other}" in shown
    assert "free" in shown
    assert "weekend" in shown
    assert post(bala, ticket, "dates", **dates(office, office.meera)).status_code == 302
    assert visit_of(ticket).people == [office.meera.pk]
    shown = page(bala, ticket)
    assert "Dated. The requester and those who go are told." in shown
    assert "not confirmed" in shown


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"day": ""}, 422, "Choose the day it begins on."),
        ({"day": "yesterday"}, 422, "Write the day like"),
        ({"day": "9999-12-31", "lasts": "2"}, 422, "Write the day like"),
        ({"day": "0001-01-01"}, 422, "Write the day like"),
        ({"begins": "ten"}, 422, "Write the time like"),
        ({"lasts": "many"}, 422, "as a number"),
        ({"day": "2020-01-06"}, 409, "This time has passed"),
        ({"ends": "09:00"}, 409, "ends after it begins"),
        ({"lasts": "20"}, 409, "14 days at most"),
        ({"people": []}, 409, "Choose who goes."),
        ({"people": ["x"]}, 409, "Choose who goes."),
    ],
)
def test_a_date_that_cannot_be_comes_back_with_the_reason_and_all_that_was_typed(
    office, bala, given, status, told
):
    ticket = office.approved()
    again = post(
        bala, ticket, "dates", **dates(office, office.ravi, words="Bring a cable.", **given)
    )
    assert again.status_code == status
    assert told in again.content.decode()
    assert "Bring a cable." in again.content.decode()
    assert ticket.log.filter(kind="SiteVisitDated").count() == 0


def test_a_person_on_a_visit_and_a_day_off_are_refused_with_the_reason(office, bala):
    other, ticket = office.dated(office.ravi), office.approved()
    again = post(bala, ticket, "dates", **dates(office, office.ravi))
    assert f"Ravi cannot go then: visits for {other}." in again.content.decode()
    sunday = office.sunday().date().isoformat()
    again = post(bala, ticket, "dates", **dates(office, office.meera, day=sunday))
    assert "No working day" in again.content.decode()
    assert (
        post(
            bala, ticket, "dates", **dates(office, office.meera, day=sunday, anyway="yes")
        ).status_code
        == 302
    )


def test_somebody_of_another_desk_is_not_sent(office, bala):
    stranger = make_agent(make_desk("sparkrock"), "Dev")
    ticket = office.approved()
    assert (
        "Choose who goes."
        in post(bala, ticket, "dates", **dates(office, stranger)).content.decode()
    )


def test_a_visit_nobody_dated_is_not_moved(office, bala):
    ticket = office.approved()
    answer = post(bala, ticket, "dates/of-another-case-altogether", **dates(office, office.asha))
    assert (answer.status_code, ticket.dated_visits.count()) == (409, 0)
    assert "no such visit" in answer.content.decode()


def test_moving_shows_the_old_date_and_keeps_the_people(office, bala):
    ticket = office.dated(office.ravi)
    visit = visit_of(ticket).visit
    shown = page(bala, ticket, f"visit?move={visit}")
    assert "Move the visit of" in shown
    assert f'name="people" value="{office.ravi.pk}" checked' in shown
    assert (
        post(
            bala, ticket, f"dates/{visit}", **dates(office, office.ravi, day=day(office, 4))
        ).status_code
        == 302
    )
    assert visit_of(ticket).sequence == 1


def test_what_the_office_said_of_the_date_is_shown(office, bala):
    ticket = office.dated()
    answer_visit(
        ticket,
        visit_of(ticket).visit,
        False,
        reason="Pay day. Thursday?",
        at=office.now,
        by=office.chitra,
    )
    shown = page(bala, ticket)
    assert "does not suit" in shown
    assert "Pay day. Thursday?" in shown


def test_calling_off_needs_a_reason(office, bala):
    ticket = office.dated()
    visit = visit_of(ticket).visit
    assert post(bala, ticket, f"{visit}/cancellation").status_code == 422
    assert post(bala, ticket, f"{visit}/cancellation", reason="Flood").status_code == 302
    assert "called off" in page(bala, ticket)


def test_a_visit_is_carried_out_by_who_went_and_reported_with_a_list(office):
    ticket, ravi = office.over(office.ravi), signed_in(office.ravi)
    visit = visit_of(ticket).visit
    assert "Carried out" in page(ravi, ticket)
    assert post(ravi, ticket, f"{visit}/carried-out").status_code == 302
    people = SimpleUploadedFile("there.csv", b"Name\nAnu\nBinu\n", "text/csv")
    again = post(ravi, ticket, f"{visit}/report", attended="3", text="Went well.", files=people)
    assert again.status_code == 422
    assert "The list has 2 people and 3 attended" in again.content.decode()
    assert "Went well." in again.content.decode()
    kept = re.findall(r'name="kept" value="([0-9a-f]{64})"', again.content.decode())
    assert (
        post(
            ravi, ticket, f"{visit}/report", attended="2", text="Went well.", kept=kept
        ).status_code
        == 302
    )
    assert visit_of(ticket).attended == 2
    assert Attachment.objects.get().name == "there.csv"
    timeline = ravi.get(f"/console/tickets/{ticket}").content.decode()
    assert "reported the visit: 2 attended: Went well." in timeline


def test_a_list_that_was_kept_stays_where_the_one_to_take_its_place_is_not_taken(office):
    ticket, ravi = office.over(office.ravi), signed_in(office.ravi)
    visit = visit_of(ticket).visit
    post(ravi, ticket, f"{visit}/carried-out")
    back = post(
        ravi,
        ticket,
        f"{visit}/report",
        attended="",
        files=SimpleUploadedFile("there.csv", b"Name\nAnu\n"),
    )
    kept = re.findall(r'name="kept" value="([0-9a-f]{64})"', back.content.decode())
    empty = SimpleUploadedFile("empty.csv", b"")
    again = post(ravi, ticket, f"{visit}/report", attended="1", kept=kept, files=empty)
    assert (again.status_code, "“empty.csv” is empty" in again.content.decode()) == (422, True)
    assert "there.csv" in page(ravi, ticket)
    newer = SimpleUploadedFile("newer.csv", b"Name\nBinu\n")
    assert (
        post(ravi, ticket, f"{visit}/report", attended="1", kept=kept, files=newer).status_code
        == 302
    )
    assert Attachment.objects.get().name == "newer.csv"


def test_a_list_of_people_that_cannot_be_counted_now_is_kept_and_that_is_said(office, monkeypatch):
    ticket, ravi = office.over(office.ravi), signed_in(office.ravi)
    visit = visit_of(ticket).visit
    post(ravi, ticket, f"{visit}/carried-out")
    people = SimpleUploadedFile("there.xlsx", small_spreadsheet(["Name"], ["Anu"]))
    no_process_can_be_started(monkeypatch)
    assert (
        post(
            ravi, ticket, f"{visit}/report", attended="3", text="Went well.", files=people
        ).status_code
        == 302
    )
    assert "its lines could not be counted now" in page(ravi, ticket)
    assert Attachment.objects.get(name="there.xlsx").message.ticket == ticket


@pytest.mark.parametrize("attended", ["", "twelve", "-3", "1.5", "1" * 9])
def test_attendance_is_a_number(office, bala, attended):
    ticket = office.over()
    visit = visit_of(ticket).visit
    carry_out_visit(ticket, visit, at=office.now, by=office.ravi)
    again = post(bala, ticket, f"{visit}/report", attended=attended)
    assert again.status_code == 422
    assert "as a number" in again.content.decode()


def test_more_than_anybody_expected_is_asked_about_once(office, bala):
    ticket = office.over()
    visit = visit_of(ticket).visit
    carry_out_visit(ticket, visit, at=office.now, by=office.ravi)
    again = post(bala, ticket, f"{visit}/report", attended="140")
    assert again.status_code == 409
    assert "14 were expected and 140 attended?" in again.content.decode()
    assert "The number is right" in again.content.decode()
    assert post(bala, ticket, f"{visit}/report", attended="140", anyway="yes").status_code == 302


def test_a_case_is_not_solved_while_its_visit_is_ahead(office, bala):
    ticket = office.dated()
    refused = bala.post(f"/console/tickets/{ticket}/stage", {"stage": "replied"})
    assert refused.status_code == 409
    assert "A visit is dated for" in refused.content.decode()


def test_a_desk_may_write_down_what_an_office_said(office, bala):
    ticket = office.case()
    assert "has not said how many people" in page(bala, ticket)
    again = post(bala, ticket, "request", place="Taluk Office", people="many")
    assert again.status_code == 422
    assert 'value="Taluk Office"' in again.content.decode()
    assert post(bala, ticket, "request", people="3").status_code == 422
    assert (
        post(bala, ticket, "request", place="X", people="3", wanted_from="soon").status_code == 422
    )
    assert post(bala, ticket, "request", place="Taluk Office", people="20").status_code == 302
    assert "Taluk Office" in page(bala, ticket)


@pytest.mark.parametrize("view", ["list", "week", "month"])
def test_the_visits_of_the_desk_are_shown_in_three_ways(office, bala, view):
    office.dated(office.ravi)
    on = office.workday(2).date().isoformat()
    shown = bala.get(f"/console/visits/?view={view}&on={on}").content.decode()
    assert WISH.place in shown
    assert "Ravi" in shown
    assert (
        WISH.place
        not in bala.get(
            f"/console/visits/?view={view}&on={on}&person={office.meera.pk}"
        ).content.decode()
    )
    assert (
        WISH.place
        not in bala.get(f"/console/visits/?view={view}&on={on}&place=Elsewhere").content.decode()
    )
    assert (
        WISH.place in bala.get(f"/console/visits/?view={view}&on={on}&place=taluk").content.decode()
    )


@pytest.mark.parametrize(
    "asked",
    ["view=year", "on=never", "on=9999-12-31&view=month", "person=x", "on=0001-01-01&view=week"],
)
def test_an_address_somebody_typed_shows_the_visits_all_the_same(office, bala, asked):
    assert bala.get(f"/console/visits/?{asked}").status_code == 200


def test_what_waits_for_its_report_stands_first(office, bala):
    ticket = office.over()
    carry_out_visit(ticket, visit_of(ticket).visit, at=office.now, by=office.ravi)
    assert "To be carried out or reported" in bala.get("/console/visits/").content.decode()


def test_what_waits_to_be_decided_and_dated_is_listed_until_somebody_goes(office, bala):
    undecided, undated, by_mail = (
        office.asked(subject="One"),
        office.approved(subject="Two"),
        office.case(subject="Three"),
    )
    refused, dated, question = (
        office.asked(subject="Four"),
        office.dated(),
        office.case("question", "Six"),
    )
    decide_on_visit(refused, False, reason="A call is enough.", at=office.now, by=office.bala)
    shown = bala.get("/console/visits/").content.decode()
    deciding, dating, rest = (
        shown.index("To be decided"),
        shown.index("To be dated"),
        shown.index("Ahead"),
    )
    assert deciding < shown.index(f"{undecided} One") < shown.index(f"{by_mail} Three") < dating
    assert dating < shown.index(f"{undated} Two") < rest < shown.index(str(dated))
    assert f"{refused} Four" not in shown
    assert f"{question} Six" not in shown


def test_a_desk_without_visits_is_told_so_and_has_no_link(asha, console):
    assert "knows no visits" in console.get("/console/visits/").content.decode()
    assert reverse("console-visits") not in console.get("/console/").content.decode()


def test_the_private_calendar_holds_whats_mine_and_the_desks_is_for_those_who_date(office):
    mine, other = office.dated(office.ravi), office.dated(office.meera, days=3)
    urls = feed_urls(office.ravi)
    own, whole = (
        Client().get(urls[which].partition("/visits/")[2].join(["/visits/", ""]))
        for which in ("own", "desk")
    )
    uids = [
        {str(e["uid"]) for e in Calendar.from_ical(answer.content).walk("VEVENT")}
        for answer in (own, whole)
    ]
    assert [len(found) for found in uids] == [1, 2]
    assert own["Content-Type"].startswith("text/calendar")
    assert str(mine) in own.content.decode()
    assert str(other) not in own.content.decode()
    assert "desk" not in feed_urls(office.asha)


def test_a_new_address_ends_the_old_one_and_a_guessed_one_opens_nothing(office):
    old = feed_urls(office.ravi)["own"].partition("/visits/")[2]
    signed_in(office.ravi).post("/console/roster/calendar")
    assert Client().get(f"/visits/{old}").status_code == 404
    assert Client().get("/visits/1-0-own.ics").status_code == 404
    assert Client().get("/visits/x.y.ics").status_code == 404


def test_a_called_off_visit_stays_in_the_calendar_as_cancelled(office):
    ticket = office.dated(office.ravi)
    call_off_visit(ticket, visit_of(ticket).visit, reason="Flood", at=office.now, by=office.bala)
    answer = Client().get("/visits/" + feed_urls(office.ravi)["own"].partition("/visits/")[2])
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event["status"], int(event["sequence"])) == ("CANCELLED", 1)


def test_who_accepts_leave_reads_which_visit_needs_somebody_else(office, bala):
    ticket, day = office.dated(office.ravi), office.workday(2)
    asked = ask_leave(office.ravi, day, day + timedelta(days=1), at=office.now)
    shown = bala.post(
        f"/console/roster/leave/{asked.pk}", {"accept": "1"}, follow=True
    ).content.decode()
    assert f"Ravi goes on a visit for {ticket} in this time" in shown


def test_who_left_reads_no_calendar(office):
    address = "/visits/" + feed_urls(office.ravi)["own"].partition("/visits/")[2]
    office.ravi.is_active = False
    office.ravi.save()
    assert Client().get(address).status_code == 404


def test_a_reported_visit_is_told_in_few_words_beside_the_ticket(office, bala):
    ticket = office.over()
    visit = visit_of(ticket).visit
    carry_out_visit(ticket, visit, at=office.now, by=office.ravi)
    report_visit(refreshed(ticket), visit, Report(9, Written("")), at=office.now, by=office.ravi)
    assert "9 attended" in bala.get(f"/console/tickets/{ticket}").content.decode()


def test_nobody_waits_for_who_was_switched_off(office, bala):
    ticket = office.dated(office.ravi, office.meera)
    Agent.objects.filter(pk=office.ravi.pk).update(is_active=False)
    for _again in range(2):
        return_cases()
    mail = OutboundMail.objects.get(recipient=office.bala.user.email)
    told = parse(bytes(mail.raw))
    assert f"{ticket}: Ravi was to go on a visit and has left" in str(told.subject)
    begins = visit_of(ticket).from_at.astimezone(KOLKATA)
    assert f"{begins:%a} {begins.day} {begins:%b %Y, %H:%M} IST" in " ".join(told.text.split())
    assert "Ravi (has left)" in bala.get("/console/visits/").content.decode()
    chitra = Client()
    chitra.force_login(give_sign_in(office.chitra), "django.contrib.auth.backends.ModelBackend")
    shown = chitra.get(f"/desk/payroll/cases/{ticket}/").content.decode()
    assert "Meera" in shown and "Ravi" not in shown
