"""Who is on duty by a roster, where it has gaps, and who gets the next case."""

import pytest

from deskbook.engine.rosters import Leave, Shift, gaps, next_for, on_duty
from tests.engine.test_levels import DESK, HOUR, MORNING


def shift(person, start, end, place=None):
    return Shift(person, "l2", MORNING + start * HOUR, MORNING + end * HOUR, place)


def test_on_duty_is_who_has_a_shift_and_no_leave():
    roster = [shift("a", 0, 8), shift("b", 4, 12), shift("c", 0, 8, "north")]
    assert on_duty(roster, "l2", at=MORNING + 5 * HOUR) == ("a", "b", "c")
    assert on_duty(roster, "l2", at=MORNING + 8 * HOUR) == ("b",)
    assert on_duty(roster, "l2", at=MORNING, place="south") == ("a",)
    away = [Leave("a", MORNING, MORNING + HOUR)]
    assert on_duty(roster, "l2", at=MORNING, leave=away) == ("c",)


def test_a_gap_in_a_roster_is_known_before_it_happens():
    roster = [shift("a", 0, 8), shift("b", 10, 18)]
    (gap,) = gaps(DESK, roster, from_at=MORNING, until_at=MORNING + 18 * HOUR)
    assert (gap.from_at, gap.until_at, gap.on_shift, gap.needed) == (
        MORNING + 8 * HOUR,
        MORNING + 10 * HOUR,
        0,
        1,
    )


def test_leave_makes_a_gap_and_the_night_does_not():
    roster = [shift("a", 0, 18)]
    away = [Leave("a", MORNING + 2 * HOUR, MORNING + 30 * HOUR)]
    (gap,) = gaps(DESK, roster, from_at=MORNING, until_at=MORNING + 20 * HOUR, leave=away)
    assert (gap.from_at, gap.until_at) == (MORNING + 2 * HOUR, MORNING + 18 * HOUR)


@pytest.mark.parametrize(("how", "expected"), [("round robin", "b"), ("least loaded", "a")])
def test_the_next_ticket_goes_round_or_to_who_has_least(how, expected):
    given = {"a": MORNING + HOUR, "b": MORNING}
    assert (
        next_for(["a", "b"], how=how, open_tickets={"a": 1, "b": 4}, last_given_at=given)
        == expected
    )
    assert next_for([], how=how, open_tickets={}, last_given_at={}) is None


@pytest.mark.parametrize("how", ["round robin", "least loaded"])
def test_of_two_who_never_had_one_the_first_on_the_roster_gets_it(how):
    assert next_for(["9", "10"], how=how, open_tickets={}, last_given_at={}) == "9"
    assert next_for(["10", "9"], how=how, open_tickets={}, last_given_at={}) == "10"
