"""What every bridge to another system has in common. Bridges do not know each other, nor the
channels.

Out: `jobs/mirroring.py` shows each bridge the entries of a log; a bridge keeps what it has to do as
rows of its own and does it when it can. In: a bridge keeps what it is told, then acts on the ticket
as the system, by the book.
"""

from deskbook.engine.ticket import Actor


def actor_of(system: str) -> Actor:
    """Returns who acts when another system did something: the rules, through it. The people there
    stand as text.
    """
    return Actor("system", system)
