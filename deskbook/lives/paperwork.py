"""Steps ticked and papers taken in, asked for and sent back in a made-up life."""

from datetime import datetime

from deskbook.engine.decide_conversation import decide_ask
from deskbook.engine.decide_procedure import decide_receive_paper, decide_return_paper, decide_tick
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.procedure_parts import Paper
from deskbook.engine.procedures import missing_papers, procedures_for, steps_of
from deskbook.engine.ticket import Actor, TicketState
from deskbook.lives.course import Course, Sheet, act, say
from deskbook.lives.sheets import made
from deskbook.lives.sitting import greeted, soon, spoken


def tick(course: Course, at: datetime, by: Actor, *, whole: bool = False) -> None:
    """Ticks the next step of the book's procedure, or every mandatory one before the case is
    solved.
    """
    on = course.scene.population.is_on(by.id, course.state.team, at)
    todo = [
        step
        for step in steps_of(course.desk, course.state)
        if step.key not in course.state.done_steps
    ]
    wanted = [s for s in todo if s.mandatory or course.rng.random() < 0.5] if whole else todo[:1]
    for step in wanted:
        key, ticked_at = step.key, soon(course, at)

        def ticked(desk: Desk, state: TicketState, key: str = key) -> Decision:
            return decide_tick(desk, state, key, on_duty=on, at=at, by=by)

        act(course, ticked, at=ticked_at, by=by)


def enclosed(course: Course, *, share: float) -> tuple[Sheet, ...]:
    """Returns the papers the requester sends of those the case will need: all, or none and the desk
    has to ask.
    """
    wanted = {**course.state.facets, **course.requester.facets, **course.trouble.facets}
    papers = [
        paper for procedure in procedures_for(course.desk, wanted) for paper in procedure.papers
    ]
    needed = [paper for paper in papers if paper.key not in course.state.papers]
    return tuple(made(paper, course.rng) for paper in needed) if course.rng.random() < share else ()


def look_through(course: Course, at: datetime, by: Actor) -> bool:
    """Takes in what has come, sends back what is not needed so, asks for what is missing; returns
    whether it asked.
    """
    missing = missing_papers(course.desk, course.state)
    if not missing or course.state.answers > 4:
        return False
    for paper in missing:
        _take_in(course, paper, soon(course, at), by)
    still = missing_papers(course.desk, course.state)
    return (
        bool(still) and course.rng.random() < 0.85 and _ask_for(course, still, soon(course, at), by)
    )


def _take_in(course: Course, paper: Paper, at: datetime, by: Actor) -> None:
    came = [
        (str(place), str(number), sheet)
        for number, (place, sheet) in enumerate(_files(course), start=1)
        if sheet.paper == paper.key
    ]
    if not came:
        return
    message, file, sheet = came[-1]
    if file in course.looked_at:
        return
    course.looked_at.add(file)
    act(
        course,
        lambda d, s: decide_receive_paper(
            d, s, paper.key, message=message, file=file, at=at, by=by
        ),
        at=at,
        by=by,
    )
    if sheet.wrong:
        _send_back(course, paper, sheet.wrong, soon(course, at), by)


def _send_back(course: Course, paper: Paper, why: str, at: datetime, by: Actor) -> None:
    say(
        course,
        "reason",
        why,
        lambda reason: (
            lambda d, s: decide_return_paper(d, s, paper.key, reason=reason, at=at, by=by)
        ),
        at=at,
        by=by,
    )


def _ask_for(course: Course, papers: tuple[Paper, ...], at: datetime, by: Actor) -> bool:
    lines = "\n".join(
        f"– {paper.title}" + (f": {paper.hint}" if paper.hint else "") for paper in papers
    )
    text = greeted(
        course, spoken(course, course.scene.phrases.asking_for_papers).format(papers=lines)
    )
    awaited = tuple(paper.key for paper in papers)
    return say(
        course,
        "answer",
        text,
        lambda message: lambda d, s: decide_ask(d, s, message, awaited, at=at, by=by),
        at=at,
        by=by,
    )


def _files(course: Course) -> list[tuple[int, Sheet]]:
    return [
        (place, sheet) for place, said in enumerate(course.said, start=1) for sheet in said.files
    ]
