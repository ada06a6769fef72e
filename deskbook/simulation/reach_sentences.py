"""What may happen and be expected of channels, places and people who go somewhere."""

from collections.abc import Callable

from deskbook.book.words import fold
from deskbook.engine import events as happened
from deskbook.engine.decide_site_visit import (
    decide_answer_visit,
    decide_ask_visit,
    decide_call_off_visit,
    decide_carry_out_visit,
    decide_date_visit,
    decide_report_visit,
    decide_visit,
    visits_rule,
)
from deskbook.engine.decision import Decision
from deskbook.engine.ticket import Actor
from deskbook.simulation.level_steps import team_named, titled
from deskbook.simulation.moments import read_moment
from deskbook.simulation.sentences import ACTOR_AGENT, ACTOR_CONTACT, Said, Sentence
from deskbook.simulation.story import CHITRA, CannotBe, Story

Instead = str | None
Decider = Callable[[Story, Said, Actor], Decision]


def _by_agent(decide: Decider) -> Callable[[Story, Said], None]:
    def step(story: Story, said: Said) -> None:
        by = story.agent(team_named(story.desk, said.words["team"]) if "team" in said.words else None)
        story.take(decide(story, said, by), at=said.at, by=by)

    return step


def _by_contact(decide: Decider) -> Callable[[Story, Said], None]:
    def step(story: Story, said: Said) -> None:
        story.take(decide(story, said, CHITRA), at=said.at, by=CHITRA)

    return step


def _latest(story: Story) -> str:
    if not story.case.site_visits:
        raise CannotBe("no visit is dated yet: “an agent dates the visit from … until … with Asha”")
    return story.case.site_visits[-1].id


def _ask(story: Story, said: Said, by: Actor) -> Decision:
    asked = happened.SiteVisitAsked(int(said.words["people"][:9]))
    return decide_ask_visit(story.desk, story.case, asked, at=said.at, by=by)


def _decide(story: Story, said: Said, by: Actor) -> Decision:
    approved = fold(said.words["how"]) == "approves"
    return decide_visit(story.desk, story.case, approved=approved, reason=said.text() or None, at=said.at, by=by)


def _date(story: Story, said: Said, by: Actor) -> Decision:
    """Whoever is named is of the team and free: who really is stands in the desk's calendar, not in its book."""
    people = tuple(fold(person) for person in said.words["people"].replace(" and ", ", ").split(", "))
    dated = happened.SiteVisitDated(
        visit=str(len(story.case.site_visits) + 1),
        from_at=read_moment(said.words["from"], said.zone)[0],
        until_at=read_moment(said.words["until"], said.zone)[0],
        people=people,
    )
    staff = dict.fromkeys(people, "")
    return decide_date_visit(story.desk, story.case, dated, staff=staff, at=said.at, by=by)


def _answer_date(story: Story, said: Said, by: Actor) -> Decision:
    suits = "does not" not in said.words["how"].lower()
    return decide_answer_visit(
        story.desk, story.case, _latest(story), suits, reason=said.text() or None, at=said.at, by=by
    )


def _call_off(story: Story, said: Said, by: Actor) -> Decision:
    return decide_call_off_visit(story.desk, story.case, _latest(story), reason=said.text() or None, at=said.at, by=by)


def _carry_out(story: Story, said: Said, by: Actor) -> Decision:
    return decide_carry_out_visit(story.desk, story.case, _latest(story), at=said.at, by=by)


def _report(story: Story, said: Said, by: Actor) -> Decision:
    reported = happened.SiteVisitReported(_latest(story), int(said.words["people"][:9]))
    return decide_report_visit(story.desk, story.case, reported, at=said.at, by=by)


def _channel_is_open(story: Story, said: Said) -> Instead:
    known = {key: channel.title for key, channel in story.desk.channels.items()}
    channel = story.desk.channels[titled(said.words["channel"], known, "channel")]
    is_open = story.desk.channel_hours(channel).is_open(said.at)
    wanted = said.words["state"].lower() == "open"
    return None if is_open == wanted else f"{channel.title} is {'open' if is_open else 'closed'}"


