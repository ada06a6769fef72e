"""What stands fixed beside a ticket, around the acts on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deskbook.engine.quotas import of_plan_and_of_person
from deskbook.people.moments import written
from deskbook.tickets.stages import stated_for
from deskbook.web.acts.act import Act
from deskbook.web.acts.registry import panel
from deskbook.web.acts.subject import Subject
from deskbook.web.told import channel_title, need_title


@dataclass(frozen=True, slots=True)
class Fact:
    key: str
    called: str
    value: str
    template: ClassVar[str] = ""
    is_open: ClassVar[bool] = False
    in_sight: ClassVar[bool] = False
    refusal: ClassVar[str] = ""

    def stands(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Panel:
    """The side panel: what is set, each with how it stands, and what can be done besides."""

    stands: Sequence[tuple[Fact | Act, str]]
    more: Sequence[Act]


def folded_away(beside: Iterable[Fact | Act]) -> Panel:
    """Divides what stands beside a ticket. What is not set and cannot be is left out."""
    stands: list[tuple[Fact | Act, str]] = []
    more: list[Act] = []
    for one in beside:
        value = str(one.stands())
        if value or one.is_open or one.in_sight:
            stands.append((one, value))
        elif isinstance(one, Act):
            more.append(one)
    return Panel(stands, more)


def facts(of: Subject, again: Act | None = None) -> list[Fact | Act]:
    """Returns the side panel; `again` is an act that was refused, as it was typed."""
    return [*_first(of), *panel(of, again), *_last(of)]


def _first(of: Subject) -> Iterator[Fact]:
    """Where a merged case goes on; what was stated when a case was put where it waits."""
    if of.is_merged:
        yield Fact("merged", _("Merged into"), of.state.merged_into or "")
    needs = of.desk.stages[of.state.stage].needs
    if needs and of.goes_on:
        stated = stated_for(of.ticket, of.desk.stages[of.state.stage])
        for n, need in enumerate(needs):
            yield Fact(f"needs-{n}", need_title(of.desk, need), stated.get(need, ""))


def _last(of: Subject) -> Iterator[Fact]:
    if of.state.anonymous:
        yield Fact("nameless", _("Requester"), _("gives no name"))
    of_plan, of_person = of_plan_and_of_person(of.desk, of.state.beyond)
    if of_plan:
        yield Fact("beyond", _("Beyond the plan"), _by_lines(of_plan))
    if of_person:
        yield Fact("beyond-person", _("Beyond what one person may open"), _by_lines(of_person))
    yield Fact("channel", _("Channel"), channel_title(of.ticket.channel, of.desk))
    yield Fact("opened", _("Opened"), written(of.ticket.opened_at))
    version = _("version %(number)s") % {"number": of.ticket.book_version}
    yield Fact("book", pgettext("of a desk", "Book"), version)


def _by_lines(numbers: Iterable[int]) -> str:
    return _("by line %(line)s of the book") % {"line": ", ".join(map(str, numbers))}
