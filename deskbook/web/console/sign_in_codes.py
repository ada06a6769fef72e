"""Codes for first sign-ins: printed as cards, mailed, or kept as texts until there is a gateway."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.people.access import lead_only
from deskbook.people.account_models import TextMessage
from deskbook.people.accounts import GOOD_FOR, awaiting_first_sign_in, in_groups, make_codes, queue_text
from deskbook.people.models import Agent
from deskbook.web.console.frame import screen
from deskbook.web.console.seat import for_agents

MOST = 1_000


@never_cache
@for_agents
def codes(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads: who never signed in, and a code for each of those chosen. A new code ends the one before it."""
    lead_only(agent, "manage people")
    waiting = list(awaiting_first_sign_in(agent.desk)[:MOST])
    if request.method == "POST":
        wanted = set(request.POST.getlist("agent"))
        chosen = [seat for seat in waiting if str(seat.pk) in wanted]
        if chosen:
            return _given(request, agent, chosen, request.POST.get("by", "print"))
        messages.error(request, _("Choose at least one person."))
    texts = TextMessage.objects.filter(desk=agent.desk_id, state=TextMessage.State.QUEUED).count()
    return screen(request, agent, "people/codes.html", current="people", waiting=waiting, texts=texts)


def _given(request: HttpRequest, agent: Agent, chosen: Sequence[Agent], by: str) -> HttpResponse:
    at = timezone.now()
    with transaction.atomic():
        fresh = make_codes(chosen, at=at)
        if by == "mail":
            _mail(chosen, fresh, at)
        elif by == "text":
            return _texted(request, chosen, fresh, at)
    if by == "mail":
        messages.success(request, _("%(count)s codes are on their way.") % {"count": len(chosen)})
        return HttpResponseRedirect(reverse("console-people"))
    cards = [(seat, in_groups(fresh[seat.pk])) for seat in chosen]
    address = settings.DESKBOOK_SITE_URL + reverse("first-sign-in")
    return screen(
        request, agent, "people/cards.html", current="people", cards=cards, address=address, until=at + GOOD_FOR
    )


def _mail(chosen: Sequence[Agent], fresh: Mapping[int, str], at: datetime) -> None:
    for seat in chosen:
        with translation.override(seat.user.language or "en"):
            text = "\n\n".join([_words(seat, fresh[seat.pk]), _("Later you sign in by a code mailed to you.")])
            subject = _("Your account at %(desk)s") % {"desk": seat.desk.title}
        key = f"sign-in code {seat.pk} {at:%Y%m%dT%H%M%S}"
        queue_notice(
            seat.desk, Notice(key, seat.user.email, subject, text, seat.user.language or "en", str(seat.user)), at=at
        )


def _texted(request: HttpRequest, chosen: Sequence[Agent], fresh: Mapping[int, str], at: datetime) -> HttpResponse:
    numbered = [seat for seat in chosen if seat.phone]
    for seat in numbered:
        with translation.override(seat.user.language or "en"):
            queue_text(
                seat.desk, f"sign-in code {seat.pk} {at:%Y%m%dT%H%M%S}", seat.phone, _words(seat, fresh[seat.pk]), at=at
            )
    messages.error(
        request,
        _("%(count)s texts wait: no SMS gateway is connected yet, so nothing was sent. Print or mail them instead.")
        % {"count": len(numbered)},
    )
    without = len(chosen) - len(numbered)
    if without:
        messages.error(request, _("%(count)s people have no number.") % {"count": without})
    return HttpResponseRedirect(reverse("console-codes"))


def _words(seat: Agent, code: str) -> str:
    return _("Sign in at %(address)s with the code %(code)s. It works once, for two weeks.") % {
        "address": settings.DESKBOOK_SITE_URL + reverse("first-sign-in"), "code": in_groups(code),
    }  # fmt: skip
