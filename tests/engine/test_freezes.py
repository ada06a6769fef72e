"""How long a freeze holds a case: while it stays in the stage for it, until its day, and no longer
than it is of that sort (semantics §5.6).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.engine import events as happened
from deskbook.engine.amounts import CalendarTime
from deskbook.engine.apply import apply
from deskbook.engine.calendar import Calendar, parse_window
from deskbook.engine.decide_assignment import decide_categorise
from deskbook.engine.decide_carry_over import decide_carry_over
from deskbook.engine.decide_conversation import decide_answer, decide_ask, decide_requester_message
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.decide_stage import decide_close, decide_stage
from deskbook.engine.desk import Desk, Facet, Freeze, Ladder, Stage
from deskbook.engine.ticket import Actor, Entry
from deskbook.engine.wake import decide_wake, next_wake_at
from deskbook.refusals.refusal import Refusal

DAY = timedelta(days=1)
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
LAST = START + 10 * DAY
ASHA, CHITRA = Actor("agent", "1"), Actor("contact", "9")
CHANGE, ISSUE = {"type": "change"}, {"type": "issue"}

DESK = Desk(
    key="desk",
    title="Desk",
    zone="UTC",
    calendars={
        "all": Calendar(
            "UTC", {day: (parse_window("00:00-24:00"),) for day in range(7)}, name="all"
        )
    },
    hours="all",
    stages={
        "new": Stage("new", "New"),
        "in work": Stage(
            "in work", "In work", set_by=frozenset({"assignment", "requester writing"})
        ),
        "waiting": Stage(
            "waiting",
            "Waiting",
            next="requester",
            set_by=frozenset({"asking"}),
            ladder=Ladder((CalendarTime(2 * DAY),), CalendarTime(40 * DAY), "all"),
        ),
        "held": Stage(
            "held",
            "Held",
            next="nobody",
            set_by=frozenset({"freeze"}),
            by_hand=False,
        ),
        "solved": Stage("solved", "Solved", next="requester", solved=True),
        "closed": Stage("closed", "Closed", closed=True),
    },
    facets={"type": Facet("type", "Type", {"issue": "Issue", "change": "Change"})},
    freezes=(
        Freeze("rest", "Rest", START - DAY, LAST, LAST + DAY, when={"type": frozenset({"change"})}),
    ),
)


class Told:
    """A case as it goes on: each act is Asha's or the requester's at `at`."""

    def __init__(self, *, desk=DESK, at=START, **facets):
        self.desk, self.at, self.case, self.events = desk, at, None, []
        self.do(decide_open(desk, Case("9", "email", facets=facets), at=at, by=ASHA))

    def do(self, decision):
        assert not isinstance(decision, Refusal), decision
        for event in decision:
            entry = Entry(self.case.seq + 1 if self.case else 1, self.at, ASHA, event)
            self.case = apply(self.case, entry)
        self.events += decision
        return self

    def sort(self, facets):
        return self.do(decide_categorise(self.desk, self.case, facets, at=self.at, by=ASHA))

    def move(self, to):
        return self.do(decide_stage(self.desk, self.case, to, at=self.at, by=ASHA))

    def ask(self):
        return self.do(decide_ask(self.desk, self.case, "m", ("screenshot",), at=self.at, by=ASHA))

    def answer(self):
        return self.do(decide_answer(self.desk, self.case, "m", at=self.at, by=ASHA))

    def write(self):
        return self.do(
            decide_requester_message(self.desk, self.case, "m", "email", at=self.at, by=CHITRA)
        )

    def close(self):
        return self.do(decide_close(self.desk, self.case, at=self.at, by=CHITRA))

    def wait(self, until_at):
        self.at = until_at
        for entry in decide_wake(self.desk, self.case, at=until_at):
            self.case = apply(self.case, entry)
            self.events.append(entry.event)
        return self

    def carry_over(self, desk):
        self.do(decide_carry_over(desk, self.case, at=self.at, by=ASHA))
        self.desk = desk
        return self

    @property
    def stands(self):
        return self.case.stage, self.case.held_by, self.case.pick_up_at


def ending(last, *, pick_up_after=DAY, **changes):
    """Return the same book, its freeze ended at `last`, as version 2."""
    freeze = replace(DESK.freezes[0], until_at=last, pick_up_at=last + pick_up_after, **changes)
    return replace(DESK, version=2, freezes=(freeze,))


def test_a_case_that_is_sorted_back_is_let_go_to_where_it_was():
    told = Told(**ISSUE).move("in work").sort(CHANGE)
    assert told.stands == ("held", "rest", LAST + DAY)
    told.sort(ISSUE)
    assert told.stands == ("in work", None, None)
    assert happened.PickedUp("rest", "not held any more") in told.events


@pytest.mark.parametrize("leave", ["move", "write", "ask", "close"])
def test_a_held_case_that_leaves_its_stage_by_any_way_is_held_no_more(leave):
    told = Told(**CHANGE)
    assert told.case.held_by
    told.move("in work") if leave == "move" else getattr(told, leave)()
    assert told.case.held_by is None
    stage = told.case.stage
    told.at = LAST + 2 * DAY
    assert not any(
        isinstance(entry.event, happened.PickedUp)
        for entry in decide_wake(told.desk, told.case, at=told.at)
    )
    assert stage != "held"


def test_an_answer_to_a_held_case_leaves_it_held():
    assert Told(**CHANGE).answer().stands == ("held", "rest", LAST + DAY)


def test_where_people_may_move_a_case_to_the_stage_of_a_freeze_that_holds_it_again():
    stages = {**DESK.stages, "held": replace(DESK.stages["held"], by_hand=True)}
    told = Told(desk=replace(DESK, stages=stages), **CHANGE).write()
    assert told.stands == ("in work", None, None)
    assert told.move("held").stands == ("held", "rest", LAST + DAY)


def test_a_solved_case_that_is_sorted_as_what_a_freeze_holds_stays_solved():
    assert Told(**ISSUE).move("solved").sort(CHANGE).stands == ("solved", None, None)


def test_a_case_with_a_question_out_keeps_it_and_waits_again_after_the_freeze():
    told = Told(**ISSUE).ask().sort(CHANGE)
    assert (told.case.stage, told.case.awaited) == ("held", ("screenshot",))
    told.wait(LAST + DAY)
    assert (told.case.stage, told.case.awaited) == ("waiting", ("screenshot",))
    assert next_wake_at(told.desk, told.case) == LAST + 3 * DAY, "its reminders begin anew"


def test_a_case_whose_requester_wrote_while_it_was_held_waits_for_them_no_more():
    """A book whose held cases are the desk's turn does not move them when their requester writes."""
    stages = {**DESK.stages, "in work": Stage("in work", "In work")}
    stages["held"] = replace(stages["held"], next="desk")
    told = Told(desk=replace(DESK, stages=stages), **ISSUE).move("in work").ask().sort(CHANGE)
    told.at += DAY
    told.write()
    assert told.case.stage == "held"
    told.wait(LAST + DAY)
    assert told.case.stage == "in work"


