"""Random calendars over clock changes: the engine and the minute walk give the same answers."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deskbook.engine.amounts import BusinessDays, EndOfBusinessDay, OpenTime
from deskbook.engine.calendar import (
    Calendar,
    Closure,
    ClosureRule,
    ExtraOpening,
    NoOpening,
    Window,
    YearlyClosure,
    parse_window,
)
from deskbook.engine.spans import due, elapsed, explain
from tests.engine.minute_reference import MINUTE, MinuteReference

DAYS = 13
CHANGES = [
    ("America/Toronto", date(2026, 3, 8)),
    ("America/Toronto", date(2026, 11, 1)),
    ("Asia/Kolkata", date(2026, 8, 15)),
    ("Africa/Maputo", date(2023, 8, 7)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("America/Havana", date(2026, 11, 1)),
    ("Atlantic/Azores", date(2026, 10, 25)),
    ("Europe/London", date(2026, 3, 29)),
]
SETTINGS = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

minutes_of_day = st.one_of(
    st.sampled_from([0, 30, 60, 90, 120, 150, 180, 360, 480, 1200, 1320, 1380, 1410]),
    st.integers(0, 1439),
)


def _window(opens: int, length: int, ends_on_its_date: bool) -> Window:
    if ends_on_its_date:
        length = max(1, min(length, 1440 - opens))
    return Window(opens * MINUTE, (opens + length) * MINUTE)


window_lengths = st.one_of(st.sampled_from([30, 480, 720, 1440]), st.integers(1, 1440))
windows = st.builds(_window, minutes_of_day, window_lengths, st.booleans())
window_lists = st.lists(windows, min_size=1, max_size=2).map(tuple)

# What is drawn around a clock change is drawn as what to make once it is known: a strategy that is
# made within another is looked through for each example, which took more than half of all the time.
walls = st.integers(-7 * 1440, 7 * 1440).map(lambda offset: lambda at: at + offset * MINUTE)
near = st.integers(-7, 7).map(lambda offset: lambda at: (at + timedelta(days=offset)).date())
midnights = walls.map(lambda wall: lambda at: wall(at).replace(hour=0, minute=0))
closures = (
    st.builds(
        lambda wall, length: lambda at: Closure(wall(at), wall(at) + length * MINUTE),
        walls | midnights,
        st.one_of(st.sampled_from([1440]), st.integers(1, 4000)),
    )
    | st.builds(
        lambda *rule: lambda at: ClosureRule(*rule),
        st.integers(0, 6),
        st.sampled_from([1, 2, 3, 4, 5, -1, -2]),
    )
    | st.sampled_from(
        [
            lambda at: YearlyClosure((at.month, at.day), (at.month, at.day)),
            lambda at: YearlyClosure((12, 24), (1, 2)),
        ]
    )
)
extra_openings = st.builds(
    lambda day, hours: lambda at: ExtraOpening(day(at), hours), near, window_lists
)
never = st.just(lambda at: None)
limits = never | never | walls | near


def _calendar(change, weekly, closures, extra, begins, ends) -> tuple[Calendar, datetime]:
    zone, day = change
    at = datetime.combine(day, time())
    calendar = Calendar(
        zone,
        weekly,
        tuple(closure(at) for closure in closures),
        tuple(opening(at) for opening in extra),
        valid_from=begins(at),
        valid_until=ends(at),
    )
    return calendar, at


calendars = st.builds(
    _calendar,
    st.sampled_from(CHANGES),
    st.dictionaries(st.integers(0, 6), window_lists, min_size=1, max_size=7),
    st.lists(closures, max_size=3),
    st.lists(extra_openings, max_size=2),
    limits,
    limits,
)
"""A calendar and the date of the clock change it is tried around."""

# A day from either end: the dates cut off there have fewer minutes than they should.
minutes_inside = st.lists(st.integers(2 * 1440, (DAYS - 3) * 1440), min_size=4, max_size=4)


def _case(drawn, minutes, number) -> tuple[MinuteReference, list[datetime], int]:
    calendar, change = drawn
    begin = change.replace(tzinfo=UTC) - timedelta(days=7)
    ats = sorted(begin + minute * MINUTE for minute in minutes)
    return MinuteReference(calendar, begin, DAYS), ats, number


cases = st.builds(_case, calendars, minutes_inside, st.integers(1, 3000))
"""The walk of a calendar, four instants in order inside it, and a number to make amounts of."""


@SETTINGS
@given(cases)
def test_open_time_and_business_days_are_what_a_walk_over_the_minutes_finds(case) -> None:
    walk, ats, _ = case
    for at in ats:
        assert walk.calendar.is_open(at) == walk.is_open(at)
    for from_at, to_at in pairwise(ats):
        assert walk.calendar.open_between(from_at, to_at) == walk.open_between(from_at, to_at)
        counted = walk.calendar.business_days_between(from_at, to_at)
        assert counted == walk.days_between(from_at, to_at)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Toronto", date(2026, 11, 1)), ("Atlantic/Azores", date(2026, 10, 25))],
)
@pytest.mark.parametrize(
    "hours",
    ["00:00-01:00", "00:00-00:30", "00:30-01:00", "22:00-24:00", "00:00-24:00", "22:00-01:00"],
)
def test_a_close_at_a_time_shown_twice_is_at_the_second_for_the_walk_too(zone, day, hours) -> None:
    desk = Calendar(zone, dict.fromkeys(range(7), (parse_window(hours),)))
    begin = datetime.combine(day, time(), UTC) - timedelta(days=3)
    walk = MinuteReference(desk, begin, 7)
    from_at, to_at = begin + timedelta(days=1), begin + timedelta(days=5)
    assert desk.open_between(from_at, to_at) == walk.open_between(from_at, to_at)
    assert desk.business_days_between(from_at, to_at) == walk.days_between(from_at, to_at)


def _found(walk: MinuteReference, expected: datetime | None) -> datetime:
    """The due instant of the walk, where it lies far enough from the walk's end to be whole."""
    assume(expected is not None and expected < walk.begin + timedelta(days=DAYS - 3))
    return expected


