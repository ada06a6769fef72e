"""Stages, closing, reopening, severity."""

from collections.abc import Mapping
from datetime import datetime

from deskbook.engine.decide_severity import decide_verify
from deskbook.engine.decide_stage import decide_close, decide_close_reached, decide_stage
from deskbook.engine.desk import Stage
from deskbook.engine.needs import from_lines, in_lines
from deskbook.engine.ticket import SYSTEM
from deskbook.people.access import may_open_and_close
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.models import Message, Ticket


@once
def move_ticket(
    ticket: Ticket,
    stage: str,
    *,
    stated: Mapping[str, str] | None = None,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Moves the ticket to a stage the book allows from here; `stated` holds what that stage needs,
    which is kept apart from the log. Raises Refused.
    """
    given = {need: text for need, text in (stated or {}).items() if text.strip()}
    why = store_reason(ticket, in_lines(given), at=at, by=by)
    return perform(ticket, decide_stage, stage, given, why, at=at, by=by, key=key)


def stated_for(ticket: Ticket, stage: Stage) -> dict[str, str]:
    """Returns what was stated of the stage's needs when the ticket was last put there."""
    moved = ticket.log.filter(kind__in=("StageChanged", "Reopened"), data__stage=stage.key)
    data = moved.order_by("-seq").values_list("data", flat=True).first() or {}
    if "stated" in data:  # of before the log held ids alone
        return dict(data["stated"])
    said = Message.objects.filter(pk=data.get("reason") or 0)
    return from_lines("".join(said.values_list("text", flat=True)), stage.needs)


PROMISED = "promised still"


def close_ticket(
    ticket: Ticket,
    *,
    withdrawing: bool = False,
    at: datetime,
    by: Agent | Contact,
    key: str | None = None,
) -> Recorded:
    """Closes the ticket. Raises Refused; only named contacts close for their organisation.

    By the rule PROMISED where somebody at the desk closes what something is promised on, and did
    not say that they are `withdrawing` it.
    """
    if isinstance(by, Contact) and not may_open_and_close(by):
        raise Refused("named contacts: close")
    return perform(ticket, decide_close, withdrawing, at=at, by=by, key=key)


def close_reached(ticket: Ticket, *, at: datetime, key: str | None = None) -> Recorded:
    """Closes the case of a missed call that was answered after all; nobody is told. Raises
    Refused.
    """
    return perform(ticket, decide_close_reached, at=at, by=SYSTEM, key=key)


@once
def verify_severity(
    ticket: Ticket,
    severity: str,
    *,
    reason: str = "",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Verifies or corrects the claimed severity; a correction needs a reason. Raises Refused."""
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(ticket, decide_verify, severity, why, at=at, by=by, key=key)
