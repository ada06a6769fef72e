"""Events of whose case it is, who follows it, what its people were told elsewhere, and who holds a
seat.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ContactReplaced:
    """One named contact of the organisation took another's seat."""

    leaves: str
    arrives: str


@dataclass(frozen=True, slots=True)
class ParticipantAdded:
    contact: str


@dataclass(frozen=True, slots=True)
class ParticipantRemoved:
    """Somebody follows no more: taken out, or they left. Being copied in on a mail does not bring
    them back.
    """

    contact: str


@dataclass(frozen=True, slots=True)
class RequesterChanged:
    """The case is somebody else's: answers, access and what the book gives them follow."""

    requester: str
    organisation: str | None = None
    zone: str | None = None
    plan: str | None = None
    follows: bool = True
    """Whose case it was goes on following it."""


@dataclass(frozen=True, slots=True)
class OutsiderWrote:
    """Somebody wrote who takes no part, or of whom that is not proven: the desk reads it, nobody
    else.
    """

    message: str


@dataclass(frozen=True, slots=True)
class PersonParted:
    """Who wrote here was taken for one who takes part, and is a person of their own again: an
    outsider.
    """

    contact: str
    leaving: tuple[str, ...] = ()
    """Ids of the contacts who followed because of them alone."""
    papers: tuple[str, ...] = ()
    """What came by their words alone, and is missing again."""


@dataclass(frozen=True, slots=True)
class AnsweredElsewhere:
    """A public answer that reached the people of this case while it was merged into another: nobody
    is told again.
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
)
