"""What may become of what leaves and of what came: one vocabulary for all channels, whatever each
of them calls it.

The values are those that tables have held since the first of them: what was settled long ago is
never rewritten.
"""

from django.db.models import TextChoices


class State(TextChoices):
    """Of what leaves."""

    WAITING = "queued"
    """It leaves by itself: queued, or put off, and then `reason` says for what."""
    IN_HAND = "sending"
    """A worker has it. What stays so was left by a worker that died: perhaps it left, and the
    channel finds out.
    """
    HANDED_OVER = "sent"
    """A server, gateway or service has taken it."""
    DELIVERED = "delivered"
    """The channel says that it arrived."""
    READ = "read"
    HELD = "held"
    """A person decides whether it leaves."""
    BOUNCED = "bounced"
    """Refused by who it is to, or it came back."""
    NO_WAY = "no way"
    """Nothing is known that reaches the person."""
    GIVEN_UP = "failed"
    """It was tried for as long as there is use, or cannot leave at all."""
    DROPPED = "dropped"
    """It shall not leave: `dropped_by` decided so, or it is not waited for any more."""


LEAVES_BY_ITSELF = (State.WAITING, State.IN_HAND)
REACHED = frozenset({State.HANDED_OVER, State.DELIVERED, State.READ})
LEFT_OVER = (State.HELD, State.BOUNCED, State.GIVEN_UP)
"""What a person may send again, or drop."""


class Taken(TextChoices):
    """Of what came."""

    NEW = "new"
    DONE = "done"
    IGNORED = "ignored"
    """Understood, and rightly nothing for the desk; `reason` says why."""
    HELD = "held"
    """Not understood, or refused by the book: a person tries it again, makes a case of it or drops
    it.
    """
    DROPPED = "dropped"
    """`dropped_by` decided that it becomes nothing."""
