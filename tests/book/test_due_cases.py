"""`deskbook due`: the clocks of cases by the two books."""

import json
from pathlib import Path

import pytest

from deskbook.book import case_commands as commands
from deskbook.book import due_cases
from deskbook.book.load import load_book

BOOKS = Path(__file__).parents[2] / "books"
SPARKROCK = load_book(BOOKS / "sparkrock.yaml").desk_or_raise()
MUKTA = load_book(BOOKS / "mukta.yaml").desk_or_raise()
FRIDAY_EVENING = "2026-03-06T19:00:00-05:00"


def answer(desk, **case):
    (found,) = due_cases.run(desk, [json.dumps({"opened": FRIDAY_EVENING, **case})])
    return found


def clock(desk, name, **case):
    return answer(desk, **case)["clocks"][name]


@pytest.mark.parametrize(
    ("case", "due"),
    [
        ({"severity": "S1", "plan": "diamond"}, "2026-03-07T03:00:00Z"),
        ({"severity": "S1", "plan": "standard"}, "2026-03-09T13:00:00Z"),
        ({"severity": "S2", "plan": "standard"}, "2026-03-09T17:00:00Z"),
        ({"severity": "S3", "plan": "standard"}, "2026-03-10T23:00:00Z"),
        ({"severity": "S4", "plan": "standard"}, "2026-03-13T23:00:00Z"),
        ({"severity": "S2", "plan": "basic", "zone": "America/Vancouver"}, "2026-03-09T19:00:00Z"),
        ({}, "2026-03-10T23:00:00Z"),
    ],
)
def test_two_customers_on_two_plans_get_different_due_times(case, due):
    assert clock(SPARKROCK, "response", **case)["due"] == due


def test_a_wait_for_the_customer_moves_the_due_time_by_as_much():
    waited = [["2026-03-09T09:00:00-04:00", "2026-03-09T12:00:00-04:00"]]
    assert (
        clock(SPARKROCK, "response", severity="S2", waiting=waited)["due"] == "2026-03-09T20:00:00Z"
    )


def test_while_the_customer_is_waited_for_there_is_no_due_time():
    found = clock(
        SPARKROCK, "response", severity="S2", waiting=[["2026-03-09T09:00:00-04:00", None]]
    )
    assert found["due"] is None
    assert found["paused_since"] == "2026-03-09T13:00:00Z"


def test_each_answer_starts_an_update_clock():
    found = answer(SPARKROCK, severity="S1", answered=["2026-03-09T09:00:00-04:00"])["clocks"]
    assert found["response"]["met"] == "2026-03-09T13:00:00Z"
    assert found["update:1"]["due"] == "2026-03-09T19:00:00Z"


def test_a_verified_severity_is_timed_from_the_opening():
    verified = {"at": "2026-03-09T08:30:00-04:00", "severity": "S2"}
    assert (
        clock(SPARKROCK, "response", severity="S1", verified=verified)["due"]
        == "2026-03-09T17:00:00Z"
    )


def test_a_team_is_timed_from_the_arrival_with_aim_and_limit():
    found = clock(MUKTA, "team:1", priority="P2", team="eGov", arrived="2026-03-09T11:00:00+05:30")
    assert (found["aim"], found["due"]) == ("2026-03-10T05:30:00Z", "2026-03-11T05:30:00Z")
    assert not found["recommended"]


def test_a_recommended_target_says_that_it_is():
    found = clock(
        MUKTA, "team:1", priority="P1", team="HUDD technical", arrived="2026-03-09T11:00:00+05:30"
    )
    assert found["recommended"]
    assert found["due"] == "2026-03-10T05:30:00Z"


def test_explain_adds_the_spans_up_to_the_amount():
    (found,) = due_cases.run(
        SPARKROCK, [json.dumps({"opened": FRIDAY_EVENING, "severity": "S2"})], explained=True
    )
    spans = found["clocks"]["response"]["spans"]
    assert spans[-1]["total_business_days"] == 0.5
    assert {span["state"] for span in spans} == {"counted", "closed"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[]", "an object"),
        ("{}", "'opened' is missing"),
        ('{"opened": "2026-03-06T19:00:00"}', "without an offset"),
        ('{"opened": "yesterday"}', "not an instant"),
        ('{"opened": 5}', "not an instant"),
        ('{"opened": "9999-12-31T23:00:00-14:00"}', "the years 1900 to 2199"),
        (f'{{"opened": "{FRIDAY_EVENING}", "severty": "S1"}}', "severity"),
        (f'{{"opened": "{FRIDAY_EVENING}", "severity": "S9"}}', "s1 (S1 – Critical), s2"),
        (f'{{"opened": "{FRIDAY_EVENING}", "plan": "gold"}}', "no plan"),
        (f'{{"opened": "{FRIDAY_EVENING}", "zone": "Mars"}}', "no time zone"),
        (f'{{"opened": "{FRIDAY_EVENING}", "answered": "now"}}', "a list"),
        (
            (
                f'{{"opened": "{FRIDAY_EVENING}", "waiting": [["2026-03-09T09:00:00Z",'
                ' "2026-03-08T09:00:00Z"]]}'
            ),
            "before",
        ),
        (
            f'{{"opened": "{FRIDAY_EVENING}", "answered": ["2026-03-01T09:00:00Z"]}}',
            "before the case was opened",
        ),
        (f'{{"opened": "{FRIDAY_EVENING}", "arrived": "2026-03-08T09:00:00Z"}}', "which"),
    ],
)
def test_a_wrong_case_is_answered_with_its_line_and_the_next_goes_on(line, words):
    first, second = due_cases.run(
        SPARKROCK, [line, json.dumps({"opened": FRIDAY_EVENING, "id": 7})]
    )
    assert first["error"].startswith("line 1: ")
    assert words in first["error"]
    assert second["id"] == 7


