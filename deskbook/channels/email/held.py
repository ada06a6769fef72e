"""Mail that waits for a person before it leaves: listed, sent after all, or dropped."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from deskbook.channels.email.models import OutboundMail
from deskbook.people.access import actor_of_agent
from deskbook.people.models import Agent

State = OutboundMail.State


def held_mail(agent: Agent) -> QuerySet[OutboundMail]:
    """Returns what is held of the agent's desk, the latest first: mail of its tickets, notices to its people."""
    colleagues = Agent.objects.filter(desk=agent.desk_id).values("user__email")
    ours = Q(ticket__desk=agent.desk_id) | Q(ticket=None, recipient__in=colleagues)
    return OutboundMail.objects.filter(ours, state=State.HELD).select_related("ticket__desk").order_by("-queued_at")


@transaction.atomic
def release(mail: OutboundMail, *, at: datetime, by: Agent) -> bool:
    """Queues a held mail again, not to be held any more; returns False when somebody decided before."""
    known = OutboundMail.objects.filter(pk=mail.pk, state=State.HELD)
    if not known.update(state=State.QUEUED, released_by=str(actor_of_agent(by)), reason="", attempts=0, queued_at=at):
        return False
    app.configure_task("deliver_mail", queue="mail").defer(outbound_id=mail.pk)
    return True


def drop(mail: OutboundMail, *, by: Agent) -> bool:
    """Decides that a held mail does not leave; it stays stored. Returns False when somebody decided before."""
    reason = f"Discarded by {actor_of_agent(by)}. {mail.reason}"
    return bool(OutboundMail.objects.filter(pk=mail.pk, state=State.HELD).update(state=State.DROPPED, reason=reason))
