"""What is left over of Jira for a person: not done there, or told from there and refused by the
book.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from deskbook.bridges.jira.incoming import take_event
from deskbook.bridges.jira.models import JiraAct, JiraEvent
from deskbook.bridges.jira.outgoing import send_waiting, try_again
from deskbook.bridges.jira.settings import failed_acts, held_events, link_of, waiting_acts
from deskbook.delivery import inbox, outbox
from deskbook.delivery.left_over import Shown, Sort, holding
from deskbook.delivery.states import Taken
from deskbook.people.models import Agent

_KINDS = {
    JiraAct.Kind.CREATE: _("Make the issue"),
    JiraAct.Kind.COMMENT: _("Comment on it"),
    JiraAct.Kind.ATTACH: _("Attach a file to it"),
    JiraAct.Kind.MOVE: _("Move it"),
}


def what_to_do(act: JiraAct) -> Shown:
    """Returns what was to be done at Jira, in words."""
    words = act.message.text if act.message else act.stage
    return Shown(f"Jira {act.issue.key}".strip(), str(_KINDS[JiraAct.Kind(act.kind)]), words)


def _try_now(agent: Agent, at: datetime) -> None:
    link = link_of(agent.desk)
    if link:
        send_waiting(link, at=at)


LEFT_OVER = (
    Sort(
        key="jira-out",
        title=_("Not done at Jira"),
        icon="link",
        at="queued_at",
        rows=lambda agent: failed_acts(agent.desk).select_related("message"),
        find=holding("issue__key"),
        shows=what_to_do,
        ticket=lambda act: act.issue.ticket,
        path="issue__ticket__",
        again=lambda act, agent, at: try_again(act, at=at),
        drop=lambda act, agent, at, why: outbox.drop(
            JiraAct.objects.filter(pk=act.pk), at=at, by=agent, why=why
        ),
        waiting=lambda agent: waiting_acts(agent.desk).select_related("message"),
        try_now=_try_now,
    ),
    Sort(
        key="jira-in",
        title=_("Told by Jira, refused by the book"),
        icon="link",
        at="came_at",
        rows=lambda agent: held_events(agent.desk),
        find=holding("what"),
        shows=lambda event: Shown("Jira", event.what),
        again=lambda event, agent, at: take_event(event.pk, at=at),
        drop=lambda event, agent, at, why: inbox.drop(
            JiraEvent.objects.filter(pk=event.pk), by=agent, why=why
        ),
        take_back=inbox.take_back,
        left_out=lambda agent: JiraEvent.objects.filter(
            link__desk=agent.desk_id, state=Taken.DROPPED
        ).select_related("ticket__desk"),
    ),
)
