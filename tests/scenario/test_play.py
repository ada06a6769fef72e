"""`deskbook play`: scenarios on the production engine."""

import json
from pathlib import Path

import pytest

from deskbook.scenario import commands
from deskbook.scenario.language import STEPS, THEN
from deskbook.scenario.play import play
from deskbook.scenario.report import timeline
from deskbook.scenario.scenario import read_scenarios
from deskbook.scenario.sentences import sentence_for
from deskbook.scenario.story import Story

BOOKS = Path(__file__).parents[2] / "books"
EXAMPLES = BOOKS.parent / "docs/book/examples"
FILES = sorted(file for place in (BOOKS, EXAMPLES) for file in place.rglob("*.scenario.yaml"))
OPENED = "  - Mon 2026-03-02 10:00  a contact on plan standard opens a case: { severity: S2 }\n"


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a scenario beside the Sparkrock book."""

    def write(steps, then):
        file = tmp_path / "x.scenario.yaml"
        file.write_text(
            f"scenario: x\nbook: {BOOKS / 'sparkrock.yaml'}\nsteps:\n{steps}then:\n{then}"
        )
        return file

    return write


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_the_books_do_what_their_policies_say(file):
    read = read_scenarios(file)
    assert read.findings == ()
    assert read.scenarios
    for scenario in read.scenarios:
        assert scenario.clause, f"{scenario.title} names no clause"
        assert play(scenario).differences == (), scenario.title


@pytest.mark.parametrize("table", [STEPS, THEN])
def test_every_sentence_is_found_by_its_own_example(table):
    for sentence in table:
        bare = sentence.example if table is THEN else sentence.example.partition(": ")[0]
        assert sentence_for(bare, table)[0] is sentence


def test_what_differs_is_shown_with_what_came_instead(write):
    file = write(OPENED, "  - Mon 2026-03-02 17:00  response is due\n")
    (difference,) = play(read_scenarios(file).scenarios[0]).differences
    assert difference.line == 6
    assert "Mon 2026-03-02 16:00" in difference.got


@pytest.mark.parametrize(
    "then",
    [
        "Mon 2026-03-02 10:00  the case is closed",
        "Mon 2026-03-02 10:00  reminder 1 is sent",
        "Mon 2026-03-02 10:00  stage is complete",
        "Mon 2026-03-02 10:00  team is development",
        "Mon 2026-03-02 10:00  severity is S1",
        "Mon 2026-03-02 10:00  owner is Bala",
        "Mon 2026-03-02 10:00  response is met",
        "Mon 2026-03-02 10:00  response is breached",
        "Mon 2026-03-02 10:00  response is amber",
        "Mon 2026-03-02 10:00  response is recommended",
        "Mon 2026-03-02 10:00  there is no response clock",
        "Mon 2026-03-02 10:00  refused",
        "Mon 2026-03-02 17:00  nothing is breached",
        "Mon 2026-03-02 17:00  response is not breached",
        "Mon 2026-03-02 10:00  the case is reopened",
        "Mon 2026-03-02 10:00  update 3 is due",
        "Mon 2026-03-02 10:00  the desk is asked for type",
        "Mon 2026-03-02 10:00  people are told apart by name and email",
        "Mon 2026-03-02 10:00  the channel phone asks for name",
    ],
)
def test_an_expectation_that_does_not_hold_is_not_passed_over(write, then):
    (scenario,) = read_scenarios(write(OPENED, f"  - {then}\n")).scenarios
    assert len(play(scenario).differences) == 1


def test_a_step_that_is_refused_differs_unless_it_is_expected(write):
    step = OPENED + "  - Mon 2026-03-02 11:00  an agent moves the case to closed\n"
    (unexpected,) = read_scenarios(
        write(step, "  - Mon 2026-03-02 12:00  the case is open\n")
    ).scenarios
    assert "does not allow" in play(unexpected).differences[0].got
    (expected,) = read_scenarios(
        write(step, '  - "Mon 2026-03-02 11:00  refused: stage moves"\n')
    ).scenarios
    assert play(expected).passed


def test_what_is_refused_unexpected_names_the_rule_to_expect(write):
    step = OPENED + "  - Mon 2026-03-02 11:00  an agent moves the case to closed\n"
    (scenario,) = read_scenarios(
        write(step, "  - Mon 2026-03-02 12:00  the case is open\n")
    ).scenarios
    assert play(scenario).differences[0].got.startswith("refused: stage moves (")


def test_an_agent_solves_the_case_whatever_its_solved_stage_is_called(write):
    step = OPENED + "  - Mon 2026-03-02 11:00  an agent solves the case\n"
    (scenario,) = read_scenarios(
        write(step, "  - Mon 2026-03-02 11:00  stage is complete\n")
    ).scenarios
    assert play(scenario).differences == ()


@pytest.mark.parametrize(
    ("steps", "then", "place", "words"),
    [
        (
            "  - Tue 2026-03-02 10:00  a contact opens a case\n",
            "  - Mon 2026-03-02 10:00  the case is open\n",
            "4:5",
            "is a Mon",
        ),
        (
            "  - Mon 2026-03-02 10:00  a contact opns a case\n",
            "  - Mon 2026-03-02 10:00  the case is open\n",
            "4:5",
            "opens a case",
        ),
        (
            "  - a contact opens a case\n",
            "  - Mon 2026-03-02 10:00  the case is open\n",
            "4:5",
            "does not begin with a moment",
        ),
        (OPENED, "  - Mon 2026-03-02 10:00  the case is shut\n", "6:5", "the case is closed"),
        (OPENED, "  - Mon 2026-02-30 10:00  the case is open\n", "6:5", "no day of the calendar"),
        (
            OPENED,
            "  - Thu 1850-10-31 10:00  the case is open\n",
            "6:5",
            "outside the years 1900 to 2199",
        ),
        (OPENED, "  - Mon 2026-03-02 25:00  the case is open\n", "6:5", "no time of day"),
        (
            OPENED,
            "  - Mon 2026-03-02 10:00 Europe/Lisboa  the case is open\n",
            "6:5",
            "no time zone",
        ),
        (
            "  - Mon 2026-03-02 10:00  a tenant opens a case\n",
            "  - Mon 2026-03-02 10:00  the case is open\n",
            "4:5",
            "an agent of a team: “the contact opens a case”",
        ),
        (
            OPENED + "  - Mon 2026-03-02 10:00  a technician answers\n",
            "  - Mon 2026-03-02 10:00  the case is open\n",
            "5:5",
            "“an agent answers”",
        ),
        (
            OPENED,
            '  - Mon 2026-03-02 10:00  "refused: stage moves"\n',
            "6:5",
            "without quotes",
        ),
        ("  - [a, b]\n", "  - Mon 2026-03-02 10:00  the case is open\n", "4:5", "one sentence"),
        (
            OPENED + OPENED.replace("10:00", "09:00"),
            "  - Mon 2026-03-02 10:00  the case is open\n",
            "5:5",
            "order",
        ),
    ],
)
def test_a_slip_in_a_sentence_is_a_finding_at_its_line(write, steps, then, place, words):
    read = read_scenarios(write(steps, then))
    assert read.scenarios == ()
    (finding,) = [str(f) for f in read.findings]
    assert f".scenario.yaml:{place}: error: " in finding
    assert words in finding


def test_a_name_the_book_does_not_have_is_said_at_its_step(write):
    step = "  - Mon 2026-03-02 10:00  a contact on plan gold opens a case\n"
    (scenario,) = read_scenarios(
        write(step, "  - Mon 2026-03-02 10:00  the case is open\n")
    ).scenarios
    assert "'gold' is no plan" in play(scenario).differences[0].got


def test_a_book_that_is_not_there_is_a_finding(tmp_path):
    file = tmp_path / "x.scenario.yaml"
    file.write_text("scenario: x\nbook: nobody\nsteps: []\nthen: []\n")
    assert "no book 'nobody'" in str(read_scenarios(file).findings[0])


def test_the_timeline_tells_what_happened_in_order(write):
    (scenario,) = read_scenarios(
        write(OPENED, "  - Mon 2026-03-02 16:00  response is breached\n")
    ).scenarios
    lines = timeline(play(scenario))
    assert [line["at"] for line in lines] == [
        "Mon 2026-03-02 10:00",
        "Mon 2026-03-02 10:00",
        "Mon 2026-03-02 16:00",
    ]
    assert lines[-1]["what"] == "limit breached response"


def test_the_command_says_pass_and_ends_in_nought(write, capsys):
    assert (
        commands.play([str(write(OPENED, "  - Mon 2026-03-02 16:00  response is breached\n"))]) == 0
    )
    assert capsys.readouterr().out.endswith("x: pass\n1 passed\n")


def test_the_command_shows_what_differed_and_ends_in_one(write, capsys):
    assert (
        commands.play([str(write(OPENED, "  - Mon 2026-03-02 16:00  the case is closed\n"))]) == 1
    )
    told = capsys.readouterr().out
    assert "line 6: expected  Mon 2026-03-02 16:00  the case is closed" in told
    assert "got       the case is closed: never" in told
    assert "limit breached response" in told


def test_the_command_speaks_json(write, capsys):
    commands.play(["--json", str(write(OPENED, "  - Mon 2026-03-02 16:00  the case is closed\n"))])
    told = json.loads(capsys.readouterr().out)
    assert told["pass"] is False
    assert told["differences"][0]["line"] == 6
    assert told["timeline"]


def test_a_folder_stands_for_all_its_scenarios(capsys):
    assert commands.play([str(BOOKS / "mukta")]) == 0
    assert "passed" in capsys.readouterr().out


def test_a_file_with_a_finding_fails(write, capsys):
    assert commands.play([str(write("  - nonsense\n", "  - nonsense\n"))]) == 1
    assert "does not begin with a moment" in capsys.readouterr().out


def test_a_key_given_twice_is_a_finding(write):
    read = read_scenarios(
        write(OPENED + "steps:\n" + OPENED, "  - Mon 2026-03-02 10:00  the case is open\n")
    )
    assert ":5:1: error: 'steps' stands here a second time" in str(read.findings[0])


def findings_of(tmp_path, text):
    file = tmp_path / "x.scenario.yaml"
    file.write_text(text)
    return read_scenarios(file).findings


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]\n"])
def test_a_file_without_a_scenario_is_told_how_one_begins(tmp_path, text):
    (finding,) = findings_of(tmp_path, text)
    assert "begin with `scenario:`" in finding.message
    assert "deskbook: 1" not in finding.message


@pytest.mark.parametrize(
    ("steps", "then"), [(OPENED, " []\n"), (" []\n", "  - Mon 2026-03-02 10:00  nothing is sent\n")]
)
def test_a_scenario_that_expects_nothing_does_not_pass(write, steps, then):
    file = write(steps, then)
    file.write_text(file.read_text().replace(":\n []", ": []"))
    assert [finding.code for finding in read_scenarios(file).findings] == ["empty"]


def test_a_time_that_no_clock_shows_is_no_moment(write):
    gone = "  - Sun 2026-03-08 02:30  a contact opens a case\n"
    (finding,) = read_scenarios(
        write(gone, "  - Mon 2026-03-09 10:00  the case is open\n")
    ).findings
    assert "2026-03-08 02:30 does not exist in America/Toronto" in finding.message
    there = gone.replace("02:30", "02:30 UTC")
    assert (
        read_scenarios(write(there, "  - Mon 2026-03-09 10:00  the case is open\n")).findings == ()
    )


def test_a_step_in_quotes_is_the_same_step(write):
    quoted = (
        OPENED.replace("- Mon", "- 'Mon")
        .replace("}\n", "}'\n")
        .replace(" a case:", " a case by phone:")
    )
    (scenario,) = read_scenarios(
        write(quoted, "  - Mon 2026-03-02 10:00  severity is S2\n")
    ).scenarios
    assert play(scenario).passed


def test_what_was_to_be_refused_is_shown_whole(write):
    then = "  - Mon 2026-03-02 10:00  refused: stage moves\n"
    (difference,) = play(read_scenarios(write(OPENED, then)).scenarios[0]).differences
    assert difference.expected.endswith("refused: stage moves")


@pytest.mark.parametrize("limits, asked", [("", 0), ("limits: [{ most: 9, each: week }]\n", 6)])
def test_other_cases_are_lived_again_for_limits_alone_and_once_an_opening(
    tmp_path, monkeypatch, limits, asked
):
    file = tmp_path / "x.scenario.yaml"
    (tmp_path / "x.yaml").write_text(
        "deskbook: 1\nname: X\nzone: UTC\nhours: { all: { every day: 00:00-24:00 } }\n" + limits
    )
    opened = "".join(
        f"  - Mon 2026-03-02 10:0{n}  on {n}, a contact opens a case\n" for n in (1, 2, 3)
    )
    told = "then:\n  - Mon 2026-03-02 10:03  on 3, nothing is sent\n"
    file.write_text(f"scenario: x\nbook: x.yaml\ncases: ['1', '2', '3']\nsteps:\n{opened}{told}")
    (scenario,) = read_scenarios(file).scenarios
    lived, as_of = [], Story.as_of
    monkeypatch.setattr(Story, "as_of", lambda story, at: lived.append(at) or as_of(story, at))
    assert play(scenario).differences == ()
    assert len(lived) == asked
