"""How much one caller, and all callers together, may hold of this process at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Full(Exception):
    """There is no room for this now; there will be when others have gone."""


@dataclass(eq=False)
class Room:
    """Room for `in_all`, of which one address (client_address.py) has `of_one`. Used from the event
    loop alone.
    """

    in_all: int
    of_one: int
    held: Counter[str] = field(default_factory=Counter)
    total: int = 0

    @contextmanager
    def hold(self, who: str, amount: int = 1) -> Iterator[Callable[[int], None]]:
        """Holds `amount`, and what the function it gives adds, until the context is left. Raises
        Full.
        """
        own = 0

        def more(amount: int) -> None:
            nonlocal own
            if self.total + amount > self.in_all or self.held[who] + amount > self.of_one:
                raise Full
            own += amount
            self.total += amount
            self.held[who] += amount

        try:
            more(amount)
            yield more
        finally:
            self.total -= own
            self.held[who] -= own
            if not self.held[who]:
                del self.held[who]
