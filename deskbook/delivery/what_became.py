"""What became of a message, by whatever way it went."""

from dataclasses import dataclass
from datetime import datetime

from deskbook.delivery.states import LEAVES_BY_ITSELF, REACHED, State


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
    """The channel's word; empty where there was none."""
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
    lacks: frozenset[str] = frozenset()
    """What of it did not go this way: "words", "files"; "words later", "files later" go when the
    person writes again.
    """


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
    order = (REACHED, LEAVES_BY_ITSELF, {State.HELD})
    return next((len(order) - n for n, states in enumerate(order) if delivery.state in states), 0)
