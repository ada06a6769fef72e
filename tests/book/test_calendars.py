"""Hours and holidays as an owner writes them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deskbook.book.calendars import read_days
from deskbook.book.load import load_book, load_calendar

TORONTO = ZoneInfo("America/Toronto")


def calendar(text):
    return load_calendar(f"zone: America/Toronto\n{text}\n")


def is_open(text, *when):
    return calendar(text).is_open(datetime(*when, tzinfo=TORONTO))


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat", (5,)),
        ("mon, wed", (0, 2)),
        ("mon and wed-fri", (0, 2, 3, 4)),
        ("every day", (0, 1, 2, 3, 4, 5, 6)),
        ("fri-mon", (4, 5, 6, 0)),
        ("Saturday", (5,)),
        ("weekdays", (0, 1, 2, 3, 4)),
    ],
)
def test_days_are_named_as_people_name_them(said, days):
    assert read_days(said) == days


def test_a_break_at_noon_is_two_windows():
    assert not is_open("mon: [09:00-12:00, 13:00-17:00]", 2026, 3, 2, 12, 30)


@pytest.mark.parametrize(
    ("closed", "when"),
    [
        ("2026-07-01: x", (2026, 7, 1, 10)),
        ("2026-12-24 12:00-24:00: x", (2026, 12, 24, 13)),
        ("2026-12-24 to 2027-01-02: x", (2027, 1, 2, 10)),
        ("2026-12-24 12:00 to 2026-12-28 11:00: x", (2026, 12, 28, 10)),
        ("12-25: x", (2030, 12, 25, 10)),
        ("12-24 to 01-02: x", (2031, 1, 1, 10)),
        ("second saturday: x", (2026, 3, 14, 10)),
        ("last friday: x", (2026, 3, 27, 10)),
        ("second and fourth saturday: x", (2026, 3, 28, 10)),
        ("first monday of march and april: x", (2026, 4, 6, 10)),
        ("2026-07-01: { name: x, hours: 09:00-11:00 }", (2026, 7, 1, 10)),
    ],
)
def test_a_closed_day_is_written_as_a_day_a_part_a_range_a_year_or_a_rule(closed, when):
    assert is_open("every day: 08:00-20:00", *when)
    assert not is_open(
        f"every day: 08:00-20:00\nclosed: {{ '{closed.partition(': ')[0]}':"
        f" {closed.partition(': ')[2]} }}",
        *when,
    )


def test_a_part_of_a_day_leaves_the_rest_open():
    assert is_open(
        "every day: 08:00-20:00\nclosed: { 2026-12-24 12:00-24:00: x }", 2026, 12, 24, 11
    )


def test_a_saturday_worked_beats_its_closure():
    text = (
        "mon-fri: 09:00-18:00\nclosed: { second saturday: x }\nopen also: { 2026-03-14:"
        " 09:00-12:00 }"
    )
    assert is_open(text, 2026, 3, 14, 10)
    assert not is_open(text, 2026, 3, 14, 12)


def test_a_campaign_bounds_every_calendar():
    desk = load_book(
        "deskbook: 1\nname: X\nzone: Africa/Maputo\nopen: { from: 2023-08-07, until: 2023-08-14"
        " }\nhours: { l2: { every day: 06:00-24:00 }, l3: { zone: Asia/Kolkata, every day:"
        " 09:30-03:30 } }\n"
    ).desk_or_raise()
    for hours in desk.calendars.values():
        assert not hours.is_open(datetime(2023, 8, 6, 12, tzinfo=UTC))
        assert hours.is_open(datetime(2023, 8, 14, 12, tzinfo=UTC))
        assert not hours.is_open(datetime(2023, 8, 15, 12, tzinfo=UTC))


def test_the_first_calendar_is_the_desks_own_unless_another_says_so():
    text = (
        "deskbook: 1\nname: X\nzone: UTC\nhours: {{ a: {{ mon: 08:00-20:00 }}, b: {{ mon:"
        " 09:00-10:00{} }} }}\n"
    )
    assert load_book(text.format("")).desk_or_raise().hours == "a"
    assert load_book(text.format(", default: yes")).desk_or_raise().hours == "b"


def test_a_plan_may_have_hours_where_the_customer_is():
    desk = load_book(
        "deskbook: 1\nname: X\nzone: America/Toronto\nhours: { s: { mon: 08:00-20:00 } }\n"
        "plans: { basic: { hours: { zone: the customer's, mon-fri: 09:00-17:00 } } }\n"
    ).desk_or_raise()
    plan = desk.plans["basic"]
    assert plan.customer_zone
    assert desk.calendars[plan.hours].weekly[0][0].opens == timedelta(hours=9)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("{ mon-fry: 08:00-20:00 }", "did you mean 'mon-fri'"),
        ("{ mon: 08:00-25:00 }", "00:00 to 24:00"),
        ("{ mon: [08:00-12:00, 11:00-13:00] }", "overlap"),
        ("{ mon: 8 to 5 }", "08:00-20:00"),
        ("{ zone: Calcuta, mon: 08:00-20:00 }", "Asia/Calcutta"),
        ("{ mon: 08:00-20:00, closed: holydays }", "no list of holidays"),
        ("{ mon: 08:00-20:00, closed: { 2026-02-30: x } }", "no day of the calendar"),
        ("{ mon: 08:00-20:00, closed: { someday: x } }", "second saturday"),
        ("{ mon: 08:00-20:00, closed: { 13-40: x } }", "no day of any year"),
        ("{ mon: 08:00-20:00, open also: { 2026-2-3: 09:00-10:00 } }", "2026-03-02"),
        ("{ mon: 08:00-20:00, from: 2026-03-02, until: 2026-03-01 }", "ends before it begins"),
        ("{ mon: closed }", "never open"),
        ("{ }", "no day has hours"),
    ],
)
def test_wrong_hours_say_how_to_write_them(hours, words):
    findings = load_book(f"deskbook: 1\nname: X\nzone: UTC\nhours: {{ s: {hours} }}\n").errors
    assert len(findings) == 1
    assert words in str(findings[0])
    assert findings[0].line == 4


def test_a_campaign_begins_and_ends_at_midnight_of_the_books_zone_in_every_zone():
    desk = load_book(
        "deskbook: 1\nname: X\nzone: Africa/Maputo\nopen: { from: 2023-08-07, until: 2023-08-14"
        " }\nhours: { l2: { every day: 06:00-24:00 }, l3: { zone: Asia/Kolkata, every day:"
        " 09:30-03:30 } }\n"
    ).desk_or_raise()
    bangalore = desk.calendars["l3"]
    # 02:30 in Kolkata, 23:00 the day before in Maputo.
    assert not bangalore.is_open(datetime(2023, 8, 6, 21, tzinfo=UTC))
    assert bangalore.is_open(datetime(2023, 8, 14, 21, 59, tzinfo=UTC))
    assert not bangalore.is_open(datetime(2023, 8, 14, 22, tzinfo=UTC))
