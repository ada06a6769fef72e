"""Slips in what a book says of many cases and of one person: found by `check`, or by a scenario."""

import shutil
from pathlib import Path

import pytest

from deskbook.book.load import load_book
from deskbook.scenario.play import play
from deskbook.scenario.scenario import read_scenarios

EXAMPLES = Path(__file__).parents[2] / "docs/book/examples"
SLIPS = {
    "service-levels": [
        ("at least: 95%", "at least: 9.5%"),
        ("at least: 95%", "at least: 950%"),
        ("    of: respond\n", "    of: resolve\n"),
        ("    of: respond\n", "    of: update\n"),
        ("    severity: urgent\n", "    severity: usual\n"),
        ("    over: month\n", "    over: moon\n"),
        ("below: 95%", "below: 99%"),
        ("below: 90%, gives: 10%", "below: 90%, gives: 1%"),
        ("below: 90%", "below: 50%"),
        ("gives: 10% of the monthly fee", "gives: 100 EUR"),
        ("fee: 1200 EUR a month", "fee: 12000 EUR a month"),
        ("fee: 1200 EUR a month", "fee: 1200 EUR a year"),
        ("    for each: organisation\n", ""),
        ("within: aim, ", ""),
        ("late: resolve, severity: usual", "late: respond, severity: usual"),
        ("late: resolve, severity: usual", "late: resolve, severity: urgent"),
        ("pays: 250 INR", "pays: 25 INR"),
        ("each: 1d", "each: 1w"),
        ("each: 1d", "each: 1h"),
        (", each: 1d", ""),
        ("at most: 5000 INR", "at most: 500 INR"),
        ("at most: 5000 INR", "at most: 50 INR"),
        ("at most: 5000 INR", "at most: 5000 EUR"),
        (", at most: 5000 INR", ""),
    ],
    "reminders": [
        ("most: 3", "most: 4"),
        ("most: 3", "most: 2"),
        (", at a time: yes", ""),
        ("each: week, category: wish", "each: week, category: printer"),
        ("beyond: taken", "beyond: refused"),
        ("each: week, category: wish", "each: week"),
        ("after: 3d", "after: 3bd"),
        ("after: 3d", "after: 3w"),
        ("  - { of: reminders, after: 3d }\n", ""),
        ("most: 2, each: week", "most: 3, each: week"),
        ("most: 2, each: week", "most: 1, each: week"),
        ("  - { of: reminders, most: 2, each: week }\n", ""),
        ("of: reminders, most: 2", "of: cases, most: 2"),
    ],
}
NOT_FOUND = {
    ("after: 3d", "after: 3bd"): "no weekend lies between in the scenario",
}


@pytest.mark.parametrize(
    "book, old, new", [(book, *slip) for book in SLIPS for slip in SLIPS[book]]
)
def test_a_slip_is_found(book, old, new, tmp_path):
    text = (EXAMPLES / f"{book}.yaml").read_text()
    assert old in text
    slipped = tmp_path / f"{book}.yaml"
    slipped.write_text(text.replace(old, new, 1))
    found = bool(load_book(slipped).findings) or _differs(book, tmp_path)
    assert found != ((old, new) in NOT_FOUND)


def _differs(book, folder):
    shutil.copytree(EXAMPLES / book, folder / book)
    for file in sorted((folder / book).glob("*.scenario.yaml")):
        read = read_scenarios(file)
        if read.findings or any(play(one).differences for one in read.scenarios):
            return True
    return False
