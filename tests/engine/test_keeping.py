"""How long things are kept: by the line that says most of a case, from the day it was closed."""

from datetime import UTC, datetime

import pytest

from deskbook.book.load import load_book
from deskbook.engine.decide_conversation import decide_requester_message
from deskbook.engine.decide_erase import decide_erase, keep_for, kept_until
from deskbook.engine.snooze_events import Erased
from deskbook.engine.ticket import SYSTEM
from tests.engine.test_clocks import CHITRA, HOUR, MONDAY, Story

BOOK = """
deskbook: 1
name: Harbour
zone: Europe/Lisbon
hours: { office: { mon-fri: 09:00-18:00 } }
categories: [pay, keys]
reopening: { within: 28d }
keep:
  - { what: cases, for: 1y }
  - { what: cases, category: pay, for: 10y }
  - { what: files, for: 6mo }
"""
DESK = load_book(BOOK).desk_or_raise()


def closed(category="keys"):
    return Story(desk=DESK, facets={"category": category}).move("closed", MONDAY + HOUR)


def test_the_line_that_says_most_counts_and_without_one_it_is_kept_for_ever():
    lines = DESK.keep
    assert [keep_for(lines, "cases", {"category": c}).line for c in ("keys", "pay")] == [9, 10]
    assert keep_for(lines, "chats", {}) is None


def test_years_are_of_the_calendar_whatever_the_hours_say():
    ended_at = datetime(2024, 2, 29, 10, tzinfo=UTC)
    assert kept_until(DESK, DESK.keep[0], ended_at) == datetime(2025, 2, 28, 10, tzinfo=UTC)


def test_it_is_erased_once_and_not_before_its_day_nor_while_it_goes_on():
    story, line = closed(), DESK.keep[0]
    ends_at = kept_until(DESK, line, story.ticket.closed_at)

    def decided(at):
        return decide_erase(DESK, story.ticket, line, 3, at=at, by=SYSTEM)

    assert decided(ends_at - HOUR) == ()
    assert decided(ends_at) == (Erased("cases", 9, 3),)
    story.do(decided(ends_at), ends_at, SYSTEM)
    assert decided(ends_at + HOUR) == ()
    assert decide_erase(DESK, Story(desk=DESK).ticket, line, 3, at=ends_at, by=SYSTEM) == ()


def test_an_erased_case_does_not_come_back_and_stays_where_lists_have_it():
    story = closed()
    story.desk = load_book(BOOK.split("keep:", maxsplit=1)[0]).desk_or_raise()
    last_at = story.ticket.last_at
    story.do((Erased("cases", 9, 1),), MONDAY + 2 * HOUR, SYSTEM)
    assert story.ticket.last_at == last_at
    wrote = decide_requester_message(
        story.desk, story.ticket, "m", "email", at=MONDAY + 3 * HOUR, by=CHITRA
    )
    assert wrote.code == "closed for good"


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("{ what: cases, for: 30bd }", "keep-amount", "by the calendar"),
        ("{ what: cases, for: 0d }", "keep-amount", "nothing would be kept"),
        ("{ what: cases, for: 0w }", "keep-amount", "nothing would be kept"),
        ("{ what: cases, category: keys, for: 10d }", "kept-too-short", "may come back after"),
        ("{ what: case, for: 3y }", "choice-word", "cases"),
        ("{ what: files, for: 6mo }", "same-keep", "delete one"),
        ("{ what: chats, for: 1y }", "kept-no-longer", "does nothing"),
        ("{ what: cases, categry: pay, for: 3y }", "unknown-key", "'category'"),
        ("{ what: mails not taken in, category: pay, for: 3y }", "keep-facets", "no facets"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_there(line, code, words):
    text = f"{BOOK}  - {line}\n"
    found = [one for one in load_book(text).findings if one.line == text.count("\n")]
    assert found, load_book(text).findings
    assert words in found[0].message
    assert code in ("choice-word", found[0].code)


def test_an_amount_of_years_reads_as_it_is_written():
    from deskbook.engine.amounts import CalendarPeriod, format_amount, parse_amount

    assert parse_amount("3 years") == CalendarPeriod(weeks=0, months=36)
    assert [format_amount(CalendarPeriod(0, n)) for n in (36, 18)] == ["3y", "18mo"]
