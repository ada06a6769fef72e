"""Several acts on a case by one key: all of them, or none."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Protocol

from django.db import transaction

from deskbook.engine.desk import Desk
from deskbook.engine.macros import Macro
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.ticket import TicketState
from deskbook.people.books import desk_at
from deskbook.people.models import Agent
from deskbook.tickets.assignment import categorise_ticket, hand_over_ticket
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.log import Recorded
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.sendings import say_soon
from deskbook.tickets.stages import move_ticket


class _Verb(Protocol):
    def __call__(
        self, *, at: datetime, by: Agent, key: str | None
    ) -> Recorded | Sending | None: ...


def macros_for(desk: Desk, state: TicketState) -> list[Macro]:
    """Returns the macros offered on a case, in the book's order."""
    facets = facets_of(state)
    return [macro for macro in desk.macros if matches(macro.when, facets)]


def run_macro(
    ticket: Ticket, macro: Macro, *, at: datetime, by: Agent, key: str | None = None
) -> Sending | None:
    """Does what a macro does, in its order. Raises Refused by whichever act is; then none is done.

    Its answer waits with its stage, as any answer, while it may be undone: that is returned. `key`
    is the client's; each act has one of its own made of it.
    """
    with transaction.atomic():
        left = [verb(at=at, by=by, key=_key_of(key, name)) for name, verb in _acts(ticket, macro)]
        waits = left[-1] if left and isinstance(left[-1], Sending) else None
        done = [one.entries[0].seq for one in left if isinstance(one, Recorded) and one.entries]
        if waits and done:
            waits.fields = {**waits.fields, "began": done[0]}
            waits.save(update_fields=["fields"])
    return waits


def is_under_way(ticket: Ticket, macro: Macro, *, key: str | None = None) -> bool:
    """Whether the macro was done a moment ago, by another command than `key`, and its answer has
    not left.
    """
    waits = Sending.objects.filter(ticket=ticket, fields__macro=macro.key, held="")
    return waits.exclude(key=_key_of(key, "answer") or "").exists()


def _key_of(key: str | None, act: str) -> str | None:
    return f"{key}{act}"[-64:] if key else None


def _acts(ticket: Ticket, macro: Macro) -> Iterator[tuple[str, _Verb]]:
    if macro.sort:
        yield "sort", partial(categorise_ticket, ticket, macro.sort)
    if macro.team and macro.team != ticket.team:
        yield "team", partial(hand_over_ticket, ticket, macro.team, reason=macro.title)
    if macro.note:
        yield "note", partial(note_on_ticket, ticket, Written(macro.note))
    if macro.answer:
        said = {
            "act": "answer",
            "text": filled(ticket, macro.answer),
            "stage": macro.stage,
            "macro": macro.key,
        }
        yield "answer", partial(say_soon, ticket, {**NOTHING_TYPED, **said})
    elif macro.stage:
        yield "stage", partial(move_ticket, ticket, macro.stage)


NOTHING_TYPED = {"awaited": [], "awaited_else": "", "files": []}


def filled(ticket: Ticket, text: str) -> str:
    """Returns a macro's answer in the requester's language, where the book has it, with its
    variables filled in.
    """
    language = ticket.requester.language or "en"
    text = desk_at(ticket.desk_id, ticket.book_version, language=language).said(text)
    return text.format_map(variables_of(ticket))


def variables_of(ticket: Ticket) -> dict[str, str]:
    """Returns what words about a case may have filled in, by its name in braces."""
    return {
        "name": ticket.requester.name or str(ticket.requester),
        "ticket": str(ticket),
        "subject": ticket.subject,
        "desk": ticket.desk.title,
    }
