"""Tickets of the past by a changed book: nothing changes but what is said."""

from datetime import timedelta

import pytest
from django.db.utils import InternalError

from deskbook.engine.service_levels import Counted
from deskbook.engine.sorts import Sort
from deskbook.people.books import read_book
from deskbook.server.replaying import service_levels_in_words
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.replaying import nothing_is_written, replay_since
from tests.people_factory import MONDAY, make_contact, make_desk

pytestmark = pytest.mark.django_db
BOOK = """
deskbook: 1
name: Small desk
zone: America/Toronto
hours: { office: { mon-fri: 08:00-20:00 } }
severities: { High: {}, Low: { default: yes } }
targets: [{ respond: 2h }]
teams: [Front, Workshop]
routing: { rules: [{ severity: High, to: Workshop }, { to: Front }] }
"""
LATER = MONDAY + timedelta(minutes=90)


@pytest.fixture
def desk(db):
    """Return a desk with three open cases: one of before, two to be lived again."""
    desk = make_desk("small", BOOK)
    chitra = make_contact(desk)
    for at, severity in ((MONDAY - timedelta(days=3), "low"), (MONDAY, "high"), (MONDAY, "low")):
        case = NewCase("Printer", Written("It hums."), "portal", severity=severity)
        open_ticket(chitra, case, at=at, by=chitra)
    return desk


def replayed(desk, text, until_at=LATER):
    return replay_since(desk, read_book("small", text), MONDAY, until_at=until_at)


def test_by_the_book_in_force_all_is_as_it_was(desk):
    done = replayed(desk, BOOK)
    assert (done.cases, done.same) == (2, True)


def test_what_a_shorter_promise_makes_late_is_counted_by_severity_and_team(desk):
    done = replayed(desk, BOOK.replace("[{ respond: 2h }]", "[{ severity: High, respond: 1h }]"))
    assert not done.same
    assert +done.was.breaches == {}
    assert +done.becomes.breaches == {Sort("response", "high", "", "workshop"): 1}
    assert done.becomes.clocks.total() == 1


def test_who_would_have_had_them_is_counted(desk):
    done = replayed(desk, BOOK.replace("High, to: Workshop", "High, to: Front"))
    assert done.was.arrivals == {("", "workshop"): 1, ("", "front"): 1}
    assert done.becomes.arrivals == {("", "front"): 2}


def testnothing_is_written(desk):
    before = list(Ticket.objects.values()), LogEntry.objects.count()
    replayed(desk, BOOK.replace("2h", "1h"))
    assert before == (list(Ticket.objects.values()), LogEntry.objects.count())
    with pytest.raises(InternalError, match="read-only"), nothing_is_written():
        Ticket.objects.update(subject="Other")


def test_how_many_would_have_been_in_time_is_counted_by_service_level_and_period(desk):
    levels = "service levels: [{ name: Answers, at least: 90%, of: respond }]\n"
    done = replayed(desk, BOOK.replace("respond: 2h", "respond: 1h") + levels)
    (was,), (becomes,) = done.was.in_time.items(), done.becomes.in_time.items()
    assert was[0] == becomes[0]
    assert (was[1], becomes[1]) == (Counted(open=2), Counted(missed=2))
    lines = service_levels_in_words(done)
    assert lines[1].endswith("0 of 0, not decided → 0 of 2, not reached")
