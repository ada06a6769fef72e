"""The style sheets: one palette, and each thing said once on a page."""

import gzip
import re
from collections import Counter
from pathlib import Path

import pytest

import deskbook

SHEETS = Path(deskbook.__file__).parent / "static/css"
NAMES = sorted(path.stem for path in SHEETS.glob("*.css"))
#: The kiosk and the display stand alone; every other page has deskbook.css and one of these.
CONSOLE = (
    "beside",
    "book",
    "calls",
    "chats",
    "for_you",
    "counter",
    "leading",
    "many",
    "people",
    "reports",
    "texts",
    "ticket",
    "undo",
    "visits",
    "whatsapp",
    "writing",
)
PORTAL = ("articles", "chat", "policy", "token")
#: A ticket on paper has deskbook.css and this.
PAPER = "print"
#: A desk on a wall has deskbook.css and this.
WALL = "wallboard"
#: What an area changes about a part that all areas share.
OWN_WAYS = {"body", ".acts", ".held", ".column h2", ".prose table"}


def rules(name):
    """Yield (what it holds for, selectors) of each rule of a style sheet."""
    text = re.sub(r"/\*.*?\*/", "", (SHEETS / f"{name}.css").read_text(), flags=re.DOTALL)
    within, before = [], ""
    for piece in re.split(r"([{};])", text):
        if piece == "{":
            within.append(" ".join(before.split()))
            if not within[-1].startswith("@") and not within[0].startswith("@keyframes"):
                yield tuple(within[:-1]), within[-1]
        elif piece == "}":
            within.pop()
        before = piece


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_stands_twice_in_a_sheet(name):
    assert {rule: times for rule, times in Counter(rules(name)).items() if times > 1} == {}


@pytest.mark.parametrize(
    ("area", "sheet"),
    [("console", sheet) for sheet in CONSOLE]
    + [("portal", sheet) for sheet in PORTAL]
    + [(PAPER, PAPER), (WALL, WALL)],
)
def test_no_rule_stands_in_two_sheets_of_a_page(area, sheet):
    sheets = {"deskbook", area, sheet}
    counted = Counter(rule for name in sheets for rule in rules(name))
    assert {selector for (_, selector), times in counted.items() if times > 1} <= OWN_WAYS


def test_every_sheet_is_looked_at():
    alone = {"deskbook", "console", "portal", "walk-in", PAPER, WALL}
    assert set(NAMES) == {*alone, *CONSOLE, *PORTAL}


def test_a_colour_is_named_once_with_what_it_is_in_the_dark():
    text = (SHEETS / "deskbook.css").read_text()
    names = re.findall(r"^\s*(--[\w-]+):", text, re.MULTILINE)
    toggles = {"--in-light", "--in-dark"}
    assert [
        name for name, times in Counter(names).items() if times > 1 and name not in toggles
    ] == (["--hue"] if names.count("--hue") > 1 else [])


def test_the_style_sheets_of_a_page_stay_small():
    def weight(*names):
        return sum(len(gzip.compress((SHEETS / f"{name}.css").read_bytes())) for name in names)

    assert weight("deskbook", "console") <= 9_200
    assert weight("deskbook", "portal") <= 6_500
    assert weight("walk-in") <= 2_900
