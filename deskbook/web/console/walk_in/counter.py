"""A counter: next, recall, set aside, pass on, served; the visit becomes a ticket on the same
page.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deskbook.channels.walk_in import calling
from deskbook.channels.walk_in.models import CounterSeat, Token
from deskbook.channels.walk_in.queue import Queue, queue_at
from deskbook.channels.walk_in.sites import WalkInSite, sites_of
from deskbook.channels.walk_in.steps import TokenRefused, present_day
from deskbook.channels.walk_in.taking import is_key, take_token
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused, Word
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.typed import Typed, typed
from deskbook.web.console.walk_in.visit import (
    UnloggedVisit,
    choices,
    unlogged_visit,
    visit_logged,
    visit_place,
    visit_started,
)
from deskbook.web.console.walk_in.walk_in import site_for
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Flag, Id, NotUnderstood, Sent, Several
from deskbook.web.shared.forms import Pressed
from deskbook.web.shared.walk_in_words import counter_name, wait_in_words
from deskbook.web.uploads import OF_AGENTS, kept_files, limits

MOST_SHOWN = 60
"""Tokens of a queue that the counter lists; how many more there are is said."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def counter(request: HttpRequest, agent: Agent, site: str) -> HttpResponse:
    """The agent's counter at a site, or the choice of one; a POST does one act and comes back
    here.
    """
    here, at = site_for(agent, site), timezone.now()
    seat = _seat(here, agent, at)
    if request.method != "POST":
        return _page(request, agent, here, at=at)
    asked = Asked(request)
    try:
        _act(asked, agent, here, seat, at)
    except TokenRefused as refused:
        messages.error(request, in_words(refused))
        unlogged = unlogged_visit(request, here, agent, asked("token"))
        if unlogged:
            return _page(request, agent, here, at=at, unlogged=unlogged, status=409)
    except NotUnderstood as problem:
        form = typed(request, "visit", errors=problem.errors)
        return _page(request, agent, here, at=at, form=form, status=422)
    except Refused as refused:
        form = typed(request, "visit", refusal=in_words(refused))
        return _page(request, agent, here, at=at, form=form, status=409)
    return HttpResponseRedirect(reverse("console-walk-in-counter", args=(here.slug,)))


def _seat(site: WalkInSite, agent: Agent, at: datetime) -> CounterSeat | None:
    """Returns the counter the agent has open here today."""
    own = CounterSeat.objects.filter(agent=agent, until_at=None, day=present_day(site, at=at))
    seat = own.order_by("-pk").first()
    if seat:
        seat.agent = agent
    return seat


class Asked(Pressed):
    """What a button of the counter says."""

    act, counter, to, key, service = Sent(), Sent(), Sent(), Sent(), Sent()
    services, instead, token = Several(""), Flag(), Id()

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.request = request


def _act(
    asked: Asked, agent: Agent, site: WalkInSite, seat: CounterSeat | None, at: datetime
) -> None:
    act = asked("act")
    if act == "sit":
        calling.sit_down(
            site,
            asked("counter"),
            asked("services"),
            at=at,
            by=agent,
            instead=asked("instead"),
        )
    elif seat is None:
        raise TokenRefused("stood up", counter=asked("counter"))
    elif act in _ACTS:
        _ACTS[act](asked, site, seat, at)
    else:
        messages.error(asked.request, _("Choose what to do with the token."))


