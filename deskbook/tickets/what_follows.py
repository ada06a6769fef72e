"""What follows from each kind of entry: one row a kind. jobs/reactions.py writes them in; what lies
below the jobs reads here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from django.utils.functional import Promise

from deskbook.engine.desk import Desk
from deskbook.tickets.models import LogEntry, Ticket

Told = Literal["", "requester", "all"]
"""Whom outside the desk: nobody, whose case it is, or who follows it as well."""


class Reaction(Protocol):
    """What is done about one entry. Its name is that of its job."""

    __name__: str

    def __call__(self, entry_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Alert:
    """What somebody at the desk hears of an entry."""

    words: str | Promise
    """What a notice says, of a case called %(number)s."""
    lists_mark_it: bool = False
    """Nobody hears of it on a case nobody owns: the lists mark it."""
    cannot_wait: bool = False
    """Others hear of it as well while its owner is off: the case stays theirs, and the clock goes
    on.
    """
    quotes: str = ""
    """The field of the entry with the id of the message that a notice quotes."""
    of_a_way: bool = False
    """It is about a way that failed: the notice asks for no answer, which would go there too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """The row of one kind."""

    letters: tuple[Reaction, ...] = ()
    """Jobs that write to somebody."""
    also: tuple[Reaction, ...] = ()
    """Other jobs."""
    is_always_told: bool = False
    """Somebody of the desk did it and it is told in any case: while it is not written yet, the case
    says that it waits.
    """
    told: Told = ""
    """Whom the words, or the act, of who did it are sent to."""
    alert: Alert | None = None
    said_by: Literal["", "desk", "requester"] = ""
    """Whose words it brings, which all who take part read."""
    concerns: str = ""
    """Why it concerns those of the desk who own the case or follow it (`Notification.Why`)."""
    moves: bool = False
    """It puts the case into the stage that it names."""

    @property
    def jobs(self) -> tuple[Reaction, ...]:
        """Returns all it calls for."""
        return self.letters + self.also


_ROWS: dict[str, Follows] = {}
_HEARS: list[Callable[[int], bool]] = []


def write_in(rows: Mapping[str, Follows], *, hears: Callable[[int], bool]) -> None:
    """Keeps what follows from each kind, and who says whether all that happens on a ticket is heard
    elsewhere.
    """
    _ROWS.update(rows)
    _HEARS[:] = [hears]


def is_heard(ticket_id: int) -> bool:
    """Whether something follows from an entry of this ticket of whatever kind."""
    return any(hears(ticket_id) for hears in _HEARS)


def rows() -> Mapping[str, Follows]:
    """Returns the row of every kind."""
    return _ROWS


def kinds_said(*by: str) -> list[str]:
    """Returns the kinds that bring words of these."""
    return [kind for kind, row in _ROWS.items() if row.said_by in by]


def told_of(kind: str) -> Told:
    """Returns whom an entry of a kind is told to by who did it."""
    return _ROWS[kind].told if kind in _ROWS else ""


Wanted = Callable[[Desk, Ticket, LogEntry], bool]
"""Whether anything is to be done about an entry of a ticket by its book, or for anybody."""
_ONLY_WHERE: dict[str, Wanted] = {}


def only_where(is_wanted: Wanted) -> Callable[[Reaction], Reaction]:
    """Marks a reaction that most books, or most cases, ask nothing of: where they do not, no job is
    queued to find that out.
    """

    def marked(reaction: Reaction) -> Reaction:
        _ONLY_WHERE[reaction.__name__] = is_wanted
        return reaction

    return marked


def called_for(entry: LogEntry, desk: Desk, ticket: Ticket) -> Iterator[Reaction]:
    """Yields the jobs that follow from an entry of a ticket whose book is `desk`."""
    for job in _ROWS[entry.kind].jobs:
        is_wanted = _ONLY_WHERE.get(job.__name__)
        if is_wanted is None or is_wanted(desk, ticket, entry):
            yield job
