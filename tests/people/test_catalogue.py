"""What is kept as a code and facts is said to each reader in their own language, and told in full."""

import re

import pytest
from django.utils import translation

from deskbook.engine.coded import coded, joined, stored
from deskbook.people.catalogue import SENTENCES, in_words


def facts_in(sentence):
    return {name: f"n{name}" for name in re.findall(r"\{(\w+)\}", sentence)}


@pytest.mark.parametrize("code", SENTENCES)
def test_every_code_is_said_with_all_its_facts_in_english_and_in_portuguese(code):
    facts = facts_in(SENTENCES[code])
    said = {}
    for language in ("en", "pt"):
        with translation.override(language):
            said[language] = in_words(coded(code, **facts))
        assert all(fact in said[language] for fact in facts.values())
    assert said["en"] == SENTENCES[code].format(**facts)
    assert said["en"] != said["pt"] or SENTENCES[code] == "{sentence}"


def test_what_the_other_server_said_is_quoted_as_it_said_it():
    with translation.override("pt"):
        assert in_words(coded("server.said", words="550 5.7.1 {x} Denied")) == (
            "O servidor de correio disse: 550 5.7.1 {x} Denied"
        )


def test_a_fact_is_said_in_its_place_and_what_was_joined_one_after_the_other():
    kept = joined(coded("discarded", who="Bala"), stored(str(coded("held.later", why=coded("budget.ticket", most=60)))))
    assert in_words(str(kept)) == (
        "Discarded by Bala. 60 mails of this ticket left within an hour. "
        "This one leaves by itself when there is room again."
    )


def test_a_sentence_of_before_is_shown_as_it_is():
    with translation.override("pt"):
        assert in_words("The mail has no usable Date; we guess.") == "The mail has no usable Date; we guess."


def test_a_code_of_a_newer_version_still_tells_what_it_names():
    assert in_words(coded("mail.unheard_of", sender="x@y.example")) == "mail.unheard_of: x@y.example"
