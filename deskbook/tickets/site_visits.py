"""Visits to sites: asked for by an office, decided, dated with people who are free, carried out, reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

from django.db import transaction

from deskbook.engine import decide_site_visit as decider
from deskbook.engine import events as happened
from deskbook.engine.desk import Desk
from deskbook.people.access import actor_of_agent, actor_of_contact, may_write_on
from deskbook.people.books import desk_at
from deskbook.people.free_days import Staff, staff_of
from deskbook.people.models import Agent, Contact
from deskbook.people.rosters import one_change_at_a_time
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.intake import NewCase, open_ticket
from deskbook.tickets.log import Recorded, act, recorded_before
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import Message, Ticket
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


@transaction.atomic
def ask_for_visit(ticket: Ticket, wish: Wish, *, at: datetime, by: Agent | Contact, key: str | None = None) -> Recorded:
    """Asks the desk to come, or corrects what was asked before it is decided. Raises Refused.

    An agent may write it down for an office that called or wrote a mail.
    """
    done = recorded_before(key)
    if done:
        return done
    _may_write(by, ticket)
    if not wish.place.strip():
        raise Refused("place")
    actor = actor_of_agent(by) if isinstance(by, Agent) else actor_of_contact(by)
    asked = happened.SiteVisitAsked(wish.people, _where(ticket, wish, at, by), wish.wanted_from, wish.wanted_until)
    return act(ticket.pk, lambda d, s: decider.decide_ask_visit(d, s, asked, at=at, by=actor), at=at, by=actor, key=key)


@transaction.atomic
def open_visit_case(requester: Contact, case: NewCase, wish: Wish, *, at: datetime, key: str | None = None) -> Recorded:
    """Opens a case of an office that asks for a visit, and asks in the same breath. Raises Refused; then neither."""
    opened = open_ticket(requester, case, at=at, by=requester, key=key)
    if opened.ticket.state.get("site_visit_wish"):
        return opened  # the same form again
    ask_for_visit(opened.ticket, wish, at=at, by=requester)
    return opened


@transaction.atomic
def decide_on_visit(
    ticket: Ticket, approved: bool, *, reason: str = "", at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Approves the visit or refuses it with a reason the requester reads. Raises Refused: not the deciding team."""
    done = recorded_before(key)
    if done:
        return done
    actor, why = actor_of_agent(by), store_reason(ticket, reason, at=at, by=by)
    return act(
        ticket.pk, lambda d, s: decider.decide_visit(d, s, approved=approved, reason=why, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


@transaction.atomic
def date_visit(
    ticket: Ticket, plan: Plan, *, visit: str | None = None, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Dates a visit, or moves the one called `visit`. Raises Refused: somebody is not free, it is no working day …

    Of two who send the same person somewhere at once the second is told where the first sent them.
    """
    done = recorded_before(key)
    if done:
        return done
    if visit and not DatedVisit.objects.filter(ticket=ticket, visit=visit).exists():
        raise Refused("visit: unknown")
    one_change_at_a_time(ticket.desk)
    staff = staff_for(ticket, plan.from_at, plan.until_at, moving=visit, at=at)
    hindered = staff.hindered(plan.from_at, plan.until_at) if staff and plan.until_at > plan.from_at else {}
    actor, words = actor_of_agent(by), store_reason(ticket, plan.words, at=at, by=by)
    people = tuple(str(agent.pk) for agent in plan.people)
    begins, ends = plan.from_at.astimezone(UTC), plan.until_at.astimezone(UTC)
    dated = happened.SiteVisitDated(visit or uuid4().hex[:8], begins, ends, people, words)
    return act(
        ticket.pk,
        lambda d, s: decider.decide_date_visit(d, s, dated, staff=hindered, anyway=plan.anyway, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


@transaction.atomic
def answer_visit(
    ticket: Ticket, visit: str, suits: bool, *, reason: str = "", at: datetime, by: Contact, key: str | None = None
) -> Recorded:
    """Says for the office whether a date suits it. Raises Refused: a reader of the case, a date that is over …"""
    done = recorded_before(key)
    if done:
        return done
    _may_write(by, ticket)
    actor, why = actor_of_contact(by), store_reason(ticket, reason, at=at, by=by)
    return act(
        ticket.pk, lambda d, s: decider.decide_answer_visit(d, s, visit, suits, reason=why, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


@transaction.atomic
def call_off_visit(
    ticket: Ticket, visit: str, *, reason: str, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Calls a dated visit off; the requester and those who were to go read why. Raises Refused."""
    done = recorded_before(key)
    if done:
        return done
    actor, why = actor_of_agent(by), store_reason(ticket, reason, at=at, by=by)
    return act(
        ticket.pk, lambda d, s: decider.decide_call_off_visit(d, s, visit, reason=why, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


def carry_out_visit(ticket: Ticket, visit: str, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Records that the people were there. Raises Refused before the visit has begun."""
    actor = actor_of_agent(by)
    return act(
        ticket.pk, lambda d, s: decider.decide_carry_out_visit(d, s, visit, at=at, by=actor), at=at, by=actor, key=key
    )


@transaction.atomic
def report_visit(
    ticket: Ticket, visit: str, report: Report, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Reports how many attended, with words and files for the desk. Raises Refused before it was carried out."""
    done = recorded_before(key)
    if done:
        return done
    actor, message = actor_of_agent(by), None
    if report.written.text.strip() or report.written.files:
        stored = store_message(
            ticket.desk, ticket, Message.Kind.NOTE, report.written, channel="console", at=at, by=by
        )  # fmt: skip
        message = str(stored.pk)
    reported = happened.SiteVisitReported(visit, report.attended, message)
    return act(
        ticket.pk, lambda d, s: decider.decide_report_visit(d, s, reported, anyway=report.anyway, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


def staff_for(
    ticket: Ticket, from_at: datetime, until_at: datetime, *, moving: str | None = None, at: datetime
) -> Staff | None:
    """Returns the people who could go for this case between two instants; None where the book sends nobody.

    `moving` is a visit about to be moved: its own people count as free of it.
    """
    desk = desk_of(ticket)
    rule = decider.visits_rule(desk, state_of(ticket))
    if rule is None:
        return None
    moved = DatedVisit.objects.filter(ticket=ticket, visit=moving).first() if moving else None
    engagements = engagements_between(ticket.desk, from_at, until_at, but=moved)
    return staff_of(ticket.desk, desk, rule.carried_out_by, from_at, until_at, engagements=engagements, at=at)


def desk_of(ticket: Ticket) -> Desk:
    return desk_at(ticket.desk_id, ticket.book_version)


def _where(ticket: Ticket, wish: Wish, at: datetime, by: Agent | Contact) -> str | None:
    place = " ".join(wish.place.split())
    return store_reason(ticket, f"{place}\n\n{wish.words.strip()}".strip(), at=at, by=by)


def _may_write(by: Agent | Contact, ticket: Ticket) -> None:
    if isinstance(by, Contact) and not may_write_on(by, ticket):
        raise Refused("named contacts: reader")
