"""Leave and swaps: asked for here, answered here."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deskbook.jobs.roster_mail import tell_of_answer, tell_of_fallen, tell_of_leave, tell_of_offer
from deskbook.people.absences import answer_leave, ask_leave, withdraw_leave
from deskbook.people.access import of_desk, only_who_may
from deskbook.people.models import Agent
from deskbook.people.roster_models import Leave, Shift, Swap
from deskbook.people.swaps import answer_swap, fallen_with, offer_swap, withdraw_swap
from deskbook.refusals.refusal import Refused
from deskbook.tickets.visit_rows import visits_of_person
from deskbook.web.console.roster.roster import LeaveForm, back, done, not_done, roster_page
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Flag, Id, Sent
from deskbook.web.shared.forms import Form, saved, sent


class Answer(Form):
    """What a button says of a request, and the week it stands in."""

    withdraw, accept, agree = Flag(), Flag(), Flag()
    team, week = Sent(), Sent()


class Offer(Form):
    """A shift offered to somebody, for nothing or ("12:34") for one of theirs."""

    shift = Id()

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["for"] = Sent()

    def clean(self) -> None:
        person, _colon, theirs = self("for").partition(":")
        self.person, self.theirs = Id().clean(person), Id().clean(theirs)


@require_POST
@for_agents
def leave(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Asks for leave for oneself; the leads are mailed."""
    form = LeaveForm(sent(request))

    def asked() -> Leave:
        made = ask_leave(
            agent, form("from_at"), form("until_at"), reason=form("reason"), at=timezone.now()
        )
        tell_of_leave(made, at=timezone.now())
        return made

    if saved(form, asked) is None:
        return roster_page(request, agent, form)
    done(request, _("Your leave was asked for; a lead answers it."))
    return back(agent, form("team"), form("week"))


@require_POST
@for_agents
def leave_answer(request: HttpRequest, agent: Agent, leave: int) -> HttpResponse:
    """Leads accept or decline; the person may take their own request back."""
    found = of_desk(agent, Leave.objects.select_related("agent__user", "desk"), leave)
    form = Answer(sent(request))
    form.is_valid()
    if form("withdraw") and found.agent_id == agent.pk:
        withdraw_leave(found)
        done(request, _("Taken back."))
        return back(agent, form("team"), form("week"))
    only_who_may(agent, "answer leave")
    try:
        with transaction.atomic():
            made = answer_leave(found, form("accept"), at=timezone.now(), by=agent)
            tell_of_leave(found, at=timezone.now())
    except Refused as wrong:
        not_done(request, wrong)
    else:
        gap = _("Accepted. It leaves a gap: look at the red days.")
        done(request, gap if made else _("Answered."))
        _say_where_they_were_to_go(request, found)
    return back(agent, form("team"), form("week"))


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
    form = Offer(sent(request))
    form.is_valid()
    own = of_desk(agent, shifts, form("shift"))
    to = of_desk(agent, Agent.objects.select_related("user", "desk"), form.person)
    other = of_desk(agent, shifts, form.theirs) if form.theirs else None
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
    form = Answer(sent(request))
    form.is_valid()
    try:
        with transaction.atomic():
            if form("withdraw"):
                withdraw_swap(found, at=timezone.now(), by=agent)
                tell_of_fallen([found], at=timezone.now(), by=agent)
            else:
                _answer(found, form("agree"), agent)
    except Refused as wrong:
        not_done(request, wrong)
    else:
        done(request, _("Done."))
    return back(agent, form("team"), form("week"))


def _answer(swap: Swap, agreed: bool, agent: Agent) -> None:
    at, others = timezone.now(), fallen_with(swap)
    answer_swap(swap, agreed, at=at, by=agent)
    swap.refresh_from_db(fields=["state"])
    tell_of_answer(swap, at=at)
    if agreed:
        tell_of_fallen(others, at=at, by=agent)
