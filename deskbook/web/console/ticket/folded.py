"""How a story is laid out: a line where a day begins, and long runs of quiet events folded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


@dataclass(frozen=True, slots=True)
class Thread:
    """What was written to somebody beside the case and what they answered, oldest first."""

    said: Sequence[Item]
    kind: ClassVar[str] = "thread"

    @property
    def at(self) -> datetime | None:
        return self.said[-1].at

    @property
    def seq(self) -> int | str:
        return self.said[0].seq

    @property
    def text(self) -> str:
        last = self.said[-1]
        told = {"whom": last.beside, "n": len(self.said), "last": last.author}
        words = ngettext(
            "Beside the case, with %(whom)s: %(n)s message, by %(last)s",
            "Beside the case, with %(whom)s: %(n)s messages, the last by %(last)s",
            len(self.said),
        )
        return words % told


def in_threads(story: Sequence[Item]) -> Iterable[Item | Thread]:
    """Returns the entries with one Thread for each person who was written to beside the case, where
    the last of it was said.
    """
    asides: dict[str, list[Item]] = {}
    for item in story:
        if item.beside:
            asides.setdefault(item.beside_id, []).append(item)
    return _threaded(story, asides) if asides else story


def _threaded(
    story: Sequence[Item], asides: Mapping[str, Sequence[Item]]
) -> Iterator[Item | Thread]:
    for item in story:
        if not item.beside:
            yield item
        elif asides[item.beside_id][-1] is item:
            yield Thread(asides[item.beside_id])


def laid_out(story: Iterable[Item | Thread]) -> Iterator[Item | Day | Fold | Thread]:
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
        if is_quiet and isinstance(item, Item):
            quiet.append(item)
        else:
            yield item
        today = day
    yield from _run(quiet)


def _is_quiet(item: Item | Thread) -> bool:
    """Whether it is an event that asks nobody to look."""
    if not isinstance(item, Item) or item.kind != "event":
        return False
    return not item.tone and not (item.fate and item.fate.wrong)


def _run(quiet: Sequence[Item]) -> Iterator[Item | Fold]:
    folded = len(quiet) - STILL_SHOWN if len(quiet) >= FOLDED_FROM else 0
    if folded:
        yield Fold(quiet[:folded])
    yield from quiet[folded:]
