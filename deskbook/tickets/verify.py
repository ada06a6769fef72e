"""Finding a change after the fact: every hash is worked out again, and every row is played from its
log.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass

from django.db import transaction

from deskbook.engine.apply import replay
from deskbook.people.books import desk_at
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.state import (
    NOTHING_BEFORE,
    chain_hash,
    chain_line,
    entry_of,
    show_in_row,
    state_of,
)


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Something that is not as it was recorded. `seq` is the entry, None the row of the ticket."""

    ticket: str
    seq: int | None
    what: str

    def __str__(self) -> str:
        where = f"{self.ticket}, entry {self.seq}" if self.seq is not None else self.ticket
        return f"{where}: {self.what}"


def broken_links(tickets: Iterable[Ticket]) -> Iterator[BrokenLink]:
    """Yields what was changed after the fact in the logs and rows of these tickets; nothing when
    all is well.
    """
    for ticket in tickets:
        if _broken(ticket):
            yield from _broken_at_rest(ticket.pk)


@transaction.atomic
def _broken_at_rest(ticket_id: int) -> list[BrokenLink]:
    """An act may have come between reading the row and reading the log: under its lock none
    does.
    """
    return _broken(
        Ticket.objects.select_for_update(of=("self",)).select_related("desk").get(pk=ticket_id)
    )


def _broken(ticket: Ticket) -> list[BrokenLink]:
    log = list(LogEntry.objects.filter(ticket=ticket).order_by("seq"))
    return list(_broken_chain(ticket, log)) or list(_broken_row(ticket, log))


def _broken_chain(ticket: Ticket, log: list[LogEntry]) -> Iterator[BrokenLink]:
    previous = NOTHING_BEFORE
    for expected_seq, line in enumerate(log, start=1):
        if line.seq != expected_seq:
            yield BrokenLink(str(ticket), expected_seq, "the entry is missing")
            return
        if bytes(line.previous_hash) != previous:
            yield BrokenLink(
                str(ticket), line.seq, "it does not carry the hash of the entry before it"
            )
        previous = chain_hash(
            bytes(line.previous_hash), chain_line(f"{ticket.desk_id}/{ticket.number}", line)
        )
        if bytes(line.hash) != previous:
            yield BrokenLink(str(ticket), line.seq, "its content was changed: the hash is another")
            previous = bytes(line.hash)  # what follows is judged by itself


def _broken_row(ticket: Ticket, log: list[LogEntry]) -> Iterator[BrokenLink]:
    if not log or log[-1].seq != ticket.seq:
        yield BrokenLink(
            str(ticket), None, f"its log has {len(log)} entries, its row says {ticket.seq}"
        )
        return
    state = replay(entry_of(line) for line in log)
    shown = copy(ticket)
    show_in_row(shown, desk_at(ticket.desk_id, state.book_version), state)
    wrong = [name for name in _columns() if getattr(shown, name) != getattr(ticket, name)]
    # States, not their JSON: a row that an older version wrote lacks what has been added since.
    wrong += [] if state_of(ticket) == state else ["state"]
    if wrong:
        yield BrokenLink(
            str(ticket), None, f"its row does not follow from its log: {', '.join(wrong)}"
        )


def _columns() -> list[str]:
    # wake_at may be put off when a ticket could not be woken; the rest is a view of the log.
    apart = ("search", "wake_at", "state")
    return [field.attname for field in Ticket._meta.concrete_fields if field.attname not in apart]
