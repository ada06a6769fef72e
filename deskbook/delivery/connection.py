"""What connects a desk to others declares, once: whoever works with all of them reads it here.

Which there are is `channels/all.py`'s list. Docs: docs/decisions/0025.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from django.db.models import Model, QuerySet

from deskbook.delivery.left_over import Sort
from deskbook.engine.channels import ChannelKind
from deskbook.engine.desk import Desk
from deskbook.people.models import HelpDesk
from deskbook.people.words import Words as Title
from deskbook.simulation.patience import Waited
from deskbook.tickets.models import Ticket
from deskbook.tickets.words_of_cases import Words

Queue = Literal["default", "intake", "reactions", "mail", "services", "moves"]
"""Where jobs wait: jobs/worker.py says how many of each are done at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the queue. Rows of the queue hold its name: one that is changed stays known."""

    name: str
    run: Callable[..., object]
    queue: Queue = "reactions"
    is_patient: bool = False
    """It is tried again for weeks: what it brings in nobody sends again, what it takes out gives up
    by itself.
    """
    set_aside: Callable[..., object] | None = None
    """What is done with what killed every process its job was tried in, so that people find it."""
    was: str = ""
    """Its name in rows of the queue of before."""


@dataclass(frozen=True, slots=True)
class ByTheClock:
    """Done again and again, at the times of a line of cron (UTC); one that waits still is not asked
    for twice.
    """

    cron: str
    job: Callable[[], object]
    queue: Queue = "default"
    is_alone: bool = False
    """It does not begin while it still runs."""


class Mirror(Protocol):
    """Follows what happens on tickets, whoever does it."""

    def following(self) -> QuerySet[Any]:
        """Returns what stands for somewhere that follows a `desk`: whether there is any is asked
        for every act, in one statement with all other mirrors.
        """
        ...

    def mirror(self, entry_id: int, *, at: datetime) -> None:
        """Keeps what follows from an entry, once however often it is asked."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What is declared; all of it may be left out."""

    word: ChannelKind | None = None
    """What books call the channel; a bridge has none."""
    called: Title = ""
    """Its name within a sentence, where that is not its word."""
    jobs: Sequence[Job] = ()
    by_the_clock: Mapping[str, ByTheClock] = field(default_factory=dict)
    of_desk: Mapping[str, tuple[type[Model], str]] = field(default_factory=dict)
    """What its jobs are about, by the name of their argument → where that says its desk."""
    clearing: Mapping[str, Callable[[datetime], int]] = field(default_factory=dict)
    """What of it is of no use any more, cleared each night: its name → the step, which returns how
    many rows went (delivery/clearing.py).
    """
    keeps: Sequence[tuple[type[Model], str]] = ()
    """Which of its rows refer to stored bytes, by which column."""
    clears_with_bytes: Mapping[str, tuple[Callable[[datetime], QuerySet[Any]], str]] = field(
        default_factory=dict
    )
    """The same for rows that go together with the bytes they refer to: which rows, by which
    column.
    """
    words: Sequence[Words] = ()
    """Where what was written of a case stands by it, and who it was: what goes once the case is
    kept no longer (jobs/erasing.py).
    """
    files: Sequence[Words] = ()
    """The same of its files alone."""
    not_taken_in: Callable[[HelpDesk], QuerySet[Any]] | None = None
    """Mails of a desk that became no case, with when they came as `received_at`."""
    became: str = ""
    """SQL that returns the rows of jobs/deliveries.py of one %(ticket)s, of the entries
    %(seqs)s.
    """
    waits: Callable[[HelpDesk, Desk, datetime, datetime], Iterable[Waited]] | None = None
    """How long people waited there and then between two instants, where they do (`deskbook
    simulate`).
    """
    has_words_for: Callable[[Ticket], bool] | None = None
    """Whether words to the requester of a ticket wait to leave by it."""
    left_over: Sequence[Sort] = ()
    """Which of its rows may be left over for a person, and what may be done about them."""
    mirror: Mirror | None = None
    of_every_kind: bool = False
    """Its mirror is shown all entries, not only those whose row in jobs/reactions.py says so."""
    screens: Mapping[str, str] = field(default_factory=dict)
    """Service whose trouble is told (people/service_trouble.py) → the name of the address where it
    is put right; else it is the list of all that can be connected.
    """
