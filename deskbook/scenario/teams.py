"""Sentences of who has a case: owners, teams and levels, and contacts outside."""

from deskbook.book.words import fold
from deskbook.engine.decide_assignment import (
    decide_assign,
    decide_hand_over,
    decide_route,
    decide_take,
)
from deskbook.engine.decide_redirect import decide_redirect
from deskbook.engine.decision import Decision
from deskbook.engine.sight import Viewer, limits_of
from deskbook.engine.telling import told_of
from deskbook.engine.ticket import Actor
from deskbook.scenario.acting import by_agent
from deskbook.scenario.moments import written
from deskbook.scenario.named import team_named, titled
from deskbook.scenario.sentences import ACTOR_AGENT, Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story


def _hand_over(story: Story, said: Said, by: Actor) -> Decision:
    to = team_named(story.desk, said.words["to"])
    return decide_hand_over(story.desk, story.case, to, at=said.at, by=by)


def _pass_on(story: Story, said: Said) -> None:
    held = team_named(story.desk, said.words["team"]) if "team" in said.words else None
    if held and held != story.case.team:
        raise CannotBe(
            f"{said.words['team']} does not have the case: {story.case.team or 'no team'} has"
        )
    by = story.agent(held)
    to, channel = team_named(story.desk, said.words["to"]), said.words.get("channel")
    channel = fold(channel) if channel else None
    decided = decide_hand_over(
        story.desk, story.case, to, channel=channel, reason=said.text(), at=said.at, by=by
    )
    story.take(decided, at=said.at, by=by)


def _redirect(story: Story, said: Said, by: Actor) -> Decision:
    to = titled(
        said.words["to"], {key: o.title for key, o in story.desk.outside.items()}, "outside contact"
    )
    reference = said.words.get("reference")
    return decide_redirect(
        story.desk,
        story.case,
        to,
        fold(said.words["channel"]),
        reference=reference,
        at=said.at,
        by=by,
    )


def _owner(story: Story, said: Said) -> Instead:
    now = story.as_of(said.at).case.owner
    wanted = said.words.get("owner")
    return None if now == (wanted.lower() if wanted else None) else f"owner is {now or 'nobody'}"


def _team(story: Story, said: Said) -> Instead:
    now = story.as_of(said.at).case.team
    wanted = team_named(story.desk, said.words["team"])
    return None if now == wanted else f"team is {now or 'none'}"


def _arrived(story: Story, said: Said) -> Instead:
    visits = story.as_of(said.at).case.visits
    team = team_named(story.desk, said.words["team"])
    if visits and visits[-1].team == team and visits[-1].arrived_at == said.at:
        return None
    told = [f"{written(visit.arrived_at, said.zone)} {visit.team}" for visit in visits]
    return f"it reached: {', '.join(told) or 'no team'}"


def _redirected(story: Story, said: Said) -> Instead:
    case = story.as_of(said.at).case
    if case.redirected_to is None:
        return "it was not redirected"
    wanted = said.words.get("to")
    known = {key: contact.title for key, contact in story.desk.outside.items()}
    if wanted and titled(wanted, known, "outside contact") != case.redirected_to:
        return f"it was redirected to {known.get(case.redirected_to, case.redirected_to)}"
    return None


def _told(story: Story, said: Said) -> Instead:
    told = {
        name
        for r in story.log
        if r.entry.at <= said.at
        for name, at in told_of(
            story.desk, story.as_of(r.entry.at).case, r.entry.event, at=r.entry.at
        ).items()
        if at == said.at
    }
    wanted = fold(said.words["whom"])
    return None if wanted in told else f"told: {', '.join(sorted(told)) or 'nobody'}"


def _seen(story: Story, said: Said) -> Instead:
    case, word = story.as_of(said.at).case, said.words
    if "address" in word:
        viewer = Viewer(frozenset(), fold(word["address"]))
    elif "who" in word:
        viewer = Viewer(frozenset({team_named(story.desk, word["who"])}))
    else:
        viewer = Viewer(frozenset(), leads=True)
    category = case.facets.get("category", "")
    hidden = any(
        limit.hides(category, case.team or "", owns=False)
        for limit in limits_of(story.desk, viewer)
    )
    return None if hidden == ("not" in word) else "they do not" if hidden else "they do"


_PASSES = r" passes (?:it|the case) (?:on |back )?to (?P<to>[^:]+?)(?: by (?P<channel>[^:]+))?"
STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_AGENT + r" takes the case",
        "The agent becomes its owner.",
        "an agent takes the case",
        by_agent(lambda s, said, by: decide_take(s.desk, s.case, at=said.at, by=by)),
    ),
    Sentence(
        r"the case is assigned to (?P<owner>[^:]+)",
        "Somebody becomes its owner.",
        "the case is assigned to Bala",
        by_agent(
            lambda s, said, by: decide_assign(
                s.desk, s.case, fold(said.words["owner"]), at=said.at, by=by
            )
        ),
    ),
    Sentence(
        r"(?:the case is routed|(?:an|the) agent routes the case)",
        "The book's rules send it to a team.",
        "the case is routed",
        by_agent(lambda s, said, by: decide_route(s.desk, s.case, at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" hands the case over to (?P<to>[^:]+)",
        "It goes to another team, or back to one.",
        "an agent hands the case over to eGov",
        by_agent(_hand_over),
    ),
    Sentence(
        ACTOR_AGENT + _PASSES,
        "A hop, by the channel named; why comes after the colon.",
        "an agent passes it to L3 by email: The sync fails on every device",
        _pass_on,
    ),
    Sentence(
        r"(?:the )?(?P<team>[^:]+?)" + _PASSES,
        "The same, said of the team that has it; a level stands for its team.",
        "the help desk passes it to L3 by email",
        _pass_on,
    ),
    Sentence(
        ACTOR_AGENT + r" redirects (?:it|the case) to (?P<to>[^:]+?) by (?P<channel>[^:]+?)"
        r"(?: with reference (?P<reference>[^:]+))?",
        "To somebody outside: the case ends, and is not counted as solved.",
        "an agent redirects it to NMCP officials by phone with reference 4711",
        by_agent(_redirect),
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"(?:the )?owner is (?P<owner>.+)|nobody owns the case",
        "Whose case it is.",
        "owner is Asha",
        _owner,
    ),
    Sentence(r"(?:the )?team is (?P<team>.+)", "The team that has it.", "team is eGov", _team),
    Sentence(
        r"(?:the )?(?P<whom>.+?) (?:is|are) told",
        "A line of `tell` names them for what happened at this instant.",
        "leads are told",
        _told,
    ),
    Sentence(
        r"(?:agents of (?P<who>.+?)|leads|(?P<address>\S+@\S+))"
        r" (?:sees?|do(?:es)? (?P<not>not) see) the case",
        "Whether people of a team, the desk's leads, or an agent by address, see it by the book.",
        "agents of eGov do not see the case",
        _seen,
    ),
    Sentence(
        r"it reaches (?P<team>.+)",
        "It arrived at this team at this instant; a level stands for its team.",
        "it reaches L3",
        _arrived,
    ),
    Sentence(
        r"(?:it|the case) (?:is|was) redirected(?: to (?P<to>.+))?",
        "It went to an outside contact.",
        "it is redirected to NMCP officials",
        _redirected,
    ),
)
