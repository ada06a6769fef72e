"""That an act was undone within the seconds somebody has for it."""

from dataclasses import dataclass

from deskbook.engine.ticket import TicketState


@dataclass(frozen=True, slots=True)
class Undone:
    """What somebody did a moment ago counts as not done: nobody was told of it, and everything
    stands as it stood.
    """

    first: int
    """Number of the first entry that counts no more."""
    last: int
    """And of the last."""
    before: TicketState
    """As it stood, with what time alone has done since."""
