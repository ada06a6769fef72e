"""Sentences of macros: several acts by one key, all of them or none."""

from collections.abc import Callable, Iterator

from deskbook.engine.decide_assignment import decide_categorise, decide_hand_over
from deskbook.engine.decide_conversation import decide_note
from deskbook.engine.decide_stage import decide_answer_and_move, decide_stage
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.macros import Macro
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal
from deskbook.scenario.named import team_named, titled
from deskbook.scenario.sentences import ACTOR_AGENT, Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story

Act = Callable[[Desk, TicketState], Decision]


def _run(story: Story, said: Said) -> None:
    known = {one.key: one.title for one in story.desk.macros}
    key = titled(said.words["macro"], known, "macro")
    macro = next(one for one in story.desk.macros if one.key == key)
    if not matches(macro.when, facets_of(story.case)):
        raise CannotBe(f"the macro {macro.title!r} is not offered on this case")
    team = said.words.get("team")
    by = story.agent(team_named(story.desk, team) if team else None)
    before, logged = story.ticket, len(story.log)
    for act in _acts(macro, said, by):
        decision = act(story.desk, story.case)
        if isinstance(decision, Refusal):  # none of it is done
            story.ticket = before
            del story.log[logged:]
            story.take(decision, at=said.at, by=by)
            return
        story.take(decision, at=said.at, by=by)


def _acts(macro: Macro, said: Said, by: Actor) -> Iterator[Act]:
    """Yields them in the order in which they are done."""
    if macro.sort:
        yield lambda desk, case: decide_categorise(desk, case, macro.sort, at=said.at, by=by)
    if macro.team:
        yield (
            lambda desk, case: (
                ()
                if case.team == macro.team
                else decide_hand_over(desk, case, macro.team, None, "m", at=said.at, by=by)
            )
        )
    if macro.note:
        yield lambda desk, case: decide_note(desk, case, "m", at=said.at, by=by)
    if macro.answer:
        yield lambda desk, case: decide_answer_and_move(
            desk, case, "m", macro.stage or None, at=said.at, by=by
        )
    elif macro.stage:
        yield lambda desk, case: decide_stage(desk, case, macro.stage, at=said.at, by=by)


STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_AGENT + r" does the macro (?P<macro>.+)",
        "All that the macro does, in its order; nothing of it where the book refuses one act.",
        "an agent does the macro Papers are missing",
        _run,
    ),
)
THEN: tuple[Sentence[Instead], ...] = ()
