"""What the page on security says is held by a test names one that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text()
CHAPTERS = re.findall(r"^\| V(\d+) ([^|]+)\|([^|]*)\|([^|]*)\|([^|]*)\|$", PAGE, re.M)


def test_every_chapter_of_the_standard_has_its_line():
    assert [int(number) for number, *_ in CHAPTERS] == list(range(1, 18))


@pytest.mark.parametrize("named", sorted(set(re.findall(r"\btests/[\w/]+(?:\.py)?", PAGE))))
def test_each_test_that_is_named_is_there(named):
    path = ROOT / named
    files = [path] if path.suffix else sorted(path.glob("test_*.py"))
    assert files and all(file.is_file() for file in files)


@pytest.mark.parametrize(("title", "holds", "tests", "no"), [one[1:] for one in CHAPTERS])
def test_what_is_said_to_hold_names_a_test_and_what_names_none_says_why(title, holds, tests, no):
    assert bool(holds.strip()) == bool(tests.strip())
    assert holds.strip() or no.strip(), title
