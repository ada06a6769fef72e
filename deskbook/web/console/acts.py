"""The acts of the side panel. Each is one POST; what is refused comes back open, as it was
typed.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.channels.email.copied import copied_in
from deskbook.engine.quoting import short
from deskbook.people.access import (
    NoAccess,
    contact_for_agent,
    only_who_may,
    ticket_for_agent,
)
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.people.unmerging import may_unmerge
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import (
    assign_ticket,
    categorise_ticket,
    hand_over_ticket,
    route_ticket,
    take_ticket,
)
from deskbook.tickets.conversation import accept_outsider, count_as_answer, give_case, let_follow
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.participants import remove_participant
from deskbook.tickets.promises import (
    agree_next_update,
    keep_promise,
    make_promise,
    withdraw_promise,
)
from deskbook.tickets.relations import (
    ACROSS,
    BACK,
    link_tickets,
    merge_ticket,
    merged_by,
    unlink_tickets,
    unmerge_ticket,
)
from deskbook.tickets.senders import accept_sender
from deskbook.tickets.stages import close_ticket, move_ticket, verify_severity
from deskbook.web.console.inbox import trail_of
from deskbook.web.console.person_typed import person_typed
from deskbook.web.console.rows import ticket_url
from deskbook.web.console.seat import WITH_A_TICKET, acts_on_a_ticket, user_of
from deskbook.web.console.suggestions import agent_typed
from deskbook.web.console.ticket import ticket_page
from deskbook.web.console.typed import NotUnderstood, client_key, instant_typed, typed

Perform = Callable[..., str]


def an_act(name: str) -> Callable[[Perform], Callable[..., HttpResponseBase]]:
    """Makes a view of an act: done, it says so on the ticket; refused, its form comes back with the
    reason.
    """

    def made(perform: Perform) -> Callable[..., HttpResponseBase]:
        @acts_on_a_ticket
        def view(request: HttpRequest, agent: Agent, ticket: Ticket, **parts: Any) -> HttpResponse:
            try:
                with transaction.atomic():
                    done = perform(request, agent, ticket, at=timezone.now(), **parts)
            except NotUnderstood as problem:
                again = typed(request, name, errors=problem.errors)
                return ticket_page(request, agent, ticket, again=again, status=422)
            except Refused as refused:
                ticket.refresh_from_db()
                again = typed(request, name, refusal=in_words(refused))
                return ticket_page(request, agent, ticket, again=again, status=409)
            messages.success(request, done)
            return HttpResponseRedirect(ticket_url(ticket, trail_of(request)))

        return view

    return made


@acts_on_a_ticket
def taking(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """Takes the ticket; the button has no form to come back to, so a refusal is said at the foot of
    the page.
    """
    try:
        take_ticket(ticket, at=timezone.now(), by=agent, key=client_key(request))
    except Refused as refused:
        messages.error(request, in_words(refused))
    return HttpResponseRedirect(ticket_url(ticket, trail_of(request)))


@an_act("stage")
def stage(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    given = request.POST
    needs = {name: str(text).strip() for name, text in given.items() if name.startswith("needs.")}
    stated = {name.removeprefix("needs."): text for name, text in needs.items() if text}
    move_ticket(
        ticket, given.get("stage", ""), stated=stated, at=at, by=agent, key=client_key(request)
    )
    return _("Moved.")


@an_act("assignment")
def assignment(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    owner = agent_typed(agent, request.POST.get("owner", ""))
    team = request.POST.get("team", "")
    if team:
        reason = request.POST.get("reason", "")
        hand_over_ticket(
            ticket, team, reason=reason, at=at, by=agent, key=client_key(request, "team")
        )
    if (owner.pk if owner else None) != ticket.owner_id:
        assign_ticket(ticket, owner, at=at, by=agent, key=client_key(request))
    return _("Assigned.")


@an_act("severity")
def severity(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    chosen, reason = request.POST.get("severity", ""), request.POST.get("reason", "")
    verify_severity(ticket, chosen, reason=reason, at=at, by=agent, key=client_key(request))
    return _("Verified.")


@an_act("facets")
def facets(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    given = {
        name.removeprefix("facet."): str(v)
        for name, v in request.POST.items()
        if name.startswith("facet.") and v
    }
    categorise_ticket(ticket, given, at=at, by=agent, key=client_key(request))
    if "route" in request.POST:
        route_ticket(ticket, at=at, by=agent, key=client_key(request, "route"))
    return _("Sorted.")


@an_act("promises")
def promises(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    text = request.POST.get("text", "").strip()
    if not text:
        raise NotUnderstood(text=_("Say what is promised."))
    due_at = instant_typed(request.POST.get("due_at", ""), "due_at")
    make_promise(ticket, text, due_at, at=at, by=agent, key=client_key(request))
    return _("Promised.")


@an_act("promises")
def promise_keeping(
    request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime, promise: str
) -> str:
    keep_promise(ticket, promise, at=at, by=agent, key=client_key(request))
    return _("Promise kept.")


@an_act("promises")
def promise_withdrawal(
    request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime, promise: str
) -> str:
    withdraw_promise(
        ticket,
        promise,
        reason=request.POST.get("text", ""),
        at=at,
        by=agent,
        key=client_key(request),
    )
    return _("Promise withdrawn.")


@an_act("next-update")
def next_update(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    due_at = instant_typed(request.POST.get("due_at", ""), "due_at")
    agree_next_update(ticket, due_at, at=at, by=agent, key=client_key(request))
    return _("Agreed.")


@an_act("closure")
def closure(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    close_ticket(ticket, at=at, by=agent, key=client_key(request))
    return _("Closed.")


@an_act("merge")
def merge(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    other = _other(request, ticket)
    try:
        merge_ticket(
            ticket, other, across="across" in request.POST, at=at, by=agent, key=client_key(request)
        )
    except Refused as refused:
        if refused.rule != ACROSS:
            raise
        raise NotUnderstood(across=in_words(refused)) from None
    return _("Merged into %(other)s.") % {"other": other}


@an_act("unmerging")
def unmerging(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    if not may_unmerge(agent, merged_by(ticket)):
        raise NoAccess("whoever merged takes it back, and leads")
    unmerge_ticket(ticket, at=at, by=agent, key=client_key(request))
    return _("The merge was taken back.")


@an_act("links")
def links(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    other = _other(request, ticket)
    if "undo" in request.POST:
        unlink_tickets(ticket, other, at=at, by=agent, key=client_key(request))
        return _("The link was removed.")
    relation = request.POST.get("relation", "related")
    if relation == BACK["incident of"]:
        link_tickets(
            other, ticket, relation="incident of", at=at, by=agent, key=client_key(request)
        )
    else:
        known = relation if relation in BACK else "related"
        link_tickets(ticket, other, relation=known, at=at, by=agent, key=client_key(request))
    return _("Linked to %(other)s.") % {"other": other}


@an_act("participants")
def participants(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    """Lets in somebody who wrote without taking part, or counts one message that a machine wrote;
    whoever did not write is not added this way.
    """
    wrote = Message.objects.filter(ticket=ticket, outsider=True).exclude(author_contact=None)
    if "message" in request.POST:
        by_machine = wrote.exclude(automatic="").filter(pk=_number(request.POST["message"])).first()
        if by_machine and count_as_answer(
            ticket, by_machine, at=at, by=agent, key=client_key(request)
        ):
            return _("It counts as an answer.")
        return _("It counts already.")
    found = wrote.filter(automatic="", author_contact=_number(request.POST.get("contact", "")))
    message = found.select_related("author_contact").first()
    if message is None or message.author_contact is None:
        return _("They take part already.")
    accept_outsider(ticket, message.author_contact, at=at, by=agent, key=client_key(request))
    return _("%(who)s takes part now.") % {"who": message.author_contact}


def _number(asked: str) -> int:
    return int(asked) if asked.isdecimal() and len(asked) < 16 else 0


@an_act("sender")
def sender(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    """Accepts a mail whose sender was not proven; one that was accepted before stays so."""
    found = Message.objects.filter(ticket=ticket, pk=_number(request.POST.get("message", "")))
    message = found.exclude(author_contact=None).select_related("author_contact__desk").first()
    if message is None or not accept_sender(
        message, copied_in(message), at=at, by=agent, key=client_key(request)
    ):
        return _("It is accepted already.")
    return _("Accepted: it is from %(who)s.") % {"who": message.author_contact}


@an_act("followers")
def followers(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    """Lets somebody follow, named by address or number, or takes somebody out who does."""
    only_who_may(agent, "change followers")
    if "remove" in request.POST:
        asked = request.POST["remove"]
        gone = contact_for_agent(agent, int(asked) if asked.isdecimal() and len(asked) < 16 else 0)
        remove_participant(ticket, gone, at=at, by=agent, key=client_key(request))
        return _("%(who)s follows no more.") % {"who": gone}
    contact = person_typed(agent, request, "follower")
    let_follow(ticket, contact, at=at, by=agent, key=client_key(request))
    return _("%(who)s follows now and gets a copy of every answer.") % {"who": contact}


@an_act("requester")
def requester(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    """Makes the case somebody else's, named by address or number."""
    only_who_may(agent, "change requester")
    contact = person_typed(agent, request, "requester")
    give_case(
        ticket, contact, follows="follows" in request.POST, at=at, by=agent, key=client_key(request)
    )
    return _("%(who)s is the requester now: answers go to them.") % {"who": contact}


def _other(request: HttpRequest, ticket: Ticket) -> Ticket:
    """Returns the ticket named, by its number with or without the desk's prefix; raises
    NotUnderstood.
    """
    name = request.POST.get("other", "").strip().split(" ")[0].lstrip("#")
    number = name if "-" in name else f"{ticket.desk.prefix}-{name}"
    try:
        return ticket_for_agent(
            user_of(request), number, Ticket.objects.select_related(*WITH_A_TICKET)
        )[1]
    except NoAccess:
        sentence = _("There is no ticket “%(name)s”: give its number.") % {"name": short(name)}
        raise NotUnderstood(other=sentence) from None
