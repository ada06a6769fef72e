"""Sentences of visits to sites: asked for, decided, dated, carried out, reported."""

from datetime import datetime

from deskbook.book.words import fold
from deskbook.engine import decide_site_visit as decider
from deskbook.engine import visit_events
from deskbook.engine.decide_site_visit import visits_rule
from deskbook.engine.decision import Decision
from deskbook.engine.ticket import Actor
from deskbook.engine.ticket_parts import SiteVisit
from deskbook.scenario.acting import by_agent, by_contact
from deskbook.scenario.moments import read_moment, written
from deskbook.scenario.named import team_named
from deskbook.scenario.sentences import ACTOR_AGENT, ACTOR_CONTACT, Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story


def _ask(story: Story, said: Said, by: Actor) -> Decision:
    asked = visit_events.SiteVisitAsked(int(said.words["people"][:9]), "m")
    return decider.decide_ask_visit(story.desk, story.case, asked, at=said.at, by=by)


def _decide(story: Story, said: Said, by: Actor) -> Decision:
    approved = fold(said.words["how"]) == "approves"
    return decider.decide_visit(
        story.desk, story.case, approved=approved, reason=said.text() or None, at=said.at, by=by
    )


def _date(story: Story, said: Said, by: Actor) -> Decision:
    return _dated(story, said, by, f"v{len(story.case.site_visits) + 1}")


def _move(story: Story, said: Said, by: Actor) -> Decision:
    return _dated(story, said, by, _latest(story).id)


def _dated(story: Story, said: Said, by: Actor, visit: str) -> Decision:
    from_at, until_at = (read_moment(said.words[word], said.zone)[0] for word in ("from", "until"))
    named = said.words["people"].replace(" and ", ", ")
    people = tuple(fold(person) for person in named.split(", "))
    dated = visit_events.SiteVisitDated(visit, from_at, until_at, people)
    staff = {person: _hindrance(story, person, from_at, until_at, visit) for person in people}
    anyway = fold(said.text()) == "it shall be so"
    return decider.decide_date_visit(
        story.desk, story.case, dated, staff=staff, anyway=anyway, at=said.at, by=by
    )


def _hindrance(story: Story, person: str, from_at: datetime, until_at: datetime, visit: str) -> str:
    """Everybody named is of the team; away is who is on leave, or on another visit of the case."""
    others = [
        v
        for v in story.case.site_visits
        if v.id != visit and v.state != "called off" and person in v.people
    ]
    times = [(v.from_at, v.until_at) for v in others]
    times += [(a.from_at, a.until_at) for a in story.leave if a.person == person]
    away = any(begins < until_at and ends > from_at for begins, ends in times)
    return f"{person.title()} cannot go then." if away else ""


def _latest(story: Story) -> SiteVisit:
    if not story.case.site_visits:
        raise CannotBe("no visit is dated yet: “an agent dates the visit from … until … with Asha”")
    return story.case.site_visits[-1]


def _answer(story: Story, said: Said, by: Actor) -> Decision:
    suits, reason = "does not" not in said.words["how"].lower(), said.text() or None
    return decider.decide_answer_visit(
        story.desk, story.case, _latest(story).id, suits, reason=reason, at=said.at, by=by
    )


def _call_off(story: Story, said: Said, by: Actor) -> Decision:
    reason = said.text() or None
    return decider.decide_call_off_visit(
        story.desk, story.case, _latest(story).id, reason=reason, at=said.at, by=by
    )


def _carry_out(story: Story, said: Said, by: Actor) -> Decision:
    return decider.decide_carry_out_visit(
        story.desk, story.case, _latest(story).id, at=said.at, by=by
    )


def _report(story: Story, said: Said, by: Actor) -> Decision:
    reported = visit_events.SiteVisitReported(_latest(story).id, int(said.words["people"][:9]), "m")
    return decider.decide_report_visit(story.desk, story.case, reported, at=said.at, by=by)


def _stands(story: Story, said: Said) -> Instead:
    case = story.as_of(said.at).case
    state = "asked for" if case.site_visit_wish else "not asked for"
    if case.site_visit_approved is not None:
        state = "approved" if case.site_visit_approved else "refused"
    if case.site_visits:
        state = case.site_visits[-1].state
    return None if state == said.words["state"].lower() else f"the visit is {state}"


