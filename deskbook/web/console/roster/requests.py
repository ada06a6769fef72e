"""Leave and swaps: asked for here, answered here."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deskbook.jobs.roster_mail import tell_of_answer, tell_of_leave, tell_of_offer
from deskbook.people.absences import answer_leave, ask_leave, withdraw_leave
from deskbook.people.access import of_desk, only_who_may
from deskbook.people.models import Agent
from deskbook.people.roster_models import Leave, Shift, Swap
from deskbook.people.swaps import answer_swap, offer_swap, withdraw_swap
from deskbook.refusals.refusal import Refused
from deskbook.tickets.visit_rows import visits_of_person
from deskbook.web.console.roster.roster import back, done, not_done
from deskbook.web.console.shared.typed import instant_typed
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.shared.seat import for_agents


@require_POST
@for_agents
def leave(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Asks for leave for oneself; the leads are mailed."""
    try:
        with transaction.atomic():
            from_at = instant_typed(request.POST.get("from_at", ""), "from_at")
            until_at = instant_typed(request.POST.get("until_at", ""), "until_at")
            asked = ask_leave(
                agent, from_at, until_at, reason=request.POST.get("reason", ""), at=timezone.now()
            )
            tell_of_leave(asked, at=timezone.now())
    except (NotUnderstood, Refused) as wrong:
        not_done(request, wrong)
    else:
        done(request, _("Your leave was asked for; a lead answers it."))
    return back(agent, request.POST.get("team", ""), request.POST.get("week", ""))


@require_POST
@for_agents
def leave_answer(request: HttpRequest, agent: Agent, leave: int) -> HttpResponse:
    """Leads accept or decline; the person may take their own request back."""
    found = of_desk(agent, Leave.objects.select_related("agent__user", "desk"), leave)
    if "withdraw" in request.POST and found.agent_id == agent.pk:
        withdraw_leave(found)
        done(request, _("Taken back."))
        return back(agent, request.POST.get("team", ""), request.POST.get("week", ""))
    only_who_may(agent, "answer leave")
    try:
        with transaction.atomic():
            made = answer_leave(found, "accept" in request.POST, at=timezone.now(), by=agent)
            tell_of_leave(found, at=timezone.now())
    except Refused as wrong:
        not_done(request, wrong)
    else:
        done(
            request,
            _("Accepted. It leaves a gap: look at the red days.") if made else _("Answered."),
        )
        _say_where_they_were_to_go(request, found)
    return back(agent, request.POST.get("team", ""), request.POST.get("week", ""))


def _say_where_they_were_to_go(request: HttpRequest, leave: Leave) -> None:
    """Whoever accepted leave reads which visits need another date or other people now."""
    if leave.state != Leave.State.ACCEPTED:
        return
    dated = visits_of_person(leave.agent).filter(
        people__contains=[leave.agent_id],
        state="dated",
        from_at__lt=leave.until_at,
        until_at__gt=leave.from_at,
    )
    for visit in dated[:3]:
        words = _(
            "%(name)s goes on a visit for %(ticket)s in this time: move it, or send somebody else."
        )
        messages.warning(request, words % {"name": leave.agent, "ticket": visit.ticket})


@require_POST
@for_agents
def swaps(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Offers a shift of one's own to somebody; they are mailed."""
    shifts = Shift.objects.select_related("agent__user", "desk")
    own = of_desk(agent, shifts, _number(request.POST.get("shift", "")))
    person, _colon, theirs = request.POST.get("for", "").partition(":")
    to = of_desk(agent, Agent.objects.select_related("user", "desk"), _number(person))
    other = of_desk(agent, shifts, _number(theirs)) if theirs else None
    try:
        with transaction.atomic():
            tell_of_offer(
                offer_swap(own, to, other=other, at=timezone.now(), by=agent), at=timezone.now()
            )
    except Refused as wrong:
        not_done(request, wrong)
    else:
        done(request, _("Offered to %(name)s.") % {"name": to})
    return back(agent, own.team, f"{own.from_at:%G-W%V}")


@require_POST
@for_agents
def swap_answer(request: HttpRequest, agent: Agent, swap: int) -> HttpResponse:
    """The other person agrees or declines; who offered it may take it back."""
    found = of_desk(
        agent,
        Swap.objects.select_related("shift__agent__user", "desk", "by__user", "to__user"),
        swap,
    )
    try:
        with transaction.atomic():
            if "withdraw" in request.POST:
                withdraw_swap(found, at=timezone.now(), by=agent)
            else:
                answer_swap(found, "agree" in request.POST, at=timezone.now(), by=agent)
                found.refresh_from_db(fields=["state"])
                tell_of_answer(found, at=timezone.now())
    except Refused as wrong:
        not_done(request, wrong)
    else:
        done(request, _("Done."))
    return back(agent, request.POST.get("team", ""), request.POST.get("week", ""))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
