"""Which lines of a book hold for a letter on a case, and what they have it say."""

from datetime import datetime

from deskbook.engine.clocks import readings
from deskbook.engine.desk import Desk
from deskbook.engine.letter_parts import CLOCK_OF, Fact, LetterLine
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.ticket import TicketState


def lines_for(desk: Desk, ticket: TicketState, letter: str) -> tuple[LetterLine, ...]:
    """Returns the lines that hold for a letter on a case as it is now, in the book's order."""
    facets = facets_of(ticket)
    return tuple(
        line
        for line in desk.letters
        if letter in line.letters
        and (not line.stages or ticket.stage in line.stages)
        and matches(line.when, facets)
    )


def facts_for(desk: Desk, ticket: TicketState, letter: str) -> tuple[Fact, ...]:
    """Returns what such a letter says, each fact once, in the book's order."""
    return tuple(dict.fromkeys(f for line in lines_for(desk, ticket, letter) for f in line.says))


def due_for(desk: Desk, ticket: TicketState, fact: Fact) -> datetime | None:
    """Returns the instant a letter names for `answer by` or `solved by`; None while none is
    known.
    """
    dated = (one for one in readings(desk, ticket) if one.running and one.due_at)
    return next((one.due_at for one in dated if one.kind == CLOCK_OF[fact]), None)
