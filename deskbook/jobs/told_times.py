"""By when somebody is answered is told with the number of their case; where a newer book moves it,
they are told that as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from django.utils.translation import gettext as _

from deskbook.channels.email.recipients import is_proven
from deskbook.delivery.states import REACHED
from deskbook.engine.apply import replay
from deskbook.engine.clocks import Reading, next_due, readings
from deskbook.engine.decide_carry_over import AS_IT_IS
from deskbook.engine.desk import Desk
from deskbook.engine.events import Acknowledged, CarriedOver
from deskbook.engine.renaming import Renaming, renamed
from deskbook.engine.ticket import Entry, TicketState
from deskbook.jobs.deliveries import deliveries_on
from deskbook.jobs.letters import write
from deskbook.jobs.words_of_letters import letter
from deskbook.people.books import desk_at, ended_desk
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.carrying_over import DueTimeMove
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.state import entry_of
from deskbook.tickets.stated import instant

_TELLS = (Acknowledged, CarriedOver)


class Moved(NamedTuple):
    """By when a requester was told that they are answered, and by when they are under a newer
    book: None where that sets no time.
    """

    told_at: datetime
    now: Reading | None


def told_otherwise(
    moves: Iterable[DueTimeMove], new: Desk, renaming: Renaming = AS_IT_IS, *, at: datetime
) -> Iterator[tuple[Ticket, Moved]]:
    """Returns the tickets whose requesters were told another time than `new` gives them, of those
    whose due times it moves.
    """
    for move in moves:
        if move.clock.partition(":")[0] == "response":
            carried = partial(_carried, renaming, new)
            moved = moved_answer(move.ticket, new, carried, before=move.ticket.seq + 1, at=at)
            if moved:
                yield move.ticket, moved


def _carried(renaming: Renaming, new: Desk, state: TicketState) -> TicketState:
    return renamed(state, renaming.of(state, new.version))


def moved_answer(
    ticket: Ticket,
    new: Desk,
    carried: Callable[[TicketState], TicketState],
    *,
    before: int,
    at: datetime,
) -> Moved | None:
    """Returns what the requester of an open ticket was told in a letter that left and `new` makes
    untrue, by the entries of its log `before` a number; None where nothing is, they have been
    answered, or the time is over already.
    """
    entries = [entry_of(row) for row in ticket.log.filter(seq__lt=before).order_by("seq")]
    state = replay(entries)
    was, now = _answer(_book_of(ticket, state), state), _answer(new, carried(state))
    if was is None or state.held_by or (now is not None and _due(now) <= at):
        return None
    told_at = _told_at(ticket, entries) if now is None or _due(now) != _due(was) else None
    return Moved(told_at, now) if told_at and (now is None or told_at != _due(now)) else None


def tell_of_moved_answer(entry_id: int) -> None:
    """Tells the requester of a case that follows a newer book by when they are answered now, where
    they were told another time; not where the case is over, answered or nobody's any more.
    """
    entry = LogEntry.objects.select_related("ticket__desk", "ticket__requester").get(pk=entry_id)
    ticket, at = entry.ticket, datetime.now(UTC)
    answered = ticket.log.filter(kind__in=("Answered", "RequesterChanged"), seq__gt=entry.seq)
    if not ticket.is_open or answered.exists() or ended_desk(ticket.desk, _version(entry), at=at):
        return
    if _moved_by(entry):
        write(entry, "notice", _moved, ticket.requester)


def _moved(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    moved, ticket = _moved_by(entry), entry.ticket
    assert moved  # it was asked before
    told, now = instant(moved.told_at, contact, ticket), moved.now
    if now is None:
        words = _("We told you that we answer %(number)s by %(told)s. No time is set for it now.")
    elif now.recommended:
        words = _(
            "The time we told you for %(number)s has changed: we aim to answer by %(now)s instead"
            " of %(told)s."
        )
    else:
        words = _(
            "The time we told you for %(number)s has changed: we answer by %(now)s instead of"
            " %(told)s."
        )
    shown = instant(_due(now), contact, ticket) if now else ""
    said = words % {"number": ticket, "told": told, "now": shown}
    return letter(ticket, contact, [said], greet=is_proven(ticket, contact))


def _moved_by(entry: LogEntry) -> Moved | None:
    new, event = desk_at(entry.ticket.desk_id, _version(entry)), entry_of(entry).event
    assert isinstance(event, CarriedOver)  # this follows from no other
    carried = partial(renamed, event=event)
    return moved_answer(entry.ticket, new, carried, before=entry.seq, at=entry.at)


def _told_at(ticket: Ticket, entries: Sequence[Entry]) -> datetime | None:
    """The time in the latest letter that said one, and left for who the requester is now."""
    told = {one.seq: one for one in entries if isinstance(one.event, _TELLS)}
    theirs = {f"contact {pk}" for pk in same_person(ticket.requester)}
    sent = deliveries_on(ticket.pk, list(told))
    left = (
        seq
        for seq in sorted(told, reverse=True)
        if any(one.person in theirs and one.state in REACHED for one in sent.get(seq, ()))
    )
    latest = next(left, None)
    return _said_in(ticket, entries[:latest]) if latest else None


def _said_in(ticket: Ticket, entries: Sequence[Entry]) -> datetime | None:
    """The time in the letter that follows from the last of these: a number comes with what is due
    first, if that is the answer.
    """
    state = replay(entries)
    book = _book_of(ticket, state)
    said, with_number = _answer(book, state), isinstance(entries[-1].event, Acknowledged)
    return None if said is None or (with_number and next_due(book, state) != said) else _due(said)


def _answer(desk: Desk, state: TicketState) -> Reading | None:
    """The clock of the first answer, where it runs and has a time."""
    clocks = readings(desk, state)
    return next((r for r in clocks if r.kind == "response" and r.running and r.due_at), None)


def _due(reading: Reading) -> datetime:
    assert reading.due_at  # it is one of `_answer`
    return reading.due_at


def _book_of(ticket: Ticket, state: TicketState) -> Desk:
    return desk_at(ticket.desk_id, state.book_version)


def _version(entry: LogEntry) -> int:
    return int(entry.data["book_version"])
