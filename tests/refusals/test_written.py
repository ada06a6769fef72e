"""A refusal is kept as a code and facts, and read again as it was."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from deskbook.refusals.refusal import Aside, Refusal, Word, Written, in_words
from deskbook.refusals.written import joined, read, written

NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Africa/Maputo"))


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal("merge: itself"),
        Refusal("channel", contact="ASAP", channels=("phone", "email")),
        Refusal("no visits", line=(3, 9)),
        Refusal("hop", leaves="L1", arrives="L3", ways=(Aside("L2", line=7), Aside("Office", Word("night")))),
        Refusal("carry over: ticket", ticket="SPK-1", why=Refusal("carry over", stage="Old")),
        Refusal("closed day", days=(Aside(date(2026, 3, 2), Word("weekend")),)),
        Refusal("not begun", begins=NOON),
        Refusal("not begun", begins=datetime(2026, 3, 2, 12, tzinfo=UTC)),
    ],
)
def test_what_was_kept_is_read_as_it_was_and_said_in_the_same_words(refusal):
    kept = str(written(refusal))
    assert read(kept) == refusal
    assert in_words(read(kept)) == refusal.sentence


def test_an_instant_is_kept_with_the_clocks_it_is_said_by():
    assert read(written("not begun", begins=NOON)).facts["begins"].tzinfo == NOON.tzinfo


@pytest.mark.parametrize(
    "text", ["", "It is late.", '{"code": "21610"}', '{"deskbook": "mail.empty"', '{"deskbook": 1}']
)
def test_a_sentence_of_before_and_any_other_text_is_no_refusal(text):
    assert read(text) is None


def test_what_somebody_typed_is_a_fact_and_never_a_refusal_of_ours():
    typed = str(written("merge: itself"))
    assert read(written("list: mail address", text=typed)).facts["text"] == typed


def test_what_is_kept_already_is_said_in_its_place():
    why = written("list: zone", text="Mars")
    assert isinstance(why, Written)
    said = "Line 3: “Mars” is no time zone: write an IANA name such as America/Toronto."
    assert in_words(Refusal("list: at line", number="3", why=why)) == said
    assert in_words(read(written("list: at line", number="3", why=why))) == said


def test_several_things_are_said_one_after_the_other():
    kept = joined(Refusal("list: zone", text="Mars"), Refusal("list: kind"))
    assert in_words(read(kept)).endswith("such as America/Toronto. There is no list of that kind.")
    assert joined() == ""


def test_a_code_of_a_newer_version_still_tells_what_it_names_and_what_was_left_out_to_fit_is_marked():
    assert in_words(Refusal("mail.unheard_of", sender="x@y.example")) == "mail.unheard_of: x@y.example"
    assert in_words(Refusal("list: zone")).startswith("“…” is no time zone")
