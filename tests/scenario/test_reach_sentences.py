"""Sentences of channels, places and visits to an office: what does not hold is told with what was
there.
"""

from pathlib import Path

import pytest

from deskbook.scenario.play import play
from deskbook.scenario.scenario import read_scenarios

BOOK = Path(__file__).parents[2] / "books/spark.yaml"
AT = "Mon 2026-03-02 10:00"
OPENED = f"  - {AT}  a contact opens a case by email: {{ type: on-site training }}\n"
DATES = (
    f"  - {AT}  an agent of PMU approves the visit\n  - {AT}  an agent of DMT dates the visit from"
    " Mon 2026-03-09 10:00 until Mon 2026-03-09 16:00 with Asha\n"
)


@pytest.fixture
def played(tmp_path):
    """Return a function that plays steps and one expectation and gives back the differences."""

    def played(steps, then, at=AT):
        file = tmp_path / "x.scenario.yaml"
        file.write_text(
            f"scenario: x\nbook: {BOOK}\nsteps:\n{steps}then:\n  - {at}  {then}\n", encoding="utf-8"
        )
        read = read_scenarios(file)
        assert read.findings == ()
        return play(read.scenarios[0]).differences

    return played


@pytest.mark.parametrize(
    ("then", "instead"),
    [
        ("the channel live chat is closed", "Live chat is open"),
        ("the channel telegraph is open", "is no channel of the book"),
        ("visitors are received at PMU", "visitors are not received at SPARK PMU"),
        ("visitors are not received at Kollam", "visitors are received at Treasury, Kollam"),
        ("visitors are received at Delhi", "is no site of the book"),
        ("the visit is dated", "the visit is not asked for"),
        (
            "visits are decided by DMT and carried out by PMU",
            "SPARK PMU decides and Department Master Trainers goes",
        ),
    ],
)
def test_what_does_not_hold_is_told_with_what_was_there_instead(played, then, instead):
    (difference,) = played(OPENED, then)
    assert instead in difference.got


def test_for_other_cases_the_book_sends_nobody(played):
    (difference,) = played(
        OPENED.replace("on-site training", "question"),
        "visits are decided by PMU and carried out by DMT",
    )
    assert "sends nobody out" in difference.got


def test_a_visit_called_off_is_off_and_needs_a_reason(played):
    why = f"  - {AT}  an agent of DMT calls the visit off: The road is flooded\n"
    assert played(OPENED + DATES + why, "the visit is called off") == ()
    assert (
        played(OPENED + DATES + why.replace(": The road is flooded", ""), "refused: reason") == ()
    )


def test_the_office_may_say_that_a_date_does_not_suit(played):
    says = f"  - {AT}  the contact says the date does not suit: We move on that day\n"
    assert played(OPENED + DATES + says, "the visit is dated") == ()
    assert (
        played(OPENED + DATES + says.replace(": We move on that day", ""), "refused: reason") == ()
    )


def test_what_is_not_dated_cannot_be_carried_out(played):
    difference, *_ = played(
        OPENED + f"  - {AT}  an agent of DMT carries the visit out\n", "the visit is carried out"
    )
    assert "no visit is dated yet" in difference.got
