"""What a desk's log says of its load, as a file that can be read, corrected and simulated."""

from datetime import UTC, date, datetime, timedelta

import pytest

from deskbook.engine.apply import replay
from deskbook.engine.events import Answered, InformationRequested, Opened, TeamArrived
from deskbook.engine.events import CustomerWrote as Wrote
from deskbook.engine.ticket import Actor, Entry
from deskbook.lives.life import lives
from deskbook.simulation.learning import Learned, last_weeks, written
from deskbook.simulation.load_file import read_load
from deskbook.simulation.run import Plan, run
from deskbook.simulation.tally import Measure
from tests.lives.test_life import MONTH, NOW, scene_of
from tests.simulation import lines

ASHA, CHITRA = Actor("agent", "1"), Actor("contact", "2")
TUESDAY = datetime(2026, 1, 6, 10, tzinfo=UTC)


def learned_of(desk, cases, at=NOW):
    learned = Learned(desk, *last_weeks(desk, at=at))
    for state, entries in cases:
        learned.case(state, entries)
    return learned


def test_the_last_weeks_are_four_whole_ones():
    assert last_weeks(lines.desk(), at=datetime(2026, 2, 4, 12, tzinfo=UTC)) == (
        date(2026, 1, 5),
        date(2026, 2, 1),
    )


@pytest.mark.parametrize("book", ["sparkrock", "mukta", "spark", "salama"])
def test_as_many_come_as_came(book):
    scene = scene_of(book)
    month = list(lives(scene, MONTH, seed=2))
    learned = learned_of(scene.desk, [(life.state, life.entries) for life in month])
    people = {(team,): 2 for team in scene.desk.teams}
    load = read_load(written(learned, people), scene.desk)
    expected = 4 * sum(sum(stream.by_hour) for stream in load.streams)
    came = [
        life
        for life in month
        if load.from_at <= life.state.opened_at < load.until_at and not life.state.merged_into
    ]
    assert expected == pytest.approx(len(came), rel=0.001) and len(came) > 100
    lived = run(Plan(scene.desk, load), 1).measures
    total = sum(count for name, count in lived.items() if name.what == "came")
    assert total == pytest.approx(expected, abs=4 * expected**0.5)


def case(minutes, asks=False):
    """Returns a case that Asha answers so many minutes after it came, and what it says then."""
    events = [
        (0, CHITRA, Opened("2", "new", "email", severity="normal")),
        (0, CHITRA, TeamArrived("desk")),
        (minutes, ASHA, Answered("1")),
    ]
    if asks:
        events += [
            (minutes, ASHA, InformationRequested("1")),
            (minutes + 60, CHITRA, Wrote("2", "email")),
        ]
    return events


def opened(at, events):
    entries = [
        Entry(n, at + timedelta(minutes=after), by, event)
        for n, (after, by, event) in enumerate(events, start=1)
    ]
    return replay(entries), entries


def test_what_lies_between_two_acts_of_one_person_is_work_on_the_second():
    desk = lines.desk()
    first = opened(TUESDAY, case(20))
    then = opened(TUESDAY + timedelta(minutes=5), case(50))
    learned = learned_of(desk, [first, then], at=TUESDAY + timedelta(weeks=1))
    assert learned.worked() == {("", "first"): [timedelta(minutes=20), timedelta(minutes=35)]}


def test_a_night_between_two_acts_is_no_work():
    always = "always: { every day: 00:00-24:00 }, "
    desk = lines.desk("day", lines.BOOK.replace(always, ""))
    evening = opened(TUESDAY.replace(hour=16, minute=50), case(20 + 16 * 60))
    learned = learned_of(desk, [evening], at=TUESDAY + timedelta(weeks=1))
    assert learned.worked() == {("", "first"): [timedelta(minutes=20)]}


def test_how_often_requesters_are_asked_and_how_soon_they_answer_is_learned():
    desk = lines.desk()
    cases = [opened(TUESDAY + timedelta(hours=n), case(10, asks=n < 2)) for n in range(8)]
    learned = learned_of(desk, cases, at=TUESDAY + timedelta(weeks=1))
    load = read_load(written(learned, {("desk",): 1}), desk)
    assert load.handling[-1].asks == 0.25
    assert set(load.requesters.answer_after.points) == {timedelta(hours=1)}
    assert load.requesters.never_answer == 0.0
    lived = run(Plan(desk, load), 1).measures
    assert Measure("came", ("email",)) in lived
