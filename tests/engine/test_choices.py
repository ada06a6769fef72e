"""What the requester decides leads where the book says, and the log says who decided."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deskbook.book.load import load_book
from deskbook.engine.decide_choice import choices_now, decide_choice
from deskbook.engine.reliving import relive
from deskbook.engine.ticket import Actor, Entry
from deskbook.refusals.refusal import Refusal
from tests.engine.test_clocks import ASHA, MONDAY, Story

CHITRA = Actor("contact", "chitra")
HOUR = timedelta(hours=1)
BOOK = """
deskbook: 1
name: Harbour
zone: UTC
hours: { always: { every day: 00:00-24:00 } }
stages:
  new:
  working: { set by: the requester writing }
  solved:
    solved: yes
    choices:
      I am satisfied: closed
      I am not satisfied: { to: working, why: yes }
  closed: { closed: yes, choices: { It is not settled: working } }
reopening: { within: 2d }
"""
DESK = load_book(BOOK).desk_or_raise()


class Logged(Story):
    """Keeps the log of what was done."""

    def __init__(self, **case):
        self.log = []
        super().__init__(**case)

    def do(self, decision, at, by=ASHA):
        for event in decision:
            self.log.append(Entry(len(self.log) + 1, at, by, event))
        return super().do(decision, at, by)


def solved():
    story = Logged(desk=DESK)
    story.move("solved", MONDAY + HOUR)
    return story


def chosen(story, choice, words=None, by=CHITRA, hours=2):
    at = MONDAY + hours * HOUR
    return decide_choice(story.desk, story.ticket, choice, words, at=at, by=by)


def kinds(decision):
    return [type(event).__name__ for event in decision]


def test_who_is_satisfied_closes_the_case_and_who_is_not_opens_it_again():
    story = solved()
    assert kinds(chosen(story, "i am satisfied")) == ["ChoiceMade", "Closed"]
    made, back = chosen(story, "i am not satisfied", "7")
    assert (made.choice, made.message) == ("i am not satisfied", "7")
    assert (back.stage, back.cause) == ("working", "choice")


def test_the_log_says_whether_the_requester_closed_it_or_somebody_for_them():
    story = solved()
    assert chosen(story, "i am satisfied")[-1].cause == "requester"
    assert chosen(story, "i am satisfied", by=ASHA)[-1].cause == "person"


def test_what_asks_why_is_refused_without_it_and_what_the_stage_does_not_offer_as_well():
    story = solved()
    assert chosen(story, "i am not satisfied").code == "choice: why"
    assert chosen(story, "it is not settled").code == "choice"


def test_a_case_that_is_closed_for_good_offers_nothing():
    story = solved()
    story.move("closed", MONDAY + HOUR)
    there = [one.title for one in choices_now(DESK, story.ticket, at=MONDAY + 2 * HOUR)]
    assert there == ["It is not settled"]
    assert choices_now(DESK, story.ticket, at=MONDAY + 72 * HOUR) == ()
    assert isinstance(chosen(story, "it is not settled", hours=72), Refusal)


def test_lived_again_a_decision_leads_where_the_changed_book_says():
    story = solved()
    story.do(chosen(story, "i am satisfied"), MONDAY + 2 * HOUR, CHITRA)
    again = load_book(BOOK.replace("I am satisfied: closed", "I am satisfied: working"))
    for desk, stage, refused in (
        (DESK, "closed", ()),
        (again.desk_or_raise(), "working", ()),
        (
            load_book(BOOK.replace("I am satisfied", "All is well")).desk_or_raise(),
            "solved",
            ("I am satisfied",),
        ),
    ):
        lived = relive(desk, lambda _version: DESK, story.log, until_at=MONDAY + 3 * HOUR)
        assert (lived.ticket.stage, lived.refused) == (stage, refused)


@pytest.mark.parametrize(
    ("choice", "code", "words"),
    [
        ("Yes: wrking", "unknown-name", "did you mean 'working'"),
        ("Yes: solved", "choice", "nothing is decided"),
        ("Yes: vendor", "choice", "who comes there says vendor"),
        ("Yes: { too: working }", "unknown-key", "'to'"),
    ],
)
def test_what_leads_nowhere_is_said_at_its_line(choice, code, words):
    stages = "  vendor: { needs: [vendor] }\n  closed: { closed: yes,"
    text = BOOK.replace("      I am satisfied: closed", f"      {choice}")
    findings = load_book(text.replace("  closed: { closed: yes,", stages)).findings
    found = {finding.code: finding for finding in findings}
    assert code in found, findings
    assert words in found[code].message
    assert found[code].line == text[: text.index(choice)].count("\n") + 1


def test_a_stage_that_only_a_decision_leads_out_of_can_be_left():
    text = BOOK.replace(
        "  working: {", "  asked: { to: [], choices: { Yes: working } }\n  working: {"
    )
    assert not [f for f in load_book(text).findings if f.code in ("no-way-out", "endless-stage")]


def test_who_reads_another_language_decides_in_it():
    said = "in: { pt: { words: { I am satisfied: Estou satisfeita } } }\nlanguages: [en, pt]\n"
    desk = load_book(BOOK + said).desk_or_raise()
    first = desk.in_language("pt").stages["solved"].choices[0]
    assert (first.key, first.title) == ("i am satisfied", "Estou satisfeita")
    assert replace(first, title="I am satisfied") == desk.stages["solved"].choices[0]