def _begins(story: Story, said: Said) -> Instead:
    visits = story.as_of(said.at).case.site_visits
    if not visits:
        return "no visit is dated"
    wanted = said.until()
    from_at = visits[-1].from_at
    return None if from_at == wanted else f"it begins {written(from_at, said.zone)}"


def _attended(story: Story, said: Said) -> Instead:
    visits = story.as_of(said.at).case.site_visits
    attended = sum(visit.attended or 0 for visit in visits)
    return None if attended == int(said.words["people"][:9]) else f"{attended} attended"


def _who_decides(story: Story, said: Said) -> Instead:
    rule = visits_rule(story.desk, story.as_of(said.at).case)
    if rule is None:
        return "the book sends nobody out for this case"
    wanted = (
        team_named(story.desk, said.words["team"]),
        team_named(story.desk, said.words["goes"]),
    )
    if (rule.decided_by, rule.carried_out_by) == wanted:
        return None
    teams = story.desk.teams
    return f"{teams[rule.decided_by].title} decides and {teams[rule.carried_out_by].title} goes"


_FROM_UNTIL = r"(?P<from>MOMENT) until (?P<until>MOMENT)"
STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_CONTACT + r" asks for a visit to (?P<people>\d+) people",
        "An office asks the desk to come; where and what for comes after the colon.",
        "the contact asks for a visit to 14 people: Village Office, River Bank",
        by_contact(_ask),
    ),
    Sentence(
        ACTOR_AGENT + r" (?P<how>approves|refuses) the visit",
        "Whether somebody goes; only the team the book names decides. Why not comes after the"
        " colon.",
        "an agent of PMU approves the visit",
        by_agent(_decide),
    ),
    Sentence(
        ACTOR_AGENT + r" dates the visit from " + _FROM_UNTIL + r" with (?P<people>[^:]+)",
        "When it is and who goes. `: it shall be so` allows a day that is no working day.",
        "an agent of PMU dates the visit from Mon 2026-03-09 10:00 until Mon 2026-03-09 16:00 with"
        " Ravi and Meera",
        by_agent(_date),
    ),
    Sentence(
        ACTOR_AGENT + r" moves the visit to " + _FROM_UNTIL + r" with (?P<people>[^:]+)",
        "The latest visit has another date or other people; the office is asked again.",
        "an agent of PMU moves the visit to Tue 2026-03-10 10:00 until Tue 2026-03-10 16:00 with"
        " Ravi",
        by_agent(_move),
    ),
    Sentence(
        ACTOR_CONTACT + r" says the date (?P<how>suits|does not suit)",
        "The office answers; why it does not comes after the colon.",
        "the contact says the date does not suit: We move on that day",
        by_contact(_answer),
    ),
    Sentence(
        ACTOR_AGENT + r" calls the visit off",
        "The latest visit does not take place; why comes after the colon.",
        "an agent of DMT calls the visit off: The road is flooded",
        by_agent(_call_off),
    ),
    Sentence(
        ACTOR_AGENT + r" carries the visit out",
        "The people were there.",
        "an agent of DMT carries the visit out",
        by_agent(_carry_out),
    ),
    Sentence(
        ACTOR_AGENT + r" reports a visit to (?P<people>\d+) people",
        "How many attended; how it went comes after the colon.",
        "an agent of DMT reports a visit to 14 people: All of them made a pay bill",
        by_agent(_report),
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"the visit is (?P<state>not asked for|asked for|approved|refused|dated|called off|carried"
        r" out|reported)",
        "How the latest visit stands, before that the decision.",
        "the visit is approved",
        _stands,
    ),
    Sentence(
        r"the visit begins (?P<until>MOMENT)",
        "When the latest visit is.",
        "the visit begins Mon 2026-03-09 10:00",
        _begins,
    ),
    Sentence(
        r"(?P<people>\d+) people attended",
        "On all visits of the case.",
        "12 people attended",
        _attended,
    ),
    Sentence(
        r"visits are decided by (?P<team>.+) and carried out by (?P<goes>.+)",
        "What the book says of visits for a case like this.",
        "visits are decided by PMU and carried out by DMT",
        _who_decides,
    ),
)
