"""Signing in by the installation's provider: there, back, and out again."""

from datetime import timedelta

from allauth.account import views as account
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from structlog import get_logger

from deskbook.people.letting_in import NotLetIn, person_said
from deskbook.people.limits import too_often
from deskbook.people.openid import (
    Silent,
    address_to_ask_at,
    address_to_sign_out_at,
    newly_asked,
    said_of,
)
from deskbook.people.provider import Provider
from deskbook.web.client_address import client_address
from deskbook.web.shared.there_and_back import Back, come_back, remember
from deskbook.web.sign_in import SIGN_OUT_AT, ask_page, let_in, way_on
from deskbook.web.signing_in import BY_PROVIDER
from deskbook.web.viewer import in_their_language, user_of

log = get_logger(__name__)
THERE = "provider_asked"
MOST_ASKED, ASKED_WITHIN = 300, timedelta(hours=1)
"""From one address of the network, behind which a whole office may sit."""


@never_cache
@in_their_language
def go_to_provider(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the provider, with what it has to bring back."""
    provider = _provider()
    if user_of(request) is not None:
        return HttpResponseRedirect(way_on(request) or "/")
    if _is_too_much(request):
        return _told(request, _("Too many sign-ins from your network. Wait an hour."), 429)
    asked = newly_asked()
    try:
        there = address_to_ask_at(provider, asked, _back())
    except Silent as failure:
        return _silent(request, provider, failure)
    remember(request, THERE, asked, way=way_on(request))
    return HttpResponseRedirect(there)


@never_cache
@in_their_language
def back_from_provider(request: HttpRequest) -> HttpResponse:
    """Signs in whom the provider names, in the browser that was sent there, once."""
    provider = _provider()
    if user_of(request) is not None:
        return HttpResponseRedirect("/")
    came = come_back(request, THERE)
    if came is None:
        begun = _("This sign-in was begun in another window, or took too long. Begin again.")
        return _told(request, begun, 403)
    if came.is_refused:
        return _told(request, _not_there(provider), 403)
    return _named(request, provider, came)


@in_their_language
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out here; who came by a provider is shown where to sign out there too."""
    there = request.session.get(BY_PROVIDER, "")
    answer: HttpResponse = account.logout(request)
    if request.method != "POST" or not there:
        return answer
    request.session[SIGN_OUT_AT] = there
    return HttpResponseRedirect(reverse("account_login"))


def _named(request: HttpRequest, provider: Provider, came: Back) -> HttpResponse:
    try:
        said = said_of(provider, came.asked, request.GET.dict(), _back())
        out = address_to_sign_out_at(provider, _site("account_login"))
        user = person_said(said, settings.DESKBOOK_PEOPLE_RULES, at=timezone.now())
    except Silent as failure:
        return _silent(request, provider, failure)
    except NotLetIn as refused:
        return _told(request, str(refused), 403)
    return let_in(request, user, user.email, way=came.more["way"], by_provider=out)


def _silent(request: HttpRequest, provider: Provider, failure: Silent) -> HttpResponse:
    log.warning("the sign-in provider does not answer as it should", why=str(failure))
    words = _(
        "{provider} does not answer as it should. Try again in a while, or have a code mailed."
    )
    return _told(request, words.format(provider=provider.name), 502)


def _not_there(provider: Provider) -> str:
    words = _("{provider} did not sign you in. Begin again, or have a code mailed.")
    return words.format(provider=provider.name)


def _told(request: HttpRequest, trouble: str, status: int) -> HttpResponse:
    return ask_page(request, trouble=trouble, status=status)


def _provider() -> Provider:
    found: Provider | None = settings.DESKBOOK_PROVIDER
    if found is None:
        raise Http404("no provider")
    return found


def _is_too_much(request: HttpRequest) -> bool:
    network = client_address(request)
    what = f"sign-ins by provider from {network}"
    return too_often(what, MOST_ASKED, ASKED_WITHIN, at=timezone.now())


def _back() -> str:
    return _site("provider-back")


def _site(name: str) -> str:
    return f"{settings.DESKBOOK_SITE_URL}{reverse(name)}"
