"""Visits as iCalendar (RFC 5545): a stable UID, a SEQUENCE that grows, called-off ones as
CANCELLED.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils.translation import gettext as _

from deskbook.people.models import Agent, Contact
from deskbook.tickets.messages import File
from deskbook.tickets.stated import case_link
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import people_of

if TYPE_CHECKING:
    from icalendar import Event

CONTENT_TYPE = "text/calendar"


def calendar_for_agent(
    agent: Agent, rows: Iterable[DatedVisit], name: str, *, whole: bool = False
) -> bytes:
    """Returns visits for somebody at the desk; what `agent` goes to no more is cancelled, but in
    the `whole` desk's.
    """
    listed = list(rows)
    people = people_of(listed)
    events = [
        _for_agent(row, people, taken_off=not whole and agent.pk in row.left_out) for row in listed
    ]
    return _calendar(events, name, method="PUBLISH")


def calendar_of_visit(row: DatedVisit, reader: Agent | Contact, *, theirs: bool = True) -> File:
    """Returns one visit as a file for whoever is concerned; called off, or not `theirs` any more,
    it takes the entry out of their calendar.
    """
    people = people_of([row])
    taken_off = not theirs or (isinstance(reader, Agent) and reader.pk in row.left_out)
    event = (
        _for_requester(row, people, taken_off=taken_off)
        if isinstance(reader, Contact)
        else _for_agent(row, people, taken_off=taken_off)
    )
    over = taken_off or not row.is_on
    data = _calendar([event], row.ticket.desk.title, method="CANCEL" if over else "PUBLISH")
    return File(f"{row.ticket}.ics", CONTENT_TYPE, data)


def uid_of(row: DatedVisit) -> str:
    """Returns what a visit is called in every calendar, for ever."""
    return str(
        uuid5(NAMESPACE_URL, f"{settings.DESKBOOK_SITE_URL}/visit/{row.ticket_id}/{row.visit}")
    )


def _for_agent(row: DatedVisit, people: Mapping[int, Agent], *, taken_off: bool) -> Event:
    event = _event(row, cancelled=taken_off or not row.is_on)
    event.add(
        "summary",
        _("Visit: %(place)s (%(ticket)s)") % {"place": row.place or "?", "ticket": row.ticket},
    )
    who, link = _names(row, people), f"{settings.DESKBOOK_SITE_URL}/console/tickets/{row.ticket}"
    expected = _("People expected: %(n)s") % {"n": row.expected} if row.expected else ""
    event.add(
        "description", "\n".join(line for line in (row.ticket.subject, expected, who, link) if line)
    )
    event.add("url", link)
    return event


def _for_requester(row: DatedVisit, people: Mapping[int, Agent], *, taken_off: bool) -> Event:
    event = _event(row, cancelled=taken_off or not row.is_on)
    event.add(
        "summary",
        _("{desk}: visit ({ticket})").format(desk=row.ticket.desk.title, ticket=row.ticket),
    )
    if taken_off:  # another person's case: its page is not for them, nor who comes to it
        return event
    link = f"{case_link(row.ticket)}/"
    event.add("description", "\n".join((row.ticket.subject, _names(row, people), link)))
    event.add("url", link)
    return event


def _event(row: DatedVisit, *, cancelled: bool) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid_of(row))
    event.add("dtstamp", row.changed_at)
    event.add("last-modified", row.changed_at)
    event.add("sequence", row.sequence)
    event.add("dtstart", row.from_at)
    event.add("dtend", row.until_at)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if row.place:
        event.add("location", row.place)
    return event


def _names(row: DatedVisit, people: Mapping[int, Agent]) -> str:
    names = ", ".join(str(people[person]) for person in row.people if person in people)
    return _("Who comes: {names}").format(names=names)


def _calendar(events: Iterable[Event], name: str, *, method: str) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Deskbook//visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data
