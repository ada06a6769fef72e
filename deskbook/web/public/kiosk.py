"""The kiosk of a site: its page, the tokens it gives, and what it gave while it was cut off."""

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.walk_in.devices import device_of, let_in
from deskbook.channels.walk_in.models import Kiosk, Token
from deskbook.channels.walk_in.presence import code_of_the_day
from deskbook.channels.walk_in.queue import queue_at
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.channels.walk_in.steps import TokenRefused
from deskbook.channels.walk_in.taking import (
    Provisional,
    Visitor,
    given_by,
    hear_of,
    instant_shown,
    is_key,
    take_token,
)
from deskbook.people.limits import there_is_room, too_often
from deskbook.people.refusals import in_words
from deskbook.web.client_address import client_address
from deskbook.web.public.walk_in_state import queue_state, token_state
from deskbook.web.shared.languages import is_spoken
from deskbook.web.shared.walk_in_places import address, languages_of, names_of, qr, site_here
from deskbook.web.shared.walk_in_words import screen_words

COOKIE_DAYS = timedelta(days=400)
MOST_TRIES, TRIES_WITHIN = 20, timedelta(minutes=15)
MOST_PROVISIONAL = 600
"""More than a hand can touch in the ten minutes a kiosk goes on by itself: none is ever told to
send less.
"""
MOST_OF_A_KIOSK = 1_000
"""Tokens in ten minutes, whoever has its cookie."""
LARGEST_BODY = 200_000
PATIENCE = timedelta(minutes=10)
"""How long a kiosk goes on by itself."""
_WORKER = Path(__file__).parents[2] / "static" / "js" / "kiosk-worker.js"


def cookie_name(kind: str, site: WalkInSite) -> str:
    return f"{kind}-{site.helpdesk.key}-{site.helpdesk.pk}"


def device_here(request: HttpRequest, site: WalkInSite, kind: str) -> Kiosk | None:
    """Returns the registered device that asks."""
    return device_of(request.COOKIES.get(cookie_name(kind, site), ""), site, kind)


@never_cache
def kiosk(request: HttpRequest, desk: str, site: str) -> HttpResponse:
    """The kiosk; on a device nobody let in, the place to type the code that does."""
    here = site_here(desk, site)
    if request.method == "POST":
        return registered(request, here, Kiosk.Kind.KIOSK)
    device = device_here(request, here, Kiosk.Kind.KIOSK)
    return _page(request, here, device) if device else ask_for_code(request, here, Kiosk.Kind.KIOSK)


def _page(request: HttpRequest, site: WalkInSite, device: Kiosk) -> HttpResponse:
    languages = languages_of(site)
    told = {
        "words": {code: screen_words(code) for code in languages},
        "services": [
            {
                "key": key,
                "letter": site.letter(key),
                "titles": {code: site.title_of(key, code) for code in languages},
            }
            for key in site.services
        ],
        "languages": languages,
        "number": device.number,
        "prints": device.prints,
        "patience": PATIENCE.total_seconds() * 1000,
        "zone": str(site.zone),
        "state": queue_state(queue_at(site, at=timezone.now())),
    }
    with translation.override(languages[0]):
        context = {"site": site.anew(), "told": json.dumps(told), "languages": names_of(languages)}
        return render(request, "public/kiosk.html", context)


def ask_for_code(
    request: HttpRequest, site: WalkInSite, kind: str, error: str = ""
) -> HttpResponse:
    """The page of a device that nobody let in (yet, or any more)."""
    context = {"site": site, "kind": kind, "error": error}
    return render(request, "public/register.html", context, status=422 if error else 200)


def registered(request: HttpRequest, site: WalkInSite, kind: str) -> HttpResponse:
    """Lets a device in by the code an agent made for it: 40 bits for half an hour, which guessing
    does not find.

    So nobody's wrong tries stand in the way of the right code: counting them only ends the
    guessers' answers.
    """
    at = timezone.now()
    found = let_in(site, kind, request.POST.get("code", ""), at=at)
    if found is None:
        wrong = _("This code does not work. It works once, for half an hour: ask for a new one.")
        if too_often(f"pair {client_address(request)}", MOST_TRIES, TRIES_WITHIN, at=at):
            wrong = _("Too many codes were tried here. Wait a quarter of an hour.")
        return ask_for_code(request, site, kind, wrong)
    answer = HttpResponseRedirect(request.path)
    answer.set_cookie(
        cookie_name(kind, site),
        found[1],
        max_age=COOKIE_DAYS,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )
    return answer


def for_kiosks(
    act: Callable[[HttpRequest, WalkInSite, Kiosk, dict[str, Any]], HttpResponse],
) -> Callable[..., Any]:
    """Gives an act the kiosk that asks and what it says, as JSON.

    No CSRF token: a page kept for hours off line has none that is good. The cookie goes to no other
    site's request (SameSite=Strict), and a header no form can send is asked for.
    """

    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(act)
    def entered(request: HttpRequest, desk: str, site: str) -> HttpResponse:
        here = site_here(desk, site)
        device = device_here(request, here, Kiosk.Kind.KIOSK)
        if device is None or request.headers.get("X-Kiosk") != "1":
            return JsonResponse({"why": "revoked"}, status=403)
        said = _json(request)
        if said is None:
            return JsonResponse({"why": "not understood"}, status=400)
        return act(request, here, device, said)

    return entered


