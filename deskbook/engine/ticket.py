"""A ticket's state.

It is what the engine needs to decide and to time; it is rebuilt by applying the log in order, so
nothing in it may come from anywhere but events. Due times are not in it: `clocks` works them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from deskbook.engine.ticket_parts import (
    Estimate,
    LoggedTime,
    Promise,
    SiteVisit,
    SiteVisitWish,
    Stay,
    TeamVisit,
)

if TYPE_CHECKING:  # an event may hold a state
    from deskbook.engine.events import Event


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person at the desk, a requester, or the system by a rule of the book."""

    kind: Literal["agent", "contact", "system"]
    id: str = ""
    teams: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @classmethod
    def parse(cls, text: str) -> "Actor":
        kind, _, id_ = text.partition(":")
        if kind not in ("agent", "contact", "system"):
            raise ValueError(f"{text!r} names no actor: write agent:7, contact:7 or system")
        return cls(kind, id_)  # type: ignore[arg-type]  # narrowed by the line above


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ticket's log."""

    seq: int
    at: datetime
    by: Actor
    event: "Event"


@dataclass(frozen=True)
class TicketState:
    """A ticket as its events have left it: all that the engine knows of it. The row of the table is
    `tickets.models.Ticket`, which keeps this as JSON under the names of these fields.
    """

    opened_at: datetime
    requester: str
    channel: str
    stays: tuple[Stay, ...]
    organisation: str | None = None
    zone: str | None = None
    facets: Mapping[str, str] = field(default_factory=dict)
    claimed: str | None = None
    verified: str | None = None
    verified_at: datetime | None = None
    acknowledged_at: datetime | None = None
    requested_for_at: datetime | None = None
    anonymous: bool = False
    """Whose it is gives no name."""
    beyond: tuple[int, ...] = ()
    """Lines of the book, limits of its plan, beyond which it was taken."""
    visits: tuple[TeamVisit, ...] = ()
    owner: str | None = None
    first_answer_at: datetime | None = None
    last_answer_at: datetime | None = None
    last_answer: str | None = None
    """Its message; None in states of before this was kept."""
    answers: int = 0
    """Public answers so far; numbers the update clocks."""
    next_update_at: datetime | None = None
    agreed_under: str | None = None
    """The severity that counted when that date was agreed."""
    """Agreed for the running update clock; a new answer clears it."""
    requester_wrote_at: datetime | None = None
    unanswered_at: datetime | None = None
    """When the requester wrote first since the desk answered last; None when it answered since."""
    reminded_us: tuple[datetime, ...] = ()
    """When the requester wrote again on words that waited for an answer, the latest ones."""
    outsider_wrote_at: datetime | None = None
    """When somebody wrote who takes no part, since the desk last answered, noted, let somebody in,
    or wrote to whoever it was beside the case.
    """
    # Not compared: states of before this was kept stay equal to their logs.
    outsiders: frozenset[str] = field(default=frozenset(), compare=False)
    """Who wrote so since then, by contact."""
    promises: tuple[Promise, ...] = ()
    passed: frozenset[str] = frozenset()
    """"aim response", "limit team:2": recorded once each."""
    reminded: int = 0
    """Number of the last reminder that fell due in the present stay."""
    reminder_out_at: datetime | None = None
    """When the reminder was due that has neither left yet nor failed: the ladder waits for it."""
    told_at: datetime | None = None
    """When the last reminder of the present stay left."""
    asked_again: bool = False
    """A reminder of the present stay left that repeats what was asked last."""
    unreachable_at: datetime | None = None
    """When no way reached the requester: the ladder of the present stay has ended."""
    not_got: frozenset[str] = frozenset()
    """Answers that failed to reach the requester, and none was given since: their silence says
    nothing.
    """
    run: int = 1
    """Grows when a reopening restarts the clocks or begins new ones."""
    run_from_at: datetime | None = None
    closed_at: datetime | None = None
    merged_into: str | None = None
    linked: frozenset[str] = frozenset()
    absorbed: frozenset[str] = frozenset()
    participants: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    """Who followed and does not any more."""
    awaited: tuple[str, ...] = ()
    """Keys of what the requester was asked for and has not sent."""
    awaited_words: str | None = None
    """Id of the message that says what else."""
    done_steps: frozenset[str] = frozenset()
    papers: frozenset[str] = frozenset()
    """Required papers that came."""
    redirected_to: str | None = None
    handed_up_outside: bool = False
    """It was redirected by itself, since it was not settled in time."""
    held_by: str | None = None
    """Key of the freeze that holds it."""
    pick_up_at: datetime | None = None
    """Freezes it was held by and came back from."""
    snoozed_at: datetime | None = None
    """When somebody set it aside, since when nothing has brought it back."""
    snoozed_until_at: datetime | None = None
    """When it comes back by itself; None until somebody writes."""
    returned_at: datetime | None = None
    """When time or news brought it back, and nobody of the desk has done anything since."""
    estimates: tuple[Estimate, ...] = ()
    logged: tuple[LoggedTime, ...] = ()
    delivered: str | None = None
    """The version delivered last and not yet confirmed."""
    site_visit_wish: SiteVisitWish | None = None
    site_visit_approved: bool | None = None
    """None: not decided."""
    site_visits: tuple[SiteVisit, ...] = ()
    imported_at: datetime | None = None
    """When it came from another system; no clock starts before."""
    tags: tuple[str, ...] = ()
    """Words the desk put on it, sorted."""
    legal_hold: bool = False
    """Nothing of it is erased."""
    erased: frozenset[str] = frozenset()
    """What of it was kept as long as the book says: "cases" is all."""
    book_version: int = 1
    seq: int = 0
    last_at: datetime | None = None
    """Instant of the latest act of a person or the system, for ordering and quiet."""

    @property
    def stage(self) -> str:
        return self.stays[-1].stage

    @property
    def stage_entered_at(self) -> datetime:
        return self.stays[-1].from_at

    @property
    def severity(self) -> str | None:
        """What counts: the verified severity, before that the claimed one."""
        return self.verified or self.claimed

    @property
    def team_visit(self) -> TeamVisit | None:
        """The visit that goes on, if a team holds the ticket."""
        return self.visits[-1] if self.visits and self.visits[-1].left_at is None else None

    @property
    def team(self) -> str | None:
        return self.team_visit.team if self.team_visit else None
