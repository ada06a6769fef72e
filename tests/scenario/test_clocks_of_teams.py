"""What a team is measured by: its clock starts where the line of the book says."""

import pytest

from deskbook.scenario.play import play
from deskbook.scenario.scenario import read_scenarios

BOOK = """\
deskbook: 1
name: P
zone: Europe/London
mail: [p@p.example]
hours: { always: { every day: 00:00-24:00 } }
severities: { high: , low: { default: yes } }
teams: { a: , b: , c: }
routing: { first: a }
targets:
  - { team: a, answer: 2h }
  - { team: b, answer: 4h, resolve: 8h, from: opening }
  - { team: c, answer: 1h, from: verification }
"""
OPENED = (
    "  - Mon 2026-03-02 09:00  the contact opens a case\n"
    "  - Mon 2026-03-02 10:00  an agent hands the case over to {}\n"
)


@pytest.fixture
def played(tmp_path):
    """Return a function that plays steps and expectations and gives back the differences."""

    def played(steps, then):
        (tmp_path / "p.yaml").write_text(BOOK)
        file = tmp_path / "x.scenario.yaml"
        file.write_text(f"scenario: x\nbook: p\nsteps:\n{steps}then:\n{then}")
        read = read_scenarios(file)
        assert read.findings == ()
        return play(read.scenarios[0]).differences

    return played


@pytest.mark.parametrize(
    ("team", "then"),
    [
        ("b", "Mon 2026-03-02 09:30  team is due on Mon 2026-03-02 11:00"),
        ("b", "Mon 2026-03-02 10:30  team is due on Mon 2026-03-02 13:00"),
        ("b", "Mon 2026-03-02 10:30  team resolve is due on Mon 2026-03-02 17:00"),
        ("b", "Mon 2026-03-02 13:00  team is breached"),
    ],
)
def test_a_team_has_its_time_from_the_opening_where_the_line_says_so(played, team, then):
    assert played(OPENED.format(team), f"  - {then}\n") == ()


def test_a_team_may_count_from_the_verification(played):
    steps = OPENED.format("c") + "  - Mon 2026-03-02 11:00  an agent verifies high: It is\n"
    then = "  - Mon 2026-03-02 11:30  team is due on Mon 2026-03-02 12:00\n"
    assert played(steps, then) == ()
