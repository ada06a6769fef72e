"""How a story is laid out: a line where a day begins, and long runs of quiet events folded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from deskbook.web.console.ticket.timeline import Item
from deskbook.web.times import days

FOLDED_FROM = 5
"""Quiet events in a row, of one day, before any of them is folded away."""
STILL_SHOWN = 2
"""Of these the newest stay in sight: what was done last is what one looks for."""


@dataclass(frozen=True, slots=True)
class Day:
    """Where another day begins."""

    text: str
    kind: ClassVar[str] = "day"


@dataclass(frozen=True, slots=True)
class Fold:
    """Quiet events in a row, oldest first."""

    items: Sequence[Item]
    kind: ClassVar[str] = "fold"

    @property
    def seq(self) -> int | str:
        return self.items[0].seq

    @property
    def text(self) -> str:
        told = {"first": self.items[0].text, "n": len(self.items) - 1}
        return _("%(first)s and %(n)s more") % told


def laid_out(story: Iterable[Item]) -> Iterator[Item | Day | Fold]:
    """Yields the entries in their order, with a Day before the first of each day and a Fold in
    place of quiet events; nothing is left out.
    """
    day_of, today, quiet = days(), "", list[Item]()
    for item in story:
        day = day_of(item.at) if item.at else today
        is_quiet = _is_quiet(item)
        if quiet and (day != today or not is_quiet):
            yield from _run(quiet)
            quiet = []
        if day != today:
            yield Day(day)
        if is_quiet:
            quiet.append(item)
        else:
            yield item
        today = day
    yield from _run(quiet)


def _is_quiet(item: Item) -> bool:
    """Whether it is an event that asks nobody to look."""
    return item.kind == "event" and not item.tone and not (item.fate and item.fate.wrong)


def _run(quiet: Sequence[Item]) -> Iterator[Item | Fold]:
    folded = len(quiet) - STILL_SHOWN if len(quiet) >= FOLDED_FROM else 0
    if folded:
        yield Fold(quiet[:folded])
    yield from quiet[folded:]
