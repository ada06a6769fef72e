"""Cases open by themselves on the dates of the book, each once."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.channels.email.models import OutboundMail
from deskbook.engine.decide_stage import decide_stage
from deskbook.jobs.letters import acknowledge
from deskbook.jobs.recurring import open_recurring
from deskbook.people.books import apply_book
from deskbook.people.contacts import find_or_make_contact
from deskbook.tickets.log import perform, wake
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.untold_models import Untold
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
BOOK = """\
deskbook: 1
name: Harbour
zone: Europe/Lisbon
mail: [it@harbour.example]
hours: { office: { mon-fri: 09:00-18:00 } }
open: { until: 2026-06-30 }
categories: [lifts, backups]
teams: [front, computers]
routing: { rules: [{ category: backups, to: computers }, { to: front }] }
targets: [{ resolve: 1bd }]
"""
LINES = """\
recurring:
  - { every: wednesday, at: 10:00, case: Check the backups, text: Restore a file., category: backups }
  - { every: thursday, at: 10:00, case: Ride the lift, category: lifts, for: lifts@far.example }
"""
WEDNESDAY = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def desk():
    return make_desk("harbour", BOOK + LINES)  # in force from Monday the 2nd


def opened():
    return [(row.subject, row.opened_at) for row in Ticket.objects.order_by("opened_at")]


def test_a_case_opens_at_its_instant_sorted_and_with_its_team_as_the_book_says(desk):
    open_recurring(at=WEDNESDAY - MINUTE)
    assert opened() == []
    open_recurring(at=WEDNESDAY + MINUTE)
    row = Ticket.objects.get()
    assert (row.subject, row.opened_at) == ("Check the backups", WEDNESDAY)
    assert (row.category, row.team, str(row.requester)) == ("backups", "computers", "Harbour")
    assert row.messages.get().text == "Restore a file."
    assert row.next_due_at == WEDNESDAY + DAY


def test_whoever_runs_it_how_often_each_date_has_one_case(desk):
    for minutes in (0, 1, 2, 60, 600):
        open_recurring(at=WEDNESDAY + minutes * MINUTE)
    open_recurring(at=WEDNESDAY + 7 * DAY)
    assert opened() == [
        ("Check the backups", WEDNESDAY),
        ("Ride the lift", WEDNESDAY + DAY),
        ("Check the backups", WEDNESDAY + 7 * DAY),
    ]


def test_what_an_outage_missed_opens_when_it_is_over_under_its_own_instant(desk):
    open_recurring(at=WEDNESDAY + 3 * DAY)
    assert opened() == [("Check the backups", WEDNESDAY), ("Ride the lift", WEDNESDAY + DAY)]


def test_nothing_opens_for_days_before_its_line_was_in_the_book_nor_twice_for_a_changed_book():
    make_desk("harbour", BOOK)
    helpdesk = apply_book("harbour", BOOK + LINES, at=WEDNESDAY + MINUTE, by=None)
    open_recurring(at=WEDNESDAY + 2 * MINUTE)
    assert opened() == []
    apply_book("harbour", BOOK + LINES + "notes: { a: b }\n", at=WEDNESDAY + 2 * DAY, by=None)
    open_recurring(at=WEDNESDAY + 2 * DAY + MINUTE)
    assert opened() == [("Ride the lift", WEDNESDAY + DAY)]
    assert helpdesk.books.count() == 3


def test_after_the_dates_of_a_campaign_nothing_opens(desk):
    open_recurring(at=datetime(2026, 7, 1, 12, 0, tzinfo=UTC))
    assert opened() == [("Ride the lift", datetime(2026, 6, 25, 9, 0, tzinfo=UTC))]


def test_the_desk_itself_is_told_nothing_and_who_it_is_done_for_gets_its_number(desk):
    open_recurring(at=WEDNESDAY + DAY)
    for entry in LogEntry.objects.filter(kind="Opened"):
        acknowledge(entry.pk)
    told = LogEntry.objects.filter(kind="Acknowledged").values_list("ticket__subject", flat=True)
    assert list(told) == ["Ride the lift"]
    assert not Untold.objects.exists()


def test_solved_it_closes_by_itself_though_no_letter_reaches_its_requester(desk):
    open_recurring(at=WEDNESDAY + MINUTE)
    row, asha = Ticket.objects.get(), make_agent(desk)
    perform(row, decide_stage, "solved", at=WEDNESDAY + 2 * MINUTE, by=asha)
    wake(row.pk, at=WEDNESDAY + 40 * DAY)
    row.refresh_from_db()
    assert (row.stage, row.is_open) == ("closed", False)


PLANS = """\
channels: [email, portal]
plans: { basic: { channels: [portal], limits: [{ most: 1, each: week, category: lifts }] } }
"""


def lifts_of(organisation):
    lifts = find_or_make_contact(organisation.desk, "email", "lifts@far.example")
    lifts.organisation = organisation
    lifts.save()
    return organisation


def test_no_plan_refuses_what_the_book_opens_itself_or_counts_it():
    desk = make_desk("harbour", BOOK + LINES + PLANS)
    chitra = make_contact(desk, organisation=lifts_of(make_organisation(desk, plan="basic")))
    assert open_recurring(at=WEDNESDAY + DAY) == 2
    assert not Ticket.objects.get(category="lifts").state["beyond"]
    case = NewCase("Lift", Written("It stands"), "portal", facets={"category": "lifts"})
    open_ticket(chitra, case, at=WEDNESDAY + DAY, by=chitra)  # the first that counts
    assert open_recurring(at=WEDNESDAY + 8 * DAY) == 2


def test_leads_are_told_once_of_a_case_that_is_refused_and_it_opens_when_that_is_mended(desk):
    bala = make_agent(desk, "Bala", role="lead")
    organisation = lifts_of(make_organisation(desk, plan="one the book has no more"))
    opened_now = [open_recurring(at=WEDNESDAY + DAY + minutes * MINUTE) for minutes in range(3)]
    assert opened_now == [1, 0, 0]
    mail = OutboundMail.objects.get(purpose="notice")
    assert (mail.recipient, mail.subject) == (
        bala.user.email,
        "Ride the lift of 2026-03-05 was not opened",
    )
    organisation.plan = ""
    organisation.save()
    assert open_recurring(at=WEDNESDAY + 2 * DAY) == 1
    assert [row.number for row in Ticket.objects.order_by("number")] == [1, 2]


def test_a_line_that_gets_other_dates_opens_nothing_for_those_before_the_change(desk):
    thursday = WEDNESDAY + 8 * DAY
    open_recurring(at=thursday - DAY)
    before = opened()
    moved = BOOK + LINES.replace("wednesday", "monday")
    apply_book("harbour", moved, at=thursday - 2 * MINUTE, by=None)
    open_recurring(at=thursday - MINUTE)
    assert opened() == before
    open_recurring(at=thursday + 4 * DAY)
    assert opened() == [
        *before,
        ("Ride the lift", thursday),
        ("Check the backups", thursday + 4 * DAY),
    ]


@pytest.mark.parametrize(
    ("every", "its_own_next_day"),
    [("wednesday", 0), ("first working day of the month", 0), ("day", 1)],
)
def test_a_closed_day_entered_after_its_case_opened_opens_it_no_second_time(
    every, its_own_next_day
):
    line = f"recurring: [{{ every: {every}, at: 10:00, case: Check the backups }}]\n"
    make_desk("harbour", BOOK + line)
    day = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)  # a Wednesday; in Lisbon it is 10:00
    open_recurring(at=day + MINUTE)
    assert Ticket.objects.filter(opened_at=day).count() == 1
    closed = BOOK.replace("09:00-18:00 }", "09:00-18:00, closed: [2026-04-01] }")
    apply_book("harbour", closed + line, at=day + 2 * MINUTE, by=None)
    open_recurring(at=day + DAY + MINUTE)
    assert Ticket.objects.filter(opened_at__gt=day).count() == its_own_next_day
