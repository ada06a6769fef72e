"""What lets somebody in: their sessions, their second factor, their passkeys."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from procrastinate.contrib.django import app

from deskbook.people.access import agents_by_desk
from deskbook.people.models import User
from deskbook.people.session_models import Session
from deskbook.people.sessions import end_sessions, sessions_of
from deskbook.web.viewer import in_their_language, user_of

MOST_SHOWN = 50
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One of the viewer's sessions. `mark` names it in a form without giving it away: who has its
    key has it.
    """

    mark: str
    device: str
    network: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@login_required
@never_cache
@in_their_language
def security(request: HttpRequest) -> HttpResponse:
    """Shows where somebody is signed in, and by what; who came by a card proves their mailbox
    first.
    """
    user = _viewer(request)
    if user.only_at is not None:
        return HttpResponseRedirect(reverse("prove", query={"next": reverse("security")}))
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    kinds = {factor.type for factor in factors}
    context = {
        "desk": "Deskbook",
        "here": "security",
        "works": bool(agents_by_desk(user)),
        "sessions": [
            _shown(row, request) for row in sessions_of(user, at=timezone.now())[:MOST_SHOWN]
        ],
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_recovery": Authenticator.Type.RECOVERY_CODES in kinds,
        "passkeys": [
            factor.wrap() for factor in factors if factor.type == Authenticator.Type.WEBAUTHN
        ],
    }
    return render(request, "account/security.html", context)


@require_POST
@login_required
@in_their_language
def end_session(request: HttpRequest) -> HttpResponse:
    """Ends one session of the viewer, named by its mark."""
    wanted = request.POST.get("session", "")
    for row in sessions_of(_viewer(request), at=timezone.now()):
        if compare_digest(_mark(row.session_key), wanted.encode("ascii", "ignore").decode()):
            row.delete()
            messages.success(request, _("That session has ended."))
    return HttpResponseRedirect(reverse("security"))


@require_POST
@login_required
@in_their_language
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Signs out everywhere, here too, and says so by mail."""
    user = _viewer(request)
    end_sessions(user)
    tell(user, "signed_out")
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return HttpResponseRedirect(reverse("account_login"))


def tell(user: User, what: str) -> None:
    """Queues the mail that says what changed about how somebody gets in (a key of
    `jobs.sign_in.HAPPENED`).
    """
    app.configure_task("mail_security_notice", queue="mail", priority=5).defer(
        user_id=user.pk, what=what
    )


def device_of(browser: str) -> str:
    """Returns what a User-Agent calls itself, as people call it: "Firefox, Windows"."""
    names = (
        next((name for sign, name in known if sign in browser), "") for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in names if name) or _("A browser")


def _shown(row: Session, request: HttpRequest) -> SignedIn:
    this = row.session_key == request.session.session_key
    return SignedIn(
        _mark(row.session_key), device_of(row.browser), row.network, row.began_at, row.seen_at, this
    )


def _mark(key: str) -> str:
    return salted_hmac("deskbook session", key).hexdigest()[:20]


def _viewer(request: HttpRequest) -> User:
    user = user_of(request)
    assert user is not None  # login_required
    return user
