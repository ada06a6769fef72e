"""Writing a call down while it is going on: who, what, how it goes on; in as few keys as it
takes.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any, cast, get_args
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deskbook.channels.phone.callers import desk_region, numbers_of, open_cases_of, people_at
from deskbook.channels.phone.calls import Outcome, Spoken, keep_way, log_call
from deskbook.channels.phone.models import Call
from deskbook.channels.phone.taking_in import usual_time
from deskbook.engine.addresses import ADDRESS
from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.people.access import NoAccess, contact_for_agent, of_desk, ticket_for_agent
from deskbook.people.books import desk_in_force
from deskbook.people.changed_ways import WayRefused
from deskbook.people.contacts import address_of, contact_by, way_typed
from deskbook.people.models import Agent, Contact
from deskbook.people.moments import zone_name
from deskbook.people.numbers import shown
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_backs import Ring
from deskbook.tickets.models import Ticket
from deskbook.web.acts.act import client_key
from deskbook.web.acts.whom import number_typed, refuse_of_a_desk_typed
from deskbook.web.console.new_cases.caller import caller_typed, card_of
from deskbook.web.console.new_cases.kept_words import accepted, typed_at
from deskbook.web.console.new_cases.new_ticket import choices_of, text_typed
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.typed import Typed, instant_typed, refuse_too_long, typed
from deskbook.web.jinja import local_input
from deskbook.web.shared.entering import for_agents, user_of
from deskbook.web.shared.fields import NotUnderstood


@require_http_methods(["GET", "POST"])
@for_agents
def call_new(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The form, or the call logged from it; what cannot be logged comes back as it was typed."""
    if request.method == "GET":
        return _form(request, agent, _started(request, agent))
    try:
        with transaction.atomic():
            ticket = _log(request, agent, at=timezone.now())
    except NotUnderstood as problem:
        return _form(request, agent, typed(request, "call", errors=problem.errors), status=422)
    except Refused as refused:
        return _form(request, agent, typed(request, "call", refusal=in_words(refused)), status=409)
    messages.success(request, _("Logged as %(ticket)s.") % {"ticket": ticket})
    answer = HttpResponseRedirect(f"{reverse('console-call-new')}?logged={ticket}")
    return accepted(agent, _draft_place(request.POST.get("client_key", "")), answer)


def _draft_place(key: str) -> str:
    """Returns where the words of one call are kept: those of the next begin anew."""
    return f"call {key[:40]}"


def _form(request: HttpRequest, agent: Agent, form: Typed, status: int = 200) -> HttpResponse:
    desk = desk_in_force(agent.desk)
    contact = _chosen(agent, form.values["contact"])
    number = form.values["number"]
    return screen(
        request,
        agent,
        "calls/new.html",
        current="call",
        status=status,
        form=form,
        choices=[choice for choice in choices_of(desk) if choice.name != "channel"],
        fields=desk.fields,
        card=card_of(contact, agent) if contact else None,
        logged=_logged(request),
        call=_call(agent, form.values["call"]),
        outcomes=outcomes(),
        zone=zone_name(timezone.localtime()),
        usual=local_input(usual_time(agent.desk, at=timezone.now())),
        candidates=people_at(agent.desk, number) if number and not contact else [],
    )


def outcomes() -> dict[str, str]:
    """Returns how a call may go on, as the form says it."""
    return {
        "open": _("It goes on"),
        "solved": _("Solved on the phone"),
        "mail": _("Continues by mail"),
        "call back": _("We call back"),
    }


def _started(request: HttpRequest, agent: Agent) -> Typed:
    """A fresh form; one for a call that rang, or for somebody in particular, begins with what is
    known.
    """
    key = request.GET.get("key", "")
    start = {**typed_at(agent, _draft_place(key)), "client_key": key} if key else {}
    call = _call(agent, request.GET.get("call", ""))
    contact = _chosen(agent, request.GET.get("contact", "")) or (call.contact if call else None)
    if call:
        start |= {"call": str(call.pk), "number": shown(call.number)}
    if contact:
        start |= {"contact": str(contact.pk), "caller": str(contact)}
    return Typed(values=defaultdict(str, start))


