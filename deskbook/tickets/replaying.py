"""Tickets of the past lived again by another book: what would have been late, and who would have
had them. Nothing is written, the database refuses it, and so nothing is sent.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction

from deskbook.engine.clocks import readings
from deskbook.engine.desk import Desk
from deskbook.engine.quotas import period_at
from deskbook.engine.reliving import relive
from deskbook.engine.service_level_parts import ServiceLevel
from deskbook.engine.service_levels import Counted, outcome
from deskbook.engine.sorts import Sort, level_key, sort_of
from deskbook.engine.ticket import Entry, TicketState
from deskbook.people.books import desk_at
from deskbook.people.models import HelpDesk
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.state import entry_of, state_of

CHUNK = 200


@dataclass(slots=True)
class Tally:
    """What cases came to: clocks that ran, those over their limit, and arrivals at teams."""

    clocks: Counter[Sort] = field(default_factory=Counter)
    breaches: Counter[Sort] = field(default_factory=Counter)
    arrivals: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By level and team."""
    in_time: dict[tuple[str, datetime], Counted] = field(default_factory=dict)
    """By service level and the beginning of the period in which they opened."""

    def count(
        self, desk: Desk, ticket: TicketState, at: datetime, levels: Sequence[ServiceLevel]
    ) -> None:
        """Adds a case as it stands at an instant."""
        for reading in readings(desk, ticket):
            if reading.kind == "quiet":
                continue
            sort = sort_of(desk, ticket, reading)
            self.clocks[sort] += 1
            self.breaches[sort] += reading.breached(at=at)
        for visit in ticket.visits:
            self.arrivals[level_key(desk, visit.team), visit.team] += 1
        for one in levels:
            if found := outcome(desk, one, ticket, at=at):
                period = one.key, period_at(one.each, desk.zone, at=ticket.opened_at)[0]
                self.in_time[period] = self.in_time.get(period, Counted()).plus(found)


@dataclass(slots=True)
class Replayed:
    """What happened, and what would have."""

    cases: int = 0
    levels: Sequence[ServiceLevel] = ()
    """Of the new book: both are counted by them."""
    was: Tally = field(default_factory=Tally)
    becomes: Tally = field(default_factory=Tally)
    refused: Counter[str] = field(default_factory=Counter)
    """Stages that people moved cases to and the book refuses."""

    @property
    def same(self) -> bool:
        """Whether the book makes no difference."""
        return self.was == self.becomes and not self.refused


def replay_since(
    helpdesk: HelpDesk, new: Desk, since_at: datetime, *, until_at: datetime
) -> Replayed:
    """Returns what becomes of the tickets opened since an instant where they had followed `new`."""
    done = Replayed(levels=new.service_levels)

    def book(version: int) -> Desk:
        return desk_at(helpdesk.pk, version)

    with nothing_is_written():
        for _number, state, log in opened_since(helpdesk, since_at):
            again = relive(new, book, log, until_at=until_at)
            done.cases += 1
            was = book(state.book_version)
            done.was.count(was, state, until_at, new.service_levels)
            done.becomes.count(new, again.ticket, until_at, new.service_levels)
            done.refused.update(again.refused)
    return done


@contextmanager
def nothing_is_written() -> Iterator[None]:
    """Has the database refuse every change for as long as the context lasts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction read only")
        yield


def opened_since(
    helpdesk: HelpDesk, since_at: datetime
) -> Iterator[tuple[str, TicketState, list[Entry]]]:
    """Yields number, state and log of the tickets opened here since an instant; what came from
    another system was lived by no book.
    """
    found = Ticket.objects.filter(desk=helpdesk, opened_at__gte=since_at).order_by("pk")
    keys = list(found.values_list("pk", flat=True))
    for first in range(0, len(keys), CHUNK):
        chunk = keys[first : first + CHUNK]
        states = {
            ticket.pk: (f"{helpdesk.prefix}-{ticket.number}", state_of(ticket))
            for ticket in found.filter(pk__in=chunk).only("number", "state")
        }
        rows = LogEntry.objects.filter(ticket_id__in=chunk).order_by("ticket_id", "seq")
        for ticket, log in groupby(rows, key=attrgetter("ticket_id")):
            number, state = states[ticket]
            if state.imported_at is None:
                yield number, state, [entry_of(row) for row in log]
