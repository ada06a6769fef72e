"""Sentences of levels, procedures, freezes, work orders and rosters: what does not hold is not
passed over.
"""

from pathlib import Path

import pytest

from deskbook.scenario.play import play
from deskbook.scenario.scenario import read_scenarios

BOOKS = Path(__file__).parents[2] / "books"
AT = "Tue 2023-08-08 09:00"
SHIFT = f"  - {AT}  Asha is on shift for L2 until Tue 2023-08-08 14:00\n"
OPENED = (
    f"  - {AT}  an agent opens a case for a contact by phone: {{ type: service request, category:"
    " data or content }\n"
)


@pytest.fixture
def played(tmp_path):
    """Return a function that plays steps and expectations on a book and gives back the
    differences.
    """

    def played(steps, then, book="salama"):
        file = tmp_path / "x.scenario.yaml"
        file.write_text(
            f"scenario: x\nbook: {BOOKS / f'{book}.yaml'}\nsteps:\n{steps}then:\n{then}"
        )
        read = read_scenarios(file)
        assert read.findings == ()
        return play(read.scenarios[0]).differences

    return played


@pytest.mark.parametrize(
    ("then", "instead"),
    [
        ("it reaches L3", "help desk"),
        ("it is redirected", "was not redirected"),
        ("it is held until Sun 2023-08-20 00:00", "nothing holds it"),
        ("it is back", "never"),
        ("it can be solved", "Compare with the master data"),
        ("'it cannot be solved: Switch off'", "Upload the corrected master data"),
        ("no paper is missing", "Village list"),
        ("'missing: FORM 3'", "Village list"),
        ("the desk is closed", "the desk is open"),
        ("the hours bangalore are closed", "bangalore is open"),
        ("'on shift for L2: Bala'", "asha"),
        ("'on shift for L2: nobody'", "asha"),
        ("L2 has a gap until Tue 2023-08-08 14:00", "14:00 to"),
        ("L2 has no gap until Wed 2023-08-09 00:00", "14:00 to Wed 2023-08-09 00:00"),
        ("the estimate is signed", "no estimate"),
        ("5m are booked in all", "0m"),
        ("it is redirected to Nobody", "not redirected"),
    ],
)
def test_what_does_not_hold_is_told_with_what_was_there_instead(played, then, instead):
    line = f"  - {AT}  {then}\n" if not then.startswith("'") else f"  - '{AT}  {then[1:]}\n"
    (difference,) = played(SHIFT + OPENED, line)
    assert instead in difference.got


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("the local support passes it to L2 by phone", "local support does not have the case"),
        ("an agent passes it to L4 by phone", "no team of the book"),
        ("an agent redirects it to the mayor by phone with reference 1", "no outside contact"),
        ("an agent ticks Compare nothing", "no step of this case"),
        ("the contact sends the paper FORM 3", "no paper of this case"),
        ("the estimate is signed", "no estimate was offered"),
        ("an estimate of 0h is offered", "estimate"),
        ("the campaign ends", "Sun 2023-08-20 00:00"),
        ("Asha is on shift for L2 until Mon 2023-08-07 14:00", "ends before it begins"),
        ("Asha is on shift for L2 at Tete until Tue 2023-08-08 14:00", "no site"),
    ],
)
def test_a_step_that_cannot_be_is_told_at_its_line(played, step, words):
    (difference,) = played(f"{OPENED}  - {AT}  {step}\n", f"  - {AT}  the case is open\n")
    assert words in difference.got


def test_a_case_redirected_to_somebody_else_is_told(played):
    (difference,) = played(
        f"{OPENED}  - {AT}  an agent redirects it to NMCP officials by phone with reference 1\n",
        f"  - {AT}  it is redirected to NMCP\n",
    )
    assert "NMCP officials" in difference.got


def test_who_has_no_shift_of_the_rostered_team_ticks_nothing(played):
    roster = f"  - {AT}  Bala is on shift for L2 until Tue 2023-08-08 14:00\n"
    tick = f"  - {AT}  an agent ticks Compare with the master data in the platform\n"
    assert played(roster + OPENED + tick, f"  - '{AT}  refused: off duty'\n") == ()


def test_an_estimate_is_not_signed_twice(played):
    at = "Mon 2026-03-02 10:00"
    steps = "".join(
        f"  - {at}  {step}\n"
        for step in (
            "a contact on plan standard opens a case",
            "an estimate of 90m for 10.5 cad is offered",
            "the estimate is signed",
            "the estimate is signed",
        )
    )
    assert played(steps, f"  - '{at}  refused: estimate'\n", book="sparkrock") == ()
