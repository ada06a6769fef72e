"""Leave: asked for by a person, accepted or declined by a lead."""

from datetime import datetime, timedelta

from django.db import transaction

from deskbook.engine.rosters import Gap
from deskbook.people.books import desk_in_force
from deskbook.people.duty import gaps_between
from deskbook.people.models import Agent
from deskbook.people.roster_models import Leave
from deskbook.people.rosters import one_change_at_a_time
from deskbook.refusals.refusal import Refused

LONGEST = timedelta(days=366)


@transaction.atomic
def ask_leave(
    agent: Agent, from_at: datetime, until_at: datetime, *, reason: str = "", at: datetime
) -> Leave:
    """Asks for leave and returns it; it counts when a lead accepts it. Raises Refused."""
    if until_at <= from_at:
        raise Refused("leave: end")
    if until_at <= at:
        raise Refused("leave: over")
    if until_at - from_at > LONGEST:
        raise Refused("leave: long")
    known = agent.leave.exclude(state=Leave.State.DECLINED).filter(
        from_at__lt=until_at, until_at__gt=from_at
    )
    if known.exists():
        raise Refused("leave: asked already")
    return Leave.objects.create(
        desk=agent.desk,
        agent=agent,
        from_at=from_at,
        until_at=until_at,
        reason=reason.strip()[:200],
        asked_at=at,
    )


@transaction.atomic
def answer_leave(leave: Leave, accepted: bool, *, at: datetime, by: Agent) -> tuple[Gap, ...]:
    """Accepts or declines leave that was asked for; returns the gaps it makes, nearest first.
    Raises Refused.
    """
    one_change_at_a_time(leave.desk)
    leave.refresh_from_db()
    if leave.state != Leave.State.ASKED:
        raise Refused("leave: answered")
    desk, start = desk_in_force(leave.desk), max(leave.from_at, at)
    before = set(gaps_between(leave.desk, desk, start, max(leave.until_at, start)))
    leave.state = Leave.State.ACCEPTED if accepted else Leave.State.DECLINED
    leave.answered_at, leave.answered_by = at, by
    leave.save()
    after = gaps_between(leave.desk, desk, start, max(leave.until_at, start))
    return tuple(gap for gap in after if gap not in before)


def withdraw_leave(leave: Leave) -> None:
    """Takes a request, or leave that was accepted, back."""
    leave.delete()
