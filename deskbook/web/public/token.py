"""A token on a phone: taking it at the site, following it, giving it back."""

import json
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

import phonenumbers
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.all import to_number
from deskbook.channels.walk_in.cases import who_it_is
from deskbook.channels.walk_in.models import Token
from deskbook.channels.walk_in.presence import device_hash, is_here, origin
from deskbook.channels.walk_in.queue import queue_at
from deskbook.channels.walk_in.sites import WalkInSite, slug
from deskbook.channels.walk_in.steps import TokenRefused
from deskbook.channels.walk_in.taking import Visitor, give_back, is_key, take_token
from deskbook.people.limits import there_is_room, too_often
from deskbook.people.lists.reading import region_of
from deskbook.people.mobiles import NoText, mobile_number
from deskbook.people.numbers import NoNumber, number_of
from deskbook.people.refusals import in_words
from deskbook.web.client_address import client_address
from deskbook.web.public.walk_in_state import queue_state, token_state
from deskbook.web.shared.fields import Sent
from deskbook.web.shared.forms import Form, asked, sent
from deskbook.web.shared.staff_number import staff_number
from deskbook.web.shared.walk_in_places import address, qr, site_here
from deskbook.web.shared.walk_in_words import counter_name, opening, screen_words, wait_in_words
from deskbook.web.typed import key_of
from deskbook.web.viewer import in_their_language

PHONE = "walk-in"
"""Cookie that makes two tokens of one phone one."""
MOST_CODES, CODES_WITHIN = 30, timedelta(minutes=10)
MOST_TOKENS, TOKENS_WITHIN = 60, timedelta(minutes=10)
MOST_OF_A_PHONE = 6
"""Tokens a phone may take in a day: people do come twice, but not every minute."""
TEXTS_OF_AN_ADDRESS, TEXTS_OF_A_SITE, A_DAY = 100, 1_000, timedelta(days=1)
"""A hall shares the site's network; past them the token's page still tells when one is called."""


@never_cache
@in_their_language
def taking(request: HttpRequest, desk: str, site: str) -> HttpResponse:
    """Takes a token on a phone that is at the site: the code of the day, which stands only there,
    is the proof.
    """
    here = site_here(desk, site)
    if request.method == "POST":
        return _taken(request, here)
    return _form(request, here, {})


def _form(
    request: HttpRequest, site: WalkInSite, errors: dict[str, str], status: int = 200
) -> HttpResponse:
    at = timezone.now()
    queue = queue_at(site, at=at)
    language = translation.get_language() or "en"
    services = [
        (
            key,
            site.title_of(key, language),
            queue.waiting.get(key, 0),
            wait_in_words(queue.wait_for(key)),
        )
        for key in site.services
    ]
    given = asked(request)
    context = {
        "site": site,
        "desk": site.desk.title,
        "here": "token",
        "services": services,
        "errors": errors,
        "open": queue_state(queue)["open"],
        "opens": opening(queue.received_again_at, site),
        "over": site.has_ended(at),
        "code": given.get("c", "")[:20],
        "given": given,
        "staff_number": staff_number(site.desk),
        "key": given.get("key", "")[:64] or uuid4().hex,
    }
    return render(request, "public/token_take.html", context, status=status)


class Asked(Form):
    """What a phone sends for a token: the code of the day, where to be texted, who it is."""

    c, phone, pen = Sent(), Sent(), Sent()
    service, key = Sent(), Sent()


def _taken(request: HttpRequest, site: WalkInSite) -> HttpResponse:
    at, asked = timezone.now(), Asked(sent(request))
    if not asked.is_valid():
        wrong = {name: " ".join(map(str, texts)) for name, texts in asked.errors.items()}
        return _form(request, site, wrong, 422)
    where = f"{site.helpdesk.pk} {site.slug} {client_address(request)}"
    if not is_here(site, asked("c"), at=at):
        return _wrong_code(request, site, where, at)
    cookie = request.COOKIES.get(PHONE, "") or secrets.token_urlsafe(24)
    device = device_hash(cookie)
    if too_often(f"tokens {where}", MOST_TOKENS, TOKENS_WITHIN, at=at) or _enough(site, device, at):
        many = _("This phone took many tokens today. Ask at a counter for another one.")
        return _form(request, site, {"service": many}, 429)
    try:
        phone = _mobile(site, asked("phone"))
        token = _take(request, site, device, phone, asked)
    except NoText:
        said = _("This is no mobile number. Write it like +91 94470 12345, or leave it empty.")
        return _form(request, site, {"phone": said}, 422)
    except TokenRefused as refused:
        return _form(request, site, {"service": in_words(refused)}, 409)
    told = not token.phone or _text(site, token, where, at)
    return _to_the_token(request, site, token, cookie, query={} if told else {"texted": "no"})


