"""Live updates: one listener per process, fanned out to the open screens as server-sent events.

A stream holds no database connection; the listener holds one for all of them.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET

from deskbook.people import access
from deskbook.people.models import User
from deskbook.people.open_screens import tell_open_screens
from deskbook.people.sessions import person_of
from deskbook.tickets.models import LogEntry, Presence, Ticket
from deskbook.tickets.notifications import mark_read
from deskbook.web.hub import AGENTS, Notice, Subject, hub
from deskbook.web.jinja import hue, initials
from deskbook.web.shared.entering import agent_of, user_of
from deskbook.web.shared.ringing import rings_for
from deskbook.web.streams import BEGUN, STILL_HERE, EventStream, apart, event

RIGHTS_LAST = 60.0
"""Seconds until a stream asks again whether its viewer may still see what it tells; it asks at once
when agents of a desk change.
"""


@dataclass(frozen=True, slots=True)
class Telling:
    """What one stream tells: notices of what, what its screen missed, and to whom as long as."""

    about: tuple[Subject, ...]
    may_still: Callable[[], Awaitable[bool]]
    missed: int = 0
    ticket_id: int | None = None
    viewer: User | None = None
    beats: bool = False
    """What it shows changes by time alone as well: a quiet line is told as a change."""


@require_GET
def console_stream(request: HttpRequest) -> HttpResponseBase:
    """Tells a list that something at the desk changed."""
    desk_id, missed = _desk_entered(request)
    if desk_id is None:
        return HttpResponse(status=403)
    return _stream(
        request, [("desk", desk_id)], missed, may_still=lambda: apart(may_still)(request, desk_id)
    )


@require_GET
def ticket_stream(request: HttpRequest, number: str) -> HttpResponseBase:
    """Tells a ticket's screen that it changed, and who else is on it; where its list stands beside
    it, that something at the desk did.
    """
    ticket, missed = _ticket_entered(request, number)
    if ticket is None:
        return HttpResponse(status=403)
    of_list = [("desk", ticket.desk_id)] if "list" in request.GET else []
    return _stream(
        request,
        [("ticket", ticket.pk), *of_list],
        missed,
        ticket_id=ticket.pk,
        may_still=lambda: apart(may_still)(request, None, number),
    )


def _stream(
    request: HttpRequest, subjects: Iterable[Subject], missed: int, **of_screen: Any
) -> EventStream:
    """A call at the viewer's telephone, and what concerns them, is told on every screen."""
    viewer = user_of(request)
    about = (*subjects, AGENTS, ("call for", viewer.pk), ("concern of", viewer.pk))
    return stream(Telling(about, missed=missed, viewer=viewer, **of_screen))


@csrf_protect
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Says that the viewer has the ticket open, and whether they are writing."""
    if request.method != "POST" or not request.user.is_authenticated:
        return HttpResponse(status=405 if request.user.is_authenticated else 403)
    agent, ticket = access.ticket_for_agent(
        user_of(request), number, Ticket.objects.select_related("desk")
    )
    writing = request.POST.get("state") == "answering"
    Presence.objects.update_or_create(
        user=user_of(request),
        ticket=ticket,
        defaults={"writing": writing, "seen_at": timezone.now()},
    )
    mark_read(agent, at=timezone.now(), ticket=ticket)
    tell_open_screens({"ticket": ticket.pk, "presence": True})
    return HttpResponse(status=204)


def people_on(ticket_id: int, *, at: datetime) -> list[dict[str, Any]]:
    """Returns who has the ticket open at `at`, in the words their colleagues read."""
    there = Presence.objects.filter(
        ticket=ticket_id, seen_at__gt=at - Presence.LASTS
    ).select_related("user")
    says = {True: _("%(who)s is writing"), False: _("%(who)s is here")}
    return [
        {
            "id": p.user_id,
            "name": str(p.user),
            "initials": initials(str(p.user)),
            "hue": hue(str(p.user)),
            "says": says[p.writing] % {"who": p.user},
        }
        for p in there.order_by("user__name")
    ]


def _desk_entered(request: HttpRequest) -> tuple[int | None, int]:
    if not request.user.is_authenticated:
        return None, 0
    desk_id = agent_of(request).desk_id
    return desk_id, _missed(request, LogEntry.objects.filter(ticket__desk=desk_id))


def _ticket_entered(request: HttpRequest, number: str) -> tuple[Ticket | None, int]:
    if not request.user.is_authenticated:
        return None, 0
    _agent, ticket = access.ticket_for_agent(
        user_of(request), number, Ticket.objects.select_related("desk")
    )
    all_of = {"ticket__desk": ticket.desk_id} if "list" in request.GET else {"ticket": ticket}
    return ticket, _missed(request, LogEntry.objects.filter(**all_of))


def _missed(request: HttpRequest, log: Any) -> int:
    """Returns the id of the newest entry after the last one the screen knows of; 0 when it missed
    nothing.
    """
    known = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    if not known.isdecimal() or len(known) > 18:
        return 0
    newest: int | None = (
        log.filter(pk__gt=int(known)).order_by("-pk").values_list("pk", flat=True).first()
    )
    return newest or 0


def may_still(request: HttpRequest, desk_id: int | None, number: str = "") -> bool:
    """Whether the session is still that of the same person, and they are still an agent of the desk
    or the ticket.
    """
    fresh = HttpRequest()
    fresh.session = type(request.session)(request.session.session_key)
    user = person_of(fresh)
    if not isinstance(user, User) or user.pk != user_of(request).pk:
        return False
    if not number:
        return any(agent.desk_id == desk_id for agent in access.agents_by_desk(user))
    try:
        access.ticket_for_agent(user, number, Ticket.objects.select_related("desk"))
    except access.NoAccess:
        return False
    return True


def stream(telling: Telling) -> EventStream:
    """Returns the events of one screen, as long as it may have them."""
    return EventStream(_events(telling))


def _at_first(telling: Telling) -> list[bytes]:
    """What a screen is told as it opens: who else is there, what it missed, the call at the
    viewer's telephone.
    """
    told = []
    if telling.ticket_id:
        told.append(event("presence", people_on(telling.ticket_id, at=timezone.now())))
    if telling.missed:
        told.append(_changed(telling.missed))
    if telling.viewer and rings_for(telling.viewer):
        told.append(event("call", {}))
    return told


async def _events(telling: Telling) -> AsyncGenerator[bytes, None]:
    with hub().screen(*telling.about) as screen:
        yield BEGUN
        for told in await apart(_at_first)(telling):
            yield told
        asked_at = monotonic()
        while True:
            try:
                notice = await screen.next()
            except TimeoutError:
                notice = {}
            if "agents" in notice or monotonic() - asked_at > RIGHTS_LAST:
                if not await telling.may_still():
                    return
                asked_at = monotonic()
            if telling.ticket_id and ("presence" in notice or "all" in notice):
                there = await apart(people_on)(telling.ticket_id, at=timezone.now())
                yield event("presence", there)
            yield _said(notice, telling.beats)


def _said(notice: Notice, beats: bool) -> bytes:
    """What a screen is told of a notice; of none, which keeps its line alive."""
    if "call" in notice:
        return event("call", {})
    if "concern" in notice:
        return event("concern", notice["concern"])
    is_quiet = not notice or "agents" in notice or "presence" in notice
    return STILL_HERE if is_quiet and not beats else _changed(notice.get("entry"))


@lru_cache(maxsize=64)  # written once for all the screens it is told on
def _changed(entry: int | None) -> bytes:
    # Not which ticket: it may be one that the listener does not see.
    return event("changed", {}, entry)
