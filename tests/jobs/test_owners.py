"""Owners who are not there: their cases go to who is on or to the team, and somebody is told."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.engine.events import AimPassed, Held, LimitBreached, PickedUp
from deskbook.engine.ladder_events import DeliveryFailed
from deskbook.engine.ticket import SYSTEM
from deskbook.engine.work_events import DeliveryConfirmed, EstimateDeclined, EstimateSigned
from deskbook.jobs import alerts, rosters
from deskbook.people.models import Agent
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import answer_ticket, take_in_message
from deskbook.tickets.log import act
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.stages import close_ticket, move_ticket
from tests.jobs.test_rosters import case, entry
from tests.people.roster_desk import BOOK, HOUR, MONDAY, campaign_desk, crew, on_shift

pytestmark = pytest.mark.django_db
EVENING = MONDAY + 9 * HOUR  # an hour after the early shift


@pytest.fixture
def desk():
    return campaign_desk()


def owned_by(agent, desk, at=MONDAY):
    ticket = case(desk)
    assign_ticket(ticket, agent, at=at, by=agent)
    return Ticket.objects.get(pk=ticket.pk)


def written_on(ticket, at):
    take_in_message(ticket, Written("It is back."), channel="portal", at=at, by=ticket.requester)
    alerts.alert_owner(entry(ticket, "CustomerWrote"), at=at)
    return Ticket.objects.get(pk=ticket.pk)


def told(start=""):
    return sorted(mail.recipient for mail in OutboundMail.objects.filter(subject__startswith=start))


def said_in(start=""):
    return parse(bytes(OutboundMail.objects.get(subject__startswith=start).raw)).text


def hear_of(ticket, at):
    alerts.alert_owner(entry(ticket, "Assigned"), at=at)


def test_a_case_reopened_after_its_owners_shift_goes_to_who_is_on_and_they_are_told(desk):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 8)
    ticket = owned_by(asha, desk)
    move_ticket(ticket, "solved", at=MONDAY + HOUR, by=asha)
    back = written_on(ticket, EVENING)
    assert back.owner == kofi
    last = LogEntry.objects.filter(ticket=ticket, kind="Assigned").latest("seq")
    assert (last.data, last.actor) == ({"owner": str(kofi.pk), "cause": "off duty"}, "system")
    hear_of(ticket, EVENING)
    assert told() == [kofi.user.email]  # and Asha, who is off, is not
    assert "> It is back." in said_in()


def test_an_answer_of_the_requester_with_nobody_on_gives_it_to_the_team_which_is_told(desk):
    asha, _kofi, _bala = crew(desk)
    on_shift(asha, 0)
    ticket = owned_by(asha, desk)
    assert written_on(ticket, EVENING).owner is None
    hear_of(ticket, EVENING)
    assert told(f"{ticket} came back while its owner is off duty") == ["helpdesk@campaign.example"]


def test_a_team_without_an_address_is_told_by_its_leads_when_nobody_is_on():
    desk = campaign_desk(BOOK.replace(", mail: helpdesk@campaign.example", ""))
    asha, _kofi, bala = crew(desk)
    on_shift(asha, 0)
    ticket = owned_by(asha, desk)
    written_on(ticket, EVENING)
    hear_of(ticket, EVENING)
    assert told() == [bala.user.email]


def test_the_next_shift_gives_it_back_to_who_had_it_before_their_shift_was_over(desk):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    for agent in (kofi, asha):
        on_shift(agent, 0, days=1)
    ticket = owned_by(asha, desk)
    written_on(ticket, EVENING)
    assert rosters.give_waiting(at=MONDAY + 24 * HOUR) == 1
    assert Ticket.objects.get(pk=ticket.pk).owner == asha


def test_a_book_without_turns_gives_the_case_to_the_team_not_to_a_person():
    desk = campaign_desk(BOOK.replace(", assign: round robin", ""))
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 8)
    assert written_on(owned_by(asha, desk), EVENING).owner is None


def test_an_owner_who_is_on_shift_or_on_no_roster_keeps_the_case_and_is_told(desk):
    asha, _kofi, bala = crew(desk)
    on_shift(asha, 0)
    assert written_on(owned_by(asha, desk), MONDAY + HOUR).owner == asha
    assert written_on(owned_by(bala, desk), EVENING).owner == bala
    assert told() == sorted([asha.user.email, bala.user.email])


def test_a_closed_case_of_somebody_who_left_is_the_teams_when_it_comes_back(desk):
    asha, _kofi, _bala = crew(desk)
    ticket = owned_by(asha, desk)
    close_ticket(ticket, at=MONDAY + HOUR, by=ticket.requester)
    on_shift(asha, 0)  # the team has a roster, and nobody is on in the evening
    Agent.objects.filter(pk=asha.pk).update(is_active=False)
    assert rosters.return_cases(at=EVENING) == 0
    assert written_on(ticket, EVENING).owner is None
    hear_of(ticket, EVENING)
    assert told(f"{ticket} has no owner any more") == ["helpdesk@campaign.example"]


def test_when_a_seat_ends_all_its_open_cases_go_on_and_the_leads_read_where(desk):
    asha, kofi, bala = crew(desk)
    on_shift(kofi, 0)
    tickets = [owned_by(asha, desk) for _ in range(3)]
    Agent.objects.filter(pk=asha.pk).update(until=MONDAY + HOUR)
    rosters.switch_off_accounts(at=MONDAY + HOUR)
    assert {Ticket.objects.get(pk=ticket.pk).owner for ticket in tickets} == {kofi}
    mail = OutboundMail.objects.get(subject="3 open tickets of Asha went back")
    assert mail.recipient == bala.user.email
    assert all(f"- {ticket} No sync: Kofi" in bytes(mail.raw).decode() for ticket in tickets)
    assert rosters.return_cases(at=MONDAY + 2 * HOUR) == 0


def test_an_account_switched_off_elsewhere_is_found_by_the_clock(desk):
    asha, kofi, bala = crew(desk)
    ticket = owned_by(asha, desk)
    asha.user.is_active = False
    asha.user.save()
    rosters.switch_off_accounts(at=MONDAY + HOUR)
    assert Ticket.objects.get(pk=ticket.pk).owner in (kofi, bala)
    assert told("1 open ticket of Asha went back") == [bala.user.email]


def test_switching_somebody_off_on_the_screen_hands_on_what_they_hold_at_once(desk, client):
    asha, _kofi, bala = crew(desk)
    client.force_login(bala.user, "django.contrib.auth.backends.ModelBackend")
    client.post(f"/console/people/agents/{asha.pk}", {"role": "agent", "teams": ["help desk"]})
    assert not Agent.objects.get(pk=asha.pk).is_active
    assert ProcrastinateJob.objects.filter(task_name="return_cases").exists()


class Killed(BaseException):
    """A worker that dies: nothing after it is done."""


def dies_writing_the_mail(execute, sql, params, many, context):
    if sql.startswith('INSERT INTO "deskbook_outboundmail"'):
        raise Killed
    return execute(sql, params, many, context)


def test_whoever_is_killed_while_giving_cases_on_leaves_none_given_on_that_nobody_was_told_of(desk):
    asha, kofi, bala = crew(desk)
    on_shift(kofi, 0)
    tickets = [owned_by(asha, desk) for _ in range(2)]
    Agent.objects.filter(pk=asha.pk).update(is_active=False)
    with connection.execute_wrapper(dies_writing_the_mail), pytest.raises(Killed):
        rosters.return_cases(at=MONDAY + HOUR)
    assert rosters.return_cases(at=MONDAY + 2 * HOUR) == 2
    assert {Ticket.objects.get(pk=ticket.pk).owner for ticket in tickets} == {kofi}
    assert told("2 open tickets of Asha went back") == [bala.user.email]


@pytest.mark.parametrize(("to_requester", "owner"), [(True, "Kofi"), (False, "Asha")])
def test_only_what_did_not_reach_the_requester_takes_a_case_from_who_is_off_duty(
    desk, to_requester, owner
):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 8)
    ticket = owned_by(asha, desk)
    sent = answer_ticket(ticket, Written("We look."), at=MONDAY, by=asha)
    message = str(sent.entries[0].data["message"])
    failed = DeliveryFailed(message, to_requester=to_requester)
    act(ticket.pk, lambda _d, _s: (failed,), at=EVENING, by=SYSTEM)
    alerts.alert_owner(entry(ticket, "DeliveryFailed"), at=EVENING)
    assert str(Ticket.objects.get(pk=ticket.pk).owner) == owner


def test_a_case_nobody_owns_that_is_back_from_its_freeze_is_told_to_its_team(desk):
    crew(desk)
    ticket = case(desk)
    act(
        ticket.pk,
        lambda _d, _s: (Held("holidays", EVENING), PickedUp("holidays")),
        at=MONDAY,
        by=SYSTEM,
    )
    alerts.alert_owner(entry(ticket, "PickedUp"), at=EVENING)
    assert told(f"{ticket} is back from its freeze") == ["helpdesk@campaign.example"]


def test_a_case_nobody_owns_that_is_open_again_is_told_to_its_team(desk):
    asha, _kofi, _bala = crew(desk)
    ticket = case(desk)
    close_ticket(ticket, at=MONDAY, by=ticket.requester)
    take_in_message(
        ticket, Written("It is back."), channel="portal", at=EVENING, by=ticket.requester
    )
    alerts.alert_owner(entry(ticket, "Reopened"), at=EVENING)
    assert told(f"{ticket} is open again") == ["helpdesk@campaign.example"]
    assert "> It is back." in said_in(f"{ticket} is open again")
    answer_ticket(ticket, Written("We look."), at=EVENING, by=asha)
    assert Ticket.objects.get(pk=ticket.pk).owner == asha


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        (EstimateSigned("e1"), "the estimate was signed"),
        (EstimateDeclined("e1"), "the estimate was declined"),
        (DeliveryConfirmed("4.2"), "the delivery was confirmed"),
    ],
)
def test_what_the_customer_decided_is_what_the_notice_says(desk, happened, words):
    asha, _kofi, _bala = crew(desk)
    on_shift(asha, 8)
    ticket = owned_by(asha, desk)
    act(ticket.pk, lambda _d, _s: (happened,), at=EVENING, by=SYSTEM)
    alerts.alert_owner(entry(ticket, type(happened).__name__), at=EVENING)
    assert told(f"{ticket}: {words}") == [asha.user.email]


def missed(ticket, at):
    """Let a clock of the case be over its limit, and who hears of it be told."""
    act(ticket.pk, lambda _desk, _ticket: (LimitBreached("response"),), at=at, by=SYSTEM)
    alerts.alert_owner(entry(ticket, "LimitBreached"), at=at)
    return told(f"{ticket}: the response clock is over its limit")


def test_a_clock_missed_while_its_owner_is_off_duty_is_told_to_its_team_as_well_and_the_case_stays_theirs(
    desk,
):
    asha, _kofi, _bala = crew(desk)
    on_shift(asha, 0)
    ticket = owned_by(asha, desk)
    assert missed(ticket, EVENING) == sorted([asha.user.email, "helpdesk@campaign.example"])
    assert Ticket.objects.get(pk=ticket.pk).owner == asha


def test_a_clock_missed_while_its_owner_is_off_duty_is_told_to_who_is_on_where_the_team_has_no_address():
    desk = campaign_desk(BOOK.replace(", mail: helpdesk@campaign.example", ""))
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 8)
    assert missed(owned_by(asha, desk), EVENING) == sorted([asha.user.email, kofi.user.email])


def test_a_clock_missed_by_an_owner_who_is_on_is_told_to_them_alone(desk):
    asha, _kofi, _bala = crew(desk)
    on_shift(asha, 0)
    assert missed(owned_by(asha, desk), MONDAY + HOUR) == [asha.user.email]


@pytest.mark.parametrize("kind", [LimitBreached, AimPassed])
def test_a_clock_missed_of_a_case_nobody_owns_is_told_to_its_team(desk, kind):
    crew(desk)
    ticket = case(desk)
    act(ticket.pk, lambda _desk, _ticket: (kind("response"),), at=MONDAY, by=SYSTEM)
    alerts.alert_owner(entry(ticket, kind.__name__), at=MONDAY)
    assert told(f"{ticket}: the response clock") == ["helpdesk@campaign.example"]


def test_a_clock_missed_of_a_case_nobody_owns_is_told_to_the_leads_where_nobody_is_on_and_the_team_has_no_address():
    desk = campaign_desk(BOOK.replace(", mail: helpdesk@campaign.example", ""))
    asha, _kofi, bala = crew(desk)
    on_shift(asha, 0)
    assert missed(case(desk), EVENING) == [bala.user.email]


def test_a_clock_missed_before_the_case_of_who_left_went_back_is_told_to_its_team(desk):
    asha, _kofi, _bala = crew(desk)
    ticket = owned_by(asha, desk)
    Agent.objects.filter(pk=asha.pk).update(is_active=False)
    assert missed(ticket, MONDAY + HOUR) == ["helpdesk@campaign.example"]


@pytest.mark.parametrize(("message", "hear"), [("words", ["helpdesk@campaign.example"]), ("", [])])
def test_what_somebody_wrote_that_did_not_arrive_is_told_to_the_team_of_a_case_nobody_owns(
    desk, message, hear
):
    asha, _kofi, _bala = crew(desk)
    ticket = owned_by(asha, desk)
    sent = answer_ticket(ticket, Written("We look."), at=MONDAY, by=asha)
    assign_ticket(ticket, None, at=MONDAY, by=asha)
    failed = DeliveryFailed(message and str(sent.entries[0].data["message"]))
    act(ticket.pk, lambda _d, _s: (failed,), at=EVENING, by=SYSTEM)
    alerts.alert_owner(entry(ticket, "DeliveryFailed"), at=EVENING)
    assert told(f"A message of {ticket} did not arrive") == hear


def told_of_all(ticket, at):
    """Let each reaction to what is in the log tell who hears of it; the subjects of the mails and
    to whom.
    """
    for kind in ("CustomerWrote", "Reopened", "Assigned"):
        for line in LogEntry.objects.filter(ticket=ticket, kind=kind, at__gte=at).order_by("seq"):
            alerts.alert_owner(line.pk, at=at)
    return [
        (mail.subject.partition(":")[0], mail.recipient)
        for mail in OutboundMail.objects.filter(queued_at__gt=MONDAY).order_by("pk")
    ]


def comes_back(ticket, asha, at):
    close_ticket(ticket, at=MONDAY + HOUR, by=asha)
    take_in_message(ticket, Written("It is back."), channel="portal", at=at, by=ticket.requester)


def test_one_message_that_opens_a_case_again_is_one_mail_to_its_owner(desk):
    asha, _kofi, _bala = crew(desk)
    ticket = owned_by(asha, desk)
    comes_back(ticket, asha, MONDAY + 2 * HOUR)
    assert told_of_all(ticket, MONDAY + 2 * HOUR) == [(f"{ticket} is open again", asha.user.email)]
    assert "> It is back." in said_in()


def test_one_message_that_opens_a_case_of_an_absent_owner_again_is_one_mail_to_who_gets_it(desk):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 8)
    ticket = owned_by(asha, desk)
    comes_back(ticket, asha, EVENING)
    assert told_of_all(ticket, EVENING) == [(f"{ticket} is yours now", kofi.user.email)]
    assert "> It is back." in said_in()
