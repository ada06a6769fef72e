"""No regular expression costs more than the length of what it reads, whatever that is."""

import re

import pytest

from tests.lengths import NOISE_S, TooLong, grows_too_fast, spent
from tests.patterns import Found, all_patterns, hostile

_LENGTH = 6_000


def _slow_on(found):
    """A string on which the pattern takes more than its length, as (beginning, repeated, end); None
    for a good one.
    """
    work = found.pattern.fullmatch if found.anchored else found.pattern.findall
    return next((made for made in hostile(found.pattern) if _is_slow(work, *made)), None)


def _is_slow(work, begin, piece, end):
    def text(length):
        return begin + piece * (length // len(piece) + 1) + end

    try:
        if spent(work, text(_LENGTH)) < NOISE_S:  # nothing that grows too fast would be told below
            return False
    except TooLong:
        return True
    return grows_too_fast(work, text, _LENGTH)


def test_no_pattern_of_the_package_grows_faster_than_what_it_reads():
    slow = {place: made for place, found in all_patterns().items() if (made := _slow_on(found))}
    assert slow == {}


@pytest.mark.parametrize(
    ("pattern", "anchored"),
    [
        (r"([A-Za-z-]+)((?:;[^:\"]*(?:\"[^\"]*\")?)*):(.*)", True),
        (r"\s*(?:(\d+)\s*h)?\s*(?:(\d+)\s*m)?\s*", True),
        (r"(<img\b[^>]*?\s)src=\"", False),
        (r"[^<>\s]+@[^<>\s]+", True),
        (r"\[\s*(?:mailto:)?([^\[\]\s]+@[^\[\]\s]+)\s*\]", False),
    ],
)
def test_a_pattern_that_was_slow_once_is_told(pattern, anchored):
    assert _slow_on(Found(re.compile(pattern), anchored))


def test_patterns_inside_functions_and_tables_are_found_too():
    places = set(all_patterns())
    assert {
        "deskbook/channels/email/invitation: _LINE",
        "deskbook/channels/email/reply_languages: ATTRIBUTIONS 11",
    } <= places
    assert any(place.startswith("deskbook/channels/email/parts:") for place in places)