def _to_the_token(
    request: HttpRequest, site: WalkInSite, token: Token, cookie: str, *, query: dict[str, str]
) -> HttpResponse:
    followed = reverse("token", args=(site.helpdesk.key, site.slug, token.key), query=query)
    answer = HttpResponseRedirect(followed)
    answer.set_cookie(
        PHONE, cookie, max_age=86_400, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return answer


def _wrong_code(request: HttpRequest, site: WalkInSite, where: str, at: datetime) -> HttpResponse:
    """Only wrong codes count: whoever else is behind the same address still takes a token with the
    right one.
    """
    if too_often(f"token code {where}", MOST_CODES, CODES_WITHIN, at=at):
        return _form(
            request,
            site,
            {"c": _("Too many tries from here. Wait ten minutes, or ask at a counter.")},
            429,
        )
    wrong = _(
        "This is not the code of today. It stands on the display, the kiosk and the poster at the"
        " site."
    )
    return _form(request, site, {"c": wrong}, 422)


def _enough(site: WalkInSite, device: str, at: datetime) -> bool:
    own = Token.objects.filter(day__desk=site.helpdesk, day__on=site.day(at), device=device)
    return own.count() >= MOST_OF_A_PHONE


def _take(request: HttpRequest, site: WalkInSite, device: str, phone: str, asked: Asked) -> Token:
    at, language = timezone.now(), translation.get_language() or "en"
    pen = asked("pen")[:32] if "pen" in site.desk.directory else ""
    contact = who_it_is(site.helpdesk, phone, pen)
    visitor = Visitor(language, device, origin(client_address(request)), phone, pen, contact)
    key = key_of(request, asked("key")) if is_key(asked("key")) else uuid4().hex
    token = take_token(site, asked("service"), at=at, key=key, visitor=visitor)
    if token.device != device:  # somebody else's key: a phone is shown its own tokens only
        token = take_token(site, asked("service"), at=at, key=uuid4().hex, visitor=visitor)
    return token


def _text(site: WalkInSite, token: Token, where: str, at: datetime) -> bool:
    """Texts the token, where the book has the words for it. False: to this number none leaves, or
    none more today.

    Whoever has the code of the day types any number here: what a text costs abroad, and to a line
    that pays its owner for each, is not for them to spend.
    """
    most = [
        (f"token texts {token.phone}", MOST_OF_A_PHONE),
        (f"token texts from {where}", TEXTS_OF_AN_ADDRESS),
        (f"token texts at {site.helpdesk.pk} {site.slug}", TEXTS_OF_A_SITE),
    ]
    if not _is_of_the_country(site, token.phone) or not there_is_room(most, 1, A_DAY, at=at):
        return False
    values = {
        "token": token.code,
        "place": site.site.title,
        "link": address("token", site, token.key),
    }
    how = {"language": token.language, "key": f"token {token.pk} {token.phone}"}
    with suppress(NoText):
        to_number().say(site.helpdesk, token.phone, "token", values, **how, at=at)
    return True


def _is_of_the_country(site: WalkInSite, number: str) -> bool:
    region = region_of(site.calendar.zone)
    if region is None:  # a zone of no country, such as UTC: the day's most is the bound
        return True
    parsed = phonenumbers.parse(number, None)
    own = phonenumbers.country_code_for_region(region)
    return parsed.country_code == own and phonenumbers.region_code_for_number(parsed) in (
        region,
        None,
    )


def _mobile(site: WalkInSite, typed: str) -> str:
    """Returns a typed number as E.164, with the country of the site where it has none; raises
    NoText.
    """
    if not typed.strip():
        return ""
    try:
        return mobile_number(number_of(typed, region_of(site.calendar.zone)))
    except NoNumber as wrong:
        raise NoText(str(wrong)) from wrong


@never_cache
@require_safe
@in_their_language
def token(request: HttpRequest, desk: str, site: str, key: str) -> HttpResponse:
    """A token as its holder follows it: the last one called, their place, the wait; told when they
    are called.
    """
    here = site_here(desk, site)
    own = _own(here, key)
    queue = queue_at(here, at=timezone.now())
    language = translation.get_language() or "en"
    state = token_state(queue, own)
    moved = Token.objects.filter(follows=own).select_related("day").first()
    context = {
        "site": here,
        "desk": here.desk.title,
        "here": "token",
        "token": own,
        "state": state,
        "service": here.title_of(own.service, language),
        "wait": wait_in_words(queue.wait_of(own)),
        "told": json.dumps({"words": screen_words(language), "state": state}),
        "moved": moved,
        "moved_to": slug(moved.day.site) if moved else "",
        "opens": opening(queue.received_again_at, here),
        "over": here.has_ended(queue.at),
        "open": here.is_open(queue.at),
        "again": own.state == Token.State.WAITING and _opens_again_today(here, queue.at),
        "qr": qr(address("token", here, own.key)),
        "is_texted": request.GET.get("texted") != "no",
        "counter": counter_name(own.counter) if own.counter else "",
    }
    with timezone.override(here.zone):
        return render(request, "public/token.html", context)


def _opens_again_today(site: WalkInSite, at: datetime) -> bool:
    opens_at = None if site.is_open(at) else site.opens_at(at)
    return opens_at is not None and site.day(opens_at) == site.day(at)


@never_cache
@require_safe
def token_now(request: HttpRequest, desk: str, site: str, key: str) -> HttpResponse:
    """How a token stands, for its page's script."""
    here = site_here(desk, site)
    return JsonResponse(token_state(queue_at(here, at=timezone.now()), _own(here, key)))


@require_POST
def returning(request: HttpRequest, desk: str, site: str, key: str) -> HttpResponse:
    """Gives a token back, so that nobody is called who has left."""
    here = site_here(desk, site)
    give_back(_own(here, key), at=timezone.now())
    return HttpResponseRedirect(reverse("token", args=(here.helpdesk.key, here.slug, key)))


def _own(site: WalkInSite, key: str) -> Token:
    tokens = Token.objects.select_related("day")
    found = tokens.filter(key=key, day__desk=site.helpdesk, day__site=site.site.key).first()
    if found is None:
        raise Http404("no such token")
    return found
