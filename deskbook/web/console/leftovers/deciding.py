"""What people decide of what is left over: try it again, drop it, take it back. Leads decide for
good.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from deskbook.channels.all import sorts_of_left_over
from deskbook.delivery.left_over import Rows, Sort
from deskbook.jobs.given_up import try_again
from deskbook.people.access import only_who_may
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.web.console.leftovers.rows import choice_of
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Line, Sent, Several
from deskbook.web.shared.forms import Pressed

MOST_AT_ONCE = 500
LONGEST_WHY = 200
MOST_TOLD = 3
Chosen = Sequence[tuple[Sort, Any]]


class Decided(Pressed):
    """What the buttons of the list send, and that of a ticket."""

    row, why = Several(""), Line()
    show, ticket = Sent(), Sent()


@require_POST
@for_agents
def trying(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Tries what was chosen again; what was held for a person to decide is for leads."""
    chosen = _left_over(request, agent)
    if any(sort.only_leads_try for sort, _row in chosen):
        only_who_may(agent, "settle left over")
    tried = _settled(
        request, agent, chosen, lambda sort, row: sort.again(row, agent, timezone.now())
    )
    _tell_what_came_of_it(request, agent, tried)
    return _back(request, chosen)


@require_POST
@for_agents
def trying_all(request: HttpRequest, agent: Agent, sort: str) -> HttpResponse:
    """Leads only. All of one sort is tried again, whatever it was held or given up for."""
    only_who_may(agent, "settle left over")
    of = sorts_of_left_over().get(sort)
    if of is None or of.all_again is None:
        raise Http404("not all at once")
    count = of.all_again(agent, timezone.now())
    words = ngettext("%(count)s is tried again.", "%(count)s are tried again.", count)
    messages.success(request, words % {"count": count})
    return _back(request)


@require_POST
@for_agents
def discarding(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads only. What was chosen stays stored, marked with who discarded it and why; what came can
    be taken back, and the next page offers that.
    """
    only_who_may(agent, "settle left over")
    chosen = _left_over(request, agent)
    why = Decided(request)("why").rstrip(".")[:LONGEST_WHY]
    dropped = _settled(
        request, agent, chosen, lambda sort, row: sort.drop(row, agent, timezone.now(), why)
    )
    undone = [choice_of(sort, row) for sort, row in dropped if sort.take_back]
    if dropped and not undone:
        messages.success(request, _("Discarded."))
    return _back(request, chosen, **({"discarded": ",".join(undone)} if undone else {}))


@require_POST
@for_agents
def taking_back(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads only. What came and was discarded is held again."""
    only_who_may(agent, "settle left over")
    count = 0
    for sort, rows in _named(request, agent, lambda sort: sort.left_out).items():
        count += len(sort.take_back(rows)) if sort.take_back else 0
    words = ngettext("%(count)s is held again.", "%(count)s are held again.", count)
    messages.success(request, words % {"count": count})
    return _back(request)


@require_POST
@for_agents
def trying_now(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads only. What waits of their desk tries at once: somebody has put a server or service
    right.
    """
    only_who_may(agent, "settle left over")
    for sort in sorts_of_left_over().values():
        if sort.try_now:
            sort.try_now(agent, timezone.now())
    messages.success(request, _("It is tried now. What is still not taken goes on waiting."))
    return _back(request)


@require_POST
@for_agents
def trying_jobs(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Owners only. What was given up of their desk, or of none, is tried again; what fails again
    comes back here.
    """
    only_who_may(agent, "retry jobs")
    try_again(agent, at=timezone.now())
    messages.success(request, _("It is tried again. What fails again comes back here."))
    return _back(request)


def _named(
    request: HttpRequest, agent: Agent, which: Callable[[Sort], Rows | None]
) -> Mapping[Sort, QuerySet[Any]]:
    """Those of the rows named that this agent finds in a list."""
    named = defaultdict[str, list[int]](list)
    for choice in [*Decided(request)("row")][:MOST_AT_ONCE]:
        key, _space, number = choice.partition(" ")
        if number.isascii() and number.isdecimal() and len(number) < 18:
            named[key].append(int(number))
    return {
        sort: rows(agent).filter(pk__in=named[key])
        for key, sort in sorts_of_left_over().items()
        if key in named and (rows := which(sort))
    }


def _left_over(request: HttpRequest, agent: Agent) -> Chosen:
    """Those named that are left over still."""
    named = _named(request, agent, lambda sort: sort.rows)
    chosen = [(sort, row) for sort, rows in named.items() for row in rows]
    if not chosen:
        _say_nothing_is_left(request)
    return chosen


def _settled(
    request: HttpRequest, agent: Agent, chosen: Chosen, do: Callable[[Sort, Any], object]
) -> Chosen:
    """Does it with each that is left over still, and returns these. Of two people who decide of the
    same at once, the second waits, and finds that it is decided.
    """
    done = []
    for sort, row in chosen:
        with transaction.atomic():
            rows = sort.rows(agent).select_for_update(no_key=True, of=("self",))
            if still := rows.filter(pk=row.pk).first():
                do(sort, still)
                done.append((sort, still))
    if chosen and not done:
        _say_nothing_is_left(request)
    return done


def _say_nothing_is_left(request: HttpRequest) -> None:
    messages.info(request, _("Nothing was chosen that is still left over."))


def _tell_what_came_of_it(request: HttpRequest, agent: Agent, tried: Chosen) -> None:
    still = _left_over_again(agent, tried)
    for reason in dict.fromkeys(in_words(row.reason) for row in still[:MOST_TOLD]):
        messages.error(request, reason)
    if len(tried) > len(still):
        messages.success(request, _("It is tried again. What fails again comes back here."))


def _left_over_again(agent: Agent, tried: Chosen) -> list[Any]:
    numbers = defaultdict[Sort, list[int]](list)
    for sort, row in tried:
        numbers[sort].append(row.pk)
    return [row for sort, some in numbers.items() for row in sort.rows(agent).filter(pk__in=some)]


def _back(request: HttpRequest, chosen: Chosen = (), **more: str) -> HttpResponse:
    """To the ticket the button stood on, else to the list."""
    sent = Decided(request)
    number = sent("ticket")
    if number and number in {str(sort.ticket(row)) for sort, row in chosen}:
        return HttpResponseRedirect(reverse("console-ticket", args=[number]))
    query = {**({"show": sent("show")} if sent("show") else {}), **more}
    return HttpResponseRedirect(reverse("console-left-over", query=query))
