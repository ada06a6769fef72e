"""The check that a voter is no program: solved by work, once, in time."""

import base64
import json
from datetime import timedelta

import pytest
from altcha.v1 import solve_challenge
from hypothesis import given
from hypothesis import strategies as st

from deskbook.knowledge import captcha
from deskbook.knowledge.captcha import GOOD_FOR, new_challenge, spend
from deskbook.refusals.refusal import Refused
from tests.people_factory import MONDAY


def solved(challenge, **changed):
    found = solve_challenge(
        challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxNumber"], 0
    )
    return packed({**challenge, "number": found.number, **changed})


def packed(said):
    return base64.b64encode(json.dumps(said).encode()).decode()


@pytest.fixture
def challenge(db, monkeypatch):
    """One that costs a hundredth: what is asked here is who is let in, not how long they work."""
    monkeypatch.setattr(captcha, "COST", captcha.COST // 100)
    return new_challenge(at=MONDAY)


def refused(solution, at=MONDAY):
    with pytest.raises(Refused) as problem:
        spend(solution, at=at)
    return problem.value.rule


def test_a_solution_is_taken_once(challenge):
    solution = solved(challenge)
    spend(solution, at=MONDAY)
    assert refused(solution) == "captcha used"
    assert refused(solution, MONDAY + timedelta(minutes=19)) == "captcha used"


def test_a_wrong_number_a_foreign_key_and_another_salt_are_refused(challenge):
    assert refused(packed({**challenge, "number": 31_000})) == "captcha wrong"
    assert refused(solved(challenge, signature="0" * 64)) == "captcha wrong"
    assert (
        refused(solved(challenge, salt=challenge["salt"] + "&expires=99999999999"))
        == "captcha wrong"
    )
    assert refused(solved(challenge, algorithm="SHA-1")) == "captcha wrong"
    spend(solved(challenge), at=MONDAY)


def test_a_page_that_was_open_too_long_is_refused(challenge):
    assert refused(solved(challenge), MONDAY + GOOD_FOR + timedelta(seconds=1)) == "captcha expired"


@pytest.mark.parametrize("nonsense", ["", "   "])
def test_no_solution_is_missing(db, nonsense):
    assert refused(nonsense) == "captcha missing"


@pytest.mark.parametrize(
    "nonsense",
    [
        "{}",
        "AAAA",
        packed([]),
        packed({}),
        packed({"algorithm": {}}),
        packed(None),
        "é",
        "A" * 10_000,
        packed("x"),
    ],
)
def test_nonsense_is_refused_and_breaks_nothing(db, nonsense):
    assert refused(nonsense) == "captcha wrong"


@given(st.text(min_size=1, max_size=300).filter(str.strip))
def test_no_text_whatever_is_a_solution(text):
    with pytest.raises(Refused):
        spend(text, at=MONDAY)
