"""What happens about work the customer pays for or their plan includes, about what is delivered
to them, and what the requester decides of how a case goes on.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EstimateOffered:
    """A quote waits for the customer's sign-off."""

    estimate: str
    minutes: int
    cost: str
    """Amount and currency as agreed, "1200.00 CAD"."""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class EstimateSigned:
    """The customer signed: a work order."""

    estimate: str
    account: str = ""
    """Id of the account that did; unknown in older entries."""


@dataclass(frozen=True, slots=True)
class EstimateDeclined:
    """The customer declined, and why."""

    estimate: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WorkBooked:
    """Time and cost were booked on a work order."""

    estimate: str
    minutes: int
    cost: str = ""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class TimeLogged:
    """Time was spent on the case, of what its plan includes."""

    minutes: int
    """Below nothing: so much was logged too much."""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A version was delivered and waits for confirmation."""

    version: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryConfirmed:
    """The customer confirmed it."""

    version: str


@dataclass(frozen=True, slots=True)
class ChoiceMade:
    """The requester decided one of what the stage offers; who says it for them is the actor."""

    choice: str
    message: str | None = None
    """Id of the message that says why."""


WorkEvent = (
    EstimateOffered
    | EstimateSigned
    | EstimateDeclined
    | WorkBooked
    | TimeLogged
    | Delivered
    | DeliveryConfirmed
    | ChoiceMade
)
