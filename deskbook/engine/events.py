"""What can happen to a ticket. Each class is one kind of entry in the log.

Events hold ids, never names, addresses or text a person wrote: erasing a person leaves the chain
whole. `at` and `by` are kept beside the event (see `ticket.Entry`), not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deskbook.engine.ladder_events import LadderEvent
from deskbook.engine.moving_events import Imported
from deskbook.engine.people_events import PeopleEvent
from deskbook.engine.snooze_events import LaterEvent
from deskbook.engine.visit_events import VisitEvent
from deskbook.engine.work_events import WorkEvent


@dataclass(frozen=True, slots=True)
class Opened:
    """A case was opened, by whom and through which channel."""

    requester: str
    stage: str
    channel: str
    facets: Mapping[str, str] = field(default_factory=dict)
    """Finite, non-personal values: type, category, plan, place …"""
    organisation: str | None = None
    zone: str | None = None
    """The requester's zone, for plans whose hours are the customer's."""
    severity: str | None = None
    recorded_by: str | None = None  # the agent who logged it for the requester
    message: str | None = None
    requested_for_at: datetime | None = None
    book_version: int = 1
    recurring: str | None = None  # the line of the book that opened it by itself
    anonymous: bool = False  # whose it is gives no name
    beyond: tuple[int, ...] = ()  # lines of the book beyond which it was taken: limits of a plan


@dataclass(frozen=True, slots=True)
class Answered:
    """A person at the desk answered in public."""

    message: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """An internal note was added; in old logs also what an outsider wrote."""

    message: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerWrote:
    """The requester or another participant wrote."""

    message: str
    channel: str
    reminds: bool = False  # the desk of words that wait, where the book limits that


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The requester was told that the case arrived, by this channel; it meets no clock."""

    channel: str


@dataclass(frozen=True, slots=True)
class InformationRequested:
    """What is awaited from the requester."""

    message: str
    awaited: tuple[str, ...] = ()
    """By their keys: of what desks ask for most, and of the book's papers; in old logs in words."""
    words: str | None = None
    """Id of the message that says what else."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A person owns the case, or nobody does; why, `cause` says."""

    owner: str | None
    cause: str = "person"
    """"person", "answering" (takes it), "arrival" (new team), "off duty" or "left" (its owner)."""


@dataclass(frozen=True, slots=True)
class TeamArrived:
    """The case came to a team, by a rule's line or by a person; a new visit."""

    team: str
    rule: int | None = None
    """Line of the routing rule; None when a person sent it."""
    reason: str | None = None
    """Id of the message that says why."""
    channel: str | None = None
    """How the case was passed on: phone, WhatsApp, e-mail."""
    cause: str = "person"
    """"person", "rule", "escalation" or "freeze"."""
    unmet: str = ""
    """What handed it up: "not solved", "response breached", "reopening"; else nobody had acted."""


@dataclass(frozen=True, slots=True)
class StageChanged:
    """The case moved to another stage, and why."""

    stage: str
    cause: str = "person"
    """"person", or the trigger that moved it ("requester writing", "assignment", "asking" …)."""
    stated: Mapping[str, str] = field(default_factory=dict)
    """In old logs: what the stage needs, as it was typed."""
    reason: str | None = None
    """Id of the message that says what the stage needs: vendor, reference (`engine/needs.py`)."""


@dataclass(frozen=True, slots=True)
class Categorised:
    """Facets were stated or corrected."""

    facets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeverityClaimed:
    """The requester stated another severity."""

    severity: str


@dataclass(frozen=True, slots=True)
class SeverityVerified:
    """The desk verified or corrected the severity."""

    severity: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """Something was promised for an instant; with `channel` phone it is a call-back."""

    promise: str
    due_at: datetime
    message: str | None = None
    """Id of the text of the promise."""
    channel: str | None = None
    """How it is kept, where that was said: a call-back is a promise by phone."""


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """The promised act was done."""

    promise: str


@dataclass(frozen=True, slots=True)
class PromiseWithdrawn:
    """The promise was taken back; `with_the_case` where closing the case took it along."""

    promise: str
    reason: str | None = None
    with_the_case: bool = False


@dataclass(frozen=True, slots=True)
class NextUpdateAgreed:
    """The next update has a date."""

    due_at: datetime
    under: str | None = None
    """The severity that counted then; unknown to entries of early versions."""


@dataclass(frozen=True, slots=True)
class AimPassed:
    """A clock passed its aim: amber."""

    clock: str


