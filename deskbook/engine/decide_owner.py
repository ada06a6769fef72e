"""Whose case it is when nobody says so: who answers takes it, and one that comes back needs an
owner who is there.
"""

from datetime import datetime
from typing import Literal

from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine import visit_events, work_events
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.ladder_events import CannotBeReached
from deskbook.engine.ticket import Actor, TicketState

Absence = Literal["off duty", "left"]
"""Why an owner cannot act: not at work by the roster or on leave; or no longer of the desk."""
_BRINGS_BACK: tuple[type[Event], ...] = (
    happened.CustomerWrote,
    happened.Reopened,
    happened.PickedUp,
    CannotBeReached,
    work_events.EstimateSigned,
    work_events.EstimateDeclined,
    visit_events.SiteVisitAsked,
    visit_events.SiteVisitAnswered,
)


def brings_back(event: Event) -> bool:
    """Whether an event makes it the desk's turn again without the owner having done anything.

    A message that did not arrive does where it was for the requester: a follower's mailbox is no
    reason to move a case.
    """
    if isinstance(event, ladder.DeliveryFailed):
        return event.to_requester
    return isinstance(event, _BRINGS_BACK)


def taking(desk: Desk, ticket: TicketState, by: Actor) -> tuple[Event, ...]:
    """Returns that `by` takes the case by answering it: what nobody owns is on nobody's list
    (semantics §4.7).

    Nothing where it has an owner, where the book says `answering takes: no`, and for anybody but a
    person of the desk.
    """
    if ticket.owner is not None or by.kind != "agent" or not desk.answering_takes:
        return ()
    return (happened.Assigned(by.id, cause="answering"),)


def decide_relieve(
    desk: Desk,
    ticket: TicketState,
    owner: str,
    *,
    why: Absence,
    successor: str | None,
    at: datetime,
) -> Decision:
    """Returns `Assigned` from an absent owner to who is on duty, or to nobody: then it is the
    team's again.

    Nothing when somebody else has it by now, and of a case that is closed or merged: it is asked
    again when it is back.
    """
    if (
        ticket.owner != owner
        or successor == owner
        or ticket.merged_into
        or desk.stages[ticket.stage].closed
    ):
        return ()
    return (happened.Assigned(successor, cause=why),)
