"""What the book refuses is told to each reader in their language."""

import pytest
from django.utils import translation

from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refusal, Refused


@pytest.mark.parametrize("code", ["pt", "hi", "ml", "or"])
def test_a_closed_case_is_refused_in_the_readers_language(code):
    refused = Refused("closed for good")
    with translation.override("en"):
        english = in_words(refused, "requester")
    with translation.override(code):
        assert in_words(refused, "requester") not in (english, refused.sentence)


def test_a_requester_is_told_by_the_rule_where_nothing_is_written_for_the_very_refusal():
    assert (
        in_words(Refusal("past: visit"), "requester") == "This time has passed. Choose a later one."
    )


def test_a_refusal_nobody_wrote_anew_for_requesters_is_told_as_it_is():
    assert in_words(Refusal("off duty"), "requester") == Refusal("off duty").sentence
