"""Due times, progress, and the answer to "why this time?"."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from deskbook.engine.amounts import AmountError, parse_amount
from deskbook.engine.calendar import Calendar, parse_window
from deskbook.engine.spans import Span, due, elapsed, explain
from tests.engine.desk_hours import every_day, instant, on_weekdays, shown, wall, whole_day, worked

TORONTO, KOLKATA, MAPUTO = "America/Toronto", "Asia/Kolkata", "Africa/Maputo"
SUPPORT = on_weekdays(TORONTO, "08:00-20:00")
HOUR = timedelta(hours=1)


def due_by_the_wall(calendar: Calendar, start: str, amount: str, **more: object) -> str:
    zone = calendar.zone
    return shown(due(calendar, instant(start, zone), parse_amount(amount), **more), zone)


def pause(start: str, end: str, *reason: str, zone: str = TORONTO) -> tuple:
    return (instant(start, zone), instant(end, zone), *reason)


def told(spans: list[Span], zone: str = TORONTO) -> list[str]:
    return [
        f"{shown(span.from_at, zone)[:3]} {shown(span.from_at, zone)[-5:]} "
        f"{span.state} x{span.rate}: {span.reason}, {span.total}"
        for span in spans
    ]


def test_a_deadline_skips_the_night_the_weekend_and_the_holiday() -> None:
    desk = on_weekdays(TORONTO, "08:00-20:00", closures=(whole_day("2026-02-16", "Family Day"),))
    assert due_by_the_wall(desk, "2026-02-13 19:00", "2h") == "Tue 2026-02-17 09:00"


def test_an_amount_that_ends_at_the_close_is_due_at_the_close_not_the_next_opening() -> None:
    assert due_by_the_wall(SUPPORT, "2026-03-06 18:00", "2h") == "Fri 2026-03-06 20:00"


def test_an_amount_of_nothing_is_due_at_once_even_when_closed() -> None:
    assert due_by_the_wall(SUPPORT, "2026-03-07 12:00", "0m") == "Sat 2026-03-07 12:00"
    assert due_by_the_wall(SUPPORT, "2026-03-07 12:00", "0bd") == "Sat 2026-03-07 12:00"


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-03-07 12:00", "1bd", "Mon 2026-03-09 20:00"),
        ("2026-03-09 08:00", "1bd", "Mon 2026-03-09 20:00"),
        ("2026-03-09 10:00", "1bd", "Tue 2026-03-10 10:00"),
        ("2026-03-06 20:00", "1bd", "Mon 2026-03-09 20:00"),
        ("2026-03-06 14:00", "1/2 bd", "Fri 2026-03-06 20:00"),
        ("2026-03-06 19:00", "1/2 bd", "Mon 2026-03-09 13:00"),
        ("2026-03-02 11:00", "6bd", "Tue 2026-03-10 11:00"),
        ("2026-03-06 19:00", "5bd", "Fri 2026-03-13 19:00"),
    ],
)
def test_business_days_are_dates_with_open_time_spread_evenly_over_it(
    start, amount, expected
) -> None:
    assert due_by_the_wall(SUPPORT, start, amount) == expected


def test_half_a_business_day_of_a_short_saturday_is_an_hour_and_a_half() -> None:
    desk = Calendar(KOLKATA, {5: (parse_window("09:00-12:00"),), 0: (parse_window("08:00-20:00"),)})
    assert due_by_the_wall(desk, "2026-03-07 09:00", "1/2 bd") == "Sat 2026-03-07 10:30"
    assert due_by_the_wall(desk, "2026-03-07 10:30", "1bd") == "Mon 2026-03-09 14:00"


def test_part_of_a_microsecond_rounds_up() -> None:
    desk = every_day(KOLKATA, "00:00-24:00")
    start = instant("2026-03-07 00:00", KOLKATA)
    third = due(desk, start, parse_amount("1/7 bd"))
    assert third - start == timedelta(days=1) // 7 + timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-03-06 10:00", "end of day", "Fri 2026-03-06 20:00"),
        ("2026-03-06 19:59", "end of day", "Fri 2026-03-06 20:00"),
        ("2026-03-06 20:00", "end of day", "Mon 2026-03-09 20:00"),
        ("2026-03-07 10:00", "end of day", "Mon 2026-03-09 20:00"),
        ("2026-03-06 10:00", "end of 3bd", "Tue 2026-03-10 20:00"),
    ],
)
def test_the_end_of_a_business_day_is_the_close_of_its_date(start, amount, expected) -> None:
    assert due_by_the_wall(SUPPORT, start, amount) == expected


def test_in_a_night_shift_the_end_of_day_is_in_the_morning() -> None:
    night = on_weekdays(KOLKATA, "22:00-06:00")
    assert due_by_the_wall(night, "2026-03-07 02:00", "end of day") == "Sat 2026-03-07 06:00"
    assert due_by_the_wall(night, "2026-03-06 22:00", "1/2 bd") == "Sat 2026-03-07 02:00"


def test_an_hours_pause_leaves_the_end_of_day_and_a_pause_over_the_close_moves_it_on() -> None:
    short = [pause("2026-03-09 11:00", "2026-03-09 12:00")]
    over_the_close = [pause("2026-03-09 18:00", "2026-03-11 10:00")]
    start, amount = "2026-03-09 10:00", "end of day"
    assert due_by_the_wall(SUPPORT, start, amount, pauses=short) == "Mon 2026-03-09 20:00"
    assert due_by_the_wall(SUPPORT, start, amount, pauses=over_the_close) == "Wed 2026-03-11 20:00"


def test_a_date_spent_wholly_in_a_pause_does_not_count_towards_the_end_of_3bd() -> None:
    tuesday = [pause("2026-03-10 00:00", "2026-03-11 00:00")]
    assert due_by_the_wall(SUPPORT, "2026-03-09 10:00", "end of 3bd", pauses=tuesday) == (
        "Thu 2026-03-12 20:00"
    )


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-06 20:30", "Sat 2026-03-07 00:30"),
        ("2026-03-06 19:00", "Fri 2026-03-06 22:00"),
        ("2026-03-06 10:00", "Fri 2026-03-06 12:00"),
        ("2026-03-08 00:30", "Sun 2026-03-08 05:30"),  # four real hours over the spring change
        ("2026-03-09 06:00", "Mon 2026-03-09 09:00"),
    ],
)
def test_two_hours_doubled_after_hours(start, expected) -> None:
    assert due_by_the_wall(SUPPORT, start, "2h", after_hours=2) == expected


def test_extra_openings_and_closures_count_as_open_and_closed_after_hours_too() -> None:
    desk = on_weekdays(
        TORONTO,
        "08:00-20:00",
        closures=(whole_day("2026-03-09"),),
        extra=(worked("2026-03-07", "09:00-12:00"),),
    )
    assert due_by_the_wall(desk, "2026-03-07 09:00", "2h", after_hours=2) == "Sat 2026-03-07 11:00"
    assert due_by_the_wall(desk, "2026-03-09 09:00", "2h", after_hours=2) == "Mon 2026-03-09 13:00"


def test_after_hours_is_refused_where_it_means_nothing() -> None:
    for amount in ("1/2 bd", "3d", "end of day", "1w"):
        with pytest.raises(AmountError, match="goes with open time"):
            due_by_the_wall(SUPPORT, "2026-03-06 19:00", amount, after_hours=2)
    with pytest.raises(AmountError, match="at least 1"):
        due_by_the_wall(SUPPORT, "2026-03-06 19:00", "2h", after_hours=Fraction(1, 2))


@pytest.mark.parametrize("start", ["2026-03-06 19:00", "2026-10-30 19:00"])
def test_a_clock_change_moves_no_promise_in_days_by_an_hour(start) -> None:
    assert due_by_the_wall(SUPPORT, start, "7d") == due_by_the_wall(SUPPORT, start, "1w")
    assert due_by_the_wall(SUPPORT, start, "3d").endswith("19:00")


def test_days_to_a_time_the_clock_skips_end_at_the_first_instant_that_exists() -> None:
    assert due_by_the_wall(SUPPORT, "2026-03-05 02:30", "3d") == "Sun 2026-03-08 03:00"


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-03-06 19:00", "1w", "Fri 2026-03-13 19:00"),
        ("2026-01-31 10:00", "1mo", "Sat 2026-02-28 10:00"),
        ("2028-01-31 10:00", "1mo", "Tue 2028-02-29 10:00"),
        ("2026-11-15 10:00", "2mo", "Fri 2027-01-15 10:00"),
        ("2026-03-01 02:30", "1w", "Sun 2026-03-08 03:00"),
    ],
)
def test_weeks_and_months_keep_the_time_on_the_wall(start, amount, expected) -> None:
    assert due_by_the_wall(SUPPORT, start, amount) == expected


def test_a_week_from_the_repeated_hour_is_not_before_a_week_from_the_hour_itself() -> None:
    first = instant("2026-11-01 01:45", TORONTO)
    second = first + HOUR / 2  # the wall shows 01:15 again
    week = parse_amount("1w")
    assert due(SUPPORT, first, week) <= due(SUPPORT, second, week)


def test_waiting_for_the_customer_takes_no_time_off_the_clock() -> None:
    waiting = [pause("2026-03-06 11:00", "2026-03-09 09:00")]
    assert due_by_the_wall(SUPPORT, "2026-03-06 10:00", "2h", pauses=waiting) == (
        "Mon 2026-03-09 10:00"
    )
    assert due_by_the_wall(SUPPORT, "2026-03-06 10:00", "1d", pauses=waiting) == (
        "Tue 2026-03-10 08:00"
    )


def test_overlapping_pauses_are_counted_once_and_those_before_the_start_not_at_all() -> None:
    pauses = [
        pause("2026-03-06 13:00", "2026-03-06 15:00"),
        pause("2026-03-06 08:00", "2026-03-06 09:00"),
        pause("2026-03-06 12:00", "2026-03-06 14:00"),
    ]
    assert due_by_the_wall(SUPPORT, "2026-03-06 10:00", "4h", pauses=pauses) == (
        "Fri 2026-03-06 17:00"
    )


def test_a_pause_that_begins_at_the_due_instant_comes_too_late() -> None:
    late = [pause("2026-03-06 12:00", "2026-03-06 15:00")]
    assert due_by_the_wall(SUPPORT, "2026-03-06 10:00", "2h", pauses=late) == "Fri 2026-03-06 12:00"


def test_a_quarter_has_run_a_quarter_of_the_way() -> None:
    start, amount = instant("2026-03-06 18:00", TORONTO), parse_amount("8h")
    assert elapsed(SUPPORT, start, start + 2 * HOUR, amount) == Fraction(1, 4)
    assert elapsed(SUPPORT, start, start + 12 * HOUR, amount) == Fraction(1, 4)
    assert elapsed(SUPPORT, start, start - HOUR, amount) == 0
    assert elapsed(SUPPORT, start, start + 3 * 24 * HOUR, amount) == Fraction(13, 8)
    assert elapsed(SUPPORT, start, start, parse_amount("0m")) == 1


def test_why_this_time_names_every_stretch_of_the_way() -> None:
    desk = on_weekdays(
        TORONTO,
        "08:00-12:00",
        "13:00-20:00",
        closures=(whole_day("2026-03-09", "stock-taking"),),
        extra=(worked("2026-03-07", "09:00-10:00", "release"),),
    )
    spans = explain(
        desk,
        instant("2026-03-06 19:00", TORONTO),
        parse_amount("7h"),
        pauses=[pause("2026-03-10 09:00", "2026-03-10 10:00", "waiting for customer")],
    )
    assert told(spans) == [
        "Fri 19:00 counted x1: open, 1:00:00",
        "Fri 20:00 closed x0: night, 1:00:00",
        "Sat 09:00 counted x1: release, 2:00:00",
        "Sat 10:00 closed x0: night, 2:00:00",
        "Sun 00:00 closed x0: weekend, 2:00:00",
        "Mon 00:00 closed x0: stock-taking, 2:00:00",
        "Tue 00:00 closed x0: night, 2:00:00",
        "Tue 08:00 counted x1: open, 3:00:00",
        "Tue 09:00 paused x0: waiting for customer, 3:00:00",
        "Tue 10:00 counted x1: open, 5:00:00",
        "Tue 12:00 closed x0: break, 5:00:00",
        "Tue 13:00 counted x1: open, 7:00:00",
    ]
    assert shown(spans[-1].to_at, TORONTO) == "Tue 2026-03-10 15:00"


def test_why_this_time_shows_the_rate_after_hours() -> None:
    spans = explain(
        SUPPORT, instant("2026-03-06 19:00", TORONTO), parse_amount("2h"), after_hours=2
    )
    assert told(spans) == [
        "Fri 19:00 counted x1: open, 1:00:00",
        "Fri 20:00 after hours x1/2: night, 2:00:00",
    ]


def test_why_this_time_counts_business_days_in_fractions() -> None:
    spans = explain(SUPPORT, instant("2026-03-09 10:00", TORONTO), parse_amount("1bd"))
    assert told(spans) == [
        "Mon 10:00 counted x1: open, 5/6",
        "Mon 20:00 closed x0: night, 5/6",
        "Tue 08:00 counted x1: open, 1",
    ]


def test_why_this_time_says_when_the_campaign_had_not_begun() -> None:
    desk = every_day(MAPUTO, "06:00-24:00", valid_from=date(2023, 8, 7))
    spans = explain(desk, instant("2023-08-05 12:00", MAPUTO), parse_amount("1h"))
    assert told(spans, MAPUTO) == [
        "Sat 12:00 closed x0: before 2023-08-07, 0:00:00",
        "Mon 00:00 closed x0: night, 0:00:00",
        "Mon 06:00 counted x1: open, 1:00:00",
    ]


def test_why_this_time_runs_around_the_clock_for_calendar_days() -> None:
    spans = explain(SUPPORT, instant("2026-03-06 19:00", TORONTO), parse_amount("3d"))
    assert told(spans) == ["Fri 19:00 counted x1: around the clock, 2 days, 23:00:00"]


def test_a_start_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        due(SUPPORT, wall("2026-03-06 19:00"), parse_amount("2h"))