@SETTINGS
@given(cases)
def test_an_amount_of_open_time_is_due_when_the_walk_has_counted_it(case) -> None:
    walk, ats, number = case
    pauses = [(ats[1], ats[2])]
    expected = _found(walk, walk.due(ats[0], Fraction(number), "open", pauses))
    assert due(walk.calendar, ats[0], OpenTime(number * MINUTE), pauses=pauses) == expected


@SETTINGS
@given(cases, st.integers(1, 4))
def test_closed_time_counts_at_one_over_the_factor(case, factor) -> None:
    walk, ats, number = case
    pauses = [(ats[1], ats[2])]
    expected = _found(walk, walk.due(ats[0], Fraction(number), "after hours", pauses, factor))
    amount = OpenTime(number * MINUTE)
    try:
        found = due(walk.calendar, ats[0], amount, pauses=pauses, after_hours=factor)
    except NoOpening:
        assert not walk.calendar.open_between(expected, expected + timedelta(days=2))
        return
    assert found == expected


@SETTINGS
@given(cases)
def test_business_days_are_due_when_the_walk_has_counted_them(case) -> None:
    walk, ats, number = case
    days = Fraction(number % 17 + 1, number % 4 + 1)
    pauses = [(ats[1], ats[2])]
    expected = _found(walk, walk.due(ats[0], days, "bd", pauses))
    assert due(walk.calendar, ats[0], BusinessDays(days), pauses=pauses) == expected


@SETTINGS
@given(cases)
def test_the_end_of_a_business_day_is_the_last_open_minute_of_its_date(case) -> None:
    walk, ats, number = case
    count = number % 4 + 1
    expected = _found(walk, walk.end_of_day(ats[0], count))
    assert due(walk.calendar, ats[0], EndOfBusinessDay(count)) == expected


