"""Steps and papers: what is done for a case of one sort, and what it needs."""

from collections.abc import Mapping

from deskbook.engine.desk import Desk
from deskbook.engine.procedure_parts import Paper, Procedure, Step
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.ticket import TicketState


def procedures_for(desk: Desk, facets: Mapping[str, str]) -> tuple[Procedure, ...]:
    """Returns the procedures a case follows, in the book's order."""
    return tuple(procedure for procedure in desk.procedures if matches(procedure.when, facets))


def steps_of(desk: Desk, ticket: TicketState) -> tuple[Step, ...]:
    return tuple(
        step for procedure in procedures_for(desk, facets_of(ticket)) for step in procedure.steps
    )


def papers_of(desk: Desk, ticket: TicketState) -> tuple[Paper, ...]:
    return tuple(
        paper for procedure in procedures_for(desk, facets_of(ticket)) for paper in procedure.papers
    )


def paper_title(desk: Desk, key: str) -> str:
    """Returns what a paper is called; its key where the book names it no more."""
    papers = (paper for procedure in desk.procedures for paper in procedure.papers)
    return next((paper.title for paper in papers if paper.key == key), key)


def open_steps(desk: Desk, ticket: TicketState) -> tuple[Step, ...]:
    """Returns the mandatory steps that are not done: with one of them a ticket cannot be solved."""
    return tuple(
        step
        for step in steps_of(desk, ticket)
        if step.mandatory and step.key not in ticket.done_steps
    )


def missing_papers(desk: Desk, ticket: TicketState) -> tuple[Paper, ...]:
    return tuple(paper for paper in papers_of(desk, ticket) if paper.key not in ticket.papers)
