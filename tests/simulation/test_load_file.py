"""A load file is read word by word, and what is wrong in it is said with its line."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from deskbook.book.load import WrongBook, load_book
from deskbook.engine.rosters import Shift
from deskbook.simulation.arrivals import arrivals
from deskbook.simulation.load import Time
from deskbook.simulation.load_file import read_load
from tests.simulation import lines

ROOT = Path(__file__).parents[2]
RIGHT = """from: 2026-01-05
until: 2026-01-11
arrivals:
  - { per week: 70, channel: phone }
handling:
  - { level: second, takes: 1h }
  - { takes: 10m, hands on: 20%, asks: 10% }
people:
  - { team: desk, count: 2 }
  - { team: experts, name: Asha, only: { severity: normal }, leave: 2026-01-06 }
patience: { phone: 3m }
"""


@pytest.mark.parametrize(
    ("was", "becomes", "line", "said"),
    [
        ("until: 2026-01-11", "until: 2026-01-01", 2, "the last day is before the first"),
        ("from: 2026-01-05\n", "", 1, "'from' is missing: The first day."),
        ("channel: phone }", "channel: fone }", 4, "'fone' is no channel of this book: did you mean 'phone'?"),
        ("per week: 70, ", "", 4, "write either `per week` or `by hour`"),
        ("per week: 70", "per week: many", 4, "'many' is no number of cases"),
        ("channel: phone }", "channel: phone, colour: red }", 4, "'colour' is neither a key here nor a facet"),
        ("channel: phone }", "channel: { phone: 50%, email: 20% } }", 4, "these shares make 70.0%, not 100%"),
        (", channel: phone }", " }", 4, "by which channel do they come?"),
        ("{ level: second, takes: 1h }", "{ level: third, takes: 1h }", 6, "'third' is no level of this book"),
        ("level: second, ", "", 6, "this line is for every case, so those after it count for none"),
        ("takes: 10m", "takes: soon", 7, "'soon' is no time: write 30s, 8m"),
        ("hands on: 20%", "hands on: 20", 7, "'20' is no share: write it like 15%"),
        ("{ takes: 10m", "{ severity: normal, takes: 10m", 7, "the last line has to be for every case"),
        ("team: desk", "team: dusk", 9, "'dusk' is no team of this book: did you mean 'desk'?"),
        ("name: Asha", "name: Asha, count: 2", 10, "one name is one person"),
        ("leave: 2026-01-06", "leave: 2026-01-06 to 2026-01-02", 10, "ends before it begins"),
        ("patience: { phone: 3m }", "patience: { email: 3m }", 11, "nobody waits on the line for email"),
        ("patience:", "pattience:", 11, "'pattience' is not a key here: did you mean 'patience'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(was, becomes, line, said):
    assert was in RIGHT
    with pytest.raises(WrongBook) as wrong:
        read_load(RIGHT.replace(was, becomes), lines.desk())
    told = {(finding.line, finding.message) for finding in wrong.value.findings}
    assert [where for where, message in told if said in message] == [line], told


def test_a_case_the_book_refuses_is_said_at_its_line():
    small = load_book(ROOT / "books/small.yaml").desk_or_raise()
    text = RIGHT.replace("channel: phone", "channel: email, severity: urgent")
    text = text.replace("experts", "systems").replace("severity: normal", "category: account")
    with pytest.raises(WrongBook, match=r"load.yaml:4:5: error: the book refuses such a case"):
        read_load(text, small)


def test_a_right_file_is_read():
    load = read_load(RIGHT, lines.desk())
    assert load.from_at == datetime(2026, 1, 5, tzinfo=UTC)
    assert load.until_at == datetime(2026, 1, 12, tzinfo=UTC)
    desk, asha = load.people
    assert desk.names == ("desk 1", "desk 2") and asha.names == ("Asha",)
    assert asha.leave == ((date(2026, 1, 6), date(2026, 1, 6)),)
    assert not asha.alike, "who has a name is not doubled by a wish"
    assert load.handling[1].hands_on == 0.2 and load.handling[1].asks == 0.1
    assert load.requesters.patience == {"phone": Time(timedelta(minutes=3))}


def test_a_book_that_says_priority_is_spoken_to_of_priorities():
    mukta = load_book(ROOT / "books/mukta.yaml").desk_or_raise()
    load = read_load(ROOT / "docs/book/examples/mukta.load.yaml", mukta)
    assert load.streams[0].facets["severity"].values == ("p2", "p3", "p4")


def test_cases_come_in_the_hours_that_are_said():
    hours = ["0"] * 9 + ["6", "3"] + ["0"] * 13
    text = RIGHT.replace("per week: 70", f"by hour: {{ mon-tue: [{', '.join(hours)}] }}")
    text = text.replace("2026-01-11", "2026-03-01")
    came = list(arrivals(read_load(text, lines.desk()), "UTC", "a seed"))
    assert {(one.at.weekday(), one.at.hour) for one in came} == {(0, 9), (0, 10), (1, 9), (1, 10)}
    first = sum(one.at.hour == 9 for one in came)
    assert first / len(came) == pytest.approx(2 / 3, abs=0.1)
    assert len(came) == pytest.approx(2 * 9 * 8, rel=0.25)


def test_who_is_on_a_roster_is_there_on_their_shifts():
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    shifts = [Shift("Bala", "desk", at, at + timedelta(hours=4))]
    load = read_load(RIGHT.split("people:", maxsplit=1)[0], lines.desk(), roster=shifts)
    assert [(people.names, people.shifts) for people in load.people] == [
        (("Bala",), ((at, at + timedelta(hours=4)),))
    ]
    with pytest.raises(WrongBook, match="nobody is there"):
        read_load(RIGHT.split("people:", maxsplit=1)[0], lines.desk())


def test_times_are_drawn_as_they_are_said():
    rng = Random(1)
    minutes = timedelta(minutes=1)
    mean = [Time(8 * minutes).drawn(rng) / minutes for _ in range(4000)]
    assert sum(mean) / len(mean) == pytest.approx(8, rel=0.06)
    assert {Time(8 * minutes, fixed=True).drawn(rng) for _ in range(9)} == {8 * minutes}
    points = [Time(points=(minutes, 3 * minutes, 9 * minutes)).drawn(rng) for _ in range(2000)]
    assert all(minutes <= one <= 9 * minutes for one in points)
    assert sum(one < 3 * minutes for one in points) / 2000 == pytest.approx(0.5, abs=0.05)
