"""What stands in a list of the inbox: beside a ticket it is the same one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.words import Words
from deskbook.tickets.queues import Listed, in_use
from deskbook.tickets.sections import FOLDED, SECTIONS
from deskbook.web.acts.registry import ACTS
from deskbook.web.console.shared.frame import Frame, Queue
from deskbook.web.console.shared.rows import Row, rows_of
from deskbook.web.console.shared.trail import page, tickets_of
from deskbook.web.told import facet_title, severity_word, with_those_in_use

DETAIL_ALONE = "X-Detail"
"""Says that a page shows the list, and asks for what stands beside it."""


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    label: str
    options: tuple[tuple[str, Words], ...]
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one section of a list, under its heading."""

    key: str
    title: str
    rows: list[Row]
    folded: bool
    count: str = ""
    """How many it holds; "50+" where it goes on behind the page, nothing where it began before."""


def listing(agent: Agent, trail: dict[str, str]) -> dict[str, Any]:
    """Returns one page of a queue as `_list.html` shows it, the most urgent ticket first, and the
    frame around it, for which one question is asked.
    """
    filters = _filters(desk_in_force(agent.desk), trail, in_use(agent.desk))
    after = trail.get("after", "")
    found, older, frame = page(agent, tickets_of(agent, trail), after, current=trail["queue"])
    sections = _sections(found, rows_of(found, trail), goes_on=bool(older), inside=bool(after))
    return {
        "frame": frame,
        "queue": _described(frame),
        "sections": sections,
        "filters": filters,
        "tag": trail.get("tag", ""),
        "filtered": bool(trail.get("tag")) or any(f.value for f in filters),
        "older": older,
        "paged": bool(after),
        "keys_on_many": keys_on_many(),
    }


@cache
def keys_on_many() -> str:
    """Returns the keys of the acts that may be done on several tickets; x chooses one more."""
    keys = [act.shortcut for act in ACTS.values() if act.on_many]
    return "".join(key for key in keys if key != "x")


def side_by_side(request: HttpRequest) -> bool:
    """Whether the viewer has chosen to see the list and its ticket at once, where both fit."""
    return request.COOKIES.get("side-by-side") == "yes"


def listing_beside(request: HttpRequest, agent: Agent, trail: dict[str, str]) -> dict[str, Any]:
    """Returns the list a ticket was opened from, where it is to stand beside it: by choice, and not
    once more for a page that shows it.
    """
    if not side_by_side(request) or not trail.get("queue"):
        return {}
    shown_there = DETAIL_ALONE in request.headers
    return {"side_by_side": True, **({} if shown_there else listing(agent, trail))}


def _sections(
    found: Sequence[Listed], rows: Sequence[Row], *, goes_on: bool, inside: bool
) -> list[Section]:
    """The rows under what is to be done with them; of a list that is over there is one, without a
    heading.
    """
    pairs = zip(found, rows, strict=True)
    if found and not found[0].is_open:
        return [Section("", "", list(rows), folded=False)]
    titles = _titles(get_language() or "")
    made = [
        Section(SECTIONS[n].key, titles[n], [row for _listed, row in of], SECTIONS[n].key in FOLDED)
        for n, of in groupby(pairs, key=lambda pair: pair[0].section)
    ]
    if inside or all(one.folded for one in made):  # what is folded would be an empty page
        made[:1] = [replace(one, folded=False) for one in made[:1]]
    return _counted(made, goes_on=goes_on, inside=inside)


def _counted(made: Sequence[Section], *, goes_on: bool, inside: bool) -> list[Section]:
    """A page inside a list does not see all of its first section, nor one before others of its
    last.
    """
    counts = [str(len(one.rows)) for one in made]
    if goes_on:
        counts[-1] += "+"
    if inside:
        counts[:1] = [""]
    return [replace(one, count=count) for one, count in zip(made, counts, strict=False)]


@cache
def _titles(_language: str) -> tuple[str, ...]:
    """What stands over each of SECTIONS."""
    return (
        _("Late"),
        _("Waiting for our answer"),
        _("Due today"),
        _("To do"),
        _("No next update agreed"),
        _("Waiting for others"),
        _("Solved, not closed yet"),
        _("Snoozed"),
        _("Confined to others"),
    )


def _described(frame: Frame) -> Queue:
    chosen = frame.current
    known = next((queue for queue in frame.queues if queue.key == chosen), None)
    return known or Queue(
        chosen, chosen.partition(":")[2] or chosen, "inbox", "", empty=_("Nothing is here.")
    )


def _filters(
    desk: Desk, trail: Mapping[str, str], used: Mapping[str, Sequence[str]]
) -> tuple[Filter, ...]:
    severities = {s.key: s.title for s in desk.severities.values()}
    facets = {"kind": desk.facets.get("type"), "category": desk.facets.get("category")}
    lists: dict[str, tuple[str, Mapping[str, Words]]] = {
        "severity": (severity_word(desk), severities),
        "stage": (_("Stage"), {s.key: s.title for s in desk.stages.values()}),
        "team": (_("Team"), {t.key: t.title for t in desk.teams.values()}),
        "outcome": (_("Outcome"), outcomes() if trail.get("queue") == "closed" else {}),
        # What the book's page leads to: one filter more than people choose by themselves.
        **{
            name: (facet_title(facet), facet.values)
            for name, facet in facets.items()
            if facet and trail.get(name)
        },
    }
    offered = {
        name: with_those_in_use(options, (*used.get(name, ()), trail.get(name, "")))
        for name, (_label, options) in lists.items()
    }
    return tuple(
        Filter(name, label, tuple(offered[name].items()), trail.get(name, ""))
        for name, (label, _options) in lists.items()
        if len(offered[name]) > 1
    )


def outcomes() -> dict[str, str]:
    """Returns how tickets of the queue "closed" ended; what was redirected has a queue of its
    own.
    """
    return {"solved": _("Solved"), "closed": _("Closed unsolved"), "merged": _("Merged")}
