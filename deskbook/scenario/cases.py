"""Sentences of a case: opened, written on, asked about, moved, closed, reopened."""

from collections.abc import Callable
from datetime import datetime

from deskbook.book.words import read_zone
from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine.decide_assignment import decide_categorise
from deskbook.engine.decide_conversation import (
    decide_answer,
    decide_ask,
    decide_note,
    decide_requester_message,
)
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.decide_stage import decide_close, decide_stage
from deskbook.engine.decision import Decision
from deskbook.engine.events import Event
from deskbook.engine.quotas import Before
from deskbook.engine.routing import facets_of
from deskbook.engine.ticket import SYSTEM, Actor
from deskbook.scenario.acting import by_agent, by_contact
from deskbook.scenario.moments import read_moment, written
from deskbook.scenario.named import facts, stage_named
from deskbook.scenario.sentences import ACTOR_AGENT, ACTOR_CONTACT, Instead, Said, Sentence
from deskbook.scenario.story import CHITRA, CannotBe, Story


def _open(story: Story, said: Said) -> None:
    if story.ticket is not None:
        raise CannotBe("a scenario tells of one case, and it is open already")
    spoken = {k: v for k, v in said.words.items() if k in ("plan", "channel", "zone")}
    known_facts = {**story.given, **facts(story.desk, {**spoken, **said.keys()})}
    zone, wanted = known_facts.pop("zone", None), known_facts.pop("requested for", None)
    severity = known_facts.pop("severity", None)
    by = story.agent() if "agent" in said.words else CHITRA
    others, plan = _others(story, said.at), known_facts.get("plan")
    case = Case(
        requester="chitra",
        channel=known_facts.pop("channel", (*story.desk.channels, "email")[0]),
        facets=known_facts,
        severity=severity,
        zone=read_zone(zone) if zone else None,
        anonymous="nameless" in said.words,
        before=[one for one in others if one.facets.get("plan") == plan],
        own=[] if "nameless" in said.words else others,
        requested_for_at=read_moment(wanted, said.zone)[0] if wanted else None,
    )
    story.take(decide_open(story.desk, case, at=said.at, by=by), at=said.at, by=by)


def _others(story: Story, at: datetime) -> list[Before]:
    """The other cases of the scenario, where the book limits any: one person opens them all, and
    one organisation those on one plan.
    """
    desk = story.desk
    if not desk.limits and not any(plan.quotas for plan in desk.plans.values()):
        return []
    found = (one.as_of(at).ticket for one in story.others if one is not story)
    return [
        Before(ticket.opened_at, facets_of(ticket), ticket.logged, ticket.closed_at is None)
        for ticket in found
        if ticket is not None and not ticket.merged_into
    ]


def _sort(story: Story, said: Said, by: Actor) -> Decision:
    return decide_categorise(
        story.desk, story.case, facts(story.desk, said.keys()), at=said.at, by=by
    )


def _solve(story: Story, said: Said, by: Actor) -> Decision:
    solved = next((s for s in story.desk.stages.values() if s.solved and s.by_hand), None)
    if solved is None:
        raise CannotBe("no stage of the book is `solved: yes`: close the case instead")
    return decide_stage(story.desk, story.case, solved.key, at=said.at, by=by)


def _acknowledge(story: Story, said: Said) -> None:
    story.case  # noqa: B018  says that no case is open yet
    story.record(happened.Acknowledged(story.case.channel), at=said.at, by=SYSTEM)


def _when(story: Story, said: Said, wanted: Callable[[Event], bool]) -> str:
    found = [written(r.entry.at, said.zone) for r in story.log if wanted(r.entry.event)]
    return ", ".join(found) or "never"


def _reminder(story: Story, said: Said) -> Instead:
    number = int(said.words["n"])
    if any(e.number == number and e.told for e in story.events_at(said.at, ladder.ReminderSent)):
        return None
    sent = _when(
        story, said, lambda e: isinstance(e, ladder.ReminderSent) and e.number == number and e.told
    )
    return f"reminder {number} is sent: {sent}"


def _nothing_sent(story: Story, said: Said) -> Instead:
    told = [
        f"{written(r.at, said.zone)} reminder {r.entry.event.number} is sent"
        for r in story.log
        if isinstance(r.entry.event, ladder.ReminderSent)
        and r.entry.event.told
        and said.since < r.at <= said.at
    ]
    return ", ".join(told) or None


def _closed(story: Story, said: Said) -> Instead:
    if story.events_at(said.at, happened.Closed):
        return None
    return f"the case is closed: {_when(story, said, lambda e: isinstance(e, happened.Closed))}"


def _reopened(story: Story, said: Said) -> Instead:
    if story.events_at(said.at, happened.Reopened):
        return None
    return f"the case is reopened: {_when(story, said, lambda e: isinstance(e, happened.Reopened))}"


def _is_open(story: Story, said: Said) -> Instead:
    now = story.as_of(said.at).case
    return "the case is closed" if story.desk.stages[now.stage].closed else None


def _beyond(story: Story, said: Said) -> Instead:
    lines = story.as_of(said.at).case.beyond
    if bool(lines) is not bool(said.words.get("not")):
        return None
    numbers = ", ".join(map(str, lines))
    return f"the case is beyond the plan, by line {numbers}" if lines else "it is in the plan"


