"""Signing in by a mailed code: asking for it, and typing it. What follows (a second factor) is
allauth's.
"""

from allauth.account.utils import perform_login
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from deskbook.channels.email.trouble import present_trouble
from deskbook.people.mailed_codes import (
    AskedTooOften,
    ask_for_code,
    has_tries_left,
    mail_does_not_leave,
    use_code_mailed_to,
    use_mailed_code,
)
from deskbook.people.models import User
from deskbook.web.client_address import client_address
from deskbook.web.shared.fields import Sent
from deskbook.web.shared.forms import Pressed
from deskbook.web.signing_in import BY_PROVIDER
from deskbook.web.viewer import in_their_language, user_of

SIGN_OUT_AT = "sign_out_at"
"""Key of the session of somebody who just signed out: where they do so at their provider."""
ASKED, ASKED_FOR, IS_MAILED = "code_asked", "code_asked_for", "code_is_mailed"


class Asked(Pressed):
    """What the forms of signing in say: the address, the code of the mail, another button."""

    email, code, action = Sent(), Sent(), Sent()

    @property
    def mailed_code(self) -> str:
        return str(self("code"))[:40]

    @property
    def is_address(self) -> bool:
        try:
            validate_email(self("email"))
        except ValidationError:
            return False
        return True


@never_cache
@in_their_language
def ask(request: HttpRequest) -> HttpResponse:
    """Shows the form for the mail address; mails a code to it, and says the same to those no desk
    knows.
    """
    if user_of(request) is not None:
        return HttpResponseRedirect(way_on(request) or "/")
    if request.method != "POST":
        return ask_page(request)
    asked = Asked(request)
    address = asked("email")
    if not asked.is_address:
        return ask_page(request, address, no_address_words(), status=422)
    return _asked_and_on(request, address) or ask_page(
        request, address, too_often_words(), status=429
    )


@never_cache
@in_their_language
def confirm(request: HttpRequest) -> HttpResponse:
    """Takes the code, in the browser that asked for it; five wrong ones end the asking, and nothing
    else.

    A browser that asked for none, or was refused one, types the address beside it.
    """
    number, address = request.session.get(ASKED), request.session.get(ASKED_FOR, "")
    if user_of(request) is not None:
        return HttpResponseRedirect(way_on(request) or "/")
    asked = Asked(request)
    if number is None or "email" in asked.data or "email" in request.GET:
        return _by_hand(request, asked)
    if request.method != "POST":
        return _confirm(request)
    if asked("action") == "resend":
        return _asked_and_on(request, address) or _confirm(request, too_often_words(), status=429)
    user = use_mailed_code(number, asked.mailed_code, at=timezone.now())
    if user is None:
        return _confirm(request, wrong_words(number), status=422)
    return let_in(request, user, address)


def _by_hand(request: HttpRequest, asked: Asked) -> HttpResponse:
    address = asked("email")
    if request.method != "POST":
        return _type_both(request, address[:254])
    if not asked.is_address:
        return _type_both(request, address, email_error=no_address_words())
    user = use_code_mailed_to(address, asked.mailed_code, at=timezone.now())
    if user is None:
        return _type_both(
            request, address, error=_("This code is wrong, was used, or is more than an hour old.")
        )
    return let_in(request, user, address)


def let_in(
    request: HttpRequest,
    user: User,
    address: str,
    *,
    way: str = "",
    by_provider: str | None = None,
) -> HttpResponse:
    """Signs somebody in and leads them on their `way`, or asks for their second factor first.
    `by_provider`: one named them, and that is where to sign out there, or "".
    """
    forget_asking(request)
    request.session.pop(BY_PROVIDER, None)
    if by_provider is not None:
        request.session[BY_PROVIDER] = by_provider
    answer: HttpResponse = perform_login(
        request, user, redirect_url=way or way_on(request) or None, email=address
    )
    return answer


def ask_for(request: HttpRequest, address: str) -> bool:
    """Asks for a code, to be typed in this browser; False where too many were asked for from its
    network.
    """
    language = translation.get_language() or "en"
    try:
        asked = ask_for_code(address, language, network=client_address(request), at=timezone.now())
    except AskedTooOften:
        return False
    request.session.update({ASKED: asked.number, ASKED_FOR: address, IS_MAILED: asked.is_mailed})
    return True


def forget_asking(request: HttpRequest) -> None:
    """Takes out of the session what was asked for."""
    for key in (ASKED, ASKED_FOR, IS_MAILED):
        request.session.pop(key, None)


def wrong_words(number: int) -> str:
    """Returns what is said of a code that does not do."""
    if has_tries_left(number, at=timezone.now()):
        return _("This code is wrong or was used. Type the one of the latest mail.")
    return _("Too many wrong codes, or it took too long. Have it mailed again.")


def no_mail() -> bool:
    """Returns whether a code asked for now waits for the mail server."""
    trouble = present_trouble()
    return mail_does_not_leave(
        stopped_at=trouble.last_at if trouble and trouble.stops else None, at=timezone.now()
    )


def way_on(request: HttpRequest) -> str:
    """Returns where somebody wanted to go, if it is a page of this desk; else nothing."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return (
        wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None) else ""
    )


def no_address_words() -> str:
    """Returns what is said of what is no mail address."""
    return _("Type your mail address, like name@example.org.")


def too_often_words() -> str:
    """Returns what is said where too many codes were asked for."""
    return _(
        "Too many codes were requested from your network. Wait an hour, or type a code you were"
        " mailed already."
    )


def _asked_and_on(request: HttpRequest, address: str) -> HttpResponse | None:
    if not ask_for(request, address):
        return None
    query = {"next": way_on(request)} if way_on(request) else None
    return HttpResponseRedirect(reverse("account_confirm_login_code", query=query))


def ask_page(
    request: HttpRequest,
    address: str = "",
    error: str = "",
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """Returns the page that asks how somebody signs in. `trouble` is what went wrong with their
    provider.
    """
    context = {
        "email": address,
        "error": error,
        "way_on": way_on(request),
        "no_mail": no_mail(),
        "provider": settings.DESKBOOK_PROVIDER,
        "directory": settings.DESKBOOK_LDAP,
        "trouble": trouble,
        "signed_out_at": request.session.pop(SIGN_OUT_AT, ""),
    }
    return render(request, "account/login.html", context, status=status)


def _confirm(request: HttpRequest, error: str = "", *, status: int = 200) -> HttpResponse:
    context = {
        "email": request.session.get(ASKED_FOR, ""),
        "is_mailed": request.session.get(IS_MAILED, True),
        "error": error,
        "way_on": way_on(request),
        "no_mail": no_mail(),
    }
    return render(request, "account/confirm_login_code.html", context, status=status)


def _type_both(
    request: HttpRequest, address: str, *, error: str = "", email_error: str = ""
) -> HttpResponse:
    context = {
        "by_hand": True,
        "email": address,
        "error": error,
        "email_error": email_error,
        "way_on": way_on(request),
        "no_mail": no_mail(),
    }
    return render(
        request,
        "account/confirm_login_code.html",
        context,
        status=422 if error or email_error else 200,
    )
