"""What is kept to be said later, in whatever language: a code and facts."""

import pytest

from deskbook.engine.coded import Coded, beginning, coded, cut, facts_of, joined, stored


def test_a_code_is_kept_with_its_facts_and_known_again_when_it_was_stored():
    kept = str(coded("held.later", why=coded("budget.ticket", most=60)))
    assert facts_of(kept) == {"deskbook": "held.later", "why": {"deskbook": "budget.ticket", "most": 60}}
    assert isinstance(stored(kept), Coded)
    assert not isinstance(stored("The mail has no usable Date."), Coded)


@pytest.mark.parametrize(
    "text", ["", "It is late.", '{"code": "21610"}', '{"deskbook": "mail.empty"', '{"deskbook": 1}']
)
def test_any_other_text_is_no_code(text):
    assert facts_of(text) is None


def test_what_somebody_else_said_is_a_fact_and_never_a_code_of_ours():
    told = facts_of(coded("server.said", words=str(coded("mail.empty"))))
    assert isinstance(told["words"], str)


def test_a_code_that_is_too_long_for_its_place_keeps_what_fits_and_can_still_be_read():
    long = coded("automatic.robot", sender="a" * 300)
    assert len(cut(long, 200)) <= 200
    assert facts_of(cut(long, 200))["sender"].startswith("aaaaaaa")
    assert facts_of(cut(joined(long, long), 200)) == {"deskbook": "joined"}
    assert cut("a sentence of before", 10) == "a sentence"


def test_rows_of_a_code_are_found_by_how_it_begins():
    assert coded("server.said", words="550 no").startswith(beginning("server.said", words="5"))
    assert not coded("server.said", words="450 no").startswith(beginning("server.said", words="5"))
