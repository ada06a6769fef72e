"""Named contacts: how many a plan has seats for, and one taking another's."""

from collections.abc import Sequence
from datetime import datetime

from deskbook.engine import people_events as people
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk, Plan
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal


def seat_hindrance(plan: Plan | None, organisation: str, holders: Sequence[str]) -> Refusal | None:
    """Returns why an organisation may not have one more named contact, naming who holds the seats,
    or None.

    Without a plan, or with one that says nothing about contacts, there is no limit.
    """
    if plan is None or plan.contacts is None or len(holders) < plan.contacts[1]:
        return None
    most = plan.contacts[1]
    return Refusal(
        "seats",
        organisation=organisation,
        most=most,
        plan=plan.title,
        line=plan.line or None,
        holders=tuple(holders),
    )


def decide_replace_contact(
    desk: Desk, ticket: TicketState, leaves: str, arrives: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `ContactReplaced`; refused for one and the same person."""
    refusal = hindrance(desk, ticket, "replace a contact")
    if refusal:
        return refusal
    if leaves == arrives:
        return Refusal("replacement: same person")
    return (people.ContactReplaced(leaves, arrives),)
