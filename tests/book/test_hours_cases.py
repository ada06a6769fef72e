"""Cases about a calendar alone, one JSON object a line."""

import json
from datetime import date

import pytest

from deskbook.book.hours_cases import CaseError, answer, run
from deskbook.engine.calendar import Calendar, parse_window

SUPPORT = Calendar(
    "America/Toronto", dict.fromkeys(range(5), (parse_window("08:00-20:00"),)), name="support"
)
FRIDAY_19 = "2026-03-06T19:00:00-05:00"


def test_an_amount_from_an_instant_gives_the_due_instant_in_utc() -> None:
    case = {"id": 7, "from": FRIDAY_19, "add": "15h"}
    assert answer(SUPPORT, case) == {"id": 7, "due": "2026-03-10T14:00:00Z"}


def test_after_hours_and_pauses_are_taken_into_account() -> None:
    case = {"from": FRIDAY_19, "add": "2h", "after_hours": 2}
    assert answer(SUPPORT, case) == {"due": "2026-03-07T03:00:00Z"}
    case["pauses"] = [["2026-03-07T00:30:00Z", "2026-03-07T01:00:00Z"]]
    assert answer(SUPPORT, case) == {"due": "2026-03-07T04:00:00Z"}


def test_the_spans_come_along_when_asked_for() -> None:
    case = {"from": "2026-03-09T10:00:00-04:00", "add": "1bd", "explain": True}
    spans = answer(SUPPORT, case)["spans"]
    assert [(span["state"], span["total_business_days"]) for span in spans] == [
        ("counted", pytest.approx(5 / 6)),
        ("closed", pytest.approx(5 / 6)),
        ("counted", 1),
    ]
    assert spans[0]["from"] == "2026-03-09T14:00:00Z"


def test_two_instants_give_the_open_seconds_and_business_days_between() -> None:
    case = {"from": FRIDAY_19, "to": "2026-03-09T14:00:00-04:00"}
    assert answer(SUPPORT, case) == {"open_seconds": 7 * 3600, "business_days": 7 / 12}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{"from": "2026-03-06T19:00:00", "add": "2h"}', "without an offset"),
        ('{"from": "Friday", "add": "2h"}', "not an instant like"),
        ('{"from": "2026-03-06T19:00:00Z"}', "either 'add'"),
        ('{"from": "2026-03-06T19:00:00Z", "add": "2h", "to": "x"}', "either 'add'"),
        ('{"add": "2h"}', "'from' is missing"),
        ('{"from": "2026-03-06T19:00:00Z", "add": "soon"}', "'soon' is not an amount"),
        ('{"from": "2026-03-06T19:00:00Z", "add": 2}', "in quotes"),
        ('{"from": "2026-03-06T19:00:00Z", "ad": "2h"}', "unknown key 'ad'"),
        ('{"from": "2026-03-06T19:00:00Z", "add": "2h", "after_hours": "2"}', "factor such as 2"),
        ('{"from": "2026-03-06T19:00:00Z", "add": "2h", "after_hours": 0}', "at least 1"),
        ('{"from": "2026-03-06T19:00:00Z", "add": "2h", "after_hours": NaN}', "factor such as 2"),
        ('{"from": "2026-03-06T19:00:00Z", "add": "2h", "pauses": [["x"]]}', "a pause is"),
        ('{"from": "2026-03-06T19:00:00Z", "add": "2h", "pauses": {}}', "'pauses' is a list"),
        ('{"from": "2026-03-06T19:00:00Z", "to": "2026-03-05T19:00:00Z"}', "is before"),
        ('{"from": "0001-01-01T00:00:00+14:00", "add": "2h"}', "the years 1900 to 2199"),
        ('{"from": "9999-12-31T23:00:00-14:00", "add": "2h"}', "the years 1900 to 2199"),
        ("[1]", "a case is an object"),
        ('{"from": ', "not JSON"),
    ],
)
def test_a_wrong_case_is_an_error_with_its_line_and_the_next_one_is_answered(
    line, sentence
) -> None:
    right = json.dumps({"from": FRIDAY_19, "add": "1h"})
    first, second, third = run(SUPPORT, [right, line, right])
    assert first == third == {"due": "2026-03-07T01:00:00Z"}
    assert second["error"].startswith("line 2: ")
    assert sentence in second["error"]


def test_blank_lines_are_skipped_and_an_error_keeps_its_id() -> None:
    lines = ["\n", '{"id": "a", "from": "2026-03-06T19:00:00", "add": "2h"}\n']
    [found] = run(SUPPORT, lines)
    assert found["id"] == "a"
    assert found["error"].startswith("line 2: ")


def test_a_desk_that_does_not_open_again_is_an_error_line() -> None:
    ended = Calendar(SUPPORT.zone, SUPPORT.weekly, valid_until=date(2026, 3, 5), name="pilot")
    [found] = run(ended, [json.dumps({"from": FRIDAY_19, "add": "1h"})])
    assert "pilot" in found["error"]
    with pytest.raises(CaseError):
        answer(ended, {"from": FRIDAY_19})
