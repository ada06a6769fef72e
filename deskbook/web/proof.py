"""Proving once more that it is you, before what lets people in changes: by a mailed code, and the
second factor.
"""

import time
from collections.abc import Callable
from functools import wraps

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from deskbook.people.mailed_codes import use_mailed_code
from deskbook.people.models import User
from deskbook.people.second_factors import WrongFactor, use_factor
from deskbook.web.sign_in import (
    ASKED,
    ASKED_FOR,
    IS_MAILED,
    Asked,
    ask_for,
    forget_asking,
    no_mail,
    too_often_words,
    way_on,
    wrong_words,
)
from deskbook.web.signing_in import PROVED_AT, note_proof
from deskbook.web.viewer import in_their_language, user_of

LASTS_S = 600
MAILBOX_AT = "mailbox_proved_at"
Page = Callable[..., HttpResponse]


def freshly_proved(page: Page) -> Page:
    """Lets somebody on who proved within ten minutes that it is them; others prove it first and
    come back.
    """

    @login_required
    @never_cache
    @in_their_language  # type: ignore[arg-type]
    @wraps(page)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if _is_fresh(request, PROVED_AT) and _viewer(request).only_at is None:
            return page(request, *args, **kwargs)
        return HttpResponseRedirect(reverse("prove", query={"next": request.path}))

    return shown


@login_required
@never_cache
@in_their_language
def prove(request: HttpRequest) -> HttpResponse:
    """Mails a code to the viewer's own address and takes it; then asks for the second factor, if
    they have one.
    """
    user = _viewer(request)
    if request.method != "POST":
        return _page(request)
    asked = Asked(request)
    if asked("action") == "mail":
        return _page(request, "" if ask_for(request, user.email) else too_often_words())
    code = asked.mailed_code
    error = (
        _factor_wrong(user, code)
        if _is_fresh(request, MAILBOX_AT)
        else _mailed_code_wrong(request, user, code)
    )
    if error:
        return _page(request, error)
    if _wants_factor(user) and not _is_fresh(request, MAILBOX_AT):
        request.session[MAILBOX_AT] = time.time()
        return _page(request)
    request.session.pop(MAILBOX_AT, None)
    note_proof(request)
    return HttpResponseRedirect(way_on(request) or reverse("security"))


def _mailed_code_wrong(request: HttpRequest, user: User, code: str) -> str:
    number = request.session.get(ASKED)
    if number is None or request.session.get(ASKED_FOR) != user.email:
        return _("Have a code mailed first.")
    if use_mailed_code(number, code, at=timezone.now()) != user:
        return wrong_words(number)
    forget_asking(request)
    return ""


def _factor_wrong(user: User, code: str) -> str:
    if _wants_factor(user):
        try:
            use_factor(user, code, at=timezone.now())
        except WrongFactor as wrong:
            return str(wrong)
    return ""


def _wants_factor(user: User) -> bool:
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP]))


def _is_fresh(request: HttpRequest, key: str) -> bool:
    return bool(time.time() - request.session.get(key, 0) < LASTS_S)


def _viewer(request: HttpRequest) -> User:
    user = user_of(request)
    assert user is not None  # login_required
    return user


def _page(request: HttpRequest, error: str = "") -> HttpResponse:
    user = _viewer(request)
    context = {
        "desk": "Deskbook",
        "here": "security",
        "email": user.email,
        "error": error,
        "way_on": way_on(request),
        "asked": request.session.get(ASKED_FOR) == user.email,
        "is_mailed": request.session.get(IS_MAILED, True),
        "factor": _is_fresh(request, MAILBOX_AT),
        "no_mail": no_mail(),
    }
    return render(request, "account/prove.html", context, status=422 if error else 200)
