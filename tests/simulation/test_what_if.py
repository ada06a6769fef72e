"""The same load by other people: more, fewer, or another roster."""

from datetime import UTC, datetime, timedelta

from deskbook.engine.rosters import Shift
from deskbook.simulation.run import Plan, run
from deskbook.simulation.tally import Measure
from deskbook.simulation.what_if import Change, changed, compared
from tests.simulation import lines

HOUR = timedelta(hours=1)
RESPONSE = Measure("met", ("response", "*", "*"))


def by(load, change, runs=3):
    desk = lines.desk("day")
    other = changed(load, desk, change)
    return [[run(Plan(desk, one), n) for n in range(1, runs + 1)] for one in (load, other)]


def load(**words):
    usual = {"hours": "day", "channel": "email", "perweek": 500, "takes": "12m", "count": 2}
    return lines.load(**{**usual, **words})


def number(found, measure):
    [one] = [one for one in found if one.measure == measure]
    return one


def test_more_people_keep_more_promises_and_that_is_no_chance():
    found = compared(*by(load(), Change({"desk": 3})))
    answers = number(found, RESPONSE)
    assert answers.was.mean < answers.becomes.mean and answers.is_sure
    assert (
        number(found, Measure("backlog")).becomes.mean < number(found, Measure("backlog")).was.mean
    )


def test_what_nobody_gave_up_before_and_many_do_now_is_no_chance():
    calls = lines.load(hours="day", perweek=100, count=5, more="patience: { phone: 5m }\n")
    given_up = Measure("gave up", ("phone",))
    found = number(compared(*by(calls, Change({"desk": -4}))), given_up)
    assert found.was.mean < 1 < found.becomes.mean and found.is_sure


def test_the_same_people_change_nothing_and_nothing_is_called_sure():
    found = compared(*by(load(), Change({})))
    assert found and all(one.was == one.becomes and not one.is_sure for one in found)


def test_fewer_are_taken_from_those_without_a_name_first():
    text = lines.LOAD + "  - { team: desk, name: Asha, hours: HOURS }\n"
    of = lines.load(text, hours="day", count=2)
    desk = lines.desk("day")
    names = [group.names for group in changed(of, desk, Change({"desk": -2})).people]
    assert names == [("Asha",)]
    assert changed(of, desk, Change({"desk": -9})).people == ()


def test_a_roster_of_one_week_begins_again_each_week_and_nobody_else_of_its_team_is_there():
    monday = datetime(2026, 6, 1, 9, tzinfo=UTC)
    roster = [
        Shift("Bala", "desk", monday + n * 24 * HOUR, monday + (n * 24 + 4) * HOUR) for n in (0, 2)
    ]
    text = lines.LOAD + "  - { team: experts, count: 1 }\n"
    of = lines.load(text, hours="day", until="2026-01-18", count=2)
    other = changed(of, lines.desk("day"), Change({}, roster))
    assert [group.teams for group in other.people] == [("experts",), ("desk",)]
    begins = [from_at.isoformat()[:16] for from_at, _ in other.people[1].shifts]
    assert begins == [
        "2026-01-05T09:00",
        "2026-01-07T09:00",
        "2026-01-12T09:00",
        "2026-01-14T09:00",
    ]
