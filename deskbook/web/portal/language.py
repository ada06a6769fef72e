"""Choosing a language: for this device at once, for the person too if they are signed in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from deskbook.people.access import contacts_of
from deskbook.people.models import User
from deskbook.web.shared.fields import Sent
from deskbook.web.shared.forms import Pressed
from deskbook.web.viewer import user_of

A_YEAR = 365 * 86_400


class Chosen(Pressed):
    """A language, and the page to go back to."""

    next, language = Sent(), Sent()


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remembers the language and goes back to the page; a language we do not speak changes
    nothing.
    """
    chosen = Chosen(request)
    back, code = chosen("next"), chosen("language")
    response = HttpResponseRedirect(back if url_has_allowed_host_and_scheme(back, None) else "/")
    if code in dict(settings.LANGUAGES):
        remember(response, code)
        user = user_of(request)
        if user is not None:
            write_language(user, code)
    return response


def remember(response: HttpResponse, code: str) -> None:
    """Sets the cookie the language is read from."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=A_YEAR, samesite="Lax")


def write_language(user: User, code: str) -> None:
    """Writes the language into the person's own record and what the desks know of them: mails
    follow it.
    """
    User.objects.filter(pk=user.pk).update(language=code)
    contacts_of(user).update(language=code)
