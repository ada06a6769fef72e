"""Out of scope: to a named outside contact, by a channel, with a reference. Never counted as solved."""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.decide_site_visit import unfinished_visit
from deskbook.engine.decision import Decision, Refusal, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.engine.ticket import Actor, Ticket


def decide_redirect(
    desk: Desk, ticket: Ticket, to: str, channel: str, *, reference: str | None = None, at: datetime, by: Actor
) -> Decision:
    """Returns `Redirected`, which ends the ticket.

    Refused to somebody the book does not name, by a channel it does not give them, and without a reference.
    """
    refusal = hindrance(desk, ticket, "redirect") or unfinished_visit(desk, ticket)
    if refusal:
        return refusal
    contact = desk.outside.get(to)
    if contact is None:
        known = ", ".join(other.title for other in desk.outside.values()) or "nobody"
        return Refusal("outside contact", f"The book has no outside contact “{short(to)}”: it has {known}.")
    if contact.by and channel not in contact.by:
        return Refusal("channel", f"{contact.title} is reached by {' or '.join(contact.by)}.")
    if not reference:
        return Refusal("reference", f"Give a reference: who took it at {contact.title}, or under which number.")
    ends = next((s for s in desk.stages.values() if s.redirected), None)
    ends = ends or next((s for s in desk.stages.values() if s.closed), None)
    if ends is None:
        return Refusal("no closed stage", "The book has no stage where a redirected case ends.")
    return (happened.Redirected(to, channel, ends.key, reference),)
