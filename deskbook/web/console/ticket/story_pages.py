"""Pages of a ticket's story: where each ends, and what it takes."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from deskbook.tickets.thread import NEWEST

_BEFORE = re.compile(r"([0-9]{1,19})\.([0-9]{1,19})")


@dataclass(frozen=True, slots=True)
class Before:
    """Where a page of a story ends: what came before this entry, and before this message of a
    merged-in ticket.
    """

    seq: int = NEWEST
    absorbed: int = NEWEST

    def __str__(self) -> str:
        return f"{self.seq}.{self.absorbed}"


def before_in(asked: str) -> Before | None:
    """Reads what an address asks for; None where it asks for the newest."""
    found = _BEFORE.fullmatch(asked)
    return Before(min(int(found[1]), NEWEST), min(int(found[2]), NEWEST)) if found else None


class _Entry(Protocol):
    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...


class _Words(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def at(self) -> datetime: ...


D = TypeVar("D", bound=_Entry)
S = TypeVar("S", bound=_Words)


def page_of(
    rows: list[D], absorbed: list[S], end: Before, most: int
) -> tuple[list[D], list[S], Before | None]:
    """Takes the newest of both, each in its own order, and returns where the page before begins:
    None, nowhere.
    """
    taken_rows: list[D] = []
    taken_said: list[S] = []
    while (rows or absorbed) and len(taken_rows) + len(taken_said) < most:
        if absorbed and (not rows or absorbed[-1].at > rows[-1].at):
            taken_said.append(absorbed.pop())
        else:
            taken_rows.append(rows.pop())
    seq = taken_rows[-1].seq if taken_rows else end.seq
    earlier = Before(seq, taken_said[-1].id if taken_said else end.absorbed)
    return taken_rows[::-1], taken_said[::-1], earlier if rows or absorbed else None
