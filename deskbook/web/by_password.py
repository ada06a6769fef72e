"""Signing in by the password of an organisation's directory, typed into the form that asks for the
mail address.
"""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from structlog import get_logger

from deskbook.people.letting_in import NotLetIn, Said, person_said
from deskbook.people.limits import forget, too_often, too_often_in_a_row
from deskbook.people.provider import LdapDirectory
from deskbook.web.client_address import client_address
from deskbook.web.shared.fields import AsTyped, Sent
from deskbook.web.shared.forms import Pressed
from deskbook.web.sign_in import ask_page, let_in, way_on
from deskbook.web.viewer import in_their_language, user_of

log = get_logger(__name__)
MOST_TRIES, TRIED_WITHIN = 5, timedelta(minutes=15)
"""Wrong passwords of one person, or of a name, whoever has it, in any such stretch: fewer than most
directories take before they lock an account.
"""
MOST_FROM, FROM_WITHIN = 300, timedelta(hours=1)
"""From one address of the network, behind which a whole office may sit."""


class Typed(Pressed):
    """A name and a password; what stands around the password is of it."""

    email, password = Sent(), AsTyped()


@never_cache
@sensitive_post_parameters("password")
@in_their_language
def sign_in_by_password(request: HttpRequest) -> HttpResponse:
    """Signs in whom the directory knows by what was typed, and the desk or a rule lets in."""
    directory: LdapDirectory | None = settings.DESKBOOK_LDAP
    if directory is None:
        raise Http404("no directory")
    if user_of(request) is not None:
        return HttpResponseRedirect(way_on(request) or "/")
    if request.method != "POST":
        return HttpResponseRedirect(reverse("account_login"))
    typed = Typed(request)
    if not typed("email") or not typed("password"):
        missing = _("Type your name and your password, or have a code mailed.")
        return _told(request, typed, missing, 422)
    if _is_too_much(f"passwords from {client_address(request)}", MOST_FROM, FROM_WITHIN):
        return _told(request, typed, _("Too many sign-ins from your network. Wait an hour."), 429)
    return _tried(request, directory, typed)


def _tried(request: HttpRequest, directory: LdapDirectory, typed: Typed) -> HttpResponse:
    from deskbook.people import ldap  # few desks need ldap3

    try:
        name, password = typed("email"), typed("password")
        said = ldap.said_by_password(directory, name, password, may_try=_may_try)
        if said is None:
            log.warning("a password of the directory was wrong", network=client_address(request))
            return _told(request, typed, _("This name or password is wrong."), 403)
        forget(_tries_of(said.subject), _tries_of(ldap.as_counted(name)))
        return _let_in(request, said)
    except ldap.TooManyTries:
        words = _("Too many wrong passwords. Wait a quarter of an hour, or have a code mailed.")
        return _told(request, typed, words, 429)
    except NotLetIn as refused:
        return _told(request, typed, str(refused), 403)
    except ldap.Away as failure:
        log.warning("the directory does not answer as it should", why=str(failure))
        words = _(
            "{provider} does not answer as it should. Try again in a while, or have a code mailed."
        )
        return _told(request, typed, words.format(provider=directory.name), 502)


def _let_in(request: HttpRequest, said: Said) -> HttpResponse:
    user = person_said(said, settings.DESKBOOK_PEOPLE_RULES, at=timezone.now())
    return let_in(request, user, user.email, by_provider="")


def _told(request: HttpRequest, typed: Typed, trouble: str, status: int) -> HttpResponse:
    return ask_page(request, typed("email")[:254], trouble=trouble, status=status)


def _may_try(person: str) -> bool:
    tries = _tries_of(person)
    return not too_often_in_a_row(tries, MOST_TRIES, TRIED_WITHIN, at=timezone.now())


def _tries_of(person: str) -> str:
    return f"passwords of {person}"


def _is_too_much(what: str, most: int, within: timedelta) -> bool:
    return too_often(what, most, within, at=timezone.now())
