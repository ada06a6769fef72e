"""What a finding suggests is near, and of the same sense; where a book has another word, it says
so.
"""

import pytest

from deskbook.book.load import load_book
from deskbook.scenario.language import STEPS, THEN
from deskbook.scenario.sentences import nearest_sentence

DESK = "deskbook: 1\nname: H\nzone: UTC\nhours: { o: { mon-fri: 09:00-17:00 } }\n"


def said(text):
    return " ".join(finding.message for finding in load_book(DESK + text).findings)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("retention: 3y", "`keep`"),
        ("escalation: [a]", "`hands up` of `levels`"),
        ("sla: [a]", "`targets`"),
        ("survey: yes", "`choices` of a stage"),
        ("exclusions: [a]", "`notes`"),
        ("report: monthly", "`reports`"),
    ],
)
def test_a_section_as_others_call_it_is_answered_with_the_word_of_the_book(text, words):
    assert words in said(text + "\n")
    assert "did you mean" not in said(text + "\n")


def test_nothing_of_another_sense_is_suggested():
    told = said("teams: [a]\ntell: [{ on: reopening, to: a }]\n")
    assert "opening, breach, handing up" in told
    assert "did you mean" not in told


def test_a_word_of_several_is_shown_whole():
    assert "'acknowledgement or answer'" in said(
        "targets: [{ respond: 1h, from: acknowledgment or answer }]\n"
    )
    told = said("targets: [{ respond: 1h, from: received }]\n")
    assert "verification, acknowledgement, acknowledgement or answer, first answer" in told


def test_the_keys_shown_are_those_most_alike():
    incidents, working = (said(f"{word}: x\n") for word in ("incidents", "confidentiality"))
    assert "write one of the keys" in incidents
    assert incidents.partition("keys ")[2] != working.partition("keys ")[2]


@pytest.mark.parametrize(
    ("amount", "meant"),
    [
        ("next business day", "1bd"),
        ("eight weeks", "8w"),
        ("8 wk", "8w"),
        ("weekly", "1w"),
        ("same day", "end of day"),
        ("two hrs", "2h"),
        ("five working days", "5bd"),
    ],
)
def test_an_amount_as_people_say_it_is_answered_with_how_a_book_does(amount, meant):
    assert f"Did you mean {meant!r}?" in said(f"targets: [{{ respond: {amount} }}]\n")


def test_what_a_target_may_say_in_place_of_an_amount_is_listed():
    told = said("targets: [{ respond: soon }]\n")
    assert "1bd to 2bd, as agreed, on request, at once, best effort, no promise" in told


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("teams: { a: { people: 3 } }", "people: {MISAU staff: 3-4"),
        ("stages: { s: { choices: [a, b] } }", "choices: {I am satisfied: closed"),
    ],
)
def test_where_keys_and_values_belong_an_example_shows_them(text, example):
    assert example in said(text + "\n")


def test_hours_that_are_no_mapping_are_answered_with_a_week():
    told = load_book("deskbook: 1\nname: H\nzone: UTC\nhours: { o: 24/7 }\n").findings[0].message
    assert "`every day: 00:00-24:00`" in told


@pytest.mark.parametrize("text", ["at once", "0h"])
def test_a_level_may_hand_up_at_once(text):
    levels = f"levels: {{ L1: {{ hands up: {text} }}, L2: }}\n"
    teams = "teams: { x: { level: L1 }, y: { level: L2 } }\nrouting: { first: x }\n"
    assert said(levels + teams) == ""


@pytest.mark.parametrize(
    ("table", "text", "never", "meant"),
    [
        (THEN, "reminder 1 is not sent", "reminder 1 is sent", "nothing is sent"),
        (THEN, "response is not due", "response is due”?", "response is not breached"),
        (THEN, "the SLA is breached", "nothing is breached", "response is breached"),
        (STEPS, "an agent escalates the case to manager", "solves", "passes it to"),
        (STEPS, "the contact reopens the case", "closes", "the contact answers"),
        (STEPS, "an agent anwsers: Hello", "asks", "an agent answers"),
        (STEPS, "an agent mves the case to waiting", "solves", "moves the case"),
        (THEN, "the case is clsed", "open", "the case is closed"),
        (THEN, "the case is not open", "the case is open", "the case is closed"),
        (THEN, "a new linked case is opened", "the case is open", "refused: closed for good"),
    ],
)
def test_no_sentence_is_suggested_that_turns_the_sense_round(table, text, never, meant):
    told = nearest_sentence(text.partition(": ")[0], table)
    assert never not in told
    assert meant in told
