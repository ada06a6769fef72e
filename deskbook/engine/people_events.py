"""Events of whose case it is, who follows it, what its people were told elsewhere, and who holds a
seat.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ContactReplaced:
    """A named contact took another's seat."""

    leaves: str
    arrives: str


@dataclass(frozen=True, slots=True)
class ParticipantAdded:
    """A contact follows and may write."""

    contact: str


@dataclass(frozen=True, slots=True)
class ParticipantRemoved:
    """A contact follows no more: taken out by the desk, or they left; a Cc does not bring them
    back.
    """

    contact: str


@dataclass(frozen=True, slots=True)
class RequesterChanged:
    """The case is somebody else's: answers, access, organisation, plan and zone are theirs, clocks
    are worked out again, a ladder begins anew.
    """

    requester: str
    organisation: str | None = None
    zone: str | None = None
    plan: str | None = None
    follows: bool = True
    """Whose case it was goes on following it."""


@dataclass(frozen=True, slots=True)
class OutsiderWrote:
    """Somebody wrote who takes no part, or of whom that is not proven; no machine's."""

    message: str


@dataclass(frozen=True, slots=True)
class WroteAside:
    """The desk wrote, beside the case, to somebody who takes no part in it: a supplier, another
    office. Nobody of the case reads it, nor what they answer (`OutsiderWrote`).
    """

    message: str
    contact: str


@dataclass(frozen=True, slots=True)
class SenderAccepted:
    """Somebody of the desk said that a mail whose sender was not proven is from who it names."""

    message: str
    finding: str = ""
    """What the mail server had said ("dmarc=fail")."""


@dataclass(frozen=True, slots=True)
class PersonParted:
    """Two people who were taken for one were taken apart: what one wrote here, on the other's case,
    is for the desk alone, and whom it copied in follows no more, and a paper that came by it is
    missing again; where their own case was merged with this one and taken out while they were taken
    for one, it goes there (`CustomerWrote`), as by `Released`.
    """

    contact: str
    leaving: tuple[str, ...] = ()
    """Ids of the contacts who followed because of them alone."""
    papers: tuple[str, ...] = ()
    """What came by their words alone, and is missing again."""


@dataclass(frozen=True, slots=True)
class AnsweredElsewhere:
    """What the people of the case were answered while it was merged into another stands here too,
    once that is taken back; it counts as an answer and is not sent again; who had left that other
    case by then does not read it.
    """

    message: str
    on: str
    """The ticket it was said on."""
    teams: tuple[str, ...] = ()
    answered_at: datetime | None = None
    """When they were told there, by which the clocks go; None: when it was brought here."""


PeopleEvent = (
    AnsweredElsewhere
    | ContactReplaced
    | OutsiderWrote
    | ParticipantAdded
    | ParticipantRemoved
    | PersonParted
    | RequesterChanged
    | SenderAccepted
    | WroteAside
)
