"""Reminders, and closing for silence: nobody is closed who was not told, whatever the mail and the
server do.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from deskbook.engine.closure import PUNCTUAL
from deskbook.engine.decide_redirect import decide_redirect
from deskbook.engine.decide_reminder import decide_cannot_be_reached, decide_reminder_sent
from deskbook.engine.ladder_events import ReminderSent
from deskbook.engine.spans import due
from deskbook.engine.ticket import SYSTEM
from deskbook.engine.wake import next_wake_at
from tests.engine.test_clocks import ASHA, DESK, HOUR, MONDAY, Story

LADDER = DESK.stages["waiting"].ladder
SUPPORT = DESK.calendars[LADDER.hours or DESK.hours]
DAY = timedelta(days=1)


def planned(amount):
    return due(SUPPORT, MONDAY, amount)


def asked():
    return Story(severity="s3").ask(MONDAY)


def ladder_of(done):
    return [kind for kind, _at in done if kind in ("ReminderDue", "Closed")]


def test_a_reminder_that_has_not_left_keeps_the_next_and_the_closing_back():
    story = asked()
    assert ladder_of(story.wake(planned(LADDER.remind[0]))) == ["ReminderDue"]
    assert ladder_of(story.wake(MONDAY + 60 * DAY)) == []
    assert story.ticket.stage == "waiting"


def test_reminders_that_leave_in_time_keep_the_books_instants():
    story = asked()
    for amount in LADDER.remind:
        assert ladder_of(story.wake(planned(amount))) == ["ReminderDue"]
        story.leaves(planned(amount) + PUNCTUAL)
    assert ladder_of(story.wake(planned(LADDER.close))) == ["Closed"]


def test_after_an_outage_one_message_leaves_and_closing_keeps_its_distance():
    story, back_at = asked(), MONDAY + 30 * DAY
    assert ladder_of(story.wake(back_at)) == ["ReminderDue", "ReminderDue"]
    assert ladder_of(story.wake(back_at + HOUR)) == []
    story.leaves(back_at + HOUR)
    between = SUPPORT.open_between(planned(LADDER.remind[-1]), planned(LADDER.close))
    closing_at = next_wake_at(story.desk, story.ticket)
    assert SUPPORT.open_between(back_at + HOUR, closing_at) == between
    assert ladder_of(story.wake(closing_at)) == ["Closed"]


def test_who_cannot_be_reached_is_not_closed_and_the_case_goes_back_to_the_desk():
    story = asked()
    story.wake(planned(LADDER.remind[0]))
    story.do(
        decide_cannot_be_reached(story.desk, story.ticket, story.ticket.reminder_out_at, "no way"),
        MONDAY,
        SYSTEM,
    )
    assert story.desk.stages[story.ticket.stage].next == "desk"
    assert "Closed" not in [kind for kind, _at in story.wake(MONDAY + 90 * DAY)]


def test_a_reminder_that_leaves_after_the_requester_wrote_is_in_the_log_and_moves_nothing():
    story = asked()
    story.wake(planned(LADDER.remind[0]))
    out_at = story.ticket.reminder_out_at
    story.hear(planned(LADDER.remind[0]) + HOUR)
    before = story.ticket
    [sent] = decide_reminder_sent(story.desk, story.ticket, 1, out_at)
    assert sent == ReminderSent(1, out_at, too_late=True)
    story.do((sent,), planned(LADDER.remind[0]) + 2 * HOUR, SYSTEM)
    assert replace(story.ticket, seq=before.seq, last_at=before.last_at) == before
    assert decide_cannot_be_reached(story.desk, story.ticket, out_at, "failed") == ()


def test_who_has_the_reminders_but_not_the_question_is_not_closed_whichever_failed_first():
    for order in (("question", "reminder"), ("reminder", "question")):
        story = asked()
        for what in order:
            if what == "question":
                story.fails("m", MONDAY + HOUR)
            else:
                story.wake(planned(LADDER.remind[0]))
                story.leaves(planned(LADDER.remind[0]), repeats=False)
        assert story.desk.stages[story.ticket.stage].next == "desk", order
        assert "Closed" not in [kind for kind, _at in story.wake(MONDAY + 90 * DAY)]


def test_a_letter_that_asked_nothing_and_did_not_arrive_stops_no_ladder_whose_reminders_did():
    story = asked()
    story.wake(planned(LADDER.remind[0]))
    story.leaves(planned(LADDER.remind[0]), repeats=False)
    for message in ("", "the reminder's own words"):
        story.fails(message, planned(LADDER.remind[0]))
    assert story.ticket.stage == "waiting"


def test_what_is_promised_falls_away_with_a_case_that_silence_closes():
    story = asked()
    at = MONDAY + 60 * DAY
    story.promise("p", at, MONDAY)
    for amount in LADDER.remind:
        story.wake(planned(amount))
        story.leaves(planned(amount))
    done = [kind for kind, _at in story.wake(planned(LADDER.close))]
    assert done[-2:] == ["PromiseWithdrawn", "Closed"]
    assert not any(promise.is_open for promise in story.ticket.promises)


def test_a_case_on_which_something_is_promised_is_redirected_by_nobody():
    story = asked().promise("p", MONDAY + DAY, MONDAY)
    refusal = decide_redirect(
        story.desk, story.ticket, "anybody", "phone", "T-1", at=MONDAY, by=ASHA
    )
    assert refusal.rule == "promised still"


fates = st.lists(
    st.one_of(
        st.tuples(st.just("question fails"), st.just(0)),
        st.tuples(st.just("reminder leaves"), st.sampled_from([True, False])),
        st.tuples(st.just("reminder comes back"), st.just(0)),
        st.tuples(st.just("time passes"), st.integers(1, 5)),
    ),
    max_size=14,
)


@given(fates)
@example([("question fails", 0), ("time passes", 3), ("reminder leaves", False)])
@example(
    [
        ("time passes", 3),
        ("reminder leaves", True),
        ("question fails", 0),
        ("reminder comes back", 0),
        ("reminder leaves", False),
    ]
)
def test_in_whatever_order_things_fail_nobody_is_closed_who_was_not_asked(lived):
    """Who has a reminder that repeats what was asked has it, until that one comes back."""
    story, at, failed, has_it = asked(), MONDAY, False, set()
    for what, how in [*lived, ("time passes", 60)]:
        before = story.ticket
        if what == "time passes":
            at += how * DAY
            if "Closed" in ladder_of(story.wake(at)):
                assert before.reminder_out_at is None
                assert not failed or has_it
                return
        elif what == "question fails":
            failed = True
            story.fails("m", at)
        elif what == "reminder leaves" and before.reminder_out_at:
            has_it |= {before.reminded} if how else set()
            story.leaves(at, repeats=how)
        elif what == "reminder comes back" and story.comes_back(at):
            has_it -= {before.reminded}


passes = st.lists(
    st.tuples(
        st.timedeltas(timedelta(minutes=1), 12 * DAY),
        st.one_of(st.none(), st.timedeltas(timedelta(), 5 * DAY)),
    ),
    min_size=1,
    max_size=12,
)


@given(passes)
def test_whatever_fails_and_whenever_at_most_one_message_leaves_at_a_time_and_nobody_is_closed_untold(
    lived,
):
    """Each pass comes after a time, for which the desk was down; what was due leaves after another,
    or not yet.
    """
    story, at, told_at = asked(), MONDAY, None
    between = SUPPORT.open_between(planned(LADDER.remind[-1]), planned(LADDER.close))
    for later, leaves_after in lived:
        at += later
        before = story.ticket
        done = ladder_of(story.wake(at))
        if "Closed" in done:
            assert done == ["Closed"]  # never in the pass that reminded
            assert before.reminder_out_at is None
            assert at >= planned(LADDER.close)
            assert SUPPORT.open_between(told_at, at) >= between - PUNCTUAL
            return
        # Of the steps that were due, one speaks; and only when none spoke before that has not left
        # yet.
        assert not (done and before.reminder_out_at)
        if story.ticket.reminder_out_at and leaves_after is not None:
            at += leaves_after
            told_at = at
            story.leaves(at)
