"""The engine's words reach nobody in English who reads another language."""

import pytest
from django.utils import translation

from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.understanding import _why
from deskbook.engine.clocks import readings
from deskbook.people.refusals import in_words
from deskbook.people.terms import CLOCKS, SEVERITY
from deskbook.refusals.refusal import Refused
from tests.engine.test_clocks import MONDAY, Story


@pytest.mark.parametrize("words", [SEVERITY, CLOCKS])
def test_each_word_of_a_severity_and_a_clock_is_said_in_portuguese(words):
    with translation.override("pt"):
        assert [key for key, word in words.items() if str(word) == key] == []


def test_every_clock_that_may_pass_has_its_word():
    story = Story(severity="s1").answer(MONDAY)
    kinds = {reading.kind for reading in readings(story.desk, story.ticket)} - {"quiet"}
    assert kinds <= CLOCKS.keys() and "update" in kinds


def test_why_a_mail_is_held_by_the_book_is_said_in_the_language_of_who_reads_it():
    refused = Refused("named contacts: sender", sender="q@x", organisation="Norte", named=("Ana",))
    with translation.override("pt"):
        assert "cujos contactos nomeados abrem casos: Ana" in in_words(_why(InboundMail(), refused))
