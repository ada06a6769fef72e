"""One act done on several cases that were chosen in a list: what cannot be is said case by case."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from deskbook.people.access import NoAccess, may, only_who_may, seen_by, split_number
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from deskbook.tickets.queues import PAGE
from deskbook.tickets.second_thoughts import may_think_again
from deskbook.web.acts.act import Act, How, client_key
from deskbook.web.acts.doing import do
from deskbook.web.acts.registry import ACTS, for_many
from deskbook.web.acts.subject import WITH_A_TICKET, Subject
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.trail import trail_of
from deskbook.web.console.shared.undoing import Step, offer_undo_of_all
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Several
from deskbook.web.shared.forms import Pressed, asked

MOST = PAGE
"""As many as a list shows: all of them are done while whoever sent it waits."""


class Chosen(Pressed):
    """The cases that were chosen, by their numbers."""

    ticket = Several("")


@dataclass(frozen=True, slots=True)
class Line:
    """One of the cases, and why the act was not done on it."""

    ticket: Ticket
    why: str = ""


@require_safe
@for_agents
def many(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The chosen cases, and what can be done on all of them."""
    return _page(request, agent, [Line(ticket) for ticket in _chosen(request, agent)])


@require_POST
@for_agents
def act_on_many(request: HttpRequest, agent: Agent, key: str) -> HttpResponse:
    """Does one act on all of them, each for itself; those it was not done on come back with why and
    with what was typed.
    """
    kind = ACTS.get(key)
    if kind is None or not kind.on_many:
        raise NoAccess("no such act for several")
    only_who_may(agent, kind.who_may)
    at, steps, left = timezone.now(), list[Step](), list[Line]()
    for ticket in _chosen(request, agent):
        form = kind(Subject(ticket, agent), asked(request))
        step = _done(request, form, at)
        if step:
            steps.append(step)
        else:
            left.append(Line(ticket, form.refusal or " ".join(form.sentences())))
    if steps:
        _say(request, kind, steps)
    if left:
        return _page(request, agent, left, again=key, done=len(steps))
    return HttpResponseRedirect(_back(request))


def _done(request: HttpRequest, form: Act, at: datetime) -> Step | None:
    """Returns what was done, with what undoes it; None for what the form now says of itself."""
    ticket = form.of.ticket
    how = How(at=at, by=form.of.viewer, key=client_key(request, f".{ticket.pk}"))
    with may_think_again(allowed=form.may_be_undone and settings.DESKBOOK_UNDO) as thoughts:
        done = do(form, how)
    if done is None:
        return None
    if form.waiting:
        return Step(str(ticket), sending=form.waiting.pk)
    return Step(str(ticket), first=thoughts.began.get(ticket.pk, 0))


def _say(request: HttpRequest, kind: type[Act], steps: Sequence[Step]) -> None:
    words = ngettext(
        "%(act)s: done on %(n)s ticket.", "%(act)s: done on %(n)s tickets.", len(steps)
    )
    said = words % {"act": kind.label, "n": len(steps)}
    if any(step.may_be_undone for step in steps):
        offer_undo_of_all(request, said, steps)
    else:
        messages.success(request, said)


def _page(
    request: HttpRequest, agent: Agent, lines: Sequence[Line], *, again: str = "", done: int = 0
) -> HttpResponse:
    forms = list(_forms(request, agent, [line.ticket for line in lines], again))
    return screen(
        request,
        agent,
        "many.html",
        status=409 if again else 200,
        current=trail_of(request).get("queue", ""),
        lines=lines,
        forms=forms,
        done=done,
        trail=trail_of(request),
        back=_back(request),
    )


def _forms(
    request: HttpRequest, agent: Agent, tickets: Sequence[Ticket], again: str
) -> Iterable[Act]:
    """Yields the form of each act that is offered on one of them at least, to be done on all."""
    subjects = [Subject(ticket, agent) for ticket in tickets]
    for key, kind in ACTS.items():
        if not kind.on_many or not may(agent, kind.who_may):
            continue
        data = asked(request) if key == again else None
        of = [one for one in subjects if kind.offered(one) or data is not None]
        if of:
            yield for_many(kind, of, data)


def _chosen(request: HttpRequest, agent: Agent) -> list[Ticket]:
    """Returns those of the cases that the agent sees, in the order of the list."""
    numbers = list(_numbers(Chosen(request)("ticket")[:MOST], agent))
    rows = Ticket.objects.filter(desk=agent.desk_id, number__in=numbers)
    found = {
        ticket.number: ticket for ticket in seen_by(agent, rows.select_related(*WITH_A_TICKET))
    }
    for ticket in found.values():
        ticket.desk = agent.desk
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def _numbers(written: Iterable[str], agent: Agent) -> Iterable[int]:
    for one in written:
        with suppress(NoAccess):
            prefix, number = split_number(one)
            if prefix.casefold() == agent.desk.prefix.casefold():
                yield number


def _back(request: HttpRequest) -> str:
    return reverse("console", query={"queue": "mine", **trail_of(request)})
