"""What can happen to a ticket. Each class is one kind of entry in the log.

Events hold ids, never names, addresses or text a person wrote: erasing a person leaves the chain
whole. `at` and `by` are kept beside the event (see `ticket.Entry`), not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deskbook.engine.ladder_events import LadderEvent
from deskbook.engine.people_events import PeopleEvent
from deskbook.engine.visit_events import VisitEvent


@dataclass(frozen=True, slots=True)
class Opened:
    requester: str
    stage: str
    channel: str
    facets: Mapping[str, str] = field(default_factory=dict)
    """Finite, non-personal values: type, category, plan, place …"""
    organisation: str | None = None
    zone: str | None = None
    """The requester's zone, for plans whose hours are the customer's."""
    severity: str | None = None
    recorded_by: str | None = None
    """The agent who logged it for the requester."""
    message: str | None = None
    requested_for_at: datetime | None = None
    book_version: int = 1


@dataclass(frozen=True, slots=True)
class Answered:
    """A public answer of a person at the desk."""

    message: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """An internal note."""

    message: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerWrote:
    message: str
    channel: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An automatic acknowledgement was queued: it meets no clock."""

    channel: str


@dataclass(frozen=True, slots=True)
class InformationRequested:
    message: str
    awaited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    owner: str | None
    cause: str = "person"
    """"person", "answering" (who answers takes it), "off duty" or "left" (its owner before)."""


@dataclass(frozen=True, slots=True)
class TeamArrived:
    team: str
    rule: int | None = None
    """Line of the routing rule; None when a person sent it."""
    reason: str | None = None
    """Id of the message that says why."""
    channel: str | None = None
    """How the case was passed on: phone, WhatsApp, e-mail."""
    cause: str = "person"
    """"person", "rule", "escalation" or "freeze"."""


@dataclass(frozen=True, slots=True)
class StageChanged:
    stage: str
    cause: str = "person"
    """"person", or the trigger that moved it ("requester writing", "assignment", "asking" …)."""
    stated: Mapping[str, str] = field(default_factory=dict)
    """What the stage needs: vendor, reference."""


@dataclass(frozen=True, slots=True)
class Categorised:
    facets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeverityClaimed:
    severity: str


@dataclass(frozen=True, slots=True)
class SeverityVerified:
    severity: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    promise: str
    due_at: datetime
    message: str | None = None
    """Id of the text of the promise."""
    channel: str | None = None
    """How it is kept, where that was said: a call-back is a promise by phone."""


@dataclass(frozen=True, slots=True)
class PromiseKept:
    promise: str


@dataclass(frozen=True, slots=True)
class PromiseWithdrawn:
    promise: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class NextUpdateAgreed:
    due_at: datetime
    under: str | None = None
    """The severity that counted then; unknown to entries of early versions."""


@dataclass(frozen=True, slots=True)
class AimPassed:
    clock: str


@dataclass(frozen=True, slots=True)
class LimitBreached:
    clock: str


@dataclass(frozen=True, slots=True)
class Closed:
    stage: str
    cause: str = "person"
    """"person", "requester" or "silence"."""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reopened:
    stage: str
    clocks: str
    """"resume", "restart" or "new", as the book says."""
    cause: str = "person"


@dataclass(frozen=True, slots=True)
class Merged:
    into: str


@dataclass(frozen=True, slots=True)
class Unmerged:
    out_of: str


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Another ticket was merged into this one."""

    ticket: str
    joining: tuple[str, ...] = ()
    """Ids of the contacts who follow this one from now on because theirs goes on here."""


@dataclass(frozen=True, slots=True)
class Released:
    """A ticket merged into this one was taken out again."""

    ticket: str
    leaving: tuple[str, ...] = ()
    """Ids of the contacts who followed this one because of it alone."""


@dataclass(frozen=True, slots=True)
class Linked:
    ticket: str
    relation: str = "related"


@dataclass(frozen=True, slots=True)
class Unlinked:
    ticket: str


@dataclass(frozen=True, slots=True)
class StepDone:
    step: str


@dataclass(frozen=True, slots=True)
class StepUndone:
    step: str


@dataclass(frozen=True, slots=True)
class PaperReceived:
    paper: str
    message: str | None = None
    file: str | None = None
    """Id of the attachment it came in."""


@dataclass(frozen=True, slots=True)
class PaperReturned:
    """A paper that came was not what is needed."""

    paper: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Redirected:
    """The case was none of the desk's and went to an outside contact. It ends, not solved."""

    to: str
    channel: str
    stage: str
    reference: str | None = None
    """Id of the message that holds the reference and the words that went with it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A freeze holds the case until it is picked up."""

    freeze: str
    pick_up_at: datetime


@dataclass(frozen=True, slots=True)
class PickedUp:
    freeze: str


@dataclass(frozen=True, slots=True)
class EstimateOffered:
    estimate: str
    minutes: int
    cost: str
    """Amount and currency as agreed, "1200.00 CAD"."""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class EstimateSigned:
    """The customer signed off, by an account (its id, unknown in older entries): it is a work order
    now.
    """

    estimate: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class EstimateDeclined:
    estimate: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WorkBooked:
    estimate: str
    minutes: int
    cost: str = ""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    version: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryConfirmed:
    version: str


@dataclass(frozen=True, slots=True)
class SenderAccepted:
    """Somebody of the desk said that a mail whose sender was not proven is from who it names."""

    message: str
    finding: str = ""
    """What the mail server had said ("dmarc=fail")."""


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    message: str
    hard: bool = True
    to_requester: bool = False
    """In entries of before this was kept it is not known."""
    discarded_by: str | None = None
    """Id of the agent who decided that it does not leave."""


@dataclass(frozen=True, slots=True)
class WorkedOutAnew:
    """A newer version counts otherwise: what was due then is due now."""

    was_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CarriedOver:
    book_version: int


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
    | SenderAccepted
    | DeliveryFailed
    | CarriedOver
    | WorkedOutAnew
    | StepDone
    | StepUndone
    | PaperReceived
    | PaperReturned
    | Redirected
    | Held
    | PickedUp
    | EstimateOffered
    | EstimateSigned
    | EstimateDeclined
    | WorkBooked
    | Delivered
    | DeliveryConfirmed
    | VisitEvent
)


KINDS: dict[str, type] = {kind.__name__: kind for kind in Event.__args__}
"""Name in the log → class. A kind is never renamed or removed: old entries must stay readable."""