def _stage(story: Story, said: Said) -> Instead:
    wanted = stage_named(story.desk, said.words["stage"])
    now = story.as_of(said.at).case.stage
    return None if now == wanted else f"stage is {now}"


def _refused(story: Story, said: Said) -> Instead:
    refused = [refusal for at, refusal in story.refusals if at == said.at]
    if not refused:
        return "nothing was refused"
    wanted = said.words.get("rule", "").lower()
    if not wanted or any(wanted in (r.rule.lower(), r.sentence.lower()) for r in refused):
        return None
    return "; ".join(f"refused: {r.rule} ({r.sentence})" for r in refused)


_ON_PLAN = r"(?: on plan (?P<plan>.+?))?"
_BY_CHANNEL = r"(?: by (?P<channel>.+))?"
STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_CONTACT
        + _ON_PLAN
        + r"(?: in (?P<zone>[A-Za-z_]+(?:/[A-Za-z_\-]+)+|UTC))? opens a case"
        + _BY_CHANNEL,
        "The case is opened, also `by phone` or another channel; the book's first without it. After"
        " the colon: severity, plan, and any facet of the book.",
        "a contact on plan standard opens a case: { severity: S2 }",
        _open,
    ),
    Sentence(
        r"(?P<agent>an|the) agent opens a case for (?:a|the) contact" + _ON_PLAN + _BY_CHANNEL,
        "An agent logs the case for somebody who called; both are kept.",
        "an agent opens a case for a contact by phone: { severity: S2 }",
        _open,
    ),
    Sentence(
        r"(?P<nameless>somebody) without a name opens a case" + _BY_CHANNEL,
        "The same, of who gives no name.",
        "somebody without a name opens a case by portal: { category: conduct }",
        _open,
    ),
    Sentence(
        ACTOR_CONTACT + r" (?:writes|answers|replies|adds a note|updates the case)",
        "The requester writes on the case, by mail or online.",
        "the contact answers: Here is the log file",
        by_contact(
            lambda s, said, by: decide_requester_message(
                s.desk, s.case, "m", s.case.channel, at=said.at, by=by
            )
        ),
    ),
    Sentence(
        ACTOR_CONTACT + r" closes the case",
        "The requester says that it is done.",
        "the contact closes the case",
        by_contact(lambda s, said, by: decide_close(s.desk, s.case, at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" (?:answers|replies)",
        "A public answer of a person at the desk.",
        "an agent answers: We are looking into it",
        by_agent(lambda s, said, by: decide_answer(s.desk, s.case, "m", at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" asks",
        "A public question: the case waits for the requester.",
        "an agent asks: Please send the log file",
        by_agent(lambda s, said, by: decide_ask(s.desk, s.case, "m", (), at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" (?:notes|adds a note)",
        "An internal note; the requester does not see it.",
        "an agent of eGov notes: Found the cause",
        by_agent(lambda s, said, by: decide_note(s.desk, s.case, "m", at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" moves the case to (?P<stage>[^:]+)",
        "The case changes its stage; what the stage needs comes after the colon.",
        "an agent moves the case to waiting for vendor: { vendor: Jet Reports, reference: J-77 }",
        by_agent(
            lambda s, said, by: decide_stage(
                s.desk,
                s.case,
                stage_named(s.desk, said.words["stage"]),
                stated=[need for need, words in said.keys().items() if words],
                at=said.at,
                by=by,
            )
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" solves the case",
        "It is moved to the first stage of the book with `solved: yes`.",
        "an agent solves the case",
        by_agent(_solve),
    ),
    Sentence(
        ACTOR_AGENT + r" closes the case",
        "An agent closes it, where the book lets them.",
        "an agent closes the case",
        by_agent(lambda s, said, by: decide_close(s.desk, s.case, at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" sorts the case",
        "The facets of the case, after the colon.",
        "an agent sorts the case: { category: technical, concern: iFIX }",
        by_agent(_sort),
    ),
    Sentence(
        r"an automatic acknowledgement is sent",
        "It meets no clock.",
        "an automatic acknowledgement is sent",
        _acknowledge,
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"reminder (?P<n>\d+) is sent",
        "This reminder left at this instant.",
        "reminder 1 is sent",
        _reminder,
    ),
    Sentence(
        r"(?:nothing|no reminder) is sent",
        "No reminder left since the step before.",
        "nothing is sent",
        _nothing_sent,
    ),
    Sentence(
        r"the case is closed", "It was closed at this instant.", "the case is closed", _closed
    ),
    Sentence(
        r"the case is reopened", "It came back at this instant.", "the case is reopened", _reopened
    ),
    Sentence(
        r"the case is (?P<not>not )?beyond (?:the|its) plan",
        "It was taken although its plan does not include it: one more than a limit, or by another"
        " channel. Cases of one scenario on one plan are of one organisation.",
        "the case is beyond the plan",
        _beyond,
    ),
    Sentence(r"the case is (?:still )?open", "It is not closed.", "the case is open", _is_open),
    Sentence(
        r"(?:the )?stage is (?P<stage>.+)", "The stage it is in.", "stage is investigation", _stage
    ),
    Sentence(
        r"(?:it is )?refused(?:: ?(?P<rule>.+))?",
        "The step of this instant was refused, by this rule; `refused` alone, by any. What is"
        " refused and not expected is shown with the name of its rule.",
        "refused: stage moves",
        _refused,
    ),
)
