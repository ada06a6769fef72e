"""Cases that open by themselves: which dates a line says, and what `check` finds of them."""

from datetime import date

import pytest

from deskbook.book.dates_that_come_round import read_dates
from deskbook.book.load import load_book

DESK = """\
deskbook: 1
name: Harbour
zone: Europe/Lisbon
hours:
  office: { mon-fri: 09:00-18:00, closed: { 01-01: New Year's Day } }
  evenings: { mon-fri: 18:00-22:00 }
channels: [portal, phone]
severities: { urgent: { only by: phone }, usual: { default: yes } }
categories: [lifts, backups]
teams: [front, computers]
routing: { rules: [{ category: backups, to: computers }, { category: lifts, to: front }] }
recurring:
"""
TODAY = date(2026, 11, 22)
ALWAYS = dict.fromkeys(date(2026, month, day) for month in range(1, 13) for day in range(1, 29))


def days(said, month):
    return [day.day for day in read_dates(said).in_month(date(2026, month, 1), ALWAYS)]


@pytest.mark.parametrize(
    ("said", "month", "fall"),
    [
        ("first monday of the month", 6, [1]),
        ("every last friday", 5, [29]),
        ("second and fourth saturday", 2, [14, 28]),
        ("first working day of the month", 3, [1]),
        ("15th of the month", 7, [15]),
        ("month on the 3rd", 7, [3]),
        ("last day of the quarter", 6, [30]),
        ("last day of the quarter", 5, []),
        ("first day of the quarter", 4, [1]),
        ("15th of january and july", 7, [15]),
        ("15th of january and july", 8, []),
        ("1 April", 4, [1]),
        ("April 1st", 5, []),
        ("year on 29 february", 2, []),
        ("04-01", 4, [1]),
        ("mondays", 6, [1, 8, 15, 22, 29]),
        ("mon, thu", 1, [1, 5, 8, 12, 15, 19, 22, 26, 29]),
        ("31st of the month", 6, []),
    ],
)
def test_what_an_owner_writes_falls_on_these_days(said, month, fall):
    assert days(said, month) == fall


@pytest.mark.parametrize(
    "said", ["blue moon", "32nd of the month", "13-01", "30 february", "0 weeks"]
)
def test_what_is_on_no_date_is_refused(said):
    with pytest.raises(ValueError, match=r"write|day"):
        read_dates(said)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("every: blue moon, case: x, to: front", "every"),
        ("every: 2 weeks, case: x, to: front", "every"),
        ("every: monday, at: 25:00, case: x, to: front", "clock-time"),
        ("every: 1 January, case: x, to: front", "closed-day"),
        ("every: 1 January, case: x, to: front, on closed days: as written", "no-time"),
        ("every: monday, case: x, to: front, until: 2026-01-01", "never-comes"),
        ("every: saturday, case: x, to: front, on closed days: left out", "never-comes"),
        ("every: monday, case: x, to: nobody", "unknown-name"),
        ("every: working day, case: x", "no-team"),
        ("every: working day, case: x, to: front, severity: urgent", "case-refused"),
        ("every: working day, case: x, channel: phone", "unknown-key"),
        ("every: working day, case: x, category: lifs", "unknown-name"),
    ],
)
def test_what_is_wrong_with_a_line_is_found_at_it(line, code):
    findings = load_book(f"{DESK}  - {{ {line} }}\n", today=TODAY).findings
    assert [(finding.code, finding.line) for finding in findings] == [(code, 13)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("name: x, every: blue moon, to: leads", "every"),
        ("name: x, every: 1 January, to: leads", "closed-day"),
        ("name: x, every: monday, to: committee", "unknown-name"),
        ("name: x, every: monday, to: leads, says: weather", "unknown-word"),
        ("name: x, every: monday, to: leads, until: 2026-01-01", "never-comes"),
    ],
)
def test_what_is_wrong_with_a_promised_report_is_found_at_it(line, code):
    text = DESK.replace("recurring:", "reports:")
    findings = load_book(f"{text}  - {{ {line} }}\n", today=TODAY).findings
    assert [(finding.code, finding.line) for finding in findings] == [(code, 13)]


def test_two_cases_of_one_name_are_refused_and_a_right_line_leaves_nothing_to_find():
    right = "  - { every: first working day of the month, at: 09:00, case: Backups, category: backups }\n"
    assert load_book(DESK + right, today=TODAY).findings == ()
    (twice,) = load_book(DESK + right + right, today=TODAY).findings
    assert (twice.code, twice.line) == ("same-name", 14)


def test_the_warning_says_which_day_it_is_and_when_it_comes_instead():
    line = "  - { every: 1 January, at: 09:00, case: x, to: front }\n"
    (found,) = load_book(DESK + line, today=TODAY).findings
    assert "Fri 2027-01-01 is closed, so it comes on Mon 2027-01-04" in found.message
