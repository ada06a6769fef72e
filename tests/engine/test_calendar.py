"""When a desk is open: zones, clock changes, closures, extra openings, validity."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from deskbook.engine.amounts import parse_amount
from deskbook.engine.calendar import (
    Calendar,
    Closure,
    ClosureRule,
    NoOpening,
    Window,
    YearlyClosure,
    parse_window,
)
from deskbook.engine.spans import due
from tests.engine.desk_hours import (
    every_day,
    instant,
    on_weekdays,
    shown,
    wall,
    whole_day,
    worked,
)

TORONTO, KOLKATA, MAPUTO = "America/Toronto", "Asia/Kolkata", "Africa/Maputo"
HOUR = timedelta(hours=1)


def open_hours(calendar: Calendar, from_wall: str, to_wall: str) -> float:
    zone = calendar.zone
    return calendar.open_between(instant(from_wall, zone), instant(to_wall, zone)) / HOUR


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("08:00-20:00", 8, 20),
        ("06:00-24:00", 6, 24),
        ("22:00-06:00", 22, 30),
        ("00:00-24:00", 0, 24),
    ],
)
def test_a_window_reads_in_wall_time_and_may_run_past_midnight(text, opens, closes) -> None:
    assert parse_window(text) == Window(opens * HOUR, closes * HOUR)


@pytest.mark.parametrize(
    "wrong", ["", "8-20", "08:00", "25:00-26:00", "08:60-09:00", "08:00-08:00"]
)
def test_a_window_no_clock_shows_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"window|clock|empty"):
        parse_window(wrong)


def test_a_desk_is_open_from_its_opening_up_to_but_not_at_its_close() -> None:
    desk = on_weekdays(TORONTO, "08:00-20:00")
    assert desk.is_open(instant("2026-03-06 08:00", TORONTO))
    assert desk.is_open(instant("2026-03-06 19:59", TORONTO))
    assert not desk.is_open(instant("2026-03-06 20:00", TORONTO))
    assert not desk.is_open(instant("2026-03-07 12:00", TORONTO))


def test_a_desk_open_until_midnight_loses_no_minute() -> None:
    assert (
        open_hours(every_day(MAPUTO, "06:00-24:00"), "2023-08-07 00:00", "2023-08-14 00:00") == 126
    )
    assert (
        open_hours(every_day(MAPUTO, "00:00-24:00"), "2023-08-07 00:00", "2023-08-14 00:00") == 168
    )


def test_overlapping_windows_are_counted_once() -> None:
    desk = on_weekdays(KOLKATA, "09:00-13:00", "12:00-17:00")
    assert open_hours(desk, "2026-03-02 00:00", "2026-03-03 00:00") == 8


def test_a_night_window_belongs_to_the_date_it_starts_on() -> None:
    night = on_weekdays(KOLKATA, "22:00-06:00")
    saturday = instant("2026-03-07 00:00", KOLKATA), instant("2026-03-08 00:00", KOLKATA)
    assert [day for _, _, day in night.segments(*saturday)] == [date(2026, 3, 6)]


def test_where_a_night_window_meets_the_next_date_the_overlap_belongs_to_the_first() -> None:
    desk = every_day(KOLKATA, "22:00-06:00", "05:00-10:00")
    tuesday = instant("2026-03-03 05:30", KOLKATA), instant("2026-03-03 09:00", KOLKATA)
    stretches = [(shown(opens, KOLKATA)[-5:], day.day) for opens, _, day in desk.segments(*tuesday)]
    assert stretches == [("05:30", 2), ("06:00", 3)]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (TORONTO, "2026-03-08", 23),
        (TORONTO, "2026-11-01", 25),
        ("America/Sao_Paulo", "2018-11-04", 23),
        ("America/Sao_Paulo", "2018-02-17", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Africa/Casablanca", "2026-02-15", 25),
        ("Africa/Casablanca", "2026-03-22", 23),
        (KOLKATA, "2026-03-08", 24),
        (MAPUTO, "2023-08-07", 24),
    ],
)
def test_a_day_with_a_clock_change_is_as_long_as_it_really_is(zone, day, hours) -> None:
    desk = every_day(zone, "00:00-24:00")
    start = instant(f"{day} 12:00", zone)
    lengths = {
        local: sum(
            (closes - opens for opens, closes, of in desk.segments(*around) if of == local),
            timedelta(),
        )
        for around in [(start - 40 * HOUR, start + 40 * HOUR)]
        for local in [date.fromisoformat(day)]
    }
    assert lengths == {date.fromisoformat(day): hours * HOUR}


def test_a_date_the_date_line_swallowed_has_no_open_time() -> None:
    apia = every_day("Pacific/Apia", "08:00-16:00")
    around = (
        instant("2011-12-29 00:00", "Pacific/Apia"),
        instant("2012-01-01 00:00", "Pacific/Apia"),
    )
    assert [day.day for _, _, day in apia.segments(*around)] == [29, 31]


def test_an_opening_that_the_clock_skips_moves_to_the_first_instant_that_exists() -> None:
    desk = every_day(TORONTO, "02:30-06:00")
    opening = desk.next_opening(instant("2026-03-08 00:00", TORONTO))
    assert shown(opening, TORONTO) == "Sun 2026-03-08 03:00"


def test_of_a_time_shown_twice_an_opening_takes_the_first_and_a_close_the_second() -> None:
    desk = every_day(TORONTO, "01:15-01:45")
    [(opens, closes, _)] = desk.segments(
        instant("2026-11-01 00:00", TORONTO), instant("2026-11-02 00:00", TORONTO)
    )
    assert (opens.isoformat()[11:16], closes.isoformat()[11:16]) == ("05:15", "06:45")


def test_of_two_midnights_in_st_johns_the_first_ends_the_date() -> None:
    desk = every_day("America/St_Johns", "06:00-24:00")
    evening = instant("2010-11-06 12:00", "America/St_Johns")
    [(_, closes, day)] = desk.segments(evening, evening + 24 * HOUR - 8 * HOUR)
    assert day == date(2010, 11, 6)
    assert closes.isoformat() == "2010-11-07T02:30:00+00:00"


def test_the_hour_the_azores_show_twice_after_midnight_is_open_once_and_saturdays() -> None:
    half_hour, all_day = (parse_window("00:00-00:30"),), (parse_window("00:00-24:00"),)
    desk = Calendar("Atlantic/Azores", {5: all_day, 6: half_hour, 0: half_hour})
    weekend = datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC)
    stretches = [
        (f"{opens:%d %H:%M}", f"{closes:%d %H:%M}", day.day)
        for opens, closes, day in desk.segments(*weekend)
    ]
    # Saturday's 24:00 is the first midnight, 00:00 UTC; Sunday's half hour lasts to the second
    # 00:30.
    assert stretches == [
        ("24 00:00", "25 00:00", 24),
        ("25 00:00", "25 01:30", 25),
        ("26 01:00", "26 01:30", 26),
    ]
    assert desk.open_between(*weekend) == 26 * HOUR
    assert desk.business_days_between(*weekend) == 3
    assert desk.is_open(datetime(2026, 10, 25, 0, 45, tzinfo=UTC))


def test_a_closure_takes_a_whole_day_or_a_part_of_one() -> None:
    family_day = whole_day("2026-02-16", "Family Day")
    lunch = Closure(wall("2026-02-17 12:00"), wall("2026-02-17 13:30"), "stock-taking")
    desk = on_weekdays(TORONTO, "08:00-20:00", closures=(family_day, lunch))
    assert open_hours(desk, "2026-02-16 00:00", "2026-02-17 00:00") == 0
    assert open_hours(desk, "2026-02-17 00:00", "2026-02-18 00:00") == 10.5


def test_second_saturdays_are_closed_by_one_rule_and_the_other_saturdays_worked() -> None:
    kerala = Calendar(
        KOLKATA,
        dict.fromkeys(range(6), (parse_window("10:00-17:00"),)),
        closures=(ClosureRule(5, 2, "second Saturday"),),
    )
    month = instant("2026-03-01 00:00", KOLKATA), instant("2026-04-01 00:00", KOLKATA)
    saturdays = [day.day for _, _, day in kerala.segments(*month) if day.weekday() == 5]
    assert saturdays == [7, 21, 28]


def test_a_last_friday_rule_counts_from_the_months_end_in_the_months_named() -> None:
    rule = ClosureRule(4, -1, months=frozenset({2}))
    assert rule.closes(date(2026, 2, 27))
    assert not rule.closes(date(2026, 2, 20))
    assert not rule.closes(date(2026, 3, 27))


def test_a_yearly_closure_may_run_over_the_new_year() -> None:
    desk = every_day(TORONTO, "09:00-17:00", closures=(YearlyClosure((12, 24), (1, 2)),))
    for year in (2026, 2027):
        opening = desk.next_opening(instant(f"{year}-12-24 00:00", TORONTO))
        assert shown(opening, TORONTO)[4:] == f"{year + 1}-01-03 09:00"


def test_an_extra_opening_is_worked_though_the_day_is_closed() -> None:
    desk = on_weekdays(
        KOLKATA,
        "10:00-17:00",
        closures=(whole_day("2025-09-13", "Nuakhai"), ClosureRule(5, 2)),
        extra=(worked("2025-09-13", "10:00-14:00", "worked for Nuakhai"),),
    )
    assert open_hours(desk, "2025-09-13 00:00", "2025-09-14 00:00") == 4


def test_outside_its_dates_a_campaign_desk_is_closed_and_the_last_date_is_included() -> None:
    desk = every_day(
        MAPUTO, "06:00-24:00", valid_from=date(2023, 8, 7), valid_until=date(2023, 8, 9)
    )
    assert open_hours(desk, "2023-08-01 00:00", "2023-09-01 00:00") == 54
    clipped = every_day(MAPUTO, "06:00-24:00", valid_until=wall("2023-08-09 12:00"))
    assert open_hours(clipped, "2023-08-09 00:00", "2023-08-10 00:00") == 6


def test_a_desk_that_never_opens_again_says_so_and_gives_no_due_time() -> None:
    desk = every_day(MAPUTO, "06:00-24:00", valid_until=date(2023, 8, 9), name="campaign")
    after = instant("2023-08-10 00:00", MAPUTO)
    for spoken in ("2h", "1bd", "end of day"):
        with pytest.raises(NoOpening, match=r"campaign.*2023-08-10 00:00.*2023-08-09"):
            due(desk, after, parse_amount(spoken))
    with pytest.raises(NoOpening):
        due(desk, after, parse_amount("2h"), after_hours=2)
    with pytest.raises(NoOpening):
        desk.next_opening(after)
    assert desk.open_between(after, after + 1000 * HOUR) == timedelta()


def test_a_calendar_whose_only_days_are_always_closed_is_found_out() -> None:
    desk = Calendar(
        TORONTO, {6: (parse_window("09:00-12:00"),)}, closures=(YearlyClosure((1, 1), (12, 31)),)
    )
    with pytest.raises(NoOpening, match="end its closures"):
        desk.next_opening(instant("2026-01-01 00:00", TORONTO))
    with pytest.raises(NoOpening, match="give it hours"):
        Calendar(TORONTO, {}).next_opening(instant("2026-01-01 00:00", TORONTO))


def test_three_years_of_closure_are_looked_past() -> None:
    closed = Closure(wall("2026-03-03 00:00"), wall("2029-03-05 00:00"), "rebuilding")
    desk = Calendar(TORONTO, {0: (parse_window("09:00-12:00"),)}, closures=(closed,))
    found = due(desk, instant("2026-03-02 11:00", TORONTO), parse_amount("2h"))
    assert shown(found, TORONTO) == "Mon 2029-03-05 10:00"


def test_a_desk_open_on_29_february_alone_may_open_eight_years_on() -> None:
    desk = every_day(TORONTO, "09:00-12:00", closures=(YearlyClosure((3, 1), (2, 28)),))
    opening = desk.next_opening(instant("2096-03-01 00:00", TORONTO))
    assert shown(opening, TORONTO) == "Fri 2104-02-29 09:00"


def test_the_same_hours_can_be_kept_in_the_customers_zone() -> None:
    desk = on_weekdays(TORONTO, "09:00-17:00")
    abroad = desk.in_zone(KOLKATA)
    assert abroad.is_open(instant("2026-03-06 09:00", KOLKATA))
    assert not desk.is_open(instant("2026-03-06 09:00", KOLKATA))
    assert desk.in_zone(KOLKATA) is abroad
    assert abroad.in_zone(TORONTO) == desk


def test_half_a_short_saturday_is_half_a_business_day() -> None:
    desk = Calendar(KOLKATA, {5: (parse_window("09:00-12:00"),), 0: (parse_window("09:00-17:00"),)})
    saturday = instant("2026-03-07 09:00", KOLKATA)
    assert desk.business_days_between(saturday, saturday + 1.5 * HOUR) == Fraction(1, 2)
    assert desk.business_days_between(saturday, saturday + 72 * HOUR) == 2


def test_the_answers_do_not_depend_on_the_order_of_the_questions() -> None:
    asked = on_weekdays(TORONTO, "08:00-20:00")
    years = [2026, 2150, 1950, 2027, 2020, 1999]
    for year in years:
        start = instant(f"{year}-06-01 00:00", TORONTO)
        fresh = on_weekdays(TORONTO, "08:00-20:00")
        amount = parse_amount("15bd")
        assert due(asked, start, amount) == due(fresh, start, amount)
        later = start + timedelta(days=300)
        assert asked.open_between(start, later) == fresh.open_between(start, later)


def test_threads_may_share_a_calendar() -> None:
    desk = on_weekdays(TORONTO, "08:00-20:00")
    starts = [instant(f"{2000 + n % 50}-06-01 00:00", TORONTO) for n in range(400)]
    amount = parse_amount("5bd")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: due(desk, start, amount), starts))
    assert found == [due(desk, start, amount) for start in starts]


def test_equal_calendars_are_one_key_and_survive_a_trip_to_another_process() -> None:
    desk = on_weekdays(TORONTO, "08:00-20:00", closures=(whole_day("2026-02-16"),))
    desk.is_open(instant("2026-03-06 09:00", TORONTO))
    again = on_weekdays(TORONTO, "08:00-20:00", closures=(whole_day("2026-02-16"),))
    assert {desk: "found"}[again] == "found"
    assert pickle.loads(pickle.dumps(desk)) == desk


def test_what_names_no_instant_or_no_zone_is_refused() -> None:
    desk = on_weekdays(TORONTO, "08:00-20:00")
    with pytest.raises(ValueError, match="no offset"):
        desk.is_open(wall("2026-03-06 09:00"))
    with pytest.raises(ValueError, match="EST5EDTX"):
        on_weekdays("EST5EDTX", "08:00-20:00")
    now = wall("2026-03-06 09:00").replace(tzinfo=UTC)
    with pytest.raises(ValueError, match="before"):
        desk.open_between(now, now - HOUR)
