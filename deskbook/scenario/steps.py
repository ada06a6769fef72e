"""What may happen in a scenario: each sentence and the engine's decider behind it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from deskbook.book.findings import nearest
from deskbook.book.words import fold, read_zone
from deskbook.engine import events as happened
from deskbook.engine.decide_assignment import (
    decide_assign,
    decide_categorise,
    decide_hand_over,
    decide_route,
    decide_take,
)
from deskbook.engine.decide_conversation import (
    decide_answer,
    decide_ask,
    decide_note,
    decide_requester_message,
)
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.decide_promise import (
    decide_agree_update,
    decide_keep_promise,
    decide_promise,
    decide_withdraw_promise,
)
from deskbook.engine.decide_severity import decide_claim, decide_verify
from deskbook.engine.decide_stage import decide_close, decide_stage
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import SYSTEM, Actor
from deskbook.scenario.level_steps import LEVEL_STEPS, team_named
from deskbook.scenario.moments import read_moment
from deskbook.scenario.sentences import ACTOR_AGENT, ACTOR_CONTACT, Said, Sentence
from deskbook.scenario.story import CHITRA, CannotBe, Story
from deskbook.scenario.visit_sentences import VISIT_STEPS

CASE_WORDS = ("zone", "requested for")


def known(word: str, names: Mapping[str, object], noun: str) -> str:
    """Returns the name as the engine keeps it. Refuses (CannotBe) one the book does not have."""
    if fold(word) in names:
        return fold(word)
    raise CannotBe(f"{word!r} is no {noun} of the book: {nearest(word, names)}")


def facts(desk: Desk, said: Mapping[str, object]) -> dict[str, str]:
    """Returns what a case is sorted by, each key and value one of the book's."""
    values: dict[str, Mapping[str, object]] = {
        key: facet.values for key, facet in desk.facets.items()
    }
    values |= {"severity": desk.severities, "priority": desk.severities, "plan": desk.plans}
    values["channel"] = dict.fromkeys(desk.channels)
    found: dict[str, str] = {}
    for key, value in said.items():
        if fold(key) in CASE_WORDS:
            found[fold(key)] = str(value)
            continue
        if fold(key) not in values:
            raise CannotBe(
                f"{key!r} is no facet of the book: {nearest(key, (*values, *CASE_WORDS))}"
            )
        canonical = "severity" if fold(key) == "priority" else fold(key)
        found[canonical] = known(str(value), values[fold(key)], key)
    return found


def _open(story: Story, said: Said) -> None:
    if story.ticket is not None:
        raise CannotBe("a scenario tells of one case, and it is open already")
    spoken = {k: v for k, v in said.words.items() if k in ("plan", "channel", "zone")}
    known_facts = {**story.given, **facts(story.desk, {**spoken, **said.keys()})}
    zone, wanted = known_facts.pop("zone", None), known_facts.pop("requested for", None)
    severity = known_facts.pop("severity", None)
    by = story.agent() if "agent" in said.words else CHITRA
    case = Case(
        requester="chitra",
        channel=known_facts.pop("channel", (*story.desk.channels, "email")[0]),
        facets=known_facts,
        severity=severity,
        zone=read_zone(zone) if zone else None,
        requested_for_at=read_moment(wanted, said.zone)[0] if wanted else None,
    )
    story.take(decide_open(story.desk, case, at=said.at, by=by), at=said.at, by=by)


Decider = Callable[[Story, Said, Actor], Decision]
Step = Callable[[Story, Said], None]


def _by_agent(decide: Decider) -> Step:
    """An agent does it: of the team named in the sentence, else of the team that has the case."""

    def step(story: Story, said: Said) -> None:
        team = said.words.get("team")
        by = story.agent(team_named(story.desk, team) if team else None)
        story.take(decide(story, said, by), at=said.at, by=by)

    return step


def _by_contact(decide: Decider) -> Step:
    def step(story: Story, said: Said) -> None:
        story.take(decide(story, said, CHITRA), at=said.at, by=CHITRA)

    return step


def _level(story: Story, said: Said) -> str:
    return known(said.words["severity"], story.desk.severities, story.desk.severity_word)


def stage_named(desk: Desk, word: str) -> str:
    """Returns a stage by its key or by what people see."""
    titles = {fold(stage.title): key for key, stage in desk.stages.items()}
    return titles.get(fold(word)) or known(word, desk.stages, "stage")


def _until(said: Said) -> datetime:
    return read_moment(said.words["until"], said.zone)[0]


def _promise(story: Story, said: Said, by: Actor) -> Decision:
    story.promises += 1
    return decide_promise(
        story.desk, story.case, str(story.promises), _until(said), at=said.at, by=by
    )


def _sort(story: Story, said: Said, by: Actor) -> Decision:
    return decide_categorise(
        story.desk, story.case, facts(story.desk, said.keys()), at=said.at, by=by
    )


def _hand_over(story: Story, said: Said, by: Actor) -> Decision:
    to = team_named(story.desk, said.words["to"])
    return decide_hand_over(story.desk, story.case, to, at=said.at, by=by)


def _server_down(story: Story, said: Said) -> None:
    story.down_until = _until(said)


def _acknowledge(story: Story, said: Said) -> None:
    story.case  # noqa: B018  says that no case is open yet
    story.record(happened.Acknowledged(story.case.channel), at=said.at, by=SYSTEM)


