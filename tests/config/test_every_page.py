"""What is asked of Django on every page answers as Django does."""

import pytest
from django.middleware import csrf
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from deskbook.config.every_page import masked
from deskbook.engine.wall_time import zone_named

secrets = st.text(csrf.CSRF_ALLOWED_CHARS, min_size=32, max_size=32)


@given(secrets)
def test_a_form_is_taken_by_its_token_which_is_another_each_time(secret):
    first, second = masked(secret), masked(secret)

    assert first != second
    assert csrf._does_token_match(first, secret)
    assert csrf._does_token_match(second, secret)


@given(secrets, secrets)
def test_a_form_is_not_taken_by_the_token_of_somebody_else(mine, theirs):
    assert csrf._does_token_match(masked(mine), theirs) == (mine == theirs)


def test_every_letter_comes_in_a_token_as_often_as_any_other():
    letters = "".join(masked("a" * 32)[:32] for _ in range(2_000))

    counts = [letters.count(letter) for letter in csrf.CSRF_ALLOWED_CHARS]
    assert all(800 < count < 1_300 for count in counts)  # some 1,032


@pytest.mark.parametrize("safe", [False, True])
def test_a_word_is_said_in_the_present_language_and_stays_what_it_was(safe):
    word = mark_safe("Note") if safe else "Note"
    said = []
    for language in ("en", "pt", "en"):
        with translation.override(language):
            said.append(translation.gettext(word))

    assert said == ["Note", "Nota", "Note"]
    assert [isinstance(one, SafeString) for one in said] == [safe] * 3


def test_where_no_language_or_zone_is_chosen_it_is_as_it_was():
    with translation.override(None), timezone.override(None):
        assert translation.gettext("Note") == "Note"
        assert timezone.get_current_timezone_name() == "UTC"
    with timezone.override(zone_named("Africa/Maputo")):
        assert timezone.get_current_timezone_name() == "Africa/Maputo"
