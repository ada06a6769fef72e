"""Sentences of the steps and papers a procedure asks for."""

from deskbook.book.words import fold
from deskbook.engine.decide_procedure import (
    decide_receive_paper,
    decide_return_paper,
    decide_tick,
    decide_untick,
)
from deskbook.engine.decide_stage import decide_stage
from deskbook.engine.decision import Decision
from deskbook.engine.procedures import missing_papers, open_steps, papers_of, steps_of
from deskbook.engine.rosters import on_duty
from deskbook.engine.ticket import Actor
from deskbook.refusals.refusal import Refusal
from deskbook.scenario.acting import by_agent, by_contact
from deskbook.scenario.named import titled
from deskbook.scenario.sentences import ACTOR_AGENT, ACTOR_CONTACT, Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story

AGENT = "asha"


def _step_named(story: Story, word: str) -> str:
    return titled(
        word,
        {step.key: step.title for step in steps_of(story.desk, story.case)},
        "step of this case",
    )


def _tick(story: Story, said: Said, by: Actor) -> Decision:
    """Ticking is for who is on shift, when the scenario has a roster of the team."""
    team = story.case.team
    rostered = [shift for shift in story.shifts if shift.team == team]
    on = not rostered or AGENT in on_duty(rostered, team or "", at=said.at)
    step = _step_named(story, said.words["step"])
    return decide_tick(story.desk, story.case, step, on_duty=on, at=said.at, by=by)


def _untick(story: Story, said: Said, by: Actor) -> Decision:
    return decide_untick(
        story.desk, story.case, _step_named(story, said.words["step"]), at=said.at, by=by
    )


def _paper_named(story: Story, word: str) -> str:
    return titled(
        word,
        {paper.key: paper.title for paper in papers_of(story.desk, story.case)},
        "paper of this case",
    )


def _send_paper(story: Story, said: Said, by: Actor) -> Decision:
    paper = _paper_named(story, said.words["paper"])
    return decide_receive_paper(story.desk, story.case, paper, message="m", at=said.at, by=by)


def _return_paper(story: Story, said: Said, by: Actor) -> Decision:
    paper = _paper_named(story, said.words["paper"])
    return decide_return_paper(
        story.desk, story.case, paper, reason=said.text() or None, at=said.at, by=by
    )


def _cannot_be_solved(story: Story, said: Said) -> Instead:
    """Tries the book's first solved stage on the case as it stood then."""
    case = story.as_of(said.at).case
    solved = next((stage for stage in story.desk.stages.values() if stage.solved), None)
    if solved is None:
        raise CannotBe("the book has no stage with “solved: yes”")
    refused = decide_stage(story.desk, case, solved.key, at=said.at, by=story.agent())
    if not isinstance(refused, Refusal):
        return "it can be solved"
    wanted = said.words.get("why") or said.text()
    if wanted and fold(wanted) not in fold(refused.sentence):
        return f"it cannot be solved: {refused.sentence}"
    return None


def _can_be_solved(story: Story, said: Said) -> Instead:
    left = open_steps(story.desk, story.as_of(said.at).case)
    return f"open steps: {', '.join(step.title for step in left)}" if left else None


def _papers(story: Story, said: Said) -> Instead:
    missing = [paper.title for paper in missing_papers(story.desk, story.as_of(said.at).case)]
    wanted = said.words.get("papers", "").split(", ") if said.words.get("papers") else []
    if sorted(map(fold, missing)) == sorted(map(fold, wanted)):
        return None
    return f"missing: {', '.join(missing)}" if missing else "no paper is missing"


STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_AGENT + r" ticks (?P<step>[^:]+)",
        "A step of the case's procedure is done. With a roster in the scenario only by who is on"
        " shift.",
        "an agent ticks Compare with the master data in the platform",
        by_agent(_tick),
    ),
    Sentence(
        ACTOR_AGENT + r" unticks (?P<step>[^:]+)",
        "It was not done after all.",
        "an agent unticks Compare with the master data in the platform",
        by_agent(_untick),
    ),
    Sentence(
        ACTOR_CONTACT + r" sends the paper (?P<paper>[^:]+)",
        "A paper the request needs comes.",
        "the contact sends the paper FORM 3",
        by_contact(_send_paper),
    ),
    Sentence(
        ACTOR_AGENT + r" returns the paper (?P<paper>[^:]+)",
        "It is not what is needed; why comes after the colon.",
        "an agent returns the paper FORM 3: It is not signed",
        by_agent(_return_paper),
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"it cannot be solved(?:: ?(?P<why>.+))?",
        "Solving it would be refused; the words after the colon say why.",
        "it cannot be solved: Tell the district supervisor",
        _cannot_be_solved,
    ),
    Sentence(r"it can be solved", "No mandatory step is open.", "it can be solved", _can_be_solved),
    Sentence(
        r"missing: (?P<papers>.+)",
        "The papers that have not come, all of them.",
        "missing: FORM 3",
        _papers,
    ),
    Sentence(r"no paper is missing", "Everything needed is there.", "no paper is missing", _papers),
)
