"""Which facts of an entry a program is told: a closed set for each kind, so that of a new kind, or
of a new fact, nothing is told until a line here says so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from deskbook.people.sight import is_confined
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.named import named_beside

TOLD: Mapping[str, str] = {
    "Absorbed": "ticket joining",
    "Acknowledged": "channel",
    "AimPassed": "clock",
    "Answered": "message teams",
    "AnsweredElsewhere": "message on teams answered_at",
    "Assigned": "owner cause",
    "CannotBeReached": "reason number",
    "CarriedOver": "book_version stages teams severities facets",
    "Categorised": "facets",
    "ChoiceMade": "choice message",
    "Closed": "stage cause due_at",
    "ContactReplaced": "leaves arrives",
    "CustomerWrote": "message channel reminds",
    "Delivered": "version message",
    "DeliveryConfirmed": "version",
    "DeliveryFailed": "message hard to_requester discarded_by",
    "Erased": "what line book_version",
    "EstimateDeclined": "estimate reason",
    "EstimateOffered": "estimate minutes cost message",
    "EstimateSigned": "estimate account",
    "Held": "freeze pick_up_at",
    "Imported": (
        "requester stage channel source number imported_at facets organisation zone"
        " severity team owner message closed_at solved_in book_version"
    ),
    "InformationRequested": "message words",
    "LegalHoldLifted": "reason",
    "LegalHoldPlaced": "reason",
    "LimitBreached": "clock",
    "Linked": "ticket relation",
    "Merged": "into",
    "NextUpdateAgreed": "due_at under",
    "Noted": "message teams",
    "Opened": (
        "requester stage channel facets organisation zone severity recorded_by message"
        " requested_for_at book_version recurring anonymous beyond"
    ),
    "OutsiderWrote": "message",
    "PaperReceived": "paper message file",
    "PaperReturned": "paper reason",
    "ParticipantAdded": "contact",
    "ParticipantRemoved": "contact",
    "PersonParted": "contact leaving papers",
    "PickedUp": "freeze cause",
    "PromiseKept": "promise",
    "PromiseWithdrawn": "promise reason with_the_case",
    "Promised": "promise due_at message channel",
    "Redirected": "to channel stage reference cause unmet",
    "Released": "ticket leaving",
    "ReminderCameBack": "number due_at",
    "ReminderDue": "number due_at told",
    "ReminderSent": "number due_at told too_late repeats",
    "Reopened": "stage clocks cause reason",
    "RequesterChanged": "requester organisation zone plan follows",
    "SenderAccepted": "message finding",
    "SeverityClaimed": "severity",
    "SeverityVerified": "severity reason",
    "SiteVisitAnswered": "visit suits reason",
    "SiteVisitAsked": "people message wanted_from wanted_until",
    "SiteVisitCalledOff": "visit reason",
    "SiteVisitCarriedOut": "visit",
    "SiteVisitDated": "visit from_at until_at people message",
    "SiteVisitDecided": "approved reason",
    "SiteVisitReported": "visit attended message",
    "SnoozeOver": "cause",
    "Snoozed": "until_at",
    "StageChanged": "stage cause reason",
    "StepDone": "step",
    "StepUndone": "step",
    "Tagged": "put off",
    "TeamArrived": "team rule reason channel cause unmet",
    "Undone": "first last",
    "Unlinked": "ticket",
    "Unmerged": "out_of",
    "WorkBooked": "estimate minutes cost message",
    "TimeLogged": "minutes message",
    "WorkedOutAnew": "was_at due_at",
    "WroteAside": "message contact",
}
"""Kind → its facts that are told. What old logs hold as it was typed (`awaited`, `stated`) is not,
nor is a case as it stood.
"""
OF_ANOTHER_TICKET: Mapping[str, str] = {
    "Absorbed": "ticket",
    "AnsweredElsewhere": "on",
    "Linked": "ticket",
    "Merged": "into",
    "Released": "ticket",
    "Unlinked": "ticket",
    "Unmerged": "out_of",
}
"""Kind → its fact that is the number of another ticket."""
OF_ITS_PEOPLE = frozenset({"joining", "leaving"})
"""Facts that are the ids of that other ticket's people."""


def facts_told(entry: LogEntry) -> dict[str, Any]:
    """Returns what is told of an entry; no number of a ticket that is confined, and none of its
    people.
    """
    return dict(_told(entry))


def _told(entry: LogEntry) -> Iterator[tuple[str, Any]]:
    names, other = TOLD.get(entry.kind, "").split(), OF_ANOTHER_TICKET.get(entry.kind)
    if other in entry.data and not _may_be_named(entry.ticket, entry.data[other]):
        names = [name for name in names if name != other and name not in OF_ITS_PEOPLE]
    for name, fact in entry.data.items():
        if name in names:
            yield name, fact


def _may_be_named(ticket: Ticket, name: str) -> bool:
    try:
        return not is_confined(ticket.desk, named_beside(ticket, name))
    except Ticket.DoesNotExist:
        return False
