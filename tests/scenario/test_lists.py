"""Scenarios of several cases: each line says of which, and lists are said of all."""

from pathlib import Path

import pytest

from deskbook.book.document import read_document
from deskbook.book.load import load_book
from deskbook.scenario.play import play
from deskbook.scenario.scenario import understand

DESK = load_book("""
deskbook: 1
name: Harbour
zone: Europe/Lisbon
hours: { office: { mon-fri: 09:00-18:00 } }
severities: { S1: , S2: { default: yes } }
targets: [{ severity: S1, respond: 1h }, { severity: S2, respond: 2bd }]
levels: [L1, L2]
teams: { front: { level: L1 }, back: { level: L2 }, deep: { level: L2 } }
routing: { first: front }
""").desk_or_raise()
STEPS = """
scenario: Two cases
cases: [lamp, pump]
steps:
  - Mon 2026-03-02 10:00  on lamp, the contact opens a case
  - Mon 2026-03-02 10:30  on pump, the contact opens a case: { severity: S1 }
  - Mon 2026-03-02 11:00  on lamp, an agent hands the case over to deep
  - Mon 2026-03-02 12:00  on lamp, an agent answers: We look at it
then:
"""


def read(then, steps=STEPS):
    text = steps + "".join(f"  - {line}\n" for line in then)
    return understand(read_document(text), Path("x.scenario.yaml"), DESK)


def differences(*then, steps=STEPS):
    told = read(then, steps)
    assert not told.findings, told.findings
    return [one.got for one in play(told.scenarios[0]).differences]


def test_agents_find_who_is_late_first_then_who_waits_longest():
    assert not differences(
        "Mon 2026-03-02 10:45  agents find lamp, then pump",
        "Mon 2026-03-02 11:45  agents find pump, then lamp",
        "Mon 2026-03-02 10:15  agents find lamp",
        "Mon 2026-03-02 11:30  agents of L2 find lamp",
        "Mon 2026-03-02 11:30  agents of back find nothing",
    )


def test_which_cases_there_are_of_a_sort():
    assert not differences(
        "Mon 2026-03-02 11:00  open cases are lamp and pump",
        "Mon 2026-03-02 11:00  cases of severity S1 are pump",
        "Mon 2026-03-02 11:00  cases of team L2 are lamp",
        "Mon 2026-03-02 10:59  cases of team L2 are none",
        "Mon 2026-03-02 12:00  cases in stage new are pump",
    )


def test_each_has_its_own_clocks_and_what_differs_is_told():
    assert not differences(
        "Mon 2026-03-02 11:30  on pump, response is breached",
        "Mon 2026-03-02 12:00  on lamp, response is met",
        "Mon 2026-03-02 12:00  on pump, stage is new",
    )
    assert differences(
        "Mon 2026-03-02 11:45  agents find lamp, then pump",
        "Mon 2026-03-02 11:00  cases of severity S1 are lamp",
    ) == ["agents find pump, then lamp", "pump"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Mon 2026-03-02 11:00  on lmp, stage is new", "did you mean 'lamp'"),
        ("Mon 2026-03-02 11:00  stage is new", "say which case it is of: “on lamp, stage is new”"),
    ],
)
def test_a_line_of_no_case_is_a_finding_at_its_place(line, words):
    [finding] = read([line]).findings
    assert words in finding.message
    assert finding.line == STEPS.count("\n") + 1


def test_a_name_in_a_list_that_is_no_case_is_told():
    [got] = differences("Mon 2026-03-02 11:00  open cases are lmp")
    assert "did you mean 'lamp'" in got


def test_the_roster_and_a_server_that_is_down_are_of_all_cases():
    steps = STEPS.replace(
        "steps:\n",
        "steps:\n  - Mon 2026-03-02 09:00  the server is down until Mon 2026-03-02 13:00\n",
    )
    assert not differences("Mon 2026-03-02 12:00  on lamp, stage is open", steps=steps)
