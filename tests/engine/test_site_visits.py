"""Visits to sites: who may decide and date them, which days and people can be, and what a case must
not end with.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from deskbook.book.load import load_book
from deskbook.engine import decide_site_visit as decider
from deskbook.engine import events as happened
from deskbook.engine import visit_events
from deskbook.engine.apply import replay
from deskbook.engine.decide_relations import decide_merge
from deskbook.engine.decide_stage import decide_close, decide_stage
from deskbook.engine.ticket import SYSTEM, Actor, Entry
from deskbook.engine.wake import decide_wake
from deskbook.refusals.refusal import Refusal

BOOK = """
deskbook: 1
name: Payroll help desks
zone: Asia/Kolkata
holidays: { kerala: { 2026-03-20: Id-ul-Fitr } }
hours: { working days: { mon-sat: 09:30-17:30, closed: kerala } }
types: { question: , on-site training: }
teams: { pmu: { name: Management Unit }, dmt: { name: Master Trainers }, treasury: }
stages:
  received:
  waiting: { next: requester, set by: asking, close: 2h }
  replied: { solved: yes }
  closed: { closed: yes }
site visits:
  - { type: on-site training, decided by: pmu, carried out by: dmt }
"""
MONDAY = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)  # 10:00 in Kolkata
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CHITRA = Actor("contact", "7")
LEAD, TRAINER, TREASURY = (
    Actor("agent", "1", ("pmu",)),
    Actor("agent", "2", ("dmt",)),
    Actor("agent", "3", ("treasury",)),
)
FREE = {"2": "", "4": "", "5": "Ravi cannot go then: on leave."}


@pytest.fixture(scope="module")
def desk():
    loaded = load_book(BOOK, name="b.yaml")
    assert loaded.desk, loaded.errors
    return loaded.desk


class Case:
    """A case of the desk that remembers what was decided."""

    def __init__(self, desk, kind="on-site training"):
        self.desk, self.log = desk, []
        self.add(happened.Opened("7", "received", "portal", {"type": kind}), MONDAY, CHITRA)

    @property
    def ticket(self):
        return replay(self.log)

    def add(self, event, at, by):
        self.log.append(Entry(len(self.log) + 1, at, by, event))

    def do(self, decide, *given, at=MONDAY + HOUR, by=LEAD, **more):
        decided = decide(self.desk, self.ticket, *given, at=at, by=by, **more)
        if not isinstance(decided, Refusal):
            for event in decided:
                self.add(event, at, by)
        return decided

    def ask(self, people=14, **more):
        return self.do(
            decider.decide_ask_visit, visit_events.SiteVisitAsked(people, "m", **more), by=CHITRA
        )

    def approve(self):
        return self.do(decider.decide_visit, approved=True)

    def date(self, days=2, *, visit="v", people=("2",), lasts=5 * HOUR, **more):
        from_at = MONDAY + days * DAY
        given = {"staff": FREE, **more}
        return self.do(
            decider.decide_date_visit,
            visit_events.SiteVisitDated(visit, from_at, from_at + lasts, people),
            **given,
        )

    def dated(self, **more):
        self.ask()
        self.approve()
        assert not isinstance(self.date(**more), Refusal)
        return self


@pytest.fixture
def case(desk):
    return Case(desk)


def rule_of(decided):
    assert isinstance(decided, Refusal), decided
    assert not decided.sentence[0].islower() and decided.sentence[-1] in ".?"
    return decided.rule


def test_an_office_asks_the_unit_decides_trainers_go_and_report(case):
    case.ask(wanted_from=date(2026, 3, 3), wanted_until=date(2026, 3, 6))
    assert case.ticket.site_visit_wish.people == 14
    case.approve()
    case.date(people=("2", "4"))
    case.do(decider.decide_answer_visit, "v", True, by=CHITRA)
    case.do(decider.decide_carry_out_visit, "v", at=MONDAY + 2 * DAY + 5 * HOUR, by=TRAINER)
    case.do(
        decider.decide_report_visit,
        visit_events.SiteVisitReported("v", 12, "m"),
        at=MONDAY + 2 * DAY + 6 * HOUR,
        by=TRAINER,
    )
    [visit] = case.ticket.site_visits
    assert (visit.state, visit.attended, visit.suits, visit.people) == (
        "reported",
        12,
        True,
        ("2", "4"),
    )


def test_a_case_of_another_sort_sends_nobody(desk):
    question = Case(desk, "question")
    assert rule_of(question.ask()) == "no visits"
    assert rule_of(question.approve()) == "no visits"
    assert rule_of(question.date()) == "no visits"


@pytest.mark.parametrize("people", [0, -1, 5001])
def test_a_number_of_people_that_cannot_be_is_refused(case, people):
    assert rule_of(case.ask(people)) == "visit people"


def test_days_that_are_over_or_end_before_they_begin_are_refused(case):
    assert (
        rule_of(case.ask(wanted_from=date(2026, 3, 5), wanted_until=date(2026, 3, 4)))
        == "visit time"
    )
    assert rule_of(case.ask(wanted_from=date(2026, 2, 5), wanted_until=date(2026, 3, 1))) == "past"
    assert rule_of(case.ask(wanted_from=date(2026, 2, 5))) == "past"


def test_what_was_asked_may_be_corrected_until_it_is_decided(case):
    case.ask(14)
    case.ask(20)
    assert case.ticket.site_visit_wish.people == 20
    case.approve()
    assert rule_of(case.ask(30)) == "decided"


def test_only_the_deciding_team_decides_and_the_line_of_the_book_is_named(case):
    refused = case.do(decider.decide_visit, approved=True, by=TRAINER)
    assert rule_of(refused) == "deciding team"
    assert "Management Unit decides" in refused.sentence
    assert "line 15 of the book" in refused.sentence


def test_a_refusal_needs_a_reason_and_may_be_thought_over(case):
    assert rule_of(case.do(decider.decide_visit, approved=False)) == "reason"
    case.do(decider.decide_visit, approved=False, reason="m")
    assert rule_of(case.date()) == "refused"
    case.approve()
    assert case.ticket.site_visit_approved is True
    assert case.approve() == ()


def test_a_visit_is_not_dated_before_it_is_decided(case):
    case.ask()
    assert rule_of(case.date()) == "not decided"


def test_a_treasury_neither_dates_nor_calls_off(case):
    case.dated()
    assert rule_of(case.date(visit="w", by=TREASURY)) == "visit team"
    assert (
        rule_of(case.do(decider.decide_call_off_visit, "v", reason="m", by=TREASURY))
        == "visit team"
    )


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"days": -1}, "past"),
        ({"lasts": -HOUR}, "visit time"),
        ({"lasts": timedelta()}, "visit time"),
        ({"lasts": 15 * DAY}, "visit time"),
        ({"people": ()}, "visit people"),
        ({"people": ("9",)}, "visit people"),
        ({"people": ("2", "5")}, "not free"),
        ({"days": 6}, "closed day"),
        ({"days": 18}, "closed day"),
        ({"days": 17, "lasts": 2 * DAY}, "closed day"),
    ],
)
def test_a_date_that_cannot_be_is_refused(case, given, rule):
    case.ask()
    case.approve()
    assert rule_of(case.date(**given)) == rule
    assert case.ticket.site_visits == ()


def test_why_a_day_is_closed_is_said_and_it_may_be_so_anyway(case):
    case.ask()
    case.approve()
    assert "Fri 20 Mar 2026 (Id-ul-Fitr)" in case.date(18).sentence
    assert "Sun 8 Mar 2026 (weekend)" in case.date(6).sentence
    case.date(6, anyway=True)
    assert len(case.ticket.site_visits) == 1


def test_why_somebody_cannot_go_is_said(case):
    case.ask()
    case.approve()
    assert case.date(people=("5",)).sentence == "Ravi cannot go then: on leave."


def test_a_visit_that_is_moved_asks_the_office_again_and_remembers_who_was_to_go(case):
    case.dated(people=("2",))
    case.do(decider.decide_answer_visit, "v", True, by=CHITRA)
    case.date(3, people=("4",))
    [visit] = case.ticket.site_visits
    assert (visit.sequence, visit.suits, visit.people, visit.left_out) == (1, None, ("4",), ("2",))
    assert case.date(3, people=("4",)) == ()
    case.date(4, people=("2",))
    assert case.ticket.site_visits[0].left_out == ("4",)


def test_an_office_says_why_a_date_does_not_suit(case):
    case.dated()
    assert rule_of(case.do(decider.decide_answer_visit, "v", False, by=CHITRA)) == "reason"
    case.do(decider.decide_answer_visit, "v", False, reason="m", by=CHITRA)
    assert case.ticket.site_visits[0].suits is False
    late = case.do(decider.decide_answer_visit, "v", True, at=MONDAY + 3 * DAY, by=CHITRA)
    assert rule_of(late) == "past"


def test_a_visit_called_off_needs_a_reason_and_is_over(case):
    case.dated()
    assert rule_of(case.do(decider.decide_call_off_visit, "v")) == "reason"
    case.do(decider.decide_call_off_visit, "v", reason="m")
    visit = case.ticket.site_visits[0]
    assert (visit.state, visit.sequence) == ("called off", 1)
    assert rule_of(case.do(decider.decide_call_off_visit, "v", reason="m")) == "visit"
    assert rule_of(case.date()) == "visit"
    assert rule_of(case.do(decider.decide_call_off_visit, "w", reason="m")) == "visit"


def test_nobody_was_there_before_it_began(case):
    case.dated()
    assert rule_of(case.do(decider.decide_carry_out_visit, "v", at=MONDAY + DAY)) == "not begun"


def test_a_report_comes_after_the_visit_and_once(case):
    case.dated()
    report = visit_events.SiteVisitReported("v", 12)
    assert rule_of(case.do(decider.decide_report_visit, report)) == "report"
    case.do(decider.decide_carry_out_visit, "v", at=MONDAY + 3 * DAY)
    case.do(decider.decide_report_visit, report, at=MONDAY + 3 * DAY)
    assert rule_of(case.do(decider.decide_report_visit, report, at=MONDAY + 3 * DAY)) == "report"


def test_more_than_three_times_those_expected_is_asked_about(case):
    case.dated()
    case.do(decider.decide_carry_out_visit, "v", at=MONDAY + 3 * DAY)
    for attended in (43, -1, 5001):
        reported = visit_events.SiteVisitReported("v", attended)
        assert (
            rule_of(case.do(decider.decide_report_visit, reported, at=MONDAY + 3 * DAY))
            == "attendance"
        )
    many = visit_events.SiteVisitReported("v", 43)
    case.do(decider.decide_report_visit, many, anyway=True, at=MONDAY + 3 * DAY)
    assert case.ticket.site_visits[0].attended == 43


def test_a_case_is_neither_solved_nor_merged_while_a_visit_is_ahead_or_lacks_its_report(case):
    case.dated()
    assert rule_of(case.do(decide_stage, "replied")) == "visit dated"
    assert rule_of(case.do(decide_merge, "B-2", own="B-1")) == "visit dated"
    case.do(decider.decide_carry_out_visit, "v", at=MONDAY + 3 * DAY)
    assert rule_of(case.do(decide_stage, "replied", at=MONDAY + 3 * DAY)) == "visit report"
    case.do(
        decider.decide_report_visit, visit_events.SiteVisitReported("v", 12), at=MONDAY + 3 * DAY
    )
    case.do(decide_stage, "replied", at=MONDAY + 3 * DAY)
    assert case.ticket.stage == "replied"


def test_a_requester_who_closes_the_case_calls_off_what_is_dated(case):
    case.dated()
    case.do(decide_close, by=CHITRA)
    assert case.ticket.stage == "closed"
    assert case.ticket.site_visits[0].state == "called off"


def test_a_case_closed_by_silence_calls_off_what_is_dated(case):
    case.dated(days=9)
    case.add(happened.StageChanged("waiting", "asking"), MONDAY + HOUR, LEAD)
    entries = decide_wake(case.desk, case.ticket, at=MONDAY + 5 * HOUR)
    assert [type(entry.event) for entry in entries] == [
        visit_events.SiteVisitCalledOff,
        happened.Closed,
    ]
    assert {entry.by for entry in entries} == {SYSTEM}


def test_a_visit_may_be_reported_after_its_requester_closed_the_case(case):
    case.dated()
    case.do(decider.decide_carry_out_visit, "v", at=MONDAY + 3 * DAY)
    case.do(decide_close, at=MONDAY + 3 * DAY, by=CHITRA)
    case.do(
        decider.decide_report_visit,
        visit_events.SiteVisitReported("v", 9),
        at=MONDAY + 4 * DAY,
        by=TRAINER,
    )
    assert case.ticket.site_visits[0].attended == 9


def test_a_date_already_made_is_called_off_before_the_visit_is_refused(case):
    case.dated()
    assert rule_of(case.do(decider.decide_visit, approved=False, reason="m")) == "dated"