amounts = st.one_of(
    st.integers(0, 5000).map(lambda n: OpenTime(n * MINUTE)),
    st.fractions(0, 6, max_denominator=7).map(BusinessDays),
    st.integers(1, 5).map(EndOfBusinessDay),
)
offsets = st.integers(0, 14 * 86_400_000_000).map(lambda micros: timedelta(microseconds=micros))


def _timed_case(drawn, amount, factor, offsets):
    calendar, change = drawn
    calendar = Calendar(calendar.zone, calendar.weekly, calendar.closures, calendar.extra)
    after_hours = factor if isinstance(amount, OpenTime) else None
    begin = change.replace(tzinfo=UTC) - timedelta(days=7)
    return calendar, amount, after_hours, sorted(begin + offset for offset in offsets)


timed_cases = st.builds(
    _timed_case,
    calendars,
    amounts,
    st.none() | st.sampled_from([1, 2, 3, Fraction(3, 2)]),
    st.lists(offsets, min_size=5, max_size=5),
)
"""A calendar that never ends, an amount, a factor, and five instants to the microsecond."""


@settings(max_examples=60, deadline=None)  # ten due times each, where the next three have four
@given(timed_cases)
def test_a_case_opened_later_is_never_due_earlier(case) -> None:
    calendar, amount, after_hours, ats = case
    dues = [due(calendar, at, amount, after_hours=after_hours) for at in ats]
    assert dues == sorted(dues)
    pauses = [(ats[2], ats[3])]
    dues = [due(calendar, at, amount, pauses=pauses, after_hours=after_hours) for at in ats]
    assert dues == sorted(dues)


@settings(max_examples=150, deadline=None)
@given(timed_cases)
def test_a_pause_never_brings_a_due_time_nearer(case) -> None:
    calendar, amount, after_hours, ats = case
    start, a, b, c, d = ats
    plain = due(calendar, start, amount, after_hours=after_hours)
    once = due(calendar, start, amount, pauses=[(b, c)], after_hours=after_hours)
    longer = due(calendar, start, amount, pauses=[(c, d), (a, c)], after_hours=after_hours)
    assert plain <= once <= longer


@settings(max_examples=150, deadline=None)
@given(timed_cases)
def test_the_due_instant_is_the_earliest_by_which_the_amount_has_run(case) -> None:
    calendar, amount, after_hours, ats = case
    pauses = [(ats[1], ats[2]), (ats[3], ats[4])]
    given_more = {"pauses": pauses, "after_hours": after_hours}
    found = due(calendar, ats[0], amount, **given_more)
    assert elapsed(calendar, ats[0], found, amount, **given_more) >= 1
    if found > ats[0]:
        before = found - timedelta(microseconds=1)
        assert elapsed(calendar, ats[0], before, amount, **given_more) < 1


@settings(max_examples=150, deadline=None)
@given(timed_cases)
def test_the_explanation_runs_without_a_gap_and_adds_up_to_the_amount(case) -> None:
    calendar, amount, after_hours, ats = case
    pauses = [(ats[1], ats[2], "waiting"), (ats[3], ats[4])]
    given_more = {"pauses": pauses, "after_hours": after_hours}
    spans = explain(calendar, ats[0], amount, **given_more)
    found = due(calendar, ats[0], amount, **given_more)
    edges = [ats[0], *(span.to_at for span in spans)]
    assert edges[:-1] == [span.from_at for span in spans]
    assert edges[-1] == found
    assert all(span.from_at < span.to_at for span in spans)
    total = amount.duration * 0 if isinstance(amount, OpenTime) else Fraction()
    for span in spans:
        assert (span.state in ("closed", "paused")) <= (not span.counted)
        total += span.counted
        assert span.total == total
    if isinstance(amount, EndOfBusinessDay):
        assert total > 0
    elif spans:
        assert total == (amount.duration if isinstance(amount, OpenTime) else amount.days)
