"""Estimates, the customer's sign-off, time and cost on work orders, deliveries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from deskbook.engine import decide_work, work_events
from deskbook.people.access import may_sign
from deskbook.people.models import Agent, Contact, User
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.state import state_of


@dataclass(frozen=True, slots=True)
class Order:
    """An estimate and what became of it. `cost` and `booked_cost` are amount and currency ("1200.00
    CAD").
    """

    id: str
    time: timedelta
    cost: str
    words: str
    offered_at: datetime
    signed_at: datetime | None
    declined_at: datetime | None
    booked: timedelta
    booked_cost: str
    signed_by: str = ""
    """Name and mail address of who signed."""
    why_declined: str = ""

    @property
    def is_open(self) -> bool:
        return self.signed_at is None and self.declined_at is None


@once
def offer_estimate(
    ticket: Ticket,
    time: timedelta,
    cost: str,
    words: str,
    *,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Offers time and cost for the customer to sign. Raises Refused: nothing estimated, or one is
    waiting already.
    """
    minutes = int(time.total_seconds() // 60)
    offered = work_events.EstimateOffered(
        uuid4().hex[:8], minutes, cost, _said(ticket, words, at=at, by=by)
    )
    return perform(ticket, decide_work.decide_offer_estimate, offered, at=at, by=by, key=key)


def sign_estimate(
    ticket: Ticket, estimate: str, *, at: datetime, by: Contact, key: str | None = None
) -> Recorded:
    """Makes the estimate a work order, and keeps by which account (`by.user`) it was signed.

    Raises Refused: signed or declined before, or not theirs to sign.
    """
    _may_sign(by, ticket)
    account = str(by.user_id or "")
    return perform(
        ticket, decide_work.decide_sign_estimate, estimate, account, at=at, by=by, key=key
    )


@once
def decline_estimate(
    ticket: Ticket,
    estimate: str,
    *,
    reason: str = "",
    at: datetime,
    by: Contact,
    key: str | None = None,
) -> Recorded:
    """Declines the estimate, with the customer's reason if they give one. Raises Refused."""
    _may_sign(by, ticket)
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(
        ticket, decide_work.decide_decline_estimate, estimate, why, at=at, by=by, key=key
    )


@once
def book_work(
    ticket: Ticket,
    estimate: str,
    time: timedelta,
    *,
    cost: str = "",
    words: str = "",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Books time, cost or both on a signed work order. Raises Refused for what the customer has not
    signed.
    """
    what = store_reason(ticket, words, at=at, by=by)
    booked = work_events.WorkBooked(estimate, int(time.total_seconds() // 60), cost, what)
    return perform(ticket, decide_work.decide_book_work, booked, at=at, by=by, key=key)


@once
def log_time(
    ticket: Ticket,
    minutes: int,
    *,
    words: str = "",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Logs time spent on a case, of what its plan includes; below nothing takes some away. Raises
    Refused.
    """
    logged = work_events.TimeLogged(minutes, store_reason(ticket, words, at=at, by=by))
    return perform(ticket, decide_work.decide_log_time, logged, at=at, by=by, key=key)


@once
def deliver(
    ticket: Ticket,
    version: str,
    *,
    words: str = "",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Records what was delivered and waits for the customer to confirm it. Raises Refused without a
    version.
    """
    delivered = work_events.Delivered(version.strip(), _said(ticket, words, at=at, by=by))
    return perform(ticket, decide_work.decide_deliver, delivered, at=at, by=by, key=key)


def confirm_delivery(
    ticket: Ticket, *, at: datetime, by: Contact, key: str | None = None
) -> Recorded:
    """Confirms the delivery, which solves the case. Raises Refused when nothing waits to be
    confirmed.
    """
    _may_sign(by, ticket)
    return perform(ticket, decide_work.decide_confirm_delivery, at=at, by=by, key=key)


def orders_of(ticket: Ticket) -> list[Order]:
    """Returns the estimates and work orders of a ticket, the latest first."""
    estimates = state_of(ticket).estimates
    if not estimates:
        return []
    done: dict[str, dict[str, list[LogEntry]]] = {kind: {} for kind in _OF_ORDERS}
    for entry in LogEntry.objects.filter(ticket=ticket, kind__in=_OF_ORDERS).order_by("seq"):
        done[entry.kind].setdefault(entry.data["estimate"], []).append(entry)
    offers, declined = (_said_with(ticket, done[kind], field) for kind, field in _WORDS.items())
    signers = _signers({estimate: last[-1] for estimate, last in done["EstimateSigned"].items()})
    booked = done["WorkBooked"]
    return [
        Order(
            e.id,
            timedelta(minutes=e.minutes),
            e.cost,
            offers.get(e.id, ""),
            e.offered_at,
            e.signed_at,
            e.declined_at,
            timedelta(minutes=e.booked_minutes),
            total_cost([entry.data.get("cost", "") for entry in booked.get(e.id, [])]),
            signers.get(e.id, ""),
            declined.get(e.id, ""),
        )
        for e in reversed(estimates)
    ]


_WORDS = {"EstimateOffered": "message", "EstimateDeclined": "reason"}
"""Which field of an entry holds the id of what was said with it."""
_OF_ORDERS = (*_WORDS, "EstimateSigned", "WorkBooked")


def _said_with(ticket: Ticket, entries: Mapping[str, list[LogEntry]], field: str) -> dict[str, str]:
    """Returns what was said last of each estimate."""
    ids = {estimate: int(last[-1].data.get(field) or 0) for estimate, last in entries.items()}
    found = Message.objects.filter(ticket=ticket, pk__in=ids.values())
    texts = dict(found.values_list("pk", "text"))
    return {estimate: texts.get(pk, "") for estimate, pk in ids.items()}


def _signers(signed: Mapping[str, LogEntry]) -> dict[str, str]:
    """Returns who signed each estimate, and by which address: a contact may get others later."""
    if not signed:
        return {}
    who = {key: entry.actor.partition(":")[2] for key, entry in signed.items()}
    by = {key: entry.data.get("account", "") for key, entry in signed.items()}
    contacts = {
        str(pk): str(one)
        for pk, one in Contact.objects.in_bulk([int(n) for n in who.values() if n]).items()
    }
    mails = {
        str(u.pk): f"<{u.email}>" for u in User.objects.filter(pk__in=[n for n in by.values() if n])
    }
    return {
        key: " ".join(filter(None, (contacts.get(who[key]), mails.get(by[key])))) for key in signed
    }


def total_cost(costs: list[str]) -> str:
    """Returns the sum of amounts, each currency for itself ("310.00 CAD, 20.00 USD")."""
    sums: dict[str, Decimal] = {}
    for cost in filter(None, costs):
        amount, _space, currency = cost.partition(" ")
        sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    return ", ".join(f"{amount} {currency}" for currency, amount in sums.items())


def _said(ticket: Ticket, words: str, *, at: datetime, by: Agent) -> str | None:
    """Stores what the customer reads with it, if anything, and returns its id."""
    if not words.strip():
        return None
    message = store_message(
        ticket.desk,
        ticket,
        Message.Kind.ANSWER,
        Written(words.strip()),
        channel="console",
        at=at,
        by=by,
    )
    return str(message.pk)


def _may_sign(contact: Contact, ticket: Ticket) -> None:
    if not may_sign(contact, ticket):
        raise Refused("named contacts: decide")
