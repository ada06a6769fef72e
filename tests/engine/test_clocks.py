"""Every clock of a ticket: when it starts, what holds it, what meets it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from deskbook.book.load import load_book
from deskbook.engine import (
    decide_assignment,
    decide_conversation,
    decide_promise,
    decide_reminder,
    decide_severity,
    decide_stage,
    events,
)
from deskbook.engine.amounts import BusinessDays, parse_amount
from deskbook.engine.apply import apply
from deskbook.engine.clocks import next_due, readings
from deskbook.engine.closure import may_come_back
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.desk import Reopening
from deskbook.engine.ladder_events import DeliveryFailed
from deskbook.engine.spans import due
from deskbook.engine.ticket import SYSTEM, Actor, Entry
from deskbook.engine.wake import decide_wake, next_wake_at
from deskbook.refusals.refusal import Refusal

BOOK = """
deskbook: 1
name: Test desk
zone: America/Toronto
hours:
  support: { mon-fri: 08:00-20:00 }
  always: { every day: 00:00-24:00 }
plans:
  standard: { hours: support }
  diamond: { hours: support, after hours: yes }
  basic: { hours: { zone: the customer's, mon-fri: 09:00-17:00 } }
severities:
  S1: { means: All stand still. }
  S2: { means: Some stand still. }
  S3: { means: The rest., default: yes }
targets:
  - { severity: S1, respond: 2h, update: 1/2 bd, after hours: doubled }
  - { severity: S2, respond: 1/2 bd, update: 1bd or as agreed }
  - { severity: S3, respond: 2bd, update: as agreed, resolve: 10bd }
  - { team: lab, answer: 1bd to 2bd, from: arrival, met by: [answer, note] }
  - { team: shop, answer: 1bd, from: arrival, recommended: yes }
stages:
  new: { next: desk }
  working: { next: desk, set by: [assignment, answering] }
  updated: { next: desk, set by: the requester writing }
  waiting: { next: requester, set by: asking, remind: [2bd, 4bd], close: 6bd }
  on hold: { next: nobody, clocks: paused }
  solved: { next: requester, solved: yes, close: 10bd }
  closed: { closed: yes }
teams: { front: First line, lab: The lab, shop: The shop }
routing: { first: front }
"""
DESK = load_book(BOOK).desk_or_raise()
ASHA = Actor("agent", "1", ("lab",))
CHITRA = Actor("contact", "9")
HOUR = timedelta(hours=1)


def toronto(text):
    return datetime.fromisoformat(f"{text}-05:00").astimezone(UTC)


MONDAY = toronto("2026-03-02T10:00")


class Story:
    """Plays acts on one ticket, as the log would record them."""

    def __init__(self, at=MONDAY, desk=DESK, **case):
        self.desk, self.ticket = desk, None
        self.do(decide_open(desk, Case("9", "portal", **case), at=at, by=CHITRA), at)

    def do(self, decision, at, by=ASHA):
        assert not isinstance(decision, Refusal), decision
        for event in decision:
            seq = self.ticket.seq + 1 if self.ticket else 1
            self.ticket = apply(self.ticket, Entry(seq, at, by, event))
        return self

    def answer(self, at):
        return self.do(
            decide_conversation.decide_answer(self.desk, self.ticket, "m", at=at, by=ASHA), at
        )

    def note(self, at, by=ASHA):
        return self.do(
            decide_conversation.decide_note(self.desk, self.ticket, "m", at=at, by=by), at, by
        )

    def ask(self, at):
        return self.do(
            decide_conversation.decide_ask(self.desk, self.ticket, "m", (), at=at, by=ASHA), at
        )

    def hear(self, at):
        decide = decide_conversation.decide_requester_message
        return self.do(decide(self.desk, self.ticket, "m", "email", at=at, by=CHITRA), at, CHITRA)

    def move(self, to, at):
        return self.do(decide_stage.decide_stage(self.desk, self.ticket, to, at=at, by=ASHA), at)

    def verify(self, severity, at):
        decide = decide_severity.decide_verify
        return self.do(decide(self.desk, self.ticket, severity, reason="m", at=at, by=ASHA), at)

    def hand_over(self, team, at):
        return self.do(
            decide_assignment.decide_hand_over(self.desk, self.ticket, team, at=at, by=ASHA), at
        )

    def promise(self, id_, due_at, at):
        return self.do(
            decide_promise.decide_promise(self.desk, self.ticket, id_, due_at, at=at, by=ASHA), at
        )

    def leaves(self, at, *, repeats=True):
        """The reminder that is out leaves."""
        number, out_at = self.ticket.reminded, self.ticket.reminder_out_at
        decide = decide_reminder.decide_reminder_sent
        self.reminded_for_at = out_at
        return self.do(decide(self.desk, self.ticket, number, out_at, repeats=repeats), at)

    def comes_back(self, at):
        """The reminder that left last comes back; returns whether that changed anything."""
        due_at = getattr(self, "reminded_for_at", None) or at
        decide = decide_reminder.decide_reminder_came_back
        decision = decide(self.desk, self.ticket, self.ticket.reminded, due_at)
        self.do(decision, at)
        return bool(decision)

    def fails(self, message, at):
        """What the desk wrote does not reach the requester."""
        failed = DeliveryFailed(message, hard=True, to_requester=True)
        decide = decide_reminder.decide_delivery_failed
        return self.do(decide(self.desk, self.ticket, failed), at)

    def wake(self, at):
        entries = decide_wake(self.desk, self.ticket, at=at)
        for entry in entries:
            self.ticket = apply(self.ticket, entry)
        return [(type(entry.event).__name__, entry.at) for entry in entries]

    def clock(self, name):
        return next((r for r in readings(self.desk, self.ticket) if r.clock == name), None)


def test_response_runs_from_opening_to_the_first_answer_of_a_person():
    story = Story(severity="s2")
    assert story.clock("response").due_at == MONDAY + 6 * HOUR
    story.answer(MONDAY + 2 * HOUR)
    assert story.clock("response").met_at == MONDAY + 2 * HOUR


def test_after_hours_count_half_only_for_plans_that_include_them():
    friday = toronto("2026-03-06T20:30")
    assert (
        Story(friday, severity="s1", facets={"plan": "diamond"}).clock("response").due_at
        == friday + 4 * HOUR
    )
    monday_ten = toronto("2026-03-09T09:00") - HOUR  # the clocks went forward on Sunday
    standard = Story(friday, severity="s1", facets={"plan": "standard"})
    assert standard.clock("response").due_at == monday_ten + HOUR


def test_two_customers_on_two_plans_get_two_due_times_for_one_case():
    due = {
        plan: Story(severity="s2", facets={"plan": plan}, zone="America/Vancouver")
        .clock("response")
        .due_at
        for plan in ("standard", "basic")
    }
    assert due["standard"] == MONDAY + 6 * HOUR
    # Half of 09:00-17:00 in Vancouver, where it is 07:00: by 13:00 there.
    assert due["basic"] == MONDAY + 6 * HOUR
    later = Story(
        MONDAY + 5 * HOUR, severity="s2", facets={"plan": "basic"}, zone="America/Vancouver"
    )
    assert later.clock("response").due_at == MONDAY + 9 * HOUR


def test_waiting_for_the_requester_pauses_and_keeps_what_has_run():
    story = Story(severity="s2").ask(MONDAY + HOUR)
    assert story.clock("update:1").paused_since == MONDAY + HOUR
    assert story.clock("update:1").due_at is None
    story.hear(MONDAY + 5 * HOUR)
    assert story.clock("update:1").due_at == MONDAY + timedelta(days=1) + 5 * HOUR


def test_held_stages_in_a_row_are_one_pause():
    story = Story(severity="s3").move("on hold", MONDAY + HOUR)
    story.move("waiting", MONDAY + 2 * HOUR).move("on hold", MONDAY + 3 * HOUR)
    assert story.clock("resolve").paused_since == MONDAY + HOUR
    story.move("working", MONDAY + 4 * HOUR)
    assert [pause[:2] for pause in story.clock("resolve").pauses] == [
        (MONDAY + HOUR, MONDAY + 4 * HOUR)
    ]


def test_a_severity_verified_later_moves_the_clock_from_its_own_start_and_keeps_the_pauses():
    story = Story(severity="s3").move("on hold", MONDAY + HOUR).move("working", MONDAY + 2 * HOUR)
    story.verify("s2", MONDAY + 3 * HOUR)
    assert story.clock("response").due_at == MONDAY + 7 * HOUR
    assert (story.ticket.claimed, story.ticket.severity) == ("s3", "s2")


def test_each_answer_starts_the_next_update_and_meets_the_one_before():
    story = Story(severity="s1").answer(MONDAY + HOUR)
    assert story.clock("update:1").due_at == MONDAY + 7 * HOUR
    story.answer(MONDAY + 2 * HOUR)
    assert story.clock("update:1") is None
    assert story.clock("update:2").due_at == MONDAY + 8 * HOUR


def test_as_agreed_without_a_date_is_flagged_and_with_one_is_due_then():
    story = Story(severity="s3").answer(MONDAY + HOUR)
    assert story.clock("update:1").undated
    thursday = MONDAY + timedelta(days=3)
    decision = decide_promise.decide_agree_update(
        DESK, story.ticket, thursday, at=MONDAY + HOUR, by=ASHA
    )
    story.do(decision, MONDAY + HOUR)
    assert story.clock("update:1").due_at == thursday
    assert not story.clock("update:1").undated


@pytest.mark.parametrize(
    ("agreed", "then", "due", "asked"),
    [
        ("2026-03-09T10:00", "s1", "2026-03-02T17:00", False),  # this severity's pace is the book's
        # Past its limit: the limit counts, and a date is asked.
        ("2026-03-09T10:00", "s2", "2026-03-03T11:00", True),
        ("2026-03-03T09:00", "s2", "2026-03-03T09:00", False),
    ],
)
def test_a_date_agreed_under_another_severity_stands_only_within_the_limit_of_the_new_one(
    agreed, then, due, asked
):
    story = Story(severity="s3").answer(MONDAY + HOUR)
    decision = decide_promise.decide_agree_update(
        DESK, story.ticket, toronto(agreed), at=MONDAY + HOUR, by=ASHA
    )
    story.do(decision, MONDAY + HOUR).verify(then, MONDAY + 2 * HOUR)
    reading = story.clock("update:1")
    assert (reading.due_at, reading.undated) == (toronto(due), asked)


def test_where_the_book_sets_the_pace_no_update_is_agreed():
    story = Story(severity="s1").answer(MONDAY + HOUR)
    refusal = decide_promise.decide_agree_update(
        DESK, story.ticket, MONDAY + 2 * HOUR, at=MONDAY, by=ASHA
    )
    assert refusal.rule == "update as agreed"


def test_a_team_clock_runs_from_arrival_once_per_visit():
    story = Story(severity="s2").hand_over("lab", MONDAY + HOUR)
    visit = story.clock("team:2")
    assert (visit.aim_at, visit.due_at) == (
        MONDAY + HOUR + timedelta(days=1),
        MONDAY + HOUR + timedelta(days=2),
    )
    story.hand_over("front", MONDAY + 2 * HOUR).hand_over("lab", MONDAY + 3 * HOUR)
    assert story.clock("team:2").ended_at == MONDAY + 2 * HOUR
    assert story.clock("team:4").started_at == MONDAY + 3 * HOUR
    assert story.clock("response").started_at == MONDAY  # the customer's clock never resets


def test_only_the_team_that_holds_it_meets_its_clock():
    story = Story(severity="s2").hand_over("lab", MONDAY)
    story.note(MONDAY + HOUR, by=Actor("agent", "2", ("front",)))
    assert story.clock("team:2").met_at is None
    story.note(MONDAY + 2 * HOUR)
    assert story.clock("team:2").met_at == MONDAY + 2 * HOUR


def test_a_recommended_target_is_shown_and_never_breached():
    story = Story(severity="s3").hand_over("shop", MONDAY)
    late = MONDAY + timedelta(days=30)
    assert story.clock("team:2").due_at == MONDAY + timedelta(days=1)
    assert not story.clock("team:2").breached(at=late)
    assert ("LimitBreached", MONDAY + timedelta(days=1)) not in story.wake(late)


def test_a_promise_runs_by_the_wall_whatever_the_stage():
    story = (
        Story(severity="s3")
        .promise("p", MONDAY + 8 * HOUR, MONDAY + HOUR)
        .move("on hold", MONDAY + 2 * HOUR)
    )
    assert story.clock("promise:p").due_at == MONDAY + 8 * HOUR
    assert next_due(DESK, story.ticket).clock == "promise:p"
    assert ("LimitBreached", MONDAY + 8 * HOUR) in story.wake(MONDAY + 9 * HOUR)


def test_the_aim_and_the_limit_are_each_recorded_once_at_their_instant():
    story = Story(severity="s3").answer(MONDAY).hand_over("lab", MONDAY)
    passed = [
        e for e in story.wake(MONDAY + timedelta(days=3)) if e[0] in ("AimPassed", "LimitBreached")
    ]
    assert passed == [
        ("AimPassed", MONDAY + timedelta(days=1)),
        ("LimitBreached", MONDAY + timedelta(days=2)),
    ]
    assert story.wake(MONDAY + timedelta(days=4)) == []


def test_silence_reminds_twice_and_closes_on_business_days():
    story = Story(severity="s3").ask(toronto("2026-03-02T11:00"))
    done = []
    while (at := next_wake_at(DESK, story.ticket)) is not None and len(done) < 9:
        done += story.wake(at)
        if story.ticket.reminder_out_at:
            story.leaves(at)
    assert done == [
        ("ReminderDue", toronto("2026-03-04T11:00")),
        ("ReminderDue", toronto("2026-03-06T11:00")),
        ("Closed", toronto("2026-03-10T10:00")),  # 11:00 of the new, later wall time
    ]


@pytest.mark.parametrize(
    ("policy", "clock", "counted_from"),
    [
        ("resume", "resolve", 2 * HOUR),
        ("restart", "resolve:2", 3 * HOUR),
        ("new", "resolve:2", 3 * HOUR),
    ],
)
def test_reopening_resumes_restarts_or_begins_new_clocks(policy, clock, counted_from):
    desk = replace(DESK, reopening=Reopening(clocks=policy))
    story = Story(desk=desk, severity="s3").answer(MONDAY + HOUR).move("solved", MONDAY + HOUR)
    assert story.clock("resolve").met_at == MONDAY + HOUR
    story.hear(MONDAY + 3 * HOUR)
    support = desk.calendars["support"]
    assert story.clock(clock).due_at == due(
        support, MONDAY + counted_from, BusinessDays(Fraction(10))
    )
    assert (story.clock("response:2") is not None) == (policy == "new")


@pytest.mark.parametrize(
    ("within", "last"), [("1w", "2026-03-09T10:00"), ("2bd", "2026-03-04T11:00")]
)
def test_a_case_comes_back_within_what_the_book_says_in_any_kind_of_time(within, last):
    desk = replace(DESK, reopening=Reopening(within=parse_amount(within)))
    solved = Story(desk=desk, severity="s3").answer(MONDAY + HOUR).move("closed", MONDAY + HOUR)
    until = toronto(last)
    assert may_come_back(desk, solved.ticket, at=until)
    assert not may_come_back(desk, solved.ticket, at=until + timedelta(minutes=1))


def test_a_case_without_a_target_has_no_due_time():
    desk = replace(DESK, targets=())
    story = Story(desk=desk, severity="s1")
    assert readings(desk, story.ticket) == ()
    assert next_wake_at(desk, story.ticket) is None


def test_a_date_asked_for_is_the_due_time_on_request():
    targets = tuple(
        replace(t, on_request=True, limit=None) for t in DESK.targets if t.clock == "resolve"
    )
    desk = replace(DESK, targets=targets)
    wanted = MONDAY + timedelta(days=5)
    assert (
        Story(desk=desk, severity="s3", requested_for_at=wanted).clock("resolve").due_at == wanted
    )


def test_an_entry_out_of_order_is_refused():
    story = Story(severity="s3")
    with pytest.raises(ValueError, match="does not follow"):
        apply(story.ticket, Entry(7, MONDAY, SYSTEM, events.Noted("m")))


def test_a_case_that_outlives_its_hours_goes_on_without_a_due_time_and_says_so():
    short = replace(DESK.calendars["support"], valid_until=date(2026, 3, 2))
    desk = replace(DESK, calendars={**DESK.calendars, "support": short})
    story = Story(desk=desk, severity="s3")
    assert story.clock("response").due_at is None
    assert "support" in story.clock("response").no_opening
    story.ask(MONDAY + HOUR)
    assert next_wake_at(desk, story.ticket) is None