def _visitors(story: Story, said: Said) -> Instead:
    desk = story.desk
    site = desk.sites[titled(said.words["site"], {key: site.title for key, site in desk.sites.items()}, "site")]
    walk_in = desk.channel_of("walk-in")
    hours = desk.calendars[site.hours or (walk_in.hours if walk_in else None) or desk.hours]
    received = bool(site.counters) and hours.is_open(said.at)
    if received == ("not" not in said.words):
        return None
    return f"visitors are {'' if received else 'not '}received at {site.title}"


def _visit_stands(story: Story, said: Said) -> Instead:
    case = story.as_of(said.at).case
    decided = {True: "approved", False: "refused", None: "asked for" if case.site_visit_wish else "not asked for"}
    now = case.site_visits[-1].state if case.site_visits else decided[case.site_visit_approved]
    return None if now == said.words["state"].lower() else f"the visit is {now}"


def _who_decides(story: Story, said: Said) -> Instead:
    rule = visits_rule(story.desk, story.as_of(said.at).case)
    if rule is None:
        return "the book sends nobody out for this case"
    wanted = (team_named(story.desk, said.words["team"]), team_named(story.desk, said.words["goes"]))
    if (rule.decided_by, rule.carried_out_by) == wanted:
        return None
    teams = story.desk.teams
    return f"{teams[rule.decided_by].title} decides and {teams[rule.carried_out_by].title} goes"


_PEOPLE = r"(?P<people>\d+) people"
REACH_STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_CONTACT + " asks for a visit to " + _PEOPLE, "An office asks the desk to come.",
        "the contact asks for a visit to 14 people", _by_contact(_ask),
    ),
    Sentence(
        ACTOR_AGENT + r" (?P<how>approves|refuses) the visit", "Whether somebody goes; why not comes after the colon.",
        "an agent of PMU approves the visit", _by_agent(_decide),
    ),
    Sentence(
        ACTOR_AGENT + r" dates the visit from (?P<from>MOMENT) until (?P<until>MOMENT) with (?P<people>[^:]+)",
        "When people go, and who.",
        "an agent of DMT dates the visit from Mon 2026-03-09 10:00 until Mon 2026-03-09 16:00 with Asha and Bala",
        _by_agent(_date),
    ),
    Sentence(
        ACTOR_CONTACT + r" says the date (?P<how>suits|does not suit)",
        "The office answers; why it does not comes after the colon.",
        "the contact says the date does not suit: We move on that day", _by_contact(_answer_date),
    ),
    Sentence(
        ACTOR_AGENT + r" calls the visit off", "Nobody goes; why comes after the colon.",
        "an agent of DMT calls the visit off: The road is flooded", _by_agent(_call_off),
    ),
    Sentence(
        ACTOR_AGENT + r" carries the visit out", "They were there.", "an agent of DMT carries the visit out",
        _by_agent(_carry_out),
    ),
    Sentence(
        ACTOR_AGENT + " reports a visit to " + _PEOPLE, "How many attended.",
        "an agent of DMT reports a visit to 14 people", _by_agent(_report),
    ),
)  # fmt: skip
REACH_THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"the channel (?P<channel>.+) is (?P<state>open|closed)", "A channel of the book at this instant.",
        "the channel live chat is closed", _channel_is_open,
    ),
    Sentence(
        r"visitors are (?P<not>not )?received at (?P<site>.+)", "A site with counters, within its visitor hours.",
        "visitors are received at PMU", _visitors,
    ),
    Sentence(
        r"the visit is (?P<state>(?:not )?asked for|approved|refused|dated|called off|carried out|reported)",
        "How the visit to the office, or the wish for one, stands.", "the visit is dated", _visit_stands,
    ),
    Sentence(
        r"visits are decided by (?P<team>.+) and carried out by (?P<goes>.+)",
        "What the book says of visits for a case like this.", "visits are decided by PMU and carried out by DMT",
        _who_decides,
    ),
)  # fmt: skip
