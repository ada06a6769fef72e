"""Levels, hops, handing up by itself, redirecting, steps, papers, freezes: as a campaign desk has
them.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from deskbook.engine import (
    decide_assignment,
    decide_procedure,
    decide_redirect,
    decide_stage,
    decide_work,
    work_events,
)
from deskbook.engine.amounts import OpenTime
from deskbook.engine.apply import apply
from deskbook.engine.calendar import Calendar, parse_window
from deskbook.engine.clocks import readings
from deskbook.engine.decide_conversation import decide_requester_message
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.desk import (
    Desk,
    Facet,
    Freeze,
    HandUp,
    Level,
    Severity,
    Staffing,
    Stage,
    Target,
)
from deskbook.engine.events import TeamArrived
from deskbook.engine.organisation import Hop, Outside, Team
from deskbook.engine.procedure_parts import Paper, Procedure, Step
from deskbook.engine.procedures import missing_papers
from deskbook.engine.ticket import Actor, Entry
from deskbook.engine.wake import decide_wake, next_wake_at
from deskbook.refusals.refusal import Refusal

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MORNING = datetime(2023, 8, 8, 4, 0, tzinfo=UTC)  # 06:00 in Maputo
ASHA = Actor("agent", "1", ("l2",))
CHITRA = Actor("contact", "9")
HOURS = Calendar(
    "Africa/Maputo", {day: (parse_window("06:00-24:00"),) for day in range(7)}, name="campaign"
)
END = MORNING + 6 * DAY

DESK = Desk(
    key="campaign",
    title="Campaign desk",
    zone="Africa/Maputo",
    calendars={"campaign": HOURS},
    hours="campaign",
    stages={
        "new": Stage("new", "New"),
        "held": Stage(
            "held", "Held", next="nobody", clocks={"team": "pauses"}, set_by=frozenset({"freeze"})
        ),
        "waiting": Stage("waiting", "Waiting", next="requester", set_by=frozenset({"asking"})),
        "delivered": Stage(
            "delivered", "Delivered", next="requester", set_by=frozenset({"delivery"})
        ),
        "solved": Stage("solved", "Solved", next="requester", solved=True),
        "closed": Stage("closed", "Closed", closed=True),
        "redirected": Stage(
            "redirected", "Redirected", closed=True, redirected=True, by_hand=False
        ),
    },
    severities={
        "critical": Severity("critical", "Critical"),
        "low": Severity("low", "Low", default=True),
    },
    levels={
        "first": Level("first", "L1", hands_up=(HandUp(OpenTime(HOUR)),)),
        "second": Level("second", "L2", hands_up=(HandUp(OpenTime(2 * HOUR)),)),
        "third": Level("third", "L3"),
    },
    teams={
        "l1": Team("l1", "Local monitors", level="first"),
        "l2": Team("l2", "Help desk", level="second"),
        "l3": Team("l3", "Remote team", level="third"),
    },
    hops=(
        Hop("first", "second", ("phone", "whatsapp"), 31),
        Hop("second", "third", ("email", "phone"), 32),
        Hop("third", "second", ("email",), 33),
    ),
    first_team="l1",
    outside={"officials": Outside("officials", "Programme officials", by=("phone", "whatsapp"))},
    facets={
        "type": Facet("type", "Type", {"issue": "Issue", "enhancement": "Enhancement"}),
        "category": Facet("category", "Category", {"technical": "Technical", "data": "Data"}),
    },
    procedures=(
        Procedure(
            {"category": frozenset({"data"})},
            steps=(Step("check", "Check the list"), Step("thank", "Thank them", mandatory=False)),
            papers=(Paper("villages", "Village list"),),
        ),
    ),
    freezes=(
        Freeze(
            "campaign",
            "No updates",
            MORNING,
            END,
            END + DAY,
            when={"type": frozenset({"enhancement"})},
            hand_over_when={
                "severity": frozenset({"critical"}),
                "category": frozenset({"technical"}),
            },
            hand_over_to="l3",
        ),
    ),
    staffing=(Staffing("l2", "campaign", 1, line=50),),
)


class Story:
    def __init__(self, desk=DESK, at=MORNING, **case):
        self.desk, self.ticket = desk, None
        self.do(decide_open(desk, Case("9", "whatsapp", **case), at=at, by=ASHA), at)

    def do(self, decision, at=MORNING):
        assert not isinstance(decision, Refusal), decision
        for event in decision:
            self.ticket = apply(
                self.ticket, Entry(self.ticket.seq + 1 if self.ticket else 1, at, ASHA, event)
            )
        return self

    def hand_over(self, team, channel=None, at=MORNING):
        return decide_assignment.decide_hand_over(
            self.desk, self.ticket, team, channel=channel, at=at, by=ASHA
        )

    def wake(self, at):
        entries = decide_wake(self.desk, self.ticket, at=at)
        for entry in entries:
            self.ticket = apply(self.ticket, entry)
        return entries


def test_a_hop_goes_by_a_channel_the_book_allows():
    story = Story().do(Story().hand_over("l2", "whatsapp"))
    assert story.ticket.team == "l2"


def test_a_hop_by_another_channel_is_refused_with_the_line_of_the_book():
    refusal = Story().hand_over("l2", "email")
    assert refusal.rule == "hop channel"
    assert "phone or whatsapp (line 31 of the book), not by email" in refusal.sentence


def test_a_hop_the_book_does_not_know_is_refused_and_the_ones_it_knows_are_named():
    refusal = Story().hand_over("l3", "phone")
    assert refusal.rule == "hop"
    assert "L2 (line 31)" in refusal.sentence


def test_back_is_a_hop_of_its_own():
    story = Story()
    story.do(story.hand_over("l2", "phone"))
    story.do(story.hand_over("l3", "email"))
    assert story.hand_over("l2", "phone").rule == "hop channel"
    story.do(story.hand_over("l2", "email"))
    assert [visit.team for visit in story.ticket.visits] == ["l1", "l2", "l3", "l2"]


def test_nobody_acting_hands_up_level_after_level_each_with_its_own_time():
    story = Story()
    assert next_wake_at(DESK, story.ticket) == MORNING + HOUR
    arrived = [
        (e.event.team, e.event.cause)
        for e in story.wake(MORNING + HOUR)
        if hasattr(e.event, "team")
    ]
    assert arrived == [("l2", "escalation")]
    assert next_wake_at(DESK, story.ticket) == MORNING + 3 * HOUR
    story.wake(MORNING + 3 * HOUR)
    assert story.ticket.team == "l3"


def test_taking_it_stops_the_handing_up_and_holding_it_unassigned_does_not():
    story = Story()
    story.do(decide_assignment.decide_assign(DESK, story.ticket, "1", at=MORNING, by=ASHA))
    assert next_wake_at(DESK, story.ticket) is None


def test_redirecting_names_who_how_and_with_what_reference_and_is_not_solving():
    story = Story()
    redirect = decide_redirect.decide_redirect
    assert (
        redirect(DESK, story.ticket, "nobody", "phone", reference="m", at=MORNING, by=ASHA).rule
        == "outside contact"
    )
    assert (
        redirect(DESK, story.ticket, "officials", "email", reference="m", at=MORNING, by=ASHA).rule
        == "channel"
    )
    assert (
        redirect(DESK, story.ticket, "officials", "phone", at=MORNING, by=ASHA).rule == "reference"
    )
    story.do(redirect(DESK, story.ticket, "officials", "phone", reference="m", at=MORNING, by=ASHA))
    assert (story.ticket.stage, story.ticket.redirected_to) == ("redirected", "officials")


def test_with_a_mandatory_step_open_nothing_is_solved():
    story = Story(facets={"category": "data"})
    refusal = decide_stage.decide_stage(DESK, story.ticket, "solved", at=MORNING, by=ASHA)
    assert (
        refusal.rule == "steps open"
        and "Check the list" in refusal.sentence
        and "Thank" not in refusal.sentence
    )
    story.do(decide_procedure.decide_tick(DESK, story.ticket, "check", at=MORNING, by=ASHA))
    story.do(decide_stage.decide_stage(DESK, story.ticket, "solved", at=MORNING, by=ASHA))


def test_a_step_is_ticked_by_who_is_on_duty_and_only_where_it_belongs():
    story = Story(facets={"category": "data"})
    tick = decide_procedure.decide_tick
    assert tick(DESK, story.ticket, "check", on_duty=False, at=MORNING, by=ASHA).rule == "off duty"
    assert tick(DESK, Story().ticket, "check", at=MORNING, by=ASHA).rule == "step"


def test_papers_that_are_missing_are_known_and_a_wrong_one_goes_back():
    story = Story(facets={"category": "data"})
    assert [paper.title for paper in missing_papers(DESK, story.ticket)] == ["Village list"]
    story.do(
        decide_procedure.decide_receive_paper(DESK, story.ticket, "villages", at=MORNING, by=ASHA)
    )
    assert missing_papers(DESK, story.ticket) == ()
    story.do(
        decide_procedure.decide_return_paper(
            DESK, story.ticket, "villages", reason="m", at=MORNING, by=ASHA
        )
    )
    assert len(missing_papers(DESK, story.ticket)) == 1


def test_a_freeze_takes_a_change_in_holds_it_and_brings_it_back_by_itself():
    story = Story(desk=replace(DESK, levels={}), facets={"type": "enhancement"})
    assert (story.ticket.stage, story.ticket.pick_up_at) == ("held", END + DAY)
    assert story.wake(END + DAY - HOUR) == ()
    story.wake(END + DAY)
    assert (story.ticket.stage, story.ticket.held_by) == ("new", None)
    assert next_wake_at(story.desk, story.ticket) is None


def test_sorting_a_case_as_a_change_during_the_freeze_holds_it_too():
    story = Story(facets={"type": "issue"})
    decide = decide_assignment.decide_categorise
    story.do(decide(DESK, story.ticket, {"type": "enhancement"}, at=MORNING, by=ASHA))
    assert story.ticket.stage == "held"


def test_critical_unsolved_cases_are_handed_over_once_when_the_campaign_ends():
    quiet = replace(
        DESK, levels={key: replace(level, hands_up=()) for key, level in DESK.levels.items()}
    )
    story = Story(desk=quiet, severity="critical", facets={"category": "technical"})
    assert next_wake_at(quiet, story.ticket) == END
    story.wake(END + 9 * DAY)
    assert story.ticket.team == "l3"
    assert next_wake_at(quiet, story.ticket) is None
    assert next_wake_at(quiet, Story(desk=quiet, facets={"category": "technical"}).ticket) is None


def test_an_estimate_waits_for_the_customer_and_becomes_a_work_order_when_signed():
    story = Story()
    offer = work_events.EstimateOffered("e1", 120, "300.00 CAD")
    story.do(decide_work.decide_offer_estimate(DESK, story.ticket, offer, at=MORNING, by=ASHA))
    assert story.ticket.stage == "waiting"
    book = work_events.WorkBooked("e1", 30)
    assert (
        decide_work.decide_book_work(DESK, story.ticket, book, at=MORNING, by=ASHA).rule
        == "work order"
    )
    story.do(decide_work.decide_sign_estimate(DESK, story.ticket, "e1", at=MORNING, by=ASHA))
    assert story.ticket.stage == "new"
    story.do(decide_work.decide_book_work(DESK, story.ticket, book, at=MORNING, by=ASHA))
    assert story.ticket.estimates[0].booked_minutes == 30


def test_a_delivery_names_its_version_and_is_confirmed_by_the_customer():
    story = Story()
    nameless = decide_work.decide_deliver(
        DESK, story.ticket, work_events.Delivered(" "), at=MORNING, by=ASHA
    )
    assert nameless.rule == "delivery"
    story.do(
        decide_work.decide_deliver(
            DESK, story.ticket, work_events.Delivered("4.2"), at=MORNING, by=ASHA
        )
    )
    assert story.ticket.stage == "delivered"
    story.do(decide_work.decide_confirm_delivery(DESK, story.ticket, at=MORNING, by=ASHA))
    assert story.ticket.stage == "solved"


def laddered(*lines, targets=()):
    """Return a desk whose first level goes up by these lines."""
    first = replace(DESK.levels["first"], hands_up=lines)
    levels = {"first": first, "second": Level("second", "L2"), "third": Level("third", "L3")}
    return replace(DESK, levels=levels, targets=targets)


def test_what_is_not_solved_goes_up_though_it_was_answered_and_what_is_solved_does_not():
    desk = laddered(HandUp(OpenTime(HOUR), on="not solved"))
    taken = Story(desk)
    taken.do(decide_assignment.decide_assign(desk, taken.ticket, "1", at=MORNING, by=ASHA))
    assert next_wake_at(desk, taken.ticket) == MORNING + HOUR
    (up, _) = taken.wake(MORNING + HOUR)
    assert (up.event.team, up.event.unmet) == ("l2", "not solved")
    solved = Story(desk)
    solved.do(decide_stage.decide_stage(desk, solved.ticket, "solved", at=MORNING, by=ASHA))
    assert next_wake_at(desk, solved.ticket) is None


def test_time_in_which_the_requester_is_waited_for_is_not_the_offices():
    waiting = replace(DESK.stages["waiting"], clocks={"resolve": "pauses", "team": "runs"})
    desk = laddered(HandUp(OpenTime(HOUR), on="not solved"))
    desk = replace(desk, stages={**desk.stages, "waiting": waiting})
    story = Story(desk)
    story.do(decide_stage.decide_stage(desk, story.ticket, "waiting", at=MORNING, by=ASHA))
    assert next_wake_at(desk, story.ticket) is None
    back_at = MORNING + 5 * HOUR
    story.do(decide_stage.decide_stage(desk, story.ticket, "new", at=back_at, by=ASHA), back_at)
    assert next_wake_at(desk, story.ticket) == MORNING + 6 * HOUR


def test_the_line_that_says_most_about_a_case_hands_it_up_past_a_level():
    grave = HandUp(
        OpenTime(HOUR), on="not solved", when={"severity": frozenset({"critical"})}, to="third"
    )
    desk = laddered(HandUp(OpenTime(2 * HOUR), on="not solved"), grave)
    critical, low = Story(desk, severity="critical"), Story(desk, severity="low")
    assert next_wake_at(desk, low.ticket) == MORNING + 2 * HOUR
    critical.wake(MORNING + HOUR)
    assert critical.ticket.team == "l3"


def test_a_clock_over_its_limit_hands_up_once_and_the_next_holder_is_not_blamed_for_it():
    late = HandUp(on="breached", clock="response")
    desk = laddered(late, targets=(Target("response", OpenTime(3 * HOUR)),))
    second = replace(desk.levels["second"], hands_up=(late,))
    desk = replace(desk, levels={**desk.levels, "second": second})
    story = Story(desk)
    breach, up = story.wake(MORNING + 3 * HOUR)
    assert (type(breach.event).__name__, up.event.unmet) == ("LimitBreached", "response breached")
    assert (story.ticket.team, next_wake_at(desk, story.ticket)) == ("l2", None)


def test_who_is_not_content_with_an_answer_is_heard_by_the_next_level():
    desk = laddered(HandUp(on="reopening"))
    answered = Story(desk)
    answered.do(decide_stage.decide_stage(desk, answered.ticket, "solved", at=MORNING, by=ASHA))
    wrote = decide_requester_message(desk, answered.ticket, "m", "email", at=MORNING, by=CHITRA)
    answered.do(wrote)
    assert (answered.ticket.team, answered.ticket.stage) == ("l2", "new")
    assert [event.unmet for event in wrote if isinstance(event, TeamArrived)] == ["reopening"]
    again = decide_requester_message(desk, answered.ticket, "m", "email", at=MORNING, by=CHITRA)
    assert not [event for event in again if isinstance(event, TeamArrived)]


def test_handed_up_to_somebody_outside_a_case_ends_and_is_not_solved():
    desk = laddered(HandUp(OpenTime(HOUR), on="not solved", to="officials"))
    story = Story(desk)
    story.wake(MORNING + HOUR)
    assert (story.ticket.stage, story.ticket.redirected_to) == ("redirected", "officials")
    assert story.ticket.handed_up_outside


def test_a_team_has_a_clock_of_its_own_until_solved_from_each_arrival():
    here = {"team": frozenset({"l2", "l3"})}
    owed = Target("resolve", OpenTime(2 * HOUR), when=here, starts="arrival")
    desk = laddered(targets=(owed,))
    story = Story(desk)
    assert readings(desk, story.ticket) == ()
    story.do(story.hand_over("l2", "phone", at=MORNING + HOUR), MORNING + HOUR)
    assert [(r.clock, r.due_at) for r in readings(desk, story.ticket)] == [
        ("team-resolve:2", MORNING + 3 * HOUR)
    ]
    at = MORNING + 2 * HOUR
    story.do(story.hand_over("l3", "email", at=at), at)
    first, second = readings(desk, story.ticket)
    assert (first.ended_at, second.due_at) == (at, MORNING + 4 * HOUR)
    solving = decide_stage.decide_stage(desk, story.ticket, "solved", at=at + HOUR, by=ASHA)
    story.do(solving, at + HOUR)
    assert readings(desk, story.ticket)[1].met_at == at + HOUR
