"""What the page on the screens names is there: tokens, classes of the sheets, parts, addresses."""

import re
from pathlib import Path

import pytest
from django.urls import resolve

import deskbook

HERE = Path(deskbook.__file__).parent
PAGE = (HERE.parent / "docs/design.md").read_text()
SHEETS = "".join(path.read_text() for path in sorted((HERE / "static/css").glob("*.css")))
MACROS = (HERE / "templates/macros.html").read_text()
QUOTED = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)))


def test_every_token_stands_on_the_page_and_every_one_there_exists():
    of_parts = {"--in-light", "--in-dark", "--hue", "--tint", "--shade"}
    head = (HERE / "static/css/deskbook.css").read_text().split("\nbody {")[0]
    tokens = set(re.findall(r"^\s*(--[\w-]+):", head, re.MULTILINE)) - of_parts
    named = {one for one in QUOTED if one.startswith("--")}
    assert tokens - named == set()
    assert {one for one in named if f"{one}:" not in SHEETS} == set()


@pytest.mark.parametrize("named", [one for one in QUOTED if one.startswith(".")])
def test_a_part_that_is_named_has_its_rules(named):
    assert re.search(rf"{re.escape(named)}(?![\w-])", SHEETS)


@pytest.mark.parametrize("named", [one for one in QUOTED if one.startswith("ui.")])
def test_a_macro_that_is_named_is_there(named):
    name = named.removeprefix("ui.")
    assert re.search(rf"macro {name}\(|set {name} =", MACROS)


@pytest.mark.parametrize("address", [one for one in QUOTED if one.startswith("/")])
def test_an_address_that_is_named_is_one(address):
    assert resolve(address.partition("?")[0])
