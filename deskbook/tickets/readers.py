"""Whom the desk's words go to, and whom their writer knew of: nothing is sent to anybody else
before the writer has read that (semantics §6.4).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from deskbook.engine.apply import replay
from deskbook.engine.decision import Decision
from deskbook.engine.events import Event
from deskbook.engine.ticket import TicketState
from deskbook.people.merging import person
from deskbook.people.models import Contact
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.models import LogEntry
from deskbook.tickets.state import entry_of
from deskbook.tickets.what_follows import Told, told_of

OTHERS = "others now"
"""The rule by which words are refused that would go to somebody their writer did not know of."""
CHANGES_WHO_FOLLOWS = (
    "Absorbed",
    "ParticipantAdded",
    "ParticipantRemoved",
    "PersonParted",
    "Released",
    "RequesterChanged",
)


@dataclass(frozen=True, slots=True)
class Known:
    """How far a log had come when somebody saw whom it goes to: of the ticket, by its seq."""

    ticket: int
    seq: int


_WRITING: ContextVar[tuple[int, Sequence[Known]] | None] = ContextVar("as known", default=None)


@contextmanager
def as_known(ticket: int, known: Sequence[Known]) -> Iterator[None]:
    """Inside, what is recorded on the ticket and told to people is refused where these are others
    than at any of the times the writer may have seen it; `known` empty: whoever they are.
    """
    token = _WRITING.set((ticket, known))
    try:
        yield
    finally:
        _WRITING.reset(token)


def to_whom_they_knew(ticket: int, now: TicketState, decision: Decision) -> Sequence[Event]:
    """Returns the events of a decision. Raises Refused for a refusal, and where they are told to
    others than whom their writer knew of; `now` is what they are recorded on, whose lock is held.
    """
    if isinstance(decision, Refusal):
        raise Refused(decision)
    told = {told_of(type(event).__name__) for event in decision}
    if refusal := others_now(ticket, now, "all" if "all" in told else max(told, default="")):
        raise Refused(refusal)
    return decision


def others_now(ticket: int, now: TicketState, told: Told) -> Refusal | None:
    """Returns why what is told to these is not recorded, naming who came and who left since; None
    where nobody did, or nobody is told.
    """
    writing = _WRITING.get()
    if writing is None or writing[0] != ticket or not told:
        return None
    differences = (
        _difference(known, now, told)
        for known in writing[1]
        if _may_have_changed(known, ticket, now)
    )
    return next(filter(None, differences), None)


def _may_have_changed(known: Known, ticket: int, now: TicketState) -> bool:
    return known.ticket != ticket or (known.seq < now.seq and _has_changed(known))


def _difference(known: Known, now: TicketState, told: Told) -> Refusal | None:
    log = LogEntry.objects.filter(ticket=known.ticket, seq__lte=known.seq).order_by("seq")
    before, after = _people(replay(map(entry_of, log)), told), _people(now, told)
    came = tuple(str(one) for one in after if one not in before)
    left = tuple(str(one) for one in before if one not in after)
    return _said(came, left) if came or left else None


def _has_changed(known: Known) -> bool:
    later = LogEntry.objects.filter(ticket=known.ticket, seq__gt=known.seq)
    return later.filter(kind__in=CHANGES_WHO_FOLLOWS).exists()


def _people(state: TicketState, told: Told) -> list[Contact]:
    ids = [state.requester, *(state.participants if told == "all" else ())]
    known = Contact.objects.filter(pk__in=ids).select_related("merged_into").order_by("pk")
    return list(dict.fromkeys(map(person, known)))


def _said(came: tuple[str, ...], left: tuple[str, ...]) -> Refusal:
    if came and left:
        return Refusal("others now", came=came, left=left)
    if came:
        return Refusal("others now: more", came=came)
    return Refusal("others now: fewer", left=left)
