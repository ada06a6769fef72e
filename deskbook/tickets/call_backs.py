"""Calling people back: promises by phone, with the number to ring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.people.access import seen_by
from deskbook.people.models import Agent
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.log import Recorded, once
from deskbook.tickets.models import Ticket
from deskbook.tickets.promises import keep_promise, make_promise, withdraw_promise
from deskbook.tickets.thread import promised_on

PAGE = 50


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom to ring, and when."""

    number: str
    """As E.164 where it parses."""
    due_at: datetime
    from_at: datetime | None = None
    """Not before."""
    text: str = ""
    """What it is about, as the requester reads it."""
    tries: int = 0


@once
def promise_call_back(
    ticket: Ticket, ring: Ring, *, at: datetime, by: Agent | None, key: str | None = None
) -> Recorded:
    """Promises to ring somebody, by a person or, with `by` None, by the desk itself. Raises
    Refused.
    """
    text = ring.text.strip() or usual_words(ticket)
    recorded = make_promise(ticket, text, ring.due_at, channel="phone", at=at, by=by, key=key)
    promised = next(entry for entry in recorded.entries if entry.kind == "Promised")
    CallBack.objects.create(
        desk_id=ticket.desk_id,
        ticket=ticket,
        promise=promised.data["promise"],
        number=ring.number[:32],
        from_at=ring.from_at,
        due_at=ring.due_at,
        tries=ring.tries,
        made_at=at,
    )
    return recorded


def usual_words(ticket: Ticket) -> str:
    """Returns what is promised where nobody said what the call is about, in the requester's
    language.
    """
    with translation.override(ticket.requester.language or "en"):
        return _("We call you back.")


def rang_in_vain(ticket: Ticket, promise: str) -> bool:
    """Whether a call-back was taken back because nobody answered: another is promised then."""
    rows = CallBack.objects.filter(ticket=ticket, promise=promise)
    return rows.filter(outcome=CallBack.Outcome.NO_ANSWER).exists()


def called_back(row: CallBack, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Records that the person was rung and reached. Raises Refused."""
    return keep_promise(row.ticket, row.promise, at=at, by=by, key=key)


@once
def try_again(
    row: CallBack,
    due_at: datetime,
    *,
    reason: str = "",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Records that nobody answered and promises another try until `due_at`. Raises Refused; then
    nothing changes.
    """
    if (
        not CallBack.objects.select_for_update(no_key=True)
        .filter(pk=row.pk, ended_at=None)
        .exists()
    ):
        raise Refused("promise: call-back")
    said = reason.strip() or "Nobody answered."
    withdraw_promise(row.ticket, row.promise, reason=said, at=at, by=by)
    CallBack.objects.filter(pk=row.pk).update(outcome=CallBack.Outcome.NO_ANSWER)
    with translation.override(row.ticket.requester.language or "en"):
        text = _("We rang you and did not reach you. We try again.")
    ring = Ring(row.number, due_at, text=text, tries=row.tries + 1)
    return promise_call_back(row.ticket, ring, at=at, by=by, key=key)


def no_more_call(
    row: CallBack, *, reason: str = "", at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Withdraws a call-back. Raises Refused."""
    return withdraw_promise(row.ticket, row.promise, reason=reason, at=at, by=by, key=key)


def call_backs_of(agent: Agent) -> QuerySet[CallBack]:
    """Returns the desk's call-backs to be made, the one due first at the top; of ended cases
    none.
    """
    rows = CallBack.objects.filter(desk=agent.desk_id, ended_at=None, ticket__is_open=True)
    return (
        seen_by(agent, rows, "ticket__")
        .select_related("ticket__desk", "ticket__requester", "ticket__owner__user")
        .order_by("due_at", "id")
    )


def what_they_are_about(rows: Sequence[CallBack]) -> dict[int, str]:
    """Returns id → what was promised when the call was first promised, however often it rang in
    vain since; nothing where that was only to call back.
    """
    tickets = {row.ticket_id for row in rows}
    texts = promised_on(*tickets)
    vain = CallBack.objects.filter(ticket__in=tickets, outcome=CallBack.Outcome.NO_ANSWER)
    before = {(one.ticket_id, one.number, one.ended_at, one.tries): one for one in vain}
    told = {row.pk: texts.get(_first_promised(row, before).promise, "") for row in rows}
    return {row.pk: told[row.pk] for row in rows if told[row.pk] != usual_words(row.ticket)}


def _first_promised(
    row: CallBack, before: Mapping[tuple[int, str, datetime | None, int], CallBack]
) -> CallBack:
    """A try begins at the instant the one before it ended."""
    last = before.get((row.ticket_id, row.number, row.made_at, row.tries - 1))
    return _first_promised(last, before) if last else row
