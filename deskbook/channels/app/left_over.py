"""What is left over of other systems for a person: how a case stands, of which they took no word.
What was for a person goes another way instead, and where there is none their case says so.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deskbook.channels.app.models import AppEvent
from deskbook.channels.app.systems import systems_of
from deskbook.channels.app.telling import send_waiting, tell_again
from deskbook.delivery import outbox
from deskbook.delivery.left_over import Shown, Sort, holding
from deskbook.delivery.states import LEAVES_BY_ITSELF, LEFT_OVER
from deskbook.people.models import Agent


def _of_desk(agent: Agent) -> QuerySet[AppEvent]:
    events = AppEvent.objects.filter(case__ticket__desk=agent.desk_id)
    return events.select_related("case__system", "case__ticket__desk")


def _try_now(agent: Agent, at: datetime) -> None:
    for system in systems_of(agent.desk_id):
        send_waiting(system, at=at)


SORTS = (
    Sort(
        key="app-out",
        title=_("Not taken by another system"),
        icon="link",
        at="queued_at",
        rows=lambda agent: _of_desk(agent).filter(state__in=LEFT_OVER, contact=None),
        find=holding("case__system__name", "case__reference"),
        shows=lambda event: Shown(event.case.system.name, event.type, event.case.reference),
        ticket=lambda event: event.case.ticket,
        path="case__ticket__",
        again=lambda event, agent, at: tell_again(event, at=at),
        drop=lambda event, agent, at, why: outbox.drop(
            AppEvent.objects.filter(pk=event.pk), at=at, by=agent, why=why
        ),
        waiting=lambda agent: _of_desk(agent).filter(state__in=LEAVES_BY_ITSELF).exclude(reason=""),
        try_now=_try_now,
    ),
)
