"""What is to happen in virtual time, the next thing first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

Happens: TypeAlias = Callable[[datetime], None]
DONE, LEAVES, COMES, ARRIVES, WRITES, GIVES_UP, WAKES = range(7)
"""What happens first at one instant: work is done before its person goes home, people act before
what is due by then.
"""


@dataclass(slots=True)
class Agenda:
    """What is planned, of which nothing from `until_at` on happens."""

    until_at: datetime
    planned: list[tuple[datetime, int, int, Happens]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)

    def plan(self, at: datetime, kind: int, happens: Happens) -> None:
        heappush(self.planned, (at, kind, next(self.order), happens))

    def live(self) -> None:
        """Lets everything happen, also what is planned meanwhile."""
        while self.planned and self.planned[0][0] < self.until_at:
            at, _, _, happens = heappop(self.planned)
            happens(at)
