"""An open ticket follows a new version of its desk's book, or cannot."""

from datetime import datetime

from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.freeze import held_anew
from deskbook.engine.renaming import Renaming, renamed
from deskbook.engine.routing import facets_of
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal

AS_IT_IS = Renaming()


def decide_carry_over(
    desk: Desk, ticket: TicketState, renaming: Renaming = AS_IT_IS, *, at: datetime, by: Actor
) -> Decision:
    """Returns the move to the desk's version of the book, with what is called otherwise there; a
    held case is held until the day that one says, or let go.

    Refused when it lacks a stage the ticket is in, or was in: nobody could say what its clocks did
    meanwhile.
    """
    if ticket.book_version == desk.version:
        return ()
    moved = renaming.of(ticket, desk.version)
    ticket = renamed(ticket, moved)
    gone = missing_stage(desk, ticket)
    if gone == ticket.stage:
        return Refusal("carry over", stage=gone)
    if gone:
        return Refusal("carry over: closed", stage=gone)
    held = held_anew(desk, ticket, facets_of(ticket), at=at) if ticket.held_by else ()
    return (moved, *held)


def missing_stage(desk: Desk, ticket: TicketState) -> str | None:
    """Returns the latest stage of the ticket's life that the desk's book does not have, None if it
    has them all.
    """
    return next(
        (stay.stage for stay in reversed(ticket.stays) if stay.stage not in desk.stages), None
    )
