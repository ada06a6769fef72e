"""The sections of a list of open tickets: what is to be done next comes first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from deskbook.engine.turn import place_in_list
from deskbook.tickets.models import Ticket


class Section(NamedTuple):
    key: str
    holds: str
    """The tickets in it, as SQL on a ticket's columns with a place for when the day ends; of each
    open ticket that is seen exactly one section's is true.
    """
    order: str = "due_order_at"


SECTIONS = (
    Section("late", "due_order_at <= now()"),
    Section("requester", "waits_since_at is not null and due_order_at > now()", "waits_since_at"),
    Section(
        "today",
        "turn not in ('requester', 'snoozed') and due_order_at > now() and"
        " due_order_at < {tomorrow}",
    ),
    *(
        Section(turn, f"turn = '{turn}' and due_order_at >= {{tomorrow}}")
        for turn in ("desk", "agree", "others", "finished")
    ),
    Section("snoozed", "turn = 'snoozed' and due_order_at > now()"),
    Section("confined", "false", "opened_at"),
)
FOLDED = ("others", "finished", "snoozed")
"""Nobody at the desk can do anything about these now."""


@dataclass(frozen=True, slots=True)
class Day:
    """What is late, and what is due today."""

    now: datetime
    tomorrow: datetime
    """When the day of whoever reads the list ends."""

    def holds(self, section: Section) -> str:
        """Returns the SQL of a section on this day. The day's end is written out: of a value not
        told while planning PostgreSQL expects a third of all tickets to lie before it, and takes
        ten milliseconds where it takes two.
        """
        return section.holds.format(tomorrow=f"'{self.tomorrow.isoformat()}'::timestamptz")

    def sections(self, seen: str) -> tuple[tuple[int, str], ...]:
        """Returns the numbers of the sections and their SQL for a reader who sees those tickets of
        which `seen` is true; all where it is empty. Of the others the last one tells nothing.
        """
        *told, _confined = enumerate(map(self.holds, SECTIONS))
        if not seen:
            return tuple(told)
        return (
            *((n, f"{holds} and ({seen})") for n, holds in told),
            (len(told), f"({seen}) is not true"),
        )


def day_of(now: datetime) -> Day:
    """Returns the day of an instant that is given in the zone of whoever reads."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Day(now, (midnight + timedelta(days=1)).replace(fold=0))


def place_of(ticket: Ticket, day: Day) -> tuple[int, datetime, int]:
    """Returns where an open ticket stands in a list: its section, its instant there, its id."""
    due_at = ticket.due_order_at
    key = place_in_list(ticket.turn, due_at, now=day.now, tomorrow=day.tomorrow)
    section = next((n for n, one in enumerate(SECTIONS) if one.key == key), len(SECTIONS))
    return section, (ticket.waits_since_at or due_at) if key == "requester" else due_at, ticket.pk
