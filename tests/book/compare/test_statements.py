"""What `compare` says of every case is true of each: the engine is asked about cases drawn at will."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deskbook.book.compare.sides import read_side
from deskbook.book.compare.space import BY_MATRIX
from deskbook.book.compare.statements import statements
from deskbook.book.due_cases import answer, with_stages_of_cases
from deskbook.book.hours_cases import CaseError
from deskbook.engine.routing import route

FOLDER = Path(__file__).parents[3] / "books"
TODAY = date(2026, 11, 30)
ROCK, SMALL, MUKTA = "sparkrock", "small", "mukta"
PAIRS = [
    (ROCK, "respond: 2h,", "respond: 1h,"),
    (ROCK, "respond: 2h,", "respond: 3h,"),
    (ROCK, "respond: 2bd,  ", "respond: 3d,"),
    (ROCK, "respond: 5bd,", "respond: end of 5bd,"),
    (ROCK, "respond: 5bd,", "respond: 1w,"),
    (ROCK, "after hours: doubled", "after hours: x3"),
    (ROCK, "after hours: yes", "after hours: no"),
    (ROCK, "mon-fri: 08:00-20:00", "mon-sat: 08:00-20:00"),
    (ROCK, "mon-fri: 08:00-20:00", "mon-fri: 09:00-20:00"),
    (ROCK, "mon-fri: 08:00-20:00", "mon-fri: 08:00-21:00"),
    (ROCK, "    2026-12-28: Boxing Day (observed)\n", ""),
    (
        ROCK,
        "    2027-01-01: New Year's Day\n",
        "    2027-01-01: New Year's Day\n    2027-01-04: x\n",
    ),
    (ROCK, "mon-fri: 09:00-17:00", "mon-fri: 09:00-16:30"),
    (ROCK, "  - { severity: S2, respond: 1/2 bd, update: 1bd or as agreed }\n", ""),
    (ROCK, "targets:  ", "targets:\n  - { severity: S1, plan: diamond, respond: 4h }\n#"),
    (ROCK, "default: yes                             # KA", "default: no  # KA"),
    (SMALL, "resolve: end of day", "resolve: 1bd"),
    (SMALL, "resolve: 3bd to 5bd", "resolve: end of 4bd"),
    (SMALL, "fri: [09:00-13:00, 14:00-16:00]", "fri: [09:00-13:00, 14:00-17:00]"),
    (SMALL, "respond: 1h,", "respond: 45m, hours: night,"),
    (MUKTA, "P1,           answer: 1bd", "P1, answer: end of day"),
    (MUKTA, "mon-fri: 09:00-18:00", "mon-fri: 10:00-18:00"),
]
FIRST = datetime(2026, 11, 30, 12, tzinfo=ZoneInfo("UTC"))
INSTANTS = st.timedeltas(timedelta(), timedelta(days=358)).map(lambda later: FIRST + later)


@cache
def both(number):
    """Return both books of a pair, and what is said of them."""
    book, before, after = PAIRS[number]
    text = (FOLDER / f"{book}.yaml").read_text(encoding="utf-8")
    if "night" in after:
        night = "hours:\n  office:"
        text = text.replace(
            night, "hours:\n  night: { every day: 20:00-06:00 }\n  office:"
        ).replace("mon-thu: 09", "default: yes, mon-thu: 09")
    assert before in text
    old, new = read_side(text, "old.yaml"), read_side(text.replace(before, after, 1), "new.yaml")
    return old, new, statements(old, new, TODAY)


def drawn_case(data, old, new):
    """Return a case both books know the words of, and what is said of it."""
    facets = {
        "severity": old.desk.severities,
        "plan": old.desk.plans,
        "channel": old.desk.channels,
        "team": old.desk.teams,
    }
    facets |= {key: facet.values for key, facet in old.desk.facets.items()}
    said = {}
    for facet, values in facets.items():
        needed = facet in ("channel", "team")
        value = data.draw(st.sampled_from([*([] if needed else [None]), *values]), label=facet)
        if value is not None:
            said[facet] = value
    if old.desk.matrix and "severity" not in said and {"impact", "urgency"} <= said.keys():
        worked_out = said["impact"] + BY_MATRIX + said["urgency"]
        return said, {**said, "severity": worked_out}
    return said, said


def due_by(side, case, opened_at):
    told = {**case, "opened": opened_at.isoformat(), "answered": []}
    return answer(with_stages_of_cases(side.desk), told)["clocks"]


def is_later(was, becomes):
    if was is None or was["due"] is None:
        return False
    return becomes is None or becomes["due"] is None or becomes["due"] > was["due"]


def covers(box, said):
    return all(said.get(facet, "") in values for facet, values in box.items())


@pytest.mark.parametrize("number", range(len(PAIRS)))
@settings(max_examples=30, deadline=None)
@given(data=st.data(), opened_at=INSTANTS)
def test_a_case_due_later_is_among_the_exceptions(number, data, opened_at):
    old, new, said_of_all = both(number)
    case, said = drawn_case(data, old, new)
    try:
        was, becomes = due_by(old, case, opened_at), due_by(new, case, opened_at)
    except CaseError:
        assume(False)
    clocks = {"response": "first response", "resolve": "solution", "team:1": "answer of the team"}
    for clock, about in clocks.items():
        if is_later(was.get(clock), becomes.get(clock)):
            statement = next(one for one in said_of_all if one.about == about)
            boxes = [box for one in statement.exceptions for box in one.boxes]
            assert any(covers(box, said) for box in boxes)


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_each_exception_shows_a_case_that_the_engine_has_due_later(number):
    old, new, said_of_all = both(number)
    for statement in said_of_all:
        for one in statement.exceptions if statement.later else ():
            assert one.made_up is not None
            for side, due_at in ((old, one.made_up.was_at), (new, one.made_up.becomes_at)):
                clocks = answer(with_stages_of_cases(side.desk), one.made_up.case)["clocks"]
                dues = [
                    told["due"] and datetime.fromisoformat(told["due"]) for told in clocks.values()
                ]
                assert due_at in dues or due_at is None


def later_in(number):
    return any(statement.later for statement in both(number)[2])


def test_sooner_is_not_later():
    assert not later_in(PAIRS.index((ROCK, "respond: 2h,", "respond: 1h,")))


def test_a_day_more_each_week_makes_nothing_later():
    assert not later_in(PAIRS.index((ROCK, "mon-fri: 08:00-20:00", "mon-sat: 08:00-20:00")))


def test_a_holiday_less_makes_nothing_later():
    holiday = "    2026-12-28: Boxing Day (observed)\n"
    assert not later_in(PAIRS.index((ROCK, holiday, "")))


def test_a_desk_open_longer_makes_promises_in_days_later():
    """Half a business day of thirteen hours is longer than one of twelve."""
    number = PAIRS.index((ROCK, "mon-fri: 08:00-20:00", "mon-fri: 08:00-21:00"))
    response = next(one for one in both(number)[2] if one.about == "first response")
    assert not any(one.said.startswith("severity S1") for one in response.exceptions)
    assert any(one.said.startswith("severity S2") for one in response.exceptions)


def compared(book, before, after):
    text = (FOLDER / f"{book}.yaml").read_text(encoding="utf-8")
    assert before in text
    old, new = read_side(text, "old.yaml"), read_side(text.replace(before, after, 1), "new.yaml")
    return old, new, {one.about: one for one in statements(old, new, TODAY)}


def test_who_gets_a_case_is_said_for_the_cases_that_go_elsewhere():
    old, new, said = compared(
        SMALL, "{ category: account, to: systems }", "{ category: account, to: desk }"
    )
    (one,) = said["who gets a case"].exceptions
    assert str(one) == "category account: Systems → Desk  [old.yaml:35:7 → new.yaml:35:7]"
    assert route(old.desk, {"category": "account"}).to == "systems"
    assert route(new.desk, {"category": "account"}).to == "desk"
    assert not any(statement.later for statement in said.values())


def test_a_stage_that_refuses_closing_is_said_of_everybody():
    stage = "  testing: What was developed is being tested.\n"
    _, _, said = compared(ROCK, stage, "  testing: { refuses: close }\n")
    assert [one.said for one in said["who may close a case"].exceptions] == [
        "in “Testing” the requester may close no case any more"
    ]


def test_a_stage_that_holds_a_clock_makes_it_later():
    stage = "  testing: What was developed is being tested.\n"
    _, _, said = compared(ROCK, stage, "  testing: { clocks: paused }\n")
    (one,) = said["first response"].exceptions
    assert one.said.startswith("while it stands in “Testing”, paused now: one opened ")
    assert one.made_up.becomes_at - one.made_up.was_at >= timedelta(hours=1)


STAGED = """
deskbook: 1
name: Harbour
zone: Europe/Lisbon
hours: { office: { mon-fri: 09:00-18:00 } }
stages:
  new: { to: [working, testing] }
  working: { to: [testing, closed] }
  testing: { to: [closed, working] }
  closed: { closed: yes, to: [] }
"""


def test_stages_that_a_case_can_come_to_no_more_are_named():
    old = read_side(STAGED, "old.yaml")
    new = read_side(
        STAGED.replace("[closed, working]", "[closed]").replace("[testing, c", "[c"), "new.yaml"
    )
    said = {one.about: one for one in statements(old, new, TODAY)}
    assert [str(one) for one in said["where a case can come to"].exceptions] == [
        "from “Working” a case can come to Working, Testing no more  [old.yaml:8:3 → new.yaml:8:3]",
        "from “Testing” a case can come to Working, Testing no more  [old.yaml:9:3 → new.yaml:9:3]",
    ]
