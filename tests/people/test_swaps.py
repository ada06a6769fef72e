"""Swaps need the other's word, and a roster that still holds."""

import pytest

from deskbook.people.absences import answer_leave, ask_leave
from deskbook.people.duty import on_duty
from deskbook.people.roster_models import Swap
from deskbook.people.rosters import change_shift, for_agent
from deskbook.people.swaps import answer_swap, offer_swap, withdraw_swap
from deskbook.refusals.refusal import Refused
from tests.people.roster_desk import HOUR, MONDAY, campaign_desk, crew, on_shift
from tests.people_factory import make_agent

pytestmark = pytest.mark.django_db
BEFORE = MONDAY - 24 * HOUR


@pytest.fixture
def desk():
    return campaign_desk()


def test_two_people_swap_shifts_once_the_other_agrees(desk):
    asha, kofi, _bala = crew(desk)
    early, late = on_shift(asha, 0), on_shift(kofi, 8)
    swap = offer_swap(early, kofi, other=late, at=BEFORE, by=asha)
    assert on_duty(desk, "help desk", at=MONDAY) == (asha,)
    answer_swap(swap, True, at=BEFORE, by=kofi)
    assert on_duty(desk, "help desk", at=MONDAY) == (kofi,)
    assert on_duty(desk, "help desk", at=MONDAY + 9 * HOUR) == (asha,)


def test_a_shift_is_taken_over_for_nothing_and_a_declined_one_stays(desk):
    asha, kofi, _bala = crew(desk)
    early = on_shift(asha, 0)
    answer_swap(offer_swap(early, kofi, at=BEFORE, by=asha), False, at=BEFORE, by=kofi)
    assert on_duty(desk, "help desk", at=MONDAY) == (asha,)
    answer_swap(offer_swap(early, kofi, at=BEFORE, by=asha), True, at=BEFORE, by=kofi)
    assert on_duty(desk, "help desk", at=MONDAY) == (kofi,)


def test_a_swap_that_leaves_a_gap_is_refused_naming_the_gap(desk):
    asha, kofi, bala = crew(desk)
    early = on_shift(asha, 0)
    answer_leave(ask_leave(kofi, MONDAY, MONDAY + 3 * HOUR, at=BEFORE), True, at=BEFORE, by=bala)
    with pytest.raises(
        Refused, match=r"leaves a gap: Help desk would have 0 of 1 on, Mon 2 Mar 06:00–09:00"
    ) as no:
        offer_swap(early, kofi, at=BEFORE, by=asha)
    assert "Africa/Maputo" in str(no.value)
    assert not Swap.objects.exists()


def test_a_swap_that_double_books_is_refused(desk):
    asha, kofi, bala = crew(desk)
    on_shift(bala, 0)
    early, _same_time = on_shift(asha, 0), on_shift(kofi, 2)
    with pytest.raises(Refused, match="Kofi is on shift then already"):
        offer_swap(early, kofi, at=BEFORE, by=asha)


def test_nobody_is_swapped_into_a_team_they_are_not_of(desk):
    asha, kofi, bala = crew(desk)
    technical = on_shift(bala, 0, team="technical")
    with pytest.raises(Refused, match="Kofi does not belong to Technical"):
        offer_swap(technical, kofi, other=on_shift(kofi, 0), at=BEFORE, by=bala)
    with pytest.raises(Refused, match="Only your own shifts"):
        offer_swap(technical, kofi, at=BEFORE, by=asha)


def test_only_the_person_asked_agrees_and_only_while_the_roster_is_as_it_was(desk):
    asha, kofi, bala = crew(desk)
    esi = make_agent(desk, "Esi", teams=("help desk",))
    early = on_shift(asha, 0)
    swap = offer_swap(early, kofi, at=BEFORE, by=asha)
    with pytest.raises(Refused, match="Only Kofi can answer"):
        answer_swap(swap, True, at=BEFORE, by=esi)
    change_shift(early, for_agent(early, bala))
    assert not Swap.objects.filter(pk=swap.pk).exists()  # it was for a shift that is no more


def test_an_offer_taken_back_or_answered_cannot_be_answered_again(desk):
    asha, kofi, _bala = crew(desk)
    swap = offer_swap(on_shift(asha, 0), kofi, at=BEFORE, by=asha)
    withdraw_swap(swap, at=BEFORE, by=asha)
    with pytest.raises(Refused, match="answered already"):
        answer_swap(swap, True, at=BEFORE, by=kofi)


def test_a_shift_that_has_begun_is_not_swapped(desk):
    asha, kofi, _bala = crew(desk)
    with pytest.raises(Refused, match="begun"):
        offer_swap(on_shift(asha, 0), kofi, at=MONDAY + HOUR, by=asha)
