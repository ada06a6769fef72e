"""The mailboxes that a provider lets the desk into by tokens: connected, connected again, let go;
for owners of the book.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from structlog import get_logger

from deskbook.channels.email.connecting import (
    NotLetIn,
    address_to_connect_at,
    connect_by_code,
    users_of,
)
from deskbook.channels.email.models import MailGrant
from deskbook.channels.email.tokens import TOLD_BEFORE, NoToken, end_grant
from deskbook.people.access import NoAccess, only_who_may
from deskbook.people.limits import too_often
from deskbook.people.models import Agent
from deskbook.people.openid import Silent, newly_asked
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Sent
from deskbook.web.shared.forms import Pressed, asked
from deskbook.web.shared.there_and_back import come_back, remember

log = get_logger(__name__)
HELD = "mailbox_asked"
MOST_BEGUN, BEGUN_WITHIN = 30, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox of the settings, and what lets the desk into it."""

    user: str
    grant: MailGrant | None

    @property
    def ends_soon(self) -> bool:
        until = self.grant.until_at if self.grant else None
        return until is not None and until < timezone.now() + TOLD_BEFORE


class Let(Pressed):
    """Which mailbox is let go."""

    mailbox = Sent()


@never_cache
@require_safe
@for_agents
def mailboxes(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows them."""
    only_who_may(agent, "connect gateways")
    return screen(
        request, agent, "mail/mailboxes.html", current="settings", boxes=list(_boxes(agent))
    )


def _boxes(agent: Agent) -> Iterator[Box]:
    users = users_of(agent.desk)
    grants = {row.user: row for row in MailGrant.objects.filter(user__in=users)}
    yield from (Box(user, grants.get(user)) for user in users)


@never_cache
@require_safe
@for_agents
def connect(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Sends the browser to the provider, with what it has to bring back."""
    user = _user(agent, asked(request).get("mailbox", ""))
    begun = too_often(f"mailboxes by {agent.pk}", MOST_BEGUN, BEGUN_WITHIN, at=timezone.now())
    if begun:
        return _told(request, _("Too many tries. Wait an hour."))
    held = newly_asked()
    try:
        there = address_to_connect_at(user, held, _back())
    except (Silent, NoToken) as failure:
        return _silent(request, failure)
    remember(request, HELD, held, user=user)
    return HttpResponseRedirect(there)


@never_cache
@require_safe
@for_agents
def back(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Keeps what the provider gives to the browser that was sent there, once."""
    only_who_may(agent, "connect gateways")
    came = come_back(request, HELD)
    if came is None:
        return _told(request, _("This was begun in another window, or took too long. Begin again."))
    user = _user(agent, came.more["user"])
    if came.is_refused:
        return _told(request, _("The provider gave no consent. Begin again, as who may give it."))
    try:
        brought = {name: str(value) for name, value in asked(request).items()}
        connect_by_code(user, came.asked, brought, _back(), at=timezone.now())
    except (Silent, NoToken) as failure:
        return _silent(request, failure)
    except NotLetIn as refused:
        words = _("The mail server does not let us into {mailbox}: {words} Nothing was changed.")
        return _told(request, words.format(mailbox=user, words=refused))
    messages.success(request, _("{mailbox} is connected.").format(mailbox=user))
    return _there()


@require_POST
@for_agents
def ending(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Forgets the tokens of one; nothing is read or sent by it any more."""
    if end_grant(_user(agent, Let(request)("mailbox"))):
        messages.success(request, _("It is not connected any more."))
    return _there()


def _user(agent: Agent, user: str) -> str:
    only_who_may(agent, "connect gateways")
    if user not in users_of(agent.desk):
        raise NoAccess("no such mailbox")
    return user


def _silent(request: HttpRequest, failure: Exception) -> HttpResponse:
    log.warning("a mailbox was not connected", why=str(failure))
    return _told(request, _("The provider gives no token: {why}.").format(why=failure))


def _told(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return _there()


def _there() -> HttpResponse:
    return HttpResponseRedirect(reverse("console-mailboxes"))


def _back() -> str:
    return f"{settings.DESKBOOK_SITE_URL}{reverse('console-mailbox-back')}"
