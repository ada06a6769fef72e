"""Codes for first sign-ins: printed as cards, mailed, or sent to phones as texts."""

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

from deskbook.channels.all import to_number
from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.people.access import only_who_may
from deskbook.people.accounts import GOOD_FOR, awaiting_first_sign_in, in_groups, make_codes
from deskbook.people.agents import language_of
from deskbook.people.mobiles import NoText
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Ids, Sent
from deskbook.web.shared.forms import Form, sent

MOST = 1_000


class Given(Form):
    """Who gets a code, and how: printed, unless it says "mail" or "text"."""

    agent, by = Ids(), Sent()


@never_cache
@for_agents
def codes(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads: who never signed in, and a code for each of those chosen. A new code ends the one
    before it.
    """
    only_who_may(agent, "manage people")
    waiting = list(awaiting_first_sign_in(agent.desk, at=timezone.now())[:MOST])
    form = Given(sent(request))
    if form.is_bound:
        wanted = form("agent") if form.is_valid() else ()
        chosen = [agent for agent in waiting if agent.pk in wanted]
        if chosen:
            return _given(request, agent, chosen, form("by"))
        messages.error(request, _("Choose at least one person."))
    return screen(
        request,
        agent,
        "people/codes.html",
        current="settings",
        waiting=waiting,
        may_text=to_number().is_there(agent.desk),
    )


def _given(request: HttpRequest, agent: Agent, chosen: Sequence[Agent], by: str) -> HttpResponse:
    at = timezone.now()
    with transaction.atomic():
        fresh = make_codes(chosen, at=at)
        if by == "mail":
            mail_codes(chosen, fresh, at=at)
        elif by == "text":
            return _texted(request, chosen, fresh, at)
    if by == "mail":
        messages.success(request, _("%(count)s codes are on their way.") % {"count": len(chosen)})
        return HttpResponseRedirect(reverse("console-people"))
    cards = [(agent, in_groups(fresh[agent.pk])) for agent in chosen]
    address = settings.DESKBOOK_SITE_URL + reverse("first-sign-in")
    return screen(
        request,
        agent,
        "people/cards.html",
        current="settings",
        cards=cards,
        address=address,
        until=at + GOOD_FOR,
    )


def mail_codes(chosen: Sequence[Agent], fresh: Mapping[int, str], *, at: datetime) -> None:
    """Mails each the code that signs them in for the first time; to whom none was made, how they
    sign in.
    """
    for agent in chosen:
        with translation.override(language_of(agent)):
            text = _words(agent, fresh[agent.pk]) if agent.pk in fresh else _no_code_words(agent)
            subject = _("Your account at %(desk)s") % {"desk": agent.desk.title}
        key = f"sign-in code {agent.pk} {at:%Y%m%dT%H%M%S}"
        queue_notice(
            agent.desk,
            Notice(key, agent.user.email, subject, text, language_of(agent), str(agent.user)),
            at=at,
        )


def _texted(
    request: HttpRequest, chosen: Sequence[Agent], fresh: Mapping[int, str], at: datetime
) -> HttpResponse:
    if not to_number().is_there(chosen[0].desk):
        messages.error(
            request, _("No SMS gateway is connected: nothing was sent. Print or mail them instead.")
        )
        return HttpResponseRedirect(reverse("console-codes"))
    problems = [problem for agent in chosen if (problem := _text(agent, fresh[agent.pk], at))]
    sent = len(chosen) - len(problems)
    if sent:
        messages.success(request, _("%(count)s codes are on their way.") % {"count": sent})
    for problem in list(dict.fromkeys(problems))[:5]:
        messages.error(request, problem)
    return HttpResponseRedirect(reverse("console-codes"))


def _text(agent: Agent, code: str, at: datetime) -> str:
    """Queues the text and returns what kept it from leaving, as a sentence; nothing if
    nothing did.
    """
    if not agent.phone:
        return _("%(who)s has no number.") % {"who": agent}
    link = settings.DESKBOOK_SITE_URL + reverse("first-sign-in")
    values = {"code": in_groups(code), "link": link, "desk": agent.desk.title, "name": str(agent)}
    key = f"sign-in code {agent.pk} {at:%Y%m%dT%H%M%S}"
    try:
        to_number().say(
            agent.desk, agent.phone, "code", values, language=language_of(agent), key=key, at=at
        )
    except NoText as refused:
        return str(refused)
    return ""


def _words(agent: Agent, code: str) -> str:
    words = _("Sign in at %(address)s with the code %(code)s. It works once, for two weeks.") % {
        "address": settings.DESKBOOK_SITE_URL + reverse("first-sign-in"),
        "code": in_groups(code),
    }
    return "\n\n".join([words, _("Later you sign in by a code mailed to you.")])


def _no_code_words(agent: Agent) -> str:
    words = _("You work at %(desk)s now. Sign in at %(address)s: a code is mailed to you.")
    address = settings.DESKBOOK_SITE_URL + reverse("account_login")
    return words % {"desk": agent.desk.title, "address": address}