def _logged(request: HttpRequest) -> Ticket | None:
    """The ticket just logged, whose number is read out."""
    try:
        return ticket_for_agent(
            user_of(request),
            request.GET.get("logged", ""),
            Ticket.objects.select_related("requester"),
        )[1]
    except NoAccess:
        return None


def _log(request: HttpRequest, agent: Agent, *, at: datetime) -> Ticket:
    desk, given = desk_in_force(agent.desk), request.POST
    outcome = given.get("outcome") or "open"
    if outcome not in get_args(Outcome):
        raise NotUnderstood(outcome=_("Choose one of the answers."))
    text = text_typed(desk, given)
    if not text and not given.get("subject", "").strip():
        raise NotUnderstood(text=_("Say what it is about."))
    refuse_too_long(text)
    key = client_key(request) or f"{agent.pk}:{uuid4().hex}"
    caller = caller_typed(agent, given)
    ticket = _case(caller, given.get("case", ""), agent)
    facets = _facets(desk, given, needed=ticket is None)
    if outcome == "mail":
        _mail_address(caller, given.get("address", "").strip(), by=agent)
    call = _call(agent, given.get("call", ""))
    told = (call.number if call else "", given.get("number", ""), given.get("caller", ""))
    spoken = Spoken(
        caller,
        text or given.get("subject", "").strip(),
        given.get("subject", ""),
        ticket,
        facets,
        given.get("severity") or None,
        cast(Outcome, outcome),
        given.get("told", "").strip(),
        _ring(agent, caller, given) if outcome == "call back" else None,
        call,
        way_typed(caller, *told, region=desk_region(agent.desk)),
    )
    return log_call(spoken, at=at, by=agent, key=key[:62])


def _facets(desk: Desk, given: Any, *, needed: bool) -> dict[str, str]:
    missing = {
        f"facet.{facet.key}": _("Choose one: the book asks for it.")
        for facet in desk.facets.values()
        if needed and facet.required and not given.get(f"facet.{facet.key}")
    }
    missing |= {
        f"field.{field.key}": _("The book asks for this.")
        for field in desk.fields
        if needed and field.required and not given.get(f"field.{field.key}", "").strip()
    }
    if missing:
        raise NotUnderstood(**missing)
    return {key: str(given[f"facet.{key}"]) for key in desk.facets if given.get(f"facet.{key}")}


def _case(caller: Contact, name: str, agent: Agent) -> Ticket | None:
    """The open case the call was about; nothing for a new one."""
    if not name:
        return None
    found = next((case for case in open_cases_of(caller, agent) if str(case) == name), None)
    if found is None:
        raise NotUnderstood(
            case=_("%(name)s is none of their open cases: choose again.") % {"name": short(name)}
        )
    return found


def _mail_address(caller: Contact, text: str, *, by: Agent) -> None:
    """Makes sure that the caller can be mailed; an address that is new is theirs from now on."""
    if not text and address_of(caller):
        return
    if len(text) > 254 or not ADDRESS.fullmatch(text):
        raise NotUnderstood(
            address=_("Ask for their mail address: without one nothing can be sent.")
        )
    refuse_of_a_desk_typed(text, "address")
    try:
        kept = keep_way(caller, "email", text, by=by)
    except WayRefused as refused:
        raise NotUnderstood(address=in_words(refused)) from None
    if not kept:
        owner = contact_by(caller.desk, "email", text)
        sentence = _(
            "%(address)s belongs to %(who)s. Choose them as the caller, or merge the two if they"
            " are one."
        )
        raise NotUnderstood(address=sentence % {"address": short(text), "who": owner})


def _ring(agent: Agent, caller: Contact, given: Any) -> Ring:
    text = given.get("back_number", "").strip() or given.get("number", "").strip()
    known = numbers_of(caller)
    if not text and not known:
        raise NotUnderstood(back_number=_("Ask for the number to call back."))
    number = number_typed(agent, text, "back_number") if text else known[0]
    return Ring(number, instant_typed(given.get("back_at", ""), "back_at"))


def _chosen(agent: Agent, number: str) -> Contact | None:
    if not number.isdecimal() or len(number) > 17:
        return None
    return contact_for_agent(agent, int(number))


def _call(agent: Agent, number: str) -> Call | None:
    if not number.isdecimal() or len(number) > 17:
        return None
    return of_desk(agent, Call.objects.select_related("contact"), int(number))
