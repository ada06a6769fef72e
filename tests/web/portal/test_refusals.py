"""What the book refuses is told to requesters in their language."""

import pytest
from django.utils import translation

from deskbook.engine.decision import Refusal
from deskbook.tickets.log import Refused
from deskbook.web.portal.refusals import in_words


@pytest.mark.parametrize("code", ["pt", "hi", "ml", "or"])
def test_a_closed_case_is_refused_in_the_readers_language(code):
    refused = Refused(Refusal("closed for good", "The book lets a closed ticket come back for a while only."))
    with translation.override("en"):
        english = in_words(refused)
    with translation.override(code):
        assert in_words(refused) not in (english, refused.sentence)


def test_a_refusal_nobody_foresaw_is_told_as_it_is():
    assert in_words(Refused(Refusal("something new", "Do it tomorrow."))) == "Do it tomorrow."