@dataclass(frozen=True, slots=True)
class LimitBreached:
    """A clock passed its limit; bears the instant it happened."""

    clock: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The case was closed by a person, the requester or silence; for silence not before what the
    desk wrote has left for the requester.
    """

    stage: str
    cause: str = "person"
    """"person", "requester", "silence", or "reached": its missed call was answered after all."""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reopened:
    """A solved or closed case came back; with what the book says of its clocks."""

    stage: str
    clocks: str
    """"resume", "restart" or "new", as the book says."""
    cause: str = "person"
    reason: str | None = None
    """As of `StageChanged`."""


@dataclass(frozen=True, slots=True)
class Merged:
    """This ticket went into another."""

    into: str


@dataclass(frozen=True, slots=True)
class Unmerged:
    """The merge was taken back; a stage with a closing ladder is entered anew."""

    out_of: str


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Another ticket was merged into this one, which waits as that did (by the cause “merge”)."""

    ticket: str
    joining: tuple[str, ...] = ()
    """Ids of the contacts who follow this one from now on because theirs goes on here."""


@dataclass(frozen=True, slots=True)
class Released:
    """A merged ticket was taken out again; what those who leave wrote meanwhile goes with them
    (`CustomerWrote` there), and so does what they were answered (`AnsweredElsewhere`) and whom they
    copied in (`ParticipantAdded`).
    """

    ticket: str
    leaving: tuple[str, ...] = ()
    """Ids of the contacts who followed this one because of it alone."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Another ticket has to do with this one."""

    ticket: str
    relation: str = "related"


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The link was taken away."""

    ticket: str


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of the procedure was ticked."""

    step: str


@dataclass(frozen=True, slots=True)
class StepUndone:
    """The tick was taken back."""

    step: str


@dataclass(frozen=True, slots=True)
class PaperReceived:
    """A required paper came."""

    paper: str
    message: str | None = None
    file: str | None = None
    """Id of the attachment it came in."""


@dataclass(frozen=True, slots=True)
class PaperReturned:
    """A paper that came was not what is needed, and why."""

    paper: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Redirected:
    """Out of scope: to whom, by which channel, with what reference; ends the case, not solved."""

    to: str
    channel: str
    stage: str
    reference: str | None = None
    """Id of the message that holds the reference and the words that went with it."""
    cause: str = "person"
    """"person" or "escalation"; by the book no channel and no reference are known."""
    unmet: str = ""
    """What handed it up, as of `TeamArrived`."""


@dataclass(frozen=True, slots=True)
class Held:
    """A freeze holds the case until a date."""

    freeze: str
    pick_up_at: datetime


@dataclass(frozen=True, slots=True)
class PickedUp:
    """The freeze is over, or holds the case no more, and the case is back where it was."""

    freeze: str
    cause: str = "over"  # or "not held any more"


@dataclass(frozen=True, slots=True)
class WorkedOutAnew:
    """A newer version of the program counts otherwise: what was due, and what is due now."""

    was_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """The ticket follows another version of the book, by its names of what the one before had."""

    book_version: int
    stages: Mapping[str, str] = field(default_factory=dict)
    """A stage of before → the one it is now; so with teams and severities."""
    teams: Mapping[str, str] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    facets: Mapping[str, str] = field(default_factory=dict)
    """Facet → the value in place of one the book has no more."""


Event = (
    Opened
    | Answered
    | Noted
    | CustomerWrote
    | Acknowledged
    | InformationRequested
    | Assigned
    | TeamArrived
    | StageChanged
    | Categorised
    | SeverityClaimed
    | SeverityVerified
    | Promised
    | PromiseKept
    | PromiseWithdrawn
    | NextUpdateAgreed
    | AimPassed
    | LimitBreached
    | LadderEvent
    | Closed
    | Reopened
    | Merged
    | Unmerged
    | Absorbed
    | Released
    | Linked
    | Unlinked
    | PeopleEvent
    | CarriedOver
    | WorkedOutAnew
    | StepDone
    | StepUndone
    | PaperReceived
    | PaperReturned
    | Redirected
    | Held
    | PickedUp
    | LaterEvent
    | Imported
    | VisitEvent
    | WorkEvent
)


KINDS: dict[str, type] = {kind.__name__: kind for kind in Event.__args__}
"""Name in the log → class. A kind is never renamed or removed: old entries must stay readable."""
