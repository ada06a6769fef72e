"""Mail that has not left: held or given up until a person sends it after all or drops it, or
waiting for the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from deskbook.channels.email.budgets import AFTER_ALL_ELSE
from deskbook.channels.email.deliver import is_to
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.trouble import ask_again
from deskbook.delivery import outbox
from deskbook.delivery.states import LEAVES_BY_ITSELF, LEFT_OVER, State
from deskbook.people.access import actor_of
from deskbook.people.models import Agent
from deskbook.tickets.not_arrived import record_not_arrived
from deskbook.tickets.reminders import tell_another_way

LISTED_FOR = timedelta(days=30)
"""What was given up longer ago is news to nobody."""
_LEFT_OVER = Q(state__in=LEFT_OVER, hard=False)
"""Not those to addresses that do not exist: these are said on their ticket, and nothing is gained
by sending again.
"""


def held_mail(agent: Agent) -> QuerySet[OutboundMail]:
    """Returns what is held or was given up of the agent's desk, the latest first: mail of its
    tickets, notices.
    """
    return (
        _of_desk(agent)
        .filter(_LEFT_OVER, Q(state=State.HELD) | Q(queued_at__gt=Now() - LISTED_FOR))
        .order_by("-queued_at", "-pk")
    )


def refused_mail(agent: Agent) -> QuerySet[OutboundMail]:
    """Returns what went to addresses that do not exist, of the agent's desk."""
    return _of_desk(agent).filter(state__in=LEFT_OVER, hard=True)


def waiting_mail(agent: Agent) -> QuerySet[OutboundMail]:
    """Returns what was tried, or put off, and leaves by itself: the first that was queued first."""
    return (
        _of_desk(agent)
        .filter(state__in=LEAVES_BY_ITSELF)
        .exclude(reason="")
        .order_by("queued_at", "pk")
    )


def release(mail: OutboundMail, *, at: datetime, by: Agent) -> bool:
    """Queues an unsent mail again, not to be held any more; returns False when somebody decided
    before.
    """
    return _release([mail.pk], 0, at=at, by=by) == 1


def release_all(agent: Agent, *, at: datetime) -> int:
    """Queues all that is held or was given up of the agent's desk and returns how many."""
    return _release(
        list(held_mail(agent).values_list("pk", flat=True)), AFTER_ALL_ELSE, at=at, by=agent
    )


@transaction.atomic
def _release(mails: Sequence[int], priority: int, *, at: datetime, by: Agent) -> int:
    unsent = OutboundMail.objects.filter(_LEFT_OVER, pk__in=mails)
    found = outbox.send_again(unsent, at=at, released_by=str(actor_of(by)))
    _queue(found, priority)
    return len(found)


@transaction.atomic
def drop(mail: OutboundMail, *, at: datetime, by: Agent, why: str = "") -> bool:
    """Decides that an unsent mail does not leave; it stays stored. Returns False when somebody
    decided before.
    """
    unsent = OutboundMail.objects.filter(_LEFT_OVER, pk=mail.pk)
    dropped = outbox.drop(unsent, at=at, by=by, why=why)
    if dropped:
        tell_another_way(mail.entry, mail.purpose)
    if dropped and mail.state == State.HELD and mail.ticket and mail.message:
        # What was given up is in the log already.
        record_not_arrived(
            mail.ticket, mail.message, is_to(mail), hard=False, at=at, discarded_by=by
        )
    return bool(dropped)


@transaction.atomic
def send_waiting(agent: Agent, *, at: datetime) -> int:
    """Lets all that waits of the agent's desk try now, and returns how many do; the jobs they have
    are left to them.
    """
    ask_again(at=at)
    return _try_now(waiting_mail(agent), at)


def send_kept_back(*, at: datetime | None = None) -> int:
    """Lets what waited for the mail server try now, and returns how many do; the rest waits for
    other reasons.
    """
    waiting = OutboundMail.objects.filter(kept_back=True).exclude(reason="")
    return _try_now(waiting, at or datetime.now(UTC))


@transaction.atomic
def _try_now(mails: QuerySet[OutboundMail], at: datetime) -> int:
    found = outbox.try_now(mails, at=at)
    _queue(found, AFTER_ALL_ELSE)
    return len(found)


def _queue(mails: Sequence[int], priority: int) -> None:
    jobs: list[dict[str, JSONValue]] = [{"outbound_id": number} for number in mails]
    if jobs:
        app.configure_task("deliver_mail", queue="mail", priority=priority).batch_defer(*jobs)


def _of_desk(agent: Agent) -> QuerySet[OutboundMail]:
    colleagues = Agent.objects.filter(desk=agent.desk_id).values("user__email")
    # Of before a notice had its desk: it belongs to those who work with who was written to.
    ours = Q(desk=agent.desk_id) | Q(desk=None, recipient__in=colleagues)
    return OutboundMail.objects.filter(ours).select_related("ticket__desk")
