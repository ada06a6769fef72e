"""Tells the screens of a site at once that its queue moved. They ask for what is new themselves."""

import asyncio
from collections.abc import AsyncIterator

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from deskbook.channels.walk_in.models import SiteDay
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.web.live import KEEP_ALIVE, apart, hub
from deskbook.web.public.walk_in_places import site_here


async def site_stream(request: HttpRequest, desk: str, site: str) -> HttpResponseBase:
    """A stream of "changed", open to everybody who may look at the display: it says nothing but that."""
    try:
        here = await apart(site_here)(desk, site)
    except Http404:
        return HttpResponse(status=404)
    answer = StreamingHttpResponse(_events(here), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


async def _events(site: WalkInSite) -> AsyncIterator[str]:
    screen = hub().join()
    days: dict[int, bool] = {}
    try:
        yield "retry: 2000\n\nevent: changed\ndata: {}\n\n"
        while True:
            try:
                notice = await asyncio.wait_for(screen.get(), KEEP_ALIVE)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            number = notice.get("site_day")
            if number and number not in days:
                days[number] = await apart(_is_of)(site, number)
            if notice.get("all") or (number and days[number]):
                yield "event: changed\ndata: {}\n\n"
    finally:
        hub().leave(screen)


def _is_of(site: WalkInSite, number: int) -> bool:
    return SiteDay.objects.filter(
        pk=number, desk=site.helpdesk, site=site.site.key, on=site.day(timezone.now())
    ).exists()
