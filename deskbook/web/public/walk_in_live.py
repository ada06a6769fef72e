"""Tells the screens of a site at once that its queue moved. They ask for what is new themselves."""

from collections.abc import AsyncGenerator

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from deskbook.web.hub import Subject, hub
from deskbook.web.shared.walk_in_places import site_here
from deskbook.web.streams import BEGUN, STILL_HERE, EventStream, event

CHANGED = event("changed", {})


@require_GET
def site_stream(request: HttpRequest, desk: str, site: str) -> HttpResponseBase:
    """A stream of "changed", open to everybody who may look at the display: it says nothing but
    that.
    """
    here = site_here(desk, site)
    return EventStream(_events(("site", here.helpdesk.pk, here.site.key)))


async def _events(site: Subject) -> AsyncGenerator[bytes, None]:
    with hub().screen(site) as screen:
        yield BEGUN + CHANGED
        while True:
            try:
                await screen.next()
            except TimeoutError:
                yield STILL_HERE
            else:
                yield CHANGED