@for_kiosks
def kiosk_token(
    request: HttpRequest, site: WalkInSite, device: Kiosk, said: dict[str, Any]
) -> HttpResponse:
    """Gives a token; the key of the kiosk makes asking twice one token."""
    language = said.get("language") if is_spoken(said.get("language")) else site.desk.languages[0]
    at = timezone.now()
    if too_often(f"tokens of kiosk {device.pk}", MOST_OF_A_KIOSK, PATIENCE, at=at):
        with translation.override(str(language)):
            return JsonResponse(
                {"why": "too many", "sentence": _("One moment, please")}, status=429
            )
    try:
        token = take_token(
            site,
            str(said.get("service", "")),
            at=at,
            key=str(said.get("key", "")),
            kiosk=device,
            visitor=Visitor(str(language)),
        )
    except TokenRefused as refused:
        with translation.override(str(language)):
            return JsonResponse(
                {"why": refused.refusal.code, "sentence": in_words(refused)}, status=409
            )
    return JsonResponse(_given(site, token, at))


def _given(site: WalkInSite, token: Token, at: datetime) -> dict[str, Any]:
    followed = address("token", site, token.key)
    return {
        **token_state(queue_at(site, at=at), token),
        "key": token.key,
        "qr": qr(followed),
        "follow": followed,
    }


@for_kiosks
def kiosk_contact(
    request: HttpRequest, site: WalkInSite, device: Kiosk, said: dict[str, Any]
) -> HttpResponse:
    """Takes in what a kiosk gave by itself, measures its clock, and tells it how things stand."""
    at = timezone.now()
    clock, given = _number(said.get("clock")), said.get("given")
    if clock is None or not isinstance(given, list) or len(given) > MOST_PROVISIONAL:
        return JsonResponse({"why": "not understood"}, status=400)
    provisional = [one for one in map(_provisional, given) if one]
    if not _has_room(device, provisional, at):
        return JsonResponse({"why": "too many"}, status=429)  # it keeps them, and tells them again
    tokens = hear_of(device, site, provisional, clock=instant_shown(clock), at=at)
    queue = queue_at(site, at=at)
    seq, count = given_by(device, queue.day)
    taking = address("token-taking", site) + f"?c={(code := code_of_the_day(site, at=at))}"
    return JsonResponse(
        {
            **queue_state(queue),
            "at": round(at.timestamp() * 1000),
            "day": str(site.day(at)),
            "seq": seq,
            "count": count,
            "settled": [token.key for token in tokens],
            "qr": qr(taking),
            "code": code,
        }
    )


def _has_room(device: Kiosk, provisional: list[Provisional], at: datetime) -> bool:
    keys = {one.key for one in provisional}
    # On a bad line it tells the same ones many times.
    new = len(keys) - Token.objects.filter(key__in=keys).count()
    return not new or there_is_room(
        [(f"told by kiosk {device.pk}", MOST_OF_A_KIOSK)], new, PATIENCE, at=at
    )


def _provisional(told: Any) -> Provisional | None:
    """What a kiosk tells of one token; None for what is no token, which nobody can stand in a queue
    with.
    """
    if not isinstance(told, dict):
        return None
    key, code = str(told.get("key", "")), str(told.get("code", ""))
    seq, shown = told.get("seq"), _number(told.get("clock"))
    language = told.get("language")
    if shown is None or not isinstance(seq, int) or not 0 < seq < 2**31:
        return None
    if not (is_key(key) and 2 <= len(code) <= 12):
        return None
    service = str(told.get("service", ""))[:64]
    return Provisional(
        key, seq, service, code, instant_shown(shown), language if is_spoken(language) else "en"
    )


def _number(said: Any) -> float | None:
    usable = isinstance(said, int | float) and not isinstance(said, bool) and math.isfinite(said)
    return float(said) if usable else None


def _json(request: HttpRequest) -> dict[str, Any] | None:
    if len(request.body) > LARGEST_BODY:
        return None
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


@require_safe
def kiosk_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at an address above the kiosks' so that it may keep their pages."""
    answer = HttpResponse(_WORKER.read_text(encoding="utf-8"), content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_safe
def kiosk_manifest(request: HttpRequest, desk: str, site: str) -> HttpResponse:
    """What a browser asks to install the kiosk as a page of its own."""
    here = site_here(desk, site)
    told = {
        "name": f"{here.desk.title}: {here.site.title}",
        "short_name": here.site.title[:12],
        "display": "fullscreen",
        "start_url": f"/kiosk/{here.helpdesk.key}/{here.slug}/",
        "scope": "/kiosk/",
        "background_color": "#ffffff",
        "theme_color": "#2c57cc",
        "icons": [{"src": "/static/mark.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return HttpResponse(json.dumps(told), content_type="application/manifest+json")
