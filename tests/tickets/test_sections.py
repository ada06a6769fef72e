"""A list of open tickets says what is to be done next: each stands in one section, and page by page
none is left out.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from deskbook.tickets.conversation import answer_ticket, ask_requester, take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.queues import counts, listed, queue
from deskbook.tickets.sections import SECTIONS, Day, day_of, place_of
from deskbook.tickets.stages import move_ticket
from tests.people_factory import MONDAY, make_contact

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def day():
    now = timezone.now()
    return Day(now, now + 12 * HOUR)


@pytest.fixture
def cases(desk, asha, day):
    """Of each turn some, with due times of before, today and later."""
    chitra = make_contact(desk)
    made = [
        open_ticket(chitra, NewCase(f"Case {n}", Written("Help."), "portal"), at=MONDAY, by=chitra)
        for n in range(18)
    ]
    for n, recorded in enumerate(made):
        ticket = recorded.ticket
        if n % 3:
            answer_ticket(ticket, Written("We look."), at=MONDAY + HOUR, by=asha)
        if n % 3 == 2:
            ask_requester(ticket, Written("Which?"), (), at=MONDAY + 2 * HOUR, by=asha)
        if n % 6 == 4:
            take_in_message(
                ticket, Written("Any news?"), at=MONDAY + n * HOUR / 9, by=chitra, channel="portal"
            )
        due_at = day.now + timedelta(hours=(-2, 5, 40)[n // 6])
        Ticket.objects.filter(pk=ticket.pk).update(due_order_at=due_at, next_due_at=due_at)
    return Ticket.objects.order_by("pk")


def test_every_ticket_stands_in_one_section_where_its_row_says(cases, asha, day):
    rows = listed(queue(asha, "open").in_sections(day), most=99)
    assert sorted(row.id for row in rows) == [case.pk for case in cases]
    assert [row.section for row in rows] == sorted(row.section for row in rows)
    assert {row.id: row.section for row in rows} == {
        case.pk: place_of(case, day)[0] for case in cases
    }
    assert {SECTIONS[row.section].key for row in rows} >= {"late", "requester", "today", "others"}


@pytest.mark.parametrize("size", [1, 4, 7])
def test_page_by_page_the_list_is_the_whole_list(cases, asha, size, day):
    every = queue(asha, "open").in_sections(day)
    whole, shown, behind = [row.id for row in listed(every, most=99)], [], every
    while rows := listed(behind, most=size):
        shown += [row.id for row in rows]
        at, _separator, last = rows[-1].key.rpartition("_")
        behind = every.behind(datetime.fromisoformat(at), int(last), rows[-1].section)
    assert shown == whole


def test_a_page_begins_behind_a_place_that_the_row_knows(cases, asha, day):
    every = queue(asha, "open").in_sections(day)
    whole = [row.id for row in listed(every, most=99)]
    for case in cases:
        section, at, id_ = place_of(case, day)
        rest = [row.id for row in listed(every.behind(at, id_, section), most=99)]
        assert rest == whole[whole.index(case.pk) + 1 :]


def test_who_waits_longest_for_an_answer_comes_first(cases, asha, day):
    waiting = [
        row
        for row in listed(queue(asha, "open").in_sections(day), most=99)
        if SECTIONS[row.section].key == "requester"
    ]
    since = [Ticket.objects.get(pk=row.id).waits_since_at for row in waiting]
    assert since == sorted(since)
    assert len(set(since)) > 1


def said_last(agent):
    return listed(queue(agent, "open"))[0].said


def test_a_line_says_what_was_written_last_and_by_whom(desk, asha):
    chitra = make_contact(desk)
    new = NewCase("Printer", Written("It does not\n\nprint."), "portal")
    ticket = open_ticket(chitra, new, at=MONDAY, by=chitra).ticket
    assert said_last(asha) == "Chitra: It does not print."
    answer_ticket(ticket, Written("Is it on?"), at=MONDAY + HOUR, by=asha)
    assert said_last(asha) == "Asha: Is it on?"


def test_what_was_late_is_not_late_while_others_act_and_the_count_says_so_too(desk, asha):
    chitra = make_contact(desk)
    case = NewCase("Printer", Written("Help."), "portal")
    ticket = open_ticket(chitra, case, at=timezone.now() - timedelta(days=30), by=chitra).ticket
    answer_ticket(ticket, Written("We look."), at=timezone.now() - HOUR, by=asha)
    ticket.refresh_from_db()
    assert ticket.breached
    assert (counts(asha)["breached"], len(listed(queue(asha, "breached")))) == (1, 1)
    ask_requester(ticket, Written("Which?"), (), at=timezone.now(), by=asha)
    assert (counts(asha)["breached"], listed(queue(asha, "breached"))) == (0, [])
    move_ticket(ticket, "investigation", at=timezone.now(), by=asha)
    assert (counts(asha)["breached"], len(listed(queue(asha, "breached")))) == (1, 1)


def test_a_day_ends_at_midnight_where_the_reader_is_also_when_the_clocks_change():
    toronto = ZoneInfo("America/Toronto")
    ends_at = day_of(datetime(2026, 3, 8, 0, 30, tzinfo=toronto)).tomorrow
    assert ends_at.astimezone(UTC) == datetime(2026, 3, 9, 4, tzinfo=UTC)
