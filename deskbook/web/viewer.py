"""Who looks at a page, and with that the language and the zone it is shown in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from deskbook.engine.wall_time import zone_named
from deskbook.people.access import agents_of, contact_at
from deskbook.people.books import desk_in_force
from deskbook.people.models import Contact, User
from deskbook.web.typed import given_back, was_typed

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
RequesterPage = Callable[Concatenate[HttpRequest, Contact, P], HttpResponse]


def user_of(request: HttpRequest) -> User | None:
    """Returns who is signed in."""
    user = request.user
    return user if isinstance(user, User) else None


def signed_out(request: HttpRequest) -> HttpResponse:
    """Leads to signing in; who sent words by a form is shown them before."""
    if not was_typed(request):
        return redirect_to_login(request.get_full_path())
    return given_back(request, _("You are signed out."), HTTPStatus.FORBIDDEN, signed_out=True)


def signed_in(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Shows a page to who is signed in, and asks everybody else to."""

    @wraps(page)
    def shown(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponseBase:
        there = user_of(request) is not None
        return page(request, *args, **kwargs) if there else signed_out(request)

    return shown


def in_their_language(page: Page[P]) -> Page[P]:
    """Shows a page in the language its viewer chose: on this device, else in their profile, else in
    the browser.
    """

    @wraps(page)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with translation.override(language_of(request)):
            response = page(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()  # allauth's would be rendered later, in another language
            response.headers["Content-Language"] = translation.get_language() or "en"
            return response

    return shown


def language_of(request: HttpRequest) -> str:
    """Returns the code of the viewer's language."""
    user = user_of(request)
    on_device = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    if on_device or user is None or user.language not in dict(settings.LANGUAGES):
        return translation.get_language() or "en"
    return user.language


def for_requesters(page: RequesterPage[P]) -> Callable[..., HttpResponse]:
    """Gives a page `/desk/<key>/…` the contact its viewer is, in their language and zone.

    Who is not signed in is asked to; who is no contact of the desk learns nothing of it (404).
    """

    @wraps(page)
    def shown(request: HttpRequest, key: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = user_of(request)
        if user is None:
            return signed_out(request)
        if user.only_at is not None and agents_of(user).filter(desk__key=key).exists():
            # By a card: prove it first.
            return HttpResponseRedirect(reverse("prove", query={"next": request.get_full_path()}))
        contact = contact_at(user, key)
        contact.user = user
        with in_zone(zone_of(contact)):
            return page(request, contact, *args, **kwargs)

    return in_their_language(shown)


def zone_of(contact: Contact) -> str:
    """Returns the IANA zone a requester reads times in: their own, their organisation's, else the
    desk's.
    """
    own = contact.user.zone if contact.user else ""
    organisation = contact.organisation.zone if contact.organisation else ""
    return own or contact.zone or organisation or desk_in_force(contact.desk).zone


def in_zone(name: str) -> AbstractContextManager[None]:
    """Shows times in a zone while the context lasts; a zone nobody knows (any more) is UTC."""
    try:
        return timezone.override(zone_named(name))
    except ValueError:
        return timezone.override("UTC")
