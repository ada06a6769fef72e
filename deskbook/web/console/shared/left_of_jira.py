"""What is left over of a bridge to Jira, as lists show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from deskbook.bridges.jira.models import JiraAct, JiraEvent
from deskbook.people.refusals import in_words

MOST = 100


@dataclass(frozen=True, slots=True)
class Left:
    """Something that waits for a person: an act that failed, or an event the book refused."""

    what: str
    reason: str
    ticket: str
    at: datetime
    retrial: str
    dropping: str


def left_acts(acts: Iterable[JiraAct]) -> list[Left]:
    """Returns what did not get to Jira, as a list shows it."""
    kinds = {
        JiraAct.Kind.CREATE: _("Make the issue"),
        JiraAct.Kind.COMMENT: _("Comment on it"),
        JiraAct.Kind.ATTACH: _("Attach a file to it"),
        JiraAct.Kind.MOVE: _("Move it"),
    }
    return [
        Left(
            kinds[JiraAct.Kind(act.kind)],
            in_words(act.reason),
            str(act.issue.ticket),
            act.queued_at,
            reverse("console-jira-act-retrial", args=[act.pk]),
            reverse("console-jira-act-dropping", args=[act.pk]),
        )
        for act in acts
    ]


def left_events(events: Iterable[JiraEvent]) -> list[Left]:
    """Returns what came from Jira and is held, as a list shows it."""
    return [
        Left(
            event.what,
            in_words(event.reason),
            str(event.ticket) if event.ticket else "",
            event.came_at,
            reverse("console-jira-event-retrial", args=[event.pk]),
            reverse("console-jira-event-dropping", args=[event.pk]),
        )
        for event in events
    ]
