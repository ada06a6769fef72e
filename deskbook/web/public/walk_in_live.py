"""Tells the screens of a site at once that its queue moved. They ask for what is new themselves."""

from collections.abc import AsyncIterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from deskbook.web.live import hub, next_told
from deskbook.web.shared.walk_in_places import site_here


@require_GET
def site_stream(request: HttpRequest, desk: str, site: str) -> HttpResponseBase:
    """A stream of "changed", open to everybody who may look at the display: it says nothing but
    that.
    """
    here = site_here(desk, site)
    answer = StreamingHttpResponse(
        _events([here.helpdesk.pk, here.site.key]), content_type="text/event-stream"
    )
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


async def _events(site: list[Any]) -> AsyncIterator[str]:
    screen = hub().join()
    try:
        yield "retry: 2000\n\nevent: changed\ndata: {}\n\n"
        while True:
            try:
                notice = await next_told(screen)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if notice.get("all") or notice.get("site") == site:
                yield "event: changed\ndata: {}\n\n"
    finally:
        hub().leave(screen)
