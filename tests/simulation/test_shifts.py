"""Who works when: enough people, with their rest, within their hours, by a solver or without."""

import csv
import io
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbook.book.load import load_book
from deskbook.engine.rosters import gaps
from deskbook.server.shifting import shifts
from deskbook.simulation import solved_shifts
from deskbook.simulation.shifts import Rules, Slot, Worker, planned, slots_of
from deskbook.simulation.workers_file import read_workers

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
BOOK = """
deskbook: 1
name: A desk at all hours
zone: Africa/Maputo
hours: { always: { every day: 00:00-24:00 }, day: { mon-fri: 07:00-16:00 } }
channels: { email: }
severities: { normal: { means: All., default: yes } }
targets: [ { severity: normal, respond: 1h } ]
stages:
  new: { means: Came., by hand: no }
  open: { means: In hand., set by: [assignment, answering], by hand: yes }
  solved: { means: Solved., solved: yes }
  closed: { closed: yes }
teams: { help desk: Helps., experts: { means: Few., hours: day } }
routing: { first: help desk }
rosters:
  - { team: help desk, during: always, at least: 1 }
  - { team: experts, during: day, at least: 1 }
"""
PEOPLE = """person,team,hours a week,away
Asha,help desk,,
Bala,Help desk,,
Chen,help desk + experts,,2026-01-10
Dev,help desk,,
Esi,help desk,,2026-01-12 to 2026-01-14; 2026-01-20
Fatima,experts,45h,
"""


@pytest.fixture
def files(tmp_path):
    book, people = tmp_path / "night.yaml", tmp_path / "people.csv"
    book.write_text(BOOK)
    people.write_text(PEOPLE)
    return book, people


def broken(plan, rules):
    """Returns what a plan does that it must not."""
    wrong = []
    own = {}
    for slot, worker in plan.taken:
        own.setdefault(worker, []).append(plan.slots[slot])
    for number, slots in own.items():
        worker, taken = plan.workers[number], sorted(slots, key=lambda slot: slot.from_at)
        wrong += [("team", one) for one in taken if one.team not in worker.teams]
        wrong += [
            ("away", one)
            for one in taken
            for a, b in worker.away
            if one.from_at < b and a < one.until_at
        ]
        wrong += [
            ("rest", one, then)
            for one, then in pairwise(taken)
            if then.from_at < one.until_at + rules.rest
        ]
        for week in {one.week for one in taken}:
            worked = sum((one.length for one in taken if one.week == week), timedelta())
            wrong += [("week", week)] if worked > worker.limit(rules) else []
    for number, slot in enumerate(plan.slots):
        has = [worker for of, worker in plan.taken if of == number]
        wrong += [("many", slot)] if len(has) > slot.people or len(has) != len(set(has)) else []
    return wrong


def left(plan):
    return sum((slot.length * count for slot, count in plan.missing), timedelta())


SLOTS = st.lists(
    st.tuples(
        st.integers(0, 80), st.integers(2, 10), st.sampled_from(["a", "b"]), st.integers(1, 3)
    ),
    max_size=12,
).map(
    lambda found: [
        Slot(team, MONDAY + at * HOUR, MONDAY + (at + long) * HOUR, people, None, (2026, 2))
        for at, long, team, people in sorted(found)
    ]
)
WORKERS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(["a", "b"]), min_size=1),
        st.one_of(st.none(), st.integers(0, 40)),
        st.integers(0, 80),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=5,
).map(
    lambda found: [
        Worker(
            f"Person {n}",
            frozenset(teams),
            None if week is None else week * HOUR,
            ((MONDAY + at * HOUR, MONDAY + (at + long) * HOUR),) if long else (),
        )
        for n, (teams, week, at, long) in enumerate(found)
    ]
)
RULES = st.tuples(st.integers(0, 16), st.integers(4, 40)).map(
    lambda found: Rules(rest=found[0] * HOUR, a_week=found[1] * HOUR)
)


@settings(max_examples=60, deadline=None)
@given(SLOTS, WORKERS, RULES)
def test_nobody_is_asked_for_more_than_the_rules_say_and_the_solver_leaves_no_more(
    slots, workers, rules
):
    plain, solved = planned(slots, workers, rules), solved_shifts.solved(slots, workers, rules)
    assert broken(plain, rules) == broken(solved, rules) == []
    assert left(solved) <= left(plain)


def test_what_is_open_for_long_is_cut_into_shifts_that_begin_at_the_same_time_each_day(files):
    desk = load_book(files[0]).desk_or_raise()
    from_at = MONDAY - 2 * HOUR
    slots = slots_of(desk, desk.staffing, from_at, from_at + timedelta(weeks=1), Rules())
    night = [slot for slot in slots if slot.team == "help desk"]
    assert len(night) == 21 and {slot.length for slot in night} == {8 * HOUR}
    assert {(slot.from_at + 2 * HOUR).time() for slot in night} == {time(0), time(8), time(16)}
    assert len({slot.week for slot in night}) == 1, "weeks are those of the desk's clocks"
    day = [slot for slot in slots if slot.team == "experts"]
    assert len(day) == 5 and {slot.length for slot in day} == {9 * HOUR}


