"""The acts of a procedure: passing on, redirecting, ticking, papers, estimates, work, deliveries,
seats, incidents.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from deskbook.people.books import desk_at
from deskbook.people.contacts import contact_by
from deskbook.people.models import Agent, Contact
from deskbook.people.refusals import in_words
from deskbook.people.seats import holders_at
from deskbook.tickets.assignment import hand_over_ticket
from deskbook.tickets.contact_changes import replace_contact
from deskbook.tickets.models import Attachment, Message, Ticket
from deskbook.tickets.procedure import (
    ask_for_papers,
    receive_paper,
    return_paper,
    tick_step,
    untick_step,
)
from deskbook.tickets.redirecting import redirect_ticket
from deskbook.tickets.relations import answer_incidents
from deskbook.tickets.work import book_work, deliver, offer_estimate
from deskbook.web.console.acts import an_act
from deskbook.web.console.person_typed import requester_typed
from deskbook.web.console.typed import NotUnderstood, client_key, refuse_too_long

_TIME = re.compile(
    r"\s*+(?:(\d{1,4}(?:[.,]\d{1,2})?)\s*+h)?\s*+(?:(\d{1,5})\s*+(?:min|m))?\s*+", re.IGNORECASE
)
_COST = re.compile(r"\s*(\d{1,9}(?:[.,]\d{1,2})?)\s*([A-Za-z]{3})\s*")


@an_act("passing")
def passing(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    team, channel = request.POST.get("team", ""), request.POST.get("channel") or None
    if not team:
        raise NotUnderstood(team=_("Choose where it goes."))
    if not request.POST.get("reason", "").strip():
        raise NotUnderstood(reason=_("Say why: whoever takes it reads this first."))
    reason = request.POST["reason"]
    hand_over_ticket(
        ticket, team, channel=channel, reason=reason, at=at, by=agent, key=client_key(request)
    )
    return _("Passed on.")


@an_act("redirect")
def redirect(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    given = request.POST
    if not given.get("to"):
        raise NotUnderstood(to=_("Choose to whom."))
    if not given.get("reference", "").strip():
        raise NotUnderstood(
            reference=_("Give a reference: who took it there, or under which number.")
        )
    redirect_ticket(
        ticket,
        given["to"],
        given.get("channel", ""),
        reference=given["reference"],
        words=given.get("words", ""),
        at=at,
        by=agent,
        key=client_key(request),
    )
    return _("Redirected. The requester is told where it went.")


@an_act("steps")
def step(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime, step: str) -> str:
    if "undo" in request.POST:
        untick_step(ticket, step, at=at, by=agent, key=client_key(request))
        return _("The tick was taken back.")
    tick_step(ticket, step, at=at, by=agent, key=client_key(request))
    return _("Ticked.")


@an_act("papers")
def paper(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime, paper: str) -> str:
    chosen = request.POST.get("file", "")
    found = Attachment.objects.filter(message__ticket=ticket, message__kind=Message.Kind.REQUEST)
    file = (
        found.select_related("message").filter(pk=int(chosen)).first()
        if chosen.isdecimal()
        else None
    )
    if chosen and file is None:
        raise NotUnderstood(
            file=_("This file is not one of the ticket's: choose one that came with it.")
        )
    receive_paper(ticket, paper, file=file, at=at, by=agent, key=client_key(request))
    return _("Received.")


@an_act("papers")
def paper_return(
    request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime, paper: str
) -> str:
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise NotUnderstood(reason=_("Say what is wrong with it: the sender will read it."))
    return_paper(ticket, paper, reason=reason, at=at, by=agent, key=client_key(request))
    return _("Sent back. The requester reads why.")


@an_act("papers")
def papers_request(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    ask_for_papers(ticket, at=at, by=agent, key=client_key(request))
    return _("Asked for what is missing.")


@an_act("estimates")
def estimates(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    time = time_typed(request.POST.get("time", ""), "time")
    cost, words = cost_typed(request.POST.get("cost", ""), "cost"), request.POST.get("words", "")
    if not words.strip():
        raise NotUnderstood(words=_("Say what is estimated: the customer signs for it."))
    offer_estimate(ticket, time, cost, words, at=at, by=agent, key=client_key(request))
    return _("Offered. The customer is asked to sign.")


@an_act("work")
def work(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    given = request.POST
    time = time_typed(given["time"], "time") if given.get("time", "").strip() else timedelta()
    cost = cost_typed(given["cost"], "cost") if given.get("cost", "").strip() else ""
    if not time and not cost:
        raise NotUnderstood(time=_("State the time, the cost, or both."))
    book_work(
        ticket,
        given.get("estimate", ""),
        time,
        cost=cost,
        words=given.get("words", ""),
        at=at,
        by=agent,
        key=client_key(request),
    )
    return _("Booked.")


@an_act("delivery")
def delivery(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    version = request.POST.get("version", "").strip()[:80]
    if not version:
        raise NotUnderstood(version=_("Name the version that was delivered."))
    deliver(
        ticket,
        version,
        words=request.POST.get("words", ""),
        at=at,
        by=agent,
        key=client_key(request),
    )
    return _("Delivered. The customer is asked to confirm.")


@an_act("seat")
def seat(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    given = request.POST
    named = holders_at(ticket.organisation_id)
    leaves = (
        named.filter(pk=int(given["leaves"])).first()
        if given.get("leaves", "").isdecimal()
        else None
    )
    if leaves is None:
        raise NotUnderstood(leaves=_("Choose whose seat it is."))
    arrives = _arriving(agent, given.get("arrives", ""), given.get("name", ""))
    replace_contact(ticket, leaves, arrives, at=at, by=agent, key=client_key(request))
    return _("%(arrives)s has the seat of %(leaves)s now.") % {"arrives": arrives, "leaves": leaves}


@an_act("incidents")
def incidents(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    if not text:
        raise NotUnderstood(text=_("Write something first."))
    refuse_too_long(text)
    stage = _solved(ticket) if "solve" in request.POST else None
    answered, refused = answer_incidents(
        ticket, text, then_stage=stage, at=at, by=agent, key=client_key(request)
    )
    done = _("Answered: %(tickets)s.") % {"tickets": ", ".join(map(str, answered)) or "–"}
    return " ".join([done, *map(in_words, refused)])


def time_typed(text: str, name: str) -> timedelta:
    """Returns working time typed as "2 h 30 min", "1.5 h" or "45 min"; raises NotUnderstood."""
    found = _TIME.fullmatch(text) if text.strip() else None
    if found is None:
        raise NotUnderstood(**{name: _("Write time like 2 h 30 min.")})
    hours = Decimal((found[1] or "0").replace(",", "."))
    time = timedelta(minutes=int(hours * 60) + int(found[2] or 0))
    if not time:
        raise NotUnderstood(**{name: _("Write time like 2 h 30 min.")})
    return time


def cost_typed(text: str, name: str) -> str:
    """Returns "1200.00 CAD" for what was typed as amount and currency; raises NotUnderstood."""
    found = _COST.fullmatch(text)
    if found is None:
        raise NotUnderstood(**{name: _("Write amount and currency like 1200.00 CAD.")})
    return f"{Decimal(found[1].replace(',', '.')):.2f} {found[2].upper()}"


def _arriving(agent: Agent, text: str, name: str) -> Contact:
    if not text.strip():
        raise NotUnderstood(arrives=_("Say who arrives: an address or a number."))
    known = contact_by(agent.desk, "email", text)
    try:
        return known or requester_typed(agent, text, name)
    except NotUnderstood as problem:
        raise NotUnderstood(arrives=" ".join(problem.errors["requester"])) from None


def _solved(ticket: Ticket) -> str | None:
    desk = desk_at(ticket.desk_id, ticket.book_version)
    return next((stage.key for stage in desk.stages.values() if stage.solved), None)
