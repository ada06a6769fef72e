"""The list somebody came through to a ticket: carried along, so that "next" is the next of it."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.utils import timezone

from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.models import Ticket
from deskbook.tickets.queues import Listed, Wanted
from deskbook.tickets.sections import FOLDED, SECTIONS, Day, day_of, place_of
from deskbook.tickets.tags import tagged_with
from deskbook.web.console.shared.frame import Frame, counted_for, frame_of
from deskbook.web.shared.paging import key_typed

FILTERS = ("severity", "stage", "team", "outcome", "kind", "category", "tag")


def trail_of(request: HttpRequest) -> dict[str, str]:
    """Returns the queue, the filters and the page a person came through: carried along, so that
    "next" is the next of these, and the way back leads there.

    A form carries them as one field: a stage, severity or team of its own is what it sets, not what
    was looked for.
    """
    given = (
        dict(parse_qsl(request.POST.get("trail", ""))) if request.method == "POST" else request.GET
    )
    return {name: given[name] for name in ("queue", *FILTERS, "after") if given.get(name)}


def tickets_of(agent: Agent, trail: Mapping[str, str]) -> Wanted:
    """Returns the tickets of a queue with the filters applied, in the queue's order: open ones by
    what is to be done next.
    """
    wanted = queues.queue(agent, trail.get("queue", "mine"))
    if not wanted.latest_first:
        wanted = wanted.in_sections(today())
    for field in FILTERS:
        if trail.get(field):
            narrow = wanted.of_number_or_stage if field == "stage" else wanted.where
            condition, values = f"ticket.{field} = %({field})s", {field: trail[field]}
            if field == "tag":
                condition, values = tagged_with(trail[field], field)
            wanted = narrow(condition, **values)
    return wanted


def today() -> Day:
    """Returns the day it is where the viewer is."""
    return day_of(timezone.localtime())


def page(
    agent: Agent, wanted: Wanted, after: str, *, current: str
) -> tuple[list[Listed], str, Frame]:
    """Returns one page of a list, the key the next one begins behind ("" where there is none), and
    the frame around it, in one question.
    """
    place = _place_typed(after)
    wanted = wanted.behind(*place) if place else wanted
    found, counted = queues.listed_beside(wanted, counted_for(agent))
    shown = found[: queues.PAGE]
    more = f"{shown[-1].section}.{shown[-1].key}" if len(found) > len(shown) else ""
    return shown, more, frame_of(agent, current, counted)


def _place_typed(after: str) -> tuple[datetime, int, int] | None:
    """A key as `page` gives it: the number of a section, then as of any list."""
    section, _separator, rest = after.partition(".")
    key = key_typed(rest)
    known = key and section in map(str, range(len(SECTIONS)))
    return (*key, int(section)) if key and known else None


def next_ticket(agent: Agent, ticket: Ticket, trail: Mapping[str, str]) -> str:
    """Returns the number of the ticket after this one in the queue it was opened from, else of its
    first other one: of one that others have to do with now, what is to be done first.
    """
    if not trail.get("queue"):
        return ""
    others = tickets_of(agent, trail).where("id <> %(this)s", this=ticket.pk)
    first: list[Listed] = []
    section, at, id_ = place_of(ticket, today())
    if others.latest_first or section == len(SECTIONS) or SECTIONS[section].key in FOLDED:
        first = queues.listed(others, most=1)
    if others.latest_first or (first and SECTIONS[first[0].section].key not in FOLDED):
        return first[0].name if first else ""
    behind = queues.listed(others.behind(at, id_, section), most=1)
    found = behind or first or queues.listed(others, most=1)
    return found[0].name if found else ""
