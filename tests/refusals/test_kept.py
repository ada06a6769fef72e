"""A refusal is kept as a code and facts, and read again as it was."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from deskbook.refusals.kept import beginning, cut, joined, kept, read, stored
from deskbook.refusals.refusal import Aside, KeptRefusal, Refusal, Word, in_words

NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Africa/Maputo"))


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal("merge: itself"),
        Refusal("channel", contact="ASAP", channels=("phone", "email")),
        Refusal("no visits", line=(3, 9)),
        Refusal(
            "hop",
            leaves="L1",
            arrives="L3",
            ways=(Aside("L2", line=7), Aside("Office", Word("night"))),
        ),
        Refusal("carry over: ticket", ticket="SPK-1", why=Refusal("carry over", stage="Old")),
        Refusal("closed day", days=(Aside(date(2026, 3, 2), Word("weekend")),)),
        Refusal("not begun", begins=NOON),
        Refusal("not begun", begins=datetime(2026, 3, 2, 12, tzinfo=UTC)),
    ],
)
def test_what_was_kept_is_read_as_it_was_and_said_in_the_same_words(refusal):
    row = str(kept(refusal))
    assert read(row) == refusal
    assert in_words(read(row)) == refusal.sentence


def test_an_instant_is_kept_with_the_clocks_it_is_said_by():
    assert read(kept("not begun", begins=NOON)).facts["begins"].tzinfo == NOON.tzinfo


@pytest.mark.parametrize(
    "text", ["", "It is late.", '{"code": "21610"}', '{"deskbook": "mail.empty"', '{"deskbook": 1}']
)
def test_a_sentence_of_before_and_any_other_text_is_no_refusal(text):
    assert read(text) is None


def test_what_somebody_typed_is_a_fact_and_never_a_refusal_of_ours():
    typed = str(kept("merge: itself"))
    assert read(kept("list: mail address", text=typed)).facts["text"] == typed


def test_what_is_kept_already_is_said_in_its_place():
    why = kept("list: zone", text="Mars")
    assert isinstance(why, KeptRefusal)
    said = "Line 3: “Mars” is no time zone: write an IANA name such as America/Toronto."
    assert in_words(Refusal("list: at line", number="3", why=why)) == said
    assert in_words(read(kept("list: at line", number="3", why=why))) == said


def test_several_things_are_said_one_after_the_other():
    row = joined(Refusal("list: zone", text="Mars"), Refusal("list: kind"))
    assert in_words(read(row)).endswith("such as America/Toronto. There is no list of that kind.")
    assert joined() == ""


def test_the_one_thing_there_is_to_say_is_said_in_its_place_too():
    assert (
        in_words(Refusal("list: at line", number="3", why=joined("", Refusal("list: kind"))))
        == "Line 3: There is no list of that kind."
    )


def test_a_code_of_a_newer_version_still_tells_what_it_names_and_what_was_left_out_to_fit_is_marked():
    assert (
        in_words(Refusal("mail.unheard_of", sender="x@y.example")) == "mail.unheard_of: x@y.example"
    )
    assert in_words(Refusal("list: zone")).startswith("“…” is no time zone")


def test_what_is_too_long_for_its_place_keeps_what_fits_and_can_still_be_read():
    long = kept("automatic.robot", sender="a" * 300)
    assert len(cut(long, 200)) <= 200
    assert read(cut(long, 200)).facts["sender"].startswith("aaaaaaa")
    assert cut("a sentence of before", 10) == "a sentence"


def test_of_several_things_too_long_for_their_place_each_is_still_said():
    whole = joined(
        kept("discarded", who="Bala"),
        kept("held.later", why=kept("server.said", words="no " * 200)),
    )
    said = in_words(read(cut(whole, 200)))
    assert said.startswith("Discarded by Bala. ")
    assert "The mail server said: no no" in said and len(cut(whole, 200)) <= 200
    word = kept("list: way taken", what="x" * 200, name=Word("somebody else"))
    assert isinstance(read(cut(word, 100)).facts["name"], Word)


def test_rows_of_a_code_are_found_by_how_it_begins():
    assert kept("server.said", words="550 no").startswith(beginning("server.said", words="5"))
    assert not kept("server.said", words="450 no").startswith(beginning("server.said", words="5"))


def test_rows_that_mail_and_texts_left_before_are_read_as_they_were_meant():
    several = (
        '{"deskbook": "joined", "text_0": {"deskbook": "discarded", "who": "Bala"}, "text_1": "It'
        ' was late."}'
    )
    assert in_words(read(several)) == "Discarded by Bala. It was late."
    full = read(
        '{"deskbook": "held.later", "why": {"deskbook": "budget.desk", "most": 1000, "what":'
        ' "mails"}}'
    )
    assert full.facts["why"].facts["what"] == Word("mails") and isinstance(
        full.facts["why"].facts["what"], Word
    )
    assert in_words(full).startswith("1,000 mails of this desk left within an hour.")
    assert isinstance(stored(several), KeptRefusal) and not isinstance(
        stored("It was late."), KeptRefusal
    )


def test_the_other_servers_words_are_no_template():
    assert (
        in_words(read(kept("server.said", words="550 {x} Denied")))
        == "The mail server said: 550 {x} Denied"
    )
