"""Every finding has a code that is explained on a page."""

import ast
import re
from pathlib import Path

from deskbook.book import catalogue

SOURCES = [
    file
    for folder in ("book", "scenario")
    for file in (Path(__file__).parents[2] / "deskbook" / folder).rglob("*.py")
]
EXPLAINED = {code: said for codes in catalogue.chapters().values() for code, said in codes.items()}
PLACE_OF_CODE = {"error": 2, "warn": 2, "refuse": 1, "UnreadableBook": 1, "Finding": 5}
PLACE_OF_CODE |= {"Remark": 2, "_reader": 2, "wrong": 1}


def codes_said():
    """Yield every code that a call in the sources of findings names."""
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place = PLACE_OF_CODE.get(name, len(node.args))
                if place < len(node.args) and isinstance(node.args[place], ast.Constant):
                    yield node.args[place].value


def test_every_code_that_is_said_is_explained():
    assert sorted(set(codes_said()) - EXPLAINED.keys()) == []


def test_every_code_that_is_explained_is_said_somewhere():
    text = "".join(file.read_text() for file in SOURCES)
    assert [c for c in EXPLAINED if not re.search(f'"{re.escape(c)}"', text)] == []


def test_an_explanation_says_what_an_example_and_what_to_do():
    assert all(all(said) for said in EXPLAINED.values())
