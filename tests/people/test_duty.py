"""Who is on now, and the roster that says so."""

from datetime import timedelta

import pytest

from deskbook.people.absences import answer_leave, ask_leave
from deskbook.people.books import desk_in_force
from deskbook.people.duty import gaps_between, on_duty, unfilled_between
from deskbook.people.rosters import Plan, add_shift, change_shift, copy_week, plan_of, span_words
from deskbook.refusals.refusal import Refused
from tests.people.roster_desk import HOUR, MONDAY, campaign_desk, crew, on_shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return campaign_desk()


def test_a_team_nobody_ever_made_a_roster_for_counts_everybody_of_it_as_on_duty(desk):
    asha, kofi, bala = crew(desk)
    assert on_duty(desk, "help desk", at=MONDAY) == (asha, bala, kofi)
    assert on_duty(desk, "technical", at=MONDAY) == (bala,)


def test_with_a_roster_only_who_is_on_shift_is_on_duty_and_a_shift_ends_before_its_end(desk):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 8)
    assert on_duty(desk, "help desk", at=MONDAY) == (asha,)
    assert on_duty(desk, "help desk", at=MONDAY + 8 * HOUR) == (kofi,)
    assert on_duty(desk, "help desk", at=MONDAY - HOUR) == ()


def test_somebody_on_leave_switched_off_or_past_their_end_is_not_on_duty(desk):
    asha, kofi, bala = crew(desk)
    for person in (asha, kofi, bala):
        on_shift(person, 0)
    asked = ask_leave(asha, MONDAY, MONDAY + 24 * HOUR, at=MONDAY - HOUR)
    assert on_duty(desk, "help desk", at=MONDAY) == (asha, kofi, bala)
    answer_leave(asked, True, at=MONDAY - HOUR, by=bala)
    kofi.until = MONDAY
    kofi.save()
    assert on_duty(desk, "help desk", at=MONDAY) == (bala,)
    bala.is_active = False
    bala.save()
    assert on_duty(desk, "help desk", at=MONDAY) == ()


def test_a_shift_at_one_site_does_not_serve_another(desk):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0, place="nampula")
    on_shift(kofi, 0)
    assert on_duty(desk, "help desk", at=MONDAY, place="tete") == (kofi,)
    assert on_duty(desk, "help desk", at=MONDAY, place="nampula") == (asha, kofi)


def test_a_gap_is_known_days_before_it_happens(desk):
    asha, _kofi, _bala = crew(desk)
    on_shift(asha, 0, days=1)
    (gap,) = gaps_between(desk, desk_in_force(desk), MONDAY + 24 * HOUR, MONDAY + 48 * HOUR)
    # 14:00 to 24:00 in Maputo.
    assert (gap.from_at, gap.until_at) == (
        MONDAY + 32 * HOUR,
        MONDAY + 42 * HOUR,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"team": "technical"}, "Asha does not belong to Technical"),
        ({"team": "cleaning"}, "The book has no team “cleaning”"),
        ({"until_at": MONDAY}, "A shift ends after it begins"),
        ({"until_at": MONDAY + 45 * HOUR}, "at most 24 hours"),
        (
            {"from_at": MONDAY + 7 * HOUR, "until_at": MONDAY + 9 * HOUR},
            "Asha is on shift then already",
        ),
    ],
)
def test_a_shift_that_cannot_be_is_refused_with_a_sentence(desk, change, sentence):
    asha, _kofi, _bala = crew(desk)
    on_shift(asha, 0)
    evening = {"from_at": MONDAY + 20 * HOUR, "until_at": MONDAY + 22 * HOUR}
    stated = {"team": "help desk", "agent": asha, **evening, **change}
    with pytest.raises(Refused, match=sentence):
        add_shift(desk, Plan(**stated))
    assert desk.shifts.count() == 1


def test_a_shift_may_be_moved_within_its_own_time_and_touch_the_next(desk):
    asha, _kofi, _bala = crew(desk)
    first, _second = on_shift(asha, 0), on_shift(asha, 8)
    change_shift(first, Plan("help desk", MONDAY + HOUR, MONDAY + 8 * HOUR, asha))
    assert desk.shifts.get(pk=first.pk).from_at == MONDAY + HOUR


def test_times_are_written_on_the_clocks_of_the_team(desk):
    _asha, _kofi, bala = crew(desk)
    words = span_words(desk_in_force(desk), plan_of(on_shift(bala, 0, team="technical")))
    assert words == "Mon 2 Mar 09:30–17:30 Asia/Kolkata"


def test_a_week_is_copied_at_the_same_wall_times_and_says_what_does_not_fit(desk):
    asha, kofi, _bala = crew(desk)
    on_shift(asha, 0)
    on_shift(kofi, 0)
    on_shift(kofi, 2, days=7)
    added, refused = copy_week(desk, "help desk", from_at=MONDAY - 6 * HOUR)
    assert added == 1
    assert refused[0].sentence.startswith("Kofi is on shift then already")
    assert on_duty(desk, "help desk", at=MONDAY + timedelta(days=7)) == (asha,)


def test_a_shift_without_a_person_or_with_one_on_leave_is_unfilled(desk):
    asha, _kofi, bala = crew(desk)
    on_shift(bala, 12)
    empty = add_shift(desk, Plan("help desk", MONDAY, MONDAY + 2 * HOUR))
    away = on_shift(asha, 0)
    answer_leave(
        ask_leave(asha, MONDAY, MONDAY + HOUR, at=MONDAY - HOUR), True, at=MONDAY - HOUR, by=bala
    )
    assert unfilled_between(desk, MONDAY, MONDAY + 24 * HOUR) == [empty, away]


def test_leave_that_makes_a_gap_says_so_and_an_answer_is_given_once(desk):
    asha, _kofi, bala = crew(desk)
    on_shift(asha, 0, hours=18)
    asked = ask_leave(asha, MONDAY, MONDAY + 4 * HOUR, at=MONDAY - HOUR)
    (gap,) = answer_leave(asked, True, at=MONDAY - HOUR, by=bala)
    assert (gap.from_at, gap.until_at, gap.on_shift) == (MONDAY, MONDAY + 4 * HOUR, 0)
    with pytest.raises(Refused, match="answered this request a moment ago"):
        answer_leave(asked, False, at=MONDAY, by=bala)


def test_leave_is_not_asked_for_twice_nor_backwards_nor_for_the_past(desk):
    asha, *_others = crew(desk)
    ask_leave(asha, MONDAY, MONDAY + HOUR, at=MONDAY - HOUR)
    for span, sentence in (
        ((MONDAY, MONDAY + 2 * HOUR), "already"),
        ((MONDAY + HOUR, MONDAY), "ends after"),
        ((MONDAY - 9 * HOUR, MONDAY - 8 * HOUR), "over already"),
    ):
        with pytest.raises(Refused, match=sentence):
            ask_leave(asha, *span, at=MONDAY - HOUR)
