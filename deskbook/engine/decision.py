"""What a decider returns: events, or a refusal that names the rule."""

from deskbook.engine.desk import Desk, Stage
from deskbook.engine.events import Event
from deskbook.engine.ticket import TicketState
from deskbook.refusals.refusal import Refusal, Word

Decision = tuple[Event, ...] | Refusal


WHEN_CLOSED = frozenset({"note", "reopen", "link", "tag", "hold", "merge", "unmerge"})
"""What is done to a closed case."""


def hindrance(desk: Desk, ticket: TicketState, command: str) -> Refusal | None:
    """Returns why `command` may not be given to this ticket now, or None.

    Every ticket refuses everything but unmerging and a legal hold while it is merged; a closed one
    takes only notes, links, tags, a legal hold and reopening; a stage refuses what its book line
    lists.
    """
    stage = desk.stages[ticket.stage]
    if ticket.merged_into and command not in ("unmerge", "hold"):
        return Refusal("merged", into=ticket.merged_into)
    if stage.closed and command not in WHEN_CLOSED:
        return Refusal("closed", stage=stage.title)
    if command in stage.refuses:
        return Refusal("stage refuses", stage=stage.title, act=Word(f"to {command}"))
    return None


def moved(stage: Stage | None, ticket: TicketState) -> bool:
    """Whether the book names a stage to move to that is not the present one."""
    return stage is not None and stage.key != ticket.stage
