"""What every bridge to another system has in common. Bridges do not know each other, nor the
channels.

Out: `jobs/mirroring.py` shows each bridge the entries of a log; a bridge keeps what it has to do as
rows of its own and does it when it can. In: a bridge keeps what it is told, then acts on the ticket
as the system, by the book.
"""

from datetime import datetime
from typing import Protocol

from deskbook.engine.ticket import Actor


class Bridge(Protocol):
    """A module of this shape is a bridge."""

    def mirrors(self, ticket_id: int) -> bool:
        """Whether anything of this ticket may have to go there: asked for every act, so one cheap
        question.
        """
        ...

    def mirror(self, entry_id: int, *, at: datetime) -> None:
        """Keeps what follows from an entry, once however often it is asked."""
        ...


def actor_of(system: str) -> Actor:
    """Returns who acts when another system did something: the rules, through it. The people there
    stand as text.
    """
    return Actor("system", system)