def test_a_case_in_work_comes_back_to_work():
    told = Told(**ISSUE).move("in work").sort(CHANGE).wait(LAST + DAY)
    assert told.stands == ("in work", None, None)


def test_a_case_that_follows_a_book_whose_freeze_is_over_comes_back_at_once():
    told = Told(**CHANGE)
    told.at = START + 5 * DAY
    assert told.carry_over(ending(START + 2 * DAY)).stands == ("new", None, None)


def test_a_case_that_follows_a_book_with_another_end_is_held_until_that_one_and_told_so():
    told = Told(**CHANGE)
    told.carry_over(ending(START + 5 * DAY))
    assert told.stands == ("held", "rest", START + 6 * DAY)
    assert told.events[-1] == happened.Held("rest", START + 6 * DAY)
    assert told.wait(START + 6 * DAY).stands == ("new", None, None)


def test_a_case_that_follows_a_book_with_the_same_freeze_is_not_told_again():
    told = Told(**CHANGE).carry_over(replace(DESK, version=2))
    assert told.events[-1] == happened.CarriedOver(2)


def test_a_case_held_past_the_last_day_stays_so_until_the_day_the_new_book_picks_it_up():
    told = Told(**CHANGE)
    told.at = START + 3 * DAY
    told.carry_over(ending(START + 2 * DAY, pick_up_after=5 * DAY))
    assert told.stands == ("held", "rest", START + 7 * DAY)


@pytest.mark.parametrize("sort", [CHANGE, ISSUE])
def test_a_case_is_held_by_the_freeze_of_the_new_book_whatever_its_name_if_it_holds_the_sort(sort):
    book = ending(LAST, key="campaign", when={"type": frozenset({sort["type"]})})
    told = Told(**CHANGE).carry_over(book)
    assert told.case.held_by == ("campaign" if sort == CHANGE else None)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["change", "issue", "work", "solve", "ask", "answer", "write", "close", "book"]
        ),
        st.integers(0, 4),
    ),
    max_size=12,
)


@given(ACTS)
def test_a_case_is_held_exactly_while_it_stands_in_the_stage_for_it(acts):
    told = Told(**ISSUE)
    for number, (act, days) in enumerate(acts, start=2):
        told.wait(told.at + days * DAY)
        for decision in _decided(told, act, number):
            if not isinstance(decision, Refusal):
                told.do(decision)
        stage = told.desk.stages[told.case.stage]
        assert (told.case.held_by is not None) == (told.case.stage == "held")
        assert (told.case.pick_up_at is not None) == (told.case.stage == "held")
        assert not told.case.held_by or told.at < told.case.pick_up_at
        assert not (told.case.held_by and (stage.solved or stage.closed))


def _decided(told, act, number):
    desk, case, how = told.desk, told.case, {"at": told.at, "by": ASHA}
    if act == "book":
        told.desk = replace(ending(START + number * DAY), version=number)
        return [decide_carry_over(told.desk, case, **how)]
    return [
        {
            "change": lambda: decide_categorise(desk, case, CHANGE, **how),
            "issue": lambda: decide_categorise(desk, case, ISSUE, **how),
            "work": lambda: decide_stage(desk, case, "in work", **how),
            "solve": lambda: decide_stage(desk, case, "solved", **how),
            "ask": lambda: decide_ask(desk, case, "m", ("paper",), **how),
            "answer": lambda: decide_answer(desk, case, "m", **how),
            "write": lambda: decide_requester_message(desk, case, "m", "email", **how),
            "close": lambda: decide_close(desk, case, **how),
        }[act]()
    ]