def _stand(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    calling.stand_up(site, seat, at=at)
    messages.success(
        asked.request, _("%(counter)s is closed.") % {"counter": counter_name(seat.counter)}
    )


def _next(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    if calling.call_next(seat, at=at, by=seat.agent) is None:
        messages.info(asked.request, _("Nobody waits for what this counter serves."))


def _recall(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    calling.recall(_named(asked, seat), seat, at=at, by=seat.agent)


def _aside(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    token = calling.set_aside(_named(asked, seat), seat, at=at, by=seat.agent)
    messages.success(
        asked.request,
        _("%(code)s is set aside. Take it when its holder comes.") % {"code": token.code},
    )


def _back(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    calling.call_from_aside(_named(asked, seat), seat, at=at, by=seat.agent)


def _pass(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    """To "service:login", "counter:2" or "site:kannur:login"."""
    kind, _colon, to = asked("to").partition(":")
    token = _named(asked, seat)
    if kind == "service" and to in site.services:
        calling.pass_to_service(token, seat, to, at=at, by=seat.agent)
    elif kind == "counter":
        calling.pass_to_counter(token, seat, to, at=at, by=seat.agent)
    elif kind == "site":
        name, _colon, service = to.partition(":")
        there = site_for(seat.agent, name)
        new = calling.pass_to_site(token, seat, there, service, at=at, by=seat.agent)
        messages.success(
            asked.request,
            _("There it is %(code)s: tell the visitor.")
            % {"code": f"{new.code}, {there.site.title}"},
        )
        return
    else:
        messages.error(asked.request, _("Choose where the visitor goes."))
        return
    messages.success(
        asked.request, _("%(code)s is passed on and keeps its place.") % {"code": token.code}
    )


def _served(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    calling.served(_named(asked, seat), seat, at=at, by=seat.agent)


def _log(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    ticket = visit_logged(asked.request, site, _named(asked, seat), seat.agent, at=at)
    messages.success(asked.request, _("Logged as %(ticket)s.") % {"ticket": ticket})


def _finish(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    _log(asked, site, seat, at)
    calling.served(_named(asked, seat), seat, at=max(at, timezone.now()), by=seat.agent)


def _give(asked: Asked, site: WalkInSite, seat: CounterSeat, at: datetime) -> None:
    """A token for somebody who has neither kiosk nor phone."""
    given = asked("key")
    key = given if is_key(given) else uuid4().hex
    token = take_token(site, asked("service"), at=at, key=key)
    messages.success(
        asked.request,
        _("%(code)s is given. Print it below, or say the number.") % {"code": token.code},
    )
    asked.request.session["token given"] = [token.code, token.key]


_ACTS: Mapping[str, Callable[[Asked, WalkInSite, CounterSeat, datetime], None]] = {
    "next": _next,
    "recall": _recall,
    "aside": _aside,
    "back": _back,
    "pass": _pass,
    "served": _served,
    "log": _log,
    "finish": _finish,
    "give": _give,
    "stand": _stand,
}


def _named(asked: Asked, seat: CounterSeat) -> Token:
    """Returns the token the form is about; raises TokenRefused when it is not one of this day."""
    token = Token.objects.filter(pk=asked("token"), day=seat.day_id).first()
    if token is None:
        raise TokenRefused("elsewhere", code=Word("The token"))
    return token


def _page(
    request: HttpRequest,
    agent: Agent,
    site: WalkInSite,
    *,
    at: datetime,
    form: Typed | None = None,
    unlogged: UnloggedVisit | None = None,
    status: int = 200,
) -> HttpResponse:
    queue, seat = queue_at(site, at=at), _seat(site, agent, at)
    context: dict[str, Any] = {
        "site": site,
        "open": site.is_open(at),
        "closes_at": site.closes_at(at),
        "opens_at": None if site.is_open(at) else site.opens_at(at),
        "unlogged": unlogged,
        "titles": {key: service.title for key, service in site.desk.services.items()},
    }
    if seat is None:
        template = "walk_in/sit.html"
        context["taken"] = {other.counter: str(other.agent) for other in queue.seats}
    else:
        template = "walk_in/counter.html"
        context |= _at_the_counter(site, seat, queue, form, at)
        given = request.session.pop("token given", None) if request.method == "GET" else None
        context["given"] = given
    return screen(request, agent, template, current="walk-in", status=status, **context)


def _at_the_counter(
    site: WalkInSite, seat: CounterSeat, queue: Queue, form: Typed | None, at: datetime
) -> dict[str, Any]:
    token = calling.visitor_at(seat)
    return {
        "seat": seat,
        "token": token,
        "others": [other for other in queue.seats if other.counter != seat.counter],
        "lines": _lines(queue),
        "aside": _aside_of(seat),
        "elsewhere": _elsewhere(site, at),
        "form": form or visit_started(site, token),
        "kept": kept_files(seat.agent.user, visit_place(token)) if token else (),
        "limits": limits(OF_AGENTS),
        "choices": choices(site.desk),
        "upcoming": calling.in_order(seat).first(),
        "counter_title": counter_name(seat.counter),
        "most_calls": calling.MOST_CALLS,
    }


def _lines(queue: Queue) -> list[tuple[str, int, str, list[Token]]]:
    """Returns each service with how many wait, how long, and those who are first in the whole
    queue.
    """
    first = queue.first_waiting(MOST_SHOWN)
    return [
        (
            key,
            queue.waiting.get(key, 0),
            wait_in_words(queue.wait_for(key)),
            [token for token in first if token.service == key],
        )
        for key in (*queue.site.services, *queue.left_out)
    ]


def _aside_of(seat: CounterSeat) -> list[Token]:
    aside = Token.objects.filter(day=seat.day_id, state=Token.State.ASIDE)
    return list(aside.order_by("-last_called_at", "pk"))


def _elsewhere(site: WalkInSite, at: datetime) -> list[tuple[str, str]]:
    """Where a visitor may be passed on to at other sites that are open."""
    others = [
        other for other in sites_of(site.helpdesk) if other.slug != site.slug and other.is_open(at)
    ]
    return [
        (f"site:{other.slug}:{key}", f"{other.site.title}: {service.title}")
        for other in others
        for key, service in other.services.items()
    ]