def test_a_shift_of_one_day_begins_when_the_clocks_are_changed_too(files):
    files[0].write_text(BOOK.replace("Africa/Maputo", "Europe/Lisbon"))
    desk = load_book(files[0]).desk_or_raise()
    from_at = datetime(2026, 3, 27, tzinfo=UTC)
    until_at = from_at + timedelta(days=5) - HOUR
    slots = slots_of(desk, desk.staffing[:1], from_at, until_at, Rules())
    assert sum((slot.length for slot in slots), timedelta()) == until_at - from_at
    lengths = {slot.length / HOUR for slot in slots}
    short = next(length for length in lengths if length != 8)
    assert len(lengths) == 2 and 3 * short == pytest.approx(23), "the short day is shared"


def planned_by(capsys, *words):
    code = shifts(list(map(str, words)))
    return code, capsys.readouterr()


@pytest.mark.parametrize("how", [(), ("--plain",)])
def test_a_lead_gets_a_roster_that_check_finds_nothing_in(files, capsys, tmp_path, how):
    from deskbook.book.roster_file import read_roster

    book, people = files
    code, said = planned_by(capsys, book, "--people", people, "--from", "2026-01-05", *how)
    desk = load_book(book).desk_or_raise()
    roster = read_roster(desk, said.out, "roster.csv")
    assert not roster.findings
    from_at = MONDAY - 2 * HOUR
    missing = gaps(desk, roster.shifts, from_at=from_at, until_at=from_at + timedelta(weeks=4))
    assert bool(missing) == bool(code) == ("missing from" in said.err)
    if not how:
        assert code == 0, "five can do it, though Esi is away and Chen has two teams"
    ends_at = datetime(2026, 1, 10, 22, tzinfo=UTC)
    chen = [shift for shift in roster.shifts if shift.person == "Chen"]
    assert not [s for s in chen if s.from_at < ends_at and s.until_at > ends_at - 24 * HOUR]


def test_more_people_than_the_book_asks_for_may_be_asked_for(files, capsys):
    book, people = files
    code, said = planned_by(
        capsys, book, "--people", people, "--from", "2026-01-05", "--weeks", 1,
        "--need", "help desk=2",
    )  # fmt: skip
    assert code == 1, "five people of forty hours are not two at all hours"
    assert "1 of 2 missing from" in said.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Gita,help dessk,,", "did you mean 'help desk'?"),
        ("Asha,experts,,", "stands here twice"),
        (",experts,,", "nobody is named"),
        ("Gita,experts,much,", "is no time"),
        ("Gita,experts,,2026-02-30", "2026-02-30"),
    ],
)
def test_what_is_wrong_with_somebody_is_said_with_its_line(files, capsys, line, said):
    book, people = files
    people.write_text(f"{PEOPLE}{line}\n")
    code, told = planned_by(capsys, book, "--people", people, "--from", "2026-01-05")
    assert code == 1 and not told.out
    assert told.err.startswith(f"{people}:8:1: error:") and said in told.err


def test_twenty_people_and_four_weeks_are_planned_the_same_each_time():
    """In a bounded amount of the solver's work, which on any machine is the same."""
    slots = [
        Slot("a", MONDAY + n * 8 * HOUR, MONDAY + (n + 1) * 8 * HOUR, 4, None, (2026, n // 21))
        for n in range(84)
    ]
    away = [((MONDAY + n * 24 * HOUR, MONDAY + (n + 2) * 24 * HOUR),) for n in range(20)]
    workers = [Worker(f"Person {n}", frozenset("a"), None, away[n]) for n in range(20)]
    plan = solved_shifts.solved(slots, workers, Rules())
    assert broken(plan, Rules()) == []
    assert left(plan) <= left(planned(slots, workers, Rules()))
    assert solved_shifts.solved(slots, workers, Rules()).taken == plan.taken, "the same each time"


def test_a_list_of_people_is_read_as_a_roster_is_whatever_divides_it_and_ends_its_lines(files):
    desk = load_book(files[0]).desk_or_raise()
    elsewhere = io.StringIO()
    rows = csv.reader(io.StringIO(PEOPLE))
    csv.writer(elsewhere, delimiter=";", lineterminator="\r").writerows(rows)
    read = [read_workers(desk, text, "p.csv") for text in (PEOPLE, f"\ufeff{elsewhere.getvalue()}")]
    assert read[0] == read[1] and len(read[0]) == 6
