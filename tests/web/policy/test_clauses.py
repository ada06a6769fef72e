"""The page of each book beside the policy it was written from: every clause that the book carries
is said.
"""

import re
import tomllib
from pathlib import Path

import pytest

from tests.web.policy.pages import BOOKS, SOURCES, page, words

FILES = Path(__file__).parent / "clauses"
CLAUSES = [
    (name, clause)
    for name in SOURCES
    for clause in tomllib.loads((FILES / f"{name}.toml").read_text())["clause"]
]
#: Numbers our pages say and the book does not: what follows from its dates.
WORKED_OUT = {
    "salama": {"19", "20", "30"},  # five days after the distribution ends, at midnight in Maputo
}


@pytest.mark.parametrize(
    ("name", "clause"), CLAUSES, ids=[f"{name}: {one['quote'][:60]}" for name, one in CLAUSES]
)
def test_what_the_policy_says_its_page_says(name, clause):
    for where, for_agents in (("says", False), ("manual", True)):
        said = words(page(name, for_agents=for_agents))
        assert [text for text in clause.get(where, []) if text not in said] == []


@pytest.mark.parametrize("name", SOURCES)
def test_the_page_says_no_number_that_the_policy_does_not(name):
    own = numbers((BOOKS / f"{name}.yaml").read_text())
    shown = re.sub(r"\b\d\. after", "after", words(page(name)).partition("Written on")[0])
    assert numbers(shown) - own - WORKED_OUT.get(name, set()) == set()


def numbers(text):
    """Return the numbers of a text, a date's month left out: it is written as a word."""
    return {number.lstrip("0") or "0" for number in re.findall(r"\d+", text)}