_ON_PLAN = r"(?: on plan (?P<plan>.+?))?"
_BY_CHANNEL = r"(?: by (?P<channel>.+))?"
_WHEN = r"(?P<until>MOMENT)"
STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_CONTACT
        + _ON_PLAN
        + r"(?: in (?P<zone>[A-Za-z_]+(?:/[A-Za-z_\-]+)+|UTC))? opens a case"
        + _BY_CHANNEL,
        "The case is opened. After the colon: severity, plan, and any facet of the book.",
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
        ACTOR_CONTACT + r" (?:writes|answers|replies|adds a note|updates the case)",
        "The requester writes on the case, by mail or online.",
        "the contact answers: Here is the log file",
        _by_contact(
            lambda s, said, by: decide_requester_message(
                s.desk, s.case, "m", s.case.channel, at=said.at, by=by
            )
        ),
    ),
    Sentence(
        ACTOR_CONTACT + r" closes the case",
        "The requester says that it is done.",
        "the contact closes the case",
        _by_contact(lambda s, said, by: decide_close(s.desk, s.case, at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_CONTACT + r" claims (?P<severity>.+)",
        "The requester changes the severity they chose.",
        "the contact claims S1",
        _by_contact(
            lambda s, said, by: decide_claim(s.desk, s.case, _level(s, said), at=said.at, by=by)
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" (?:answers|replies)",
        "A public answer of a person at the desk.",
        "an agent answers: We are looking into it",
        _by_agent(lambda s, said, by: decide_answer(s.desk, s.case, "m", at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" asks",
        "A public question: the case waits for the requester.",
        "an agent asks: Please send the log file",
        _by_agent(lambda s, said, by: decide_ask(s.desk, s.case, "m", (), at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" (?:notes|adds a note)",
        "An internal note; the requester does not see it.",
        "an agent of eGov notes: Found the cause",
        _by_agent(lambda s, said, by: decide_note(s.desk, s.case, "m", at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" takes the case",
        "The agent becomes its owner.",
        "an agent takes the case",
        _by_agent(lambda s, said, by: decide_take(s.desk, s.case, at=said.at, by=by)),
    ),
    Sentence(
        r"the case is assigned to (?P<owner>[^:]+)",
        "Somebody becomes its owner.",
        "the case is assigned to Bala",
        _by_agent(
            lambda s, said, by: decide_assign(
                s.desk, s.case, fold(said.words["owner"]), at=said.at, by=by
            )
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" verifies (?P<severity>[^:]+)",
        "The desk verifies the severity; a change needs its reason after the colon.",
        "an agent verifies S3: There is a workaround",
        _by_agent(
            lambda s, said, by: decide_verify(
                s.desk, s.case, _level(s, said), reason=said.text() or None, at=said.at, by=by
            )
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" moves the case to (?P<stage>[^:]+)",
        "The case changes its stage; what the stage needs comes after the colon.",
        "an agent moves the case to waiting for vendor: { vendor: Jet Reports, reference: J-77 }",
        _by_agent(
            lambda s, said, by: decide_stage(
                s.desk,
                s.case,
                stage_named(s.desk, said.words["stage"]),
                stated=said.keys(),
                at=said.at,
                by=by,
            )
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" closes the case",
        "An agent closes it, where the book lets them.",
        "an agent closes the case",
        _by_agent(lambda s, said, by: decide_close(s.desk, s.case, at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" sorts the case",
        "The facets of the case, after the colon.",
        "an agent sorts the case: { category: technical, concern: iFIX }",
        _by_agent(_sort),
    ),
    Sentence(
        r"(?:the case is routed|(?:an|the) agent routes the case)",
        "The book's rules send it to a team.",
        "the case is routed",
        _by_agent(lambda s, said, by: decide_route(s.desk, s.case, at=said.at, by=by)),
    ),
    Sentence(
        ACTOR_AGENT + r" hands the case over to (?P<to>[^:]+)",
        "It goes to another team, or back to one.",
        "an agent hands the case over to eGov",
        _by_agent(_hand_over),
    ),
    Sentence(
        ACTOR_AGENT + r" promises for " + _WHEN,
        "A promise with its own clock; its text comes after the colon.",
        "an agent promises for Thu 2026-03-05 15:00: I will call you",
        _by_agent(_promise),
    ),
    Sentence(
        ACTOR_AGENT + r" keeps the promise",
        "The latest promise is kept.",
        "an agent keeps the promise",
        _by_agent(
            lambda s, said, by: decide_keep_promise(
                s.desk, s.case, str(s.promises), at=said.at, by=by
            )
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" withdraws the promise",
        "The latest promise is taken back.",
        "an agent withdraws the promise: The part has not come",
        _by_agent(
            lambda s, said, by: decide_withdraw_promise(
                s.desk, s.case, str(s.promises), at=said.at, by=by
            )
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" agrees the next update for " + _WHEN,
        "Dates the next update, where the book says “as agreed”.",
        "an agent agrees the next update for Thu 2026-03-05 15:00",
        _by_agent(
            lambda s, said, by: decide_agree_update(s.desk, s.case, _until(said), at=said.at, by=by)
        ),
    ),
    Sentence(
        r"an automatic acknowledgement is sent",
        "It meets no clock.",
        "an automatic acknowledgement is sent",
        _acknowledge,
    ),
    Sentence(
        r"the server is down until " + _WHEN,
        "Nothing is noticed until then.",
        "the server is down until Mon 2026-03-09 09:00",
        _server_down,
    ),
    *LEVEL_STEPS,
    *VISIT_STEPS,
)
