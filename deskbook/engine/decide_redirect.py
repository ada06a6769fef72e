"""Out of scope: to a named outside contact, by a channel, with a reference. Never counted as
solved.
"""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.decide_promise import promised_still
from deskbook.engine.decide_site_visit import unfinished_visit
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal, Word


def decide_redirect(
    desk: Desk,
    ticket: TicketState,
    to: str,
    channel: str,
    reference: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `Redirected`, which ends the ticket.

    Refused to somebody the book does not name, by a channel it does not give them, without a
    reference, and while something is promised.
    """
    refusal = hindrance(desk, ticket, "redirect") or unfinished_visit(desk, ticket)
    refusal = refusal or promised_still(desk, ticket)
    if refusal:
        return refusal
    contact = desk.outside.get(to)
    if contact is None:
        known = tuple(other.title for other in desk.outside.values()) or Word("nobody")
        return Refusal("outside contact", contact=short(to), known=known)
    if contact.by and channel not in contact.by:
        return Refusal("channel", contact=contact.title, channels=tuple(contact.by))
    if not reference:
        return Refusal("reference", contact=contact.title)
    ends = desk.redirected_stage
    if ends is None:
        return Refusal("no closed stage: redirected")
    return (happened.Redirected(to, channel, ends.key, reference),)
