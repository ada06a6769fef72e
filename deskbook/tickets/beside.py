"""What a ticket's page shows beside its story: a column of the statement that finds the ticket."""

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import Field
from django.db.models.expressions import RawSQL

from deskbook.people.merging import person
from deskbook.people.models import Way
from deskbook.tickets.models import Ticket
from deskbook.tickets.thread import PROMISED

_PERSON = """(
    select coalesce(merged_into_id, id) from deskbook_contact
    where id = deskbook_ticket.requester_id
)"""
_SQL = Path(__file__).with_name("beside.sql").read_text().format(person=_PERSON, promised=PROMISED)


class Beside(NamedTuple):
    draft: dict[str, Any] | None
    """What the viewer was typing on it."""
    is_followed: bool
    follows: bool
    """The viewer is told of it without owning it."""
    ways: list[Way]
    """Those by which its requester is reached."""
    holders: list[tuple[str, str]]
    """Who has a seat of its organisation: id and name."""
    asks_for_a_seat: bool
    other_cases: int
    """Open ones of the same person; 10 at most are counted."""
    promised: dict[str, str]
    """Promise → what was promised."""
    call_back: tuple[str, datetime] | None
    """The number that is to be called, and by when."""
    is_rated: bool
    sendings: list[list[Any]]
    """What was sent and has not left: id, writer's id and name, act, words, when, when it leaves,
    why it is held, the stage it moves to.
    """
    findings: list[str]
    """Titles, the latest first."""


def beside_for(user: Any) -> RawSQL:
    """Returns the column, for a viewer (id)."""
    return RawSQL(_SQL, [user, user], output_field=Field())


def beside(ticket: Ticket, user: int) -> Beside:
    """Returns what a ticket was found with; asks for it where it was found to be acted on."""
    told = vars(ticket).get("beside")
    if told is None:
        found = Ticket.objects.filter(pk=ticket.pk).annotate(beside=beside_for(user))
        told = found.values_list("beside", flat=True).get()
    ways = person(ticket.requester).known_ways = [Way(*way) for way in told["ways"] or ()]
    holders = [tuple(one) for one in told["holders"] or ()]
    number, due_at = told["call_back"] or ("", "")
    call_back = (number, datetime.fromisoformat(due_at)) if due_at else None
    listed = {"findings": told["findings"] or [], "promised": told["promised"] or {}}
    listed["sendings"] = told["sendings"] or []
    return Beside(**{**told, **listed, "ways": ways, "holders": holders, "call_back": call_back})
