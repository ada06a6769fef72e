"""Severity claimed by the requester and verified by the desk: both are kept."""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal


def decide_verify(
    desk: Desk,
    ticket: TicketState,
    severity: str,
    reason: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `SeverityVerified`. Clocks follow from their own start (semantics §3.7).

    Refuses a severity the book does not have, and a change of the claimed one without a reason.
    """
    refusal = hindrance(desk, ticket, "verify") or _unknown(desk, severity)
    if refusal:
        return refusal
    if severity != ticket.severity and not reason:
        title = desk.severities[severity].title
        return Refusal("reason: severity", word=desk.severity_word, severity=title)
    if severity == ticket.verified:
        return ()
    return (happened.SeverityVerified(severity, reason),)


def decide_claim(
    desk: Desk, ticket: TicketState, severity: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `SeverityClaimed`; it counts until the desk verifies one."""
    refusal = hindrance(desk, ticket, "claim") or _unknown(desk, severity)
    if refusal or severity == ticket.claimed:
        return refusal or ()
    return (happened.SeverityClaimed(severity),)


def _unknown(desk: Desk, severity: str) -> Refusal | None:
    if severity in desk.severities:
        return None
    known = tuple(desk.severities)
    return Refusal("unknown value", word=desk.severity_word, value=short(severity), known=known)
