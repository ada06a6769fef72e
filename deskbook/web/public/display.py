"""The display of a site: who is called, on a wall, in large letters."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deskbook.channels.walk_in.models import Kiosk
from deskbook.channels.walk_in.presence import code_of_the_day
from deskbook.channels.walk_in.queue import queue_at
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.web.public.kiosk import ask_for_code, device_here, registered
from deskbook.web.public.walk_in_state import queue_state
from deskbook.web.shared.walk_in_places import address, languages_of, qr, site_here
from deskbook.web.shared.walk_in_words import screen_words

MOST_SPOKEN = 3
"""Languages a call is spoken in."""


@never_cache
@require_safe
def display(request: HttpRequest, desk: str, site: str) -> HttpResponse:
    """The display. Anybody may look; only a device that was let in shows the code phones need."""
    here = site_here(desk, site)
    own = [code for code in languages_of(here) if code in here.desk.languages][:MOST_SPOKEN] or [
        "en"
    ]
    told = {
        "words": {code: screen_words(code) for code in own},
        "languages": own,
        "zone": str(here.zone),
        "titles": {key: {code: here.title_of(key, code) for code in own} for key in here.services},
    }
    device = device_here(request, here, Kiosk.Kind.DISPLAY)
    with translation.override(own[0]):
        return render(
            request,
            "public/display.html",
            {
                "site": here.anew(),
                "told": json.dumps(told),
                "state": json.dumps(_state(request, here)),
                "registered": device is not None,
            },
        )


@never_cache
def display_device(request: HttpRequest, desk: str, site: str) -> HttpResponse:
    """Where the code of a display is typed; afterwards it shows the QR code for phones."""
    here = site_here(desk, site)
    if request.method != "POST":
        return ask_for_code(request, here, Kiosk.Kind.DISPLAY)
    answer = registered(request, here, Kiosk.Kind.DISPLAY)
    if answer.status_code == 302:
        answer["Location"] = f"/display/{here.helpdesk.key}/{here.slug}/"
    return answer


@never_cache
@require_safe
def display_state(request: HttpRequest, desk: str, site: str) -> HttpResponse:
    """The queue, for the display's script."""
    return JsonResponse(_state(request, site_here(desk, site)))


def _state(request: HttpRequest, site: WalkInSite) -> dict[str, object]:
    at = timezone.now()
    state = queue_state(queue_at(site, at=at))
    if device_here(request, site, Kiosk.Kind.DISPLAY):
        code = code_of_the_day(site, at=at)
        state |= {"code": code, "qr": qr(f"{address('token-taking', site)}?c={code}")}
    return state
