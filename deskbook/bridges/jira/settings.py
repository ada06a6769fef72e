"""Trying a link, and what is left over of it for a person."""

from datetime import datetime

from django.db.models import QuerySet

from deskbook.bridges.jira.client import Jira, NotNow, Rejected
from deskbook.bridges.jira.models import JiraAct, JiraEvent, JiraLink
from deskbook.bridges.jira.outgoing import send_waiting
from deskbook.delivery.states import LEAVES_BY_ITSELF, LEFT_OVER, Taken
from deskbook.people.models import HelpDesk
from deskbook.people.sealing import Unreadable
from deskbook.refusals.kept import kept


def link_of(helpdesk: HelpDesk) -> JiraLink | None:
    """Returns the desk's link, switched on or not."""
    return JiraLink.objects.filter(desk=helpdesk).first()


def try_link(link: JiraLink, *, at: datetime) -> str:
    """Asks Jira who we are and keeps it; returns what is wrong, as it is kept, or nothing: then
    what waits is tried.
    """
    try:
        with Jira(link) as jira:
            known_as = jira.myself()
    except (NotNow, Rejected, Unreadable) as problem:
        trouble = str(problem)
    else:
        trouble = "" if known_as else kept("jira.no_account")
        link.account_id = known_as[:128] or link.account_id
    link.trouble = trouble
    link.save(update_fields=["account_id", "trouble"])
    if not trouble:
        send_waiting(link, at=at)
    return trouble


def failed_acts(helpdesk: HelpDesk) -> QuerySet[JiraAct]:
    """Returns what could not be done at Jira, the latest first."""
    failed = JiraAct.objects.filter(issue__link__desk=helpdesk, state__in=LEFT_OVER)
    return failed.select_related("issue__ticket__desk", "issue__link").order_by("-pk")


def waiting_acts(helpdesk: HelpDesk) -> QuerySet[JiraAct]:
    """Returns what was tried at Jira, or put off, and is done by itself."""
    waiting = JiraAct.objects.filter(issue__link__desk=helpdesk, state__in=LEAVES_BY_ITSELF)
    return waiting.exclude(reason="").select_related("issue__ticket__desk")


def held_events(helpdesk: HelpDesk) -> QuerySet[JiraEvent]:
    """Returns what Jira told and the book refused, the latest first."""
    held = JiraEvent.objects.filter(link__desk=helpdesk, state=Taken.HELD)
    return held.select_related("ticket__desk").order_by("-pk")
