"""Visits to sites: asked for by an office, decided, dated with people who are free, carried out,
reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

from django.db import transaction

from deskbook.engine import decide_site_visit as decider
from deskbook.engine import visit_events
from deskbook.engine.desk import Desk
from deskbook.people.access import may_write_on
from deskbook.people.books import desk_at
from deskbook.people.free_days import Staff, staff_of
from deskbook.people.models import Agent, Contact
from deskbook.people.rosters import one_change_at_a_time
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import engagements_between


@dataclass(frozen=True, slots=True)
class Wish:
    """What an office states when it asks people to come."""

    people: int
    place: str
    wanted_from: date | None = None
    wanted_until: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """When a visit is and who goes."""

    from_at: datetime
    until_at: datetime
    people: Sequence[Agent]
    words: str = ""
    anyway: bool = False
    """It shall be so although a day of it is no working day."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a visit went. `written` may bring the list of who attended as its file."""

    attended: int
    written: Written
    anyway: bool = False
    """The number is right although nobody would expect it."""


@once
def ask_for_visit(
    ticket: Ticket, wish: Wish, *, at: datetime, by: Agent | Contact, key: str | None = None
) -> Recorded:
    """Asks the desk to come, or corrects what was asked before it is decided. Raises Refused.

    An agent may write it down for an office that called or wrote a mail.
    """
    _may_write(by, ticket)
    if not wish.place.strip():
        raise Refused("place")
    asked = visit_events.SiteVisitAsked(
        wish.people, _where(ticket, wish, at, by), wish.wanted_from, wish.wanted_until
    )
    return perform(ticket, decider.decide_ask_visit, asked, at=at, by=by, key=key)


@transaction.atomic
def open_visit_case(
    requester: Contact, case: NewCase, wish: Wish, *, at: datetime, key: str | None = None
) -> Recorded:
    """Opens a case of an office that asks for a visit, and asks in the same breath. Raises Refused;
    then neither.
    """
    opened = open_ticket(requester, case, at=at, by=requester, key=key)
    if opened.ticket.state.get("site_visit_wish"):
        return opened  # the same form again
    ask_for_visit(opened.ticket, wish, at=at, by=requester)
    return opened


@once
def decide_on_visit(
    ticket: Ticket,
    approved: bool,
    *,
    reason: str = "",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Approves the visit or refuses it with a reason the requester reads. Raises Refused: not the
    deciding team.
    """
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(ticket, decider.decide_visit, approved, why, at=at, by=by, key=key)


@once
def date_visit(
    ticket: Ticket,
    plan: Plan,
    *,
    visit: str | None = None,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Dates a visit, or moves the one called `visit`. Raises Refused: somebody is not free, it is
    no working day …

    Of two who send the same person somewhere at once the second is told where the first sent them.
    """
    if visit and not DatedVisit.objects.filter(ticket=ticket, visit=visit).exists():
        raise Refused("visit: unknown")
    one_change_at_a_time(ticket.desk)
    staff = staff_for(ticket, plan.from_at, plan.until_at, moving=visit, at=at)
    ends_after_it_begins = plan.until_at > plan.from_at
    hindered = staff.hindered(plan.from_at, plan.until_at) if staff and ends_after_it_begins else {}
    words = store_reason(ticket, plan.words, at=at, by=by)
    people = tuple(str(agent.pk) for agent in plan.people)
    begins, ends = plan.from_at.astimezone(UTC), plan.until_at.astimezone(UTC)
    dated = visit_events.SiteVisitDated(visit or uuid4().hex[:8], begins, ends, people, words)
    return perform(
        ticket, decider.decide_date_visit, dated, hindered, plan.anyway, at=at, by=by, key=key
    )


@once
def answer_visit(
    ticket: Ticket,
    visit: str,
    suits: bool,
    *,
    reason: str = "",
    at: datetime,
    by: Contact,
    key: str | None = None,
) -> Recorded:
    """Says for the office whether a date suits it. Raises Refused: a reader of the case, a date
    that is over …
    """
    _may_write(by, ticket)
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(ticket, decider.decide_answer_visit, visit, suits, why, at=at, by=by, key=key)


@once
def call_off_visit(
    ticket: Ticket, visit: str, *, reason: str, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Calls a dated visit off; the requester and those who were to go read why. Raises Refused."""
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(ticket, decider.decide_call_off_visit, visit, why, at=at, by=by, key=key)


def carry_out_visit(
    ticket: Ticket, visit: str, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Records that the people were there. Raises Refused before the visit has begun."""
    return perform(ticket, decider.decide_carry_out_visit, visit, at=at, by=by, key=key)


@once
def report_visit(
    ticket: Ticket, visit: str, report: Report, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Reports how many attended, with words and files for the desk. Raises Refused before it was
    carried out.
    """
    message = None
    if report.written.text.strip() or report.written.files:
        stored = store_message(
            ticket.desk, ticket, Message.Kind.NOTE, report.written, channel="console", at=at, by=by
        )
        message = str(stored.pk)
    reported = visit_events.SiteVisitReported(visit, report.attended, message)
    return perform(
        ticket, decider.decide_report_visit, reported, report.anyway, at=at, by=by, key=key
    )


def staff_for(
    ticket: Ticket,
    from_at: datetime,
    until_at: datetime,
    *,
    moving: str | None = None,
    at: datetime,
) -> Staff | None:
    """Returns the people who could go for this case between two instants; None where the book sends
    nobody.

    `moving` is a visit about to be moved: its own people count as free of it.
    """
    desk = desk_of(ticket)
    rule = decider.visits_rule(desk, state_of(ticket))
    if rule is None:
        return None
    moved = DatedVisit.objects.filter(ticket=ticket, visit=moving).first() if moving else None
    engagements = engagements_between(ticket.desk, from_at, until_at, but=moved)
    return staff_of(
        ticket.desk, desk, rule.carried_out_by, from_at, until_at, engagements=engagements, at=at
    )


def desk_of(ticket: Ticket) -> Desk:
    return desk_at(ticket.desk_id, ticket.book_version)


def _where(ticket: Ticket, wish: Wish, at: datetime, by: Agent | Contact) -> str | None:
    place = " ".join(wish.place.split())
    return store_reason(ticket, f"{place}\n\n{wish.words.strip()}".strip(), at=at, by=by)


def _may_write(by: Agent | Contact, ticket: Ticket) -> None:
    if isinstance(by, Contact) and not may_write_on(by, ticket):
        raise Refused("named contacts: reader")
