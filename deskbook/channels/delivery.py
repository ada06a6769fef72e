"""What became of a message: one vocabulary for all channels, whatever each of them calls it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    WAITING = "waiting"
    """It leaves by itself: queued, or put off, and then `why` says for what."""
    HANDED_OVER = "handed over"
    """A server, gateway or service has taken it."""
    DELIVERED = "delivered"
    """The channel says that it arrived."""
    READ = "read"
    HELD = "held"
    """A person decides whether it leaves."""
    BOUNCED = "bounced"
    """Refused, or it came back."""
    NO_WAY = "no way"
    """Nothing is known that reaches the person."""
    GIVEN_UP = "given up"
    DROPPED = "dropped"
    """It shall not leave."""


REACHED = frozenset({State.HANDED_OVER, State.DELIVERED, State.READ})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on one way to one person."""

    seq: int
    """Of the entry it follows from."""
    person: str
    """The same for all that is meant for one person: other ways may be taken for them."""
    to: str
    """Address, number or name."""
    way: str
    """"email", "sms", "whatsapp"; empty where there was none."""
    purpose: str
    state: State
    at: datetime
    """Since when it is so, as far as the channel tells."""
    why: str = ""
    next_at: datetime | None = None
    """When it tries again, where that is known."""
    waits_for_them: bool = False
    """It leaves when the person writes again: nothing else opens the way."""
    to_desk: bool = False
    """To somebody who works at the desk."""
    id: int = 0
    """Of the channel's row."""


def outcomes(deliveries: list[Delivery]) -> list[Delivery]:
    """Returns for each person the delivery that counts: one that reached them, else one that still
    may, else the last.

    `deliveries` are of one entry, in the order in which the ways were taken.
    """
    by_person: dict[str, Delivery] = {}
    for delivery in deliveries:
        before = by_person.get(f"{delivery.person} {delivery.purpose}")
        if before is None or _hope(delivery) >= _hope(before):
            by_person[f"{delivery.person} {delivery.purpose}"] = delivery
    return list(by_person.values())


def _hope(delivery: Delivery) -> int:
    order = (REACHED, {State.WAITING}, {State.HELD})
    return next((len(order) - n for n, states in enumerate(order) if delivery.state in states), 0)