def test_a_case_opened_for_a_level_that_only_a_call_may_claim_came_by_phone():
    desk = load_book(BOOKS / "small.yaml").desk_or_raise()
    assert "clocks" in answer(desk, severity="urgent")


def test_a_value_the_book_does_not_have_is_answered_with_those_it_has():
    spark = load_book(BOOKS / "spark.yaml").desk_or_raise()
    (said,) = due_cases.run(spark, [json.dumps({"opened": FRIDAY_EVENING, "category": "zzz"})])
    assert "write one of administration, service matters" in said["error"]
    assert "built-in" not in said["error"]


def test_the_command_ends_in_one_when_a_case_is_wrong(tmp_path, capsys):
    cases = tmp_path / "cases.jsonl"
    cases.write_text(f'{{"opened": "{FRIDAY_EVENING}"}}\n\n{{"opened": "soon"}}\n')
    assert commands.due([str(BOOKS / "sparkrock.yaml"), "--cases", str(cases)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert json.loads(lines[0])["opened"] == "2026-03-07T00:00:00Z"
    assert "line 3" in json.loads(lines[1])["error"]


def test_the_command_for_a_calendar_alone(tmp_path, capsys):
    (tmp_path / "c.yaml").write_text("zone: UTC\nmon-fri: 08:00-20:00\n")
    (tmp_path / "cases.jsonl").write_text('{"from": "2026-03-06T19:00:00Z", "add": "2h"}\n')
    assert (
        commands.hours(
            ["--calendar", str(tmp_path / "c.yaml"), "--cases", str(tmp_path / "cases.jsonl")]
        )
        == 0
    )
    assert json.loads(capsys.readouterr().out) == {"due": "2026-03-09T09:00:00Z"}


def test_a_wrong_book_is_told_before_any_case(tmp_path, capsys):
    (tmp_path / "b.yaml").write_text("deskbook: 1\nnme: x\n")
    assert commands.due([str(tmp_path / "b.yaml"), "--cases", "-"]) == 1
    assert "did you mean 'name'" in capsys.readouterr().err


WISHES = """deskbook: 1
name: X
zone: America/Toronto
hours: { office: { mon-fri: 09:00-17:00 } }
teams: [desk]
types: [wish, repair]
targets:
  - { respond: 4h, resolve: 5bd }
  - { type: wish, resolve: best effort }
  - { type: repair, resolve: 2bd, from: first answer }
  - { team: desk, answer: at once, met by: note }
"""


def test_what_is_promised_without_a_time_has_no_clock_and_is_said_as_the_book_says_it():
    desk = load_book(WISHES).desk_or_raise()
    wish = answer(desk, type="wish")
    assert sorted(wish["clocks"]) == ["response"]
    assert wish["no_clock"] == {"resolve": "best effort", "team": "at once"}
    assert load_book(WISHES).findings == ()


def test_a_solution_may_be_due_from_the_first_answer():
    desk = load_book(WISHES).desk_or_raise()
    assert "resolve" not in answer(desk, type="repair")["clocks"]
    at = ["2026-03-09T10:00:00-04:00", "2026-03-10T10:00:00-04:00"]
    assert clock(desk, "resolve", type="repair", answered=at)["due"] == "2026-03-11T14:00:00Z"


def test_what_tells_the_requester_first_may_start_a_clock_whoever_said_it():
    text = WISHES.replace("from: first answer", "from: acknowledgement or answer")
    desk = load_book(text).desk_or_raise()
    told = {"acknowledged": "2026-03-09T09:00:00-04:00", "answered": ["2026-03-10T10:00:00-04:00"]}
    assert clock(desk, "resolve", type="repair", **told)["due"] == "2026-03-10T21:00:00Z"
    del told["acknowledged"]
    assert clock(desk, "resolve", type="repair", **told)["due"] == "2026-03-12T14:00:00Z"
