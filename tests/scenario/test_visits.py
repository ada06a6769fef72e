"""Sentences of visits: what does not hold is told with what was there instead, what cannot be at
its line.
"""

from pathlib import Path

import pytest

from deskbook.scenario.play import play
from deskbook.scenario.scenario import read_scenarios

BOOK = Path(__file__).parents[2] / "books/spark.yaml"
AT = "Mon 2026-03-02 12:00"
OPENED = f"  - {AT}  a contact opens a case by email: {{ type: on-site training }}\n"
DATED = (
    f"{OPENED}  - {AT}  an agent of PMU approves the visit\n  - {AT}  an agent of PMU dates the"
    " visit from Mon 2026-03-09 10:00 until Mon 2026-03-09 16:00 with Ravi\n"
)


@pytest.fixture
def played(tmp_path):
    """Return a function that plays steps and expectations and gives back the differences."""

    def played(steps, then):
        file = tmp_path / "x.scenario.yaml"
        file.write_text(f"scenario: x\nbook: {BOOK}\nsteps:\n{steps}then:\n{then}")
        read = read_scenarios(file)
        assert read.findings == ()
        return play(read.scenarios[0]).differences

    return played


@pytest.mark.parametrize(
    ("steps", "then", "instead"),
    [
        (OPENED, "the visit is approved", "the visit is not asked for"),
        (DATED, "the visit is reported", "the visit is dated"),
        (DATED, "the visit begins Mon 2026-03-09 11:00", "it begins Mon 2026-03-09 10:00"),
        (OPENED, "the visit begins Mon 2026-03-09 11:00", "no visit is dated"),
        (DATED, "12 people attended", "0 attended"),
    ],
)
def test_what_does_not_hold_is_told_with_what_was_there_instead(played, steps, then, instead):
    (difference,) = played(steps, f"  - {AT}  {then}\n")
    assert instead in difference.got


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("the contact says the date suits", "no visit is dated yet"),
        ("an agent of PMU calls the visit off", "no visit is dated yet"),
        ("Ravi is on leave until Mon 2026-03-02 10:00", "ends before it begins"),
        ("an agent of Nobody approves the visit", "no team of the book"),
    ],
)
def test_a_step_that_cannot_be_is_told_at_its_line(played, step, words):
    (difference,) = played(f"{OPENED}  - {AT}  {step}\n", f"  - {AT}  the case is open\n")
    assert words in difference.got


def test_somebody_on_two_visits_of_the_case_at_once_is_refused(played):
    again = (
        f"  - {AT}  an agent of DMT dates the visit from Mon 2026-03-09 15:00 until Mon 2026-03-09"
        " 17:00 with Ravi\n"
    )
    assert played(DATED + again, f"  - '{AT}  refused: not free'\n") == ()
