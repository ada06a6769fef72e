"""Swaps: offered by one person, agreed by the other, refused where the roster would not hold."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from deskbook.engine import rosters as engine
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.duty import as_engine, gaps_with, shifts_between
from deskbook.people.models import Agent
from deskbook.people.roster_models import Shift, Swap
from deskbook.people.rosters import (
    Plan,
    for_agent,
    offers_on,
    one_change_at_a_time,
    refuse_person,
    span_words,
)
from deskbook.refusals.refusal import Refused

_DAY = timedelta(days=1)


@transaction.atomic
def offer_swap(
    shift: Shift, to: Agent, *, other: Shift | None = None, at: datetime, by: Agent
) -> Swap:
    """Offers a shift of one's own to `to`, for `other` of theirs or to be taken over. Raises
    Refused.
    """
    if shift.agent_id != by.pk:
        raise Refused("swap: not yours")
    if to.pk == by.pk:
        raise Refused("swap: yourself")
    if other is not None and other.agent_id != to.pk:
        raise Refused("swap: not theirs", name=str(to))
    refuse_swap(shift, to, other, at=at)
    swap, _made = Swap.objects.get_or_create(
        desk=shift.desk,
        shift=shift,
        other=other,
        by=by,
        to=to,
        state=Swap.State.ASKED,
        defaults={"asked_at": at},
    )
    return swap


@transaction.atomic
def answer_swap(swap: Swap, agreed: bool, *, at: datetime, by: Agent) -> None:
    """The other person agrees, and the shifts change hands, or declines. Raises Refused and changes
    nothing.
    """
    one_change_at_a_time(swap.desk)
    swap = _fresh(swap)
    if swap.to_id != by.pk:
        raise Refused("swap: not asked", name=str(swap.to))
    if agreed:
        if swap.shift.agent_id != swap.by_id or (swap.other and swap.other.agent_id != swap.to_id):
            raise Refused("swap: roster changed")
        refuse_swap(swap.shift, swap.to, swap.other, at=at)
        _exchange(swap)
    swap.state, swap.answered_at = (Swap.State.AGREED if agreed else Swap.State.DECLINED), at
    swap.save()


def fallen_with(swap: Swap) -> list[Swap]:
    """Returns the other offers of the same shifts, which fall when this one is agreed to."""
    return list(offers_on(*_shifts_of(swap)).exclude(pk=swap.pk))


def withdraw_swap(swap: Swap, *, at: datetime, by: Agent) -> None:
    """Takes one's own offer back. Raises Refused when it was answered already."""
    withdrawn = Swap.objects.filter(pk=swap.pk, by=by, state=Swap.State.ASKED)
    if not withdrawn.update(state=Swap.State.WITHDRAWN, answered_at=at):
        raise Refused("swap: answered, or not yours")


def refuse_swap(shift: Shift, to: Agent, other: Shift | None, *, at: datetime) -> None:
    """Raises Refused where a swap leaves a gap, double-books or puts somebody into a team they are
    not of.
    """
    if shift.agent is None:
        raise Refused("swap: nobody works it")
    exchanged = [shift, other] if other else [shift]
    if min(one.from_at for one in exchanged) <= at:
        raise Refused("swap: begun")
    desk = desk_in_force(shift.desk)
    given = [(for_agent(shift, to), to)]
    if other is not None:
        given.append((for_agent(other, shift.agent), shift.agent))
    for plan, agent in given:
        _refuse_other_team(desk, plan, agent)
    _refuse_gaps(desk, exchanged, [plan for plan, _agent in given])
    for plan, agent in given:
        refuse_person(desk, plan, agent, [one.pk for one in exchanged])


def _refuse_other_team(desk: Desk, plan: Plan, agent: Agent) -> None:
    if plan.team not in agent.teams:
        team = desk.teams[plan.team].title if plan.team in desk.teams else plan.team
        raise Refused("shift: other team", name=str(agent), team=team)


def _refuse_gaps(desk: Desk, rows: list[Shift], given: list[Plan]) -> None:
    from_at, until_at = min(r.from_at for r in rows) - _DAY, max(r.until_at for r in rows) + _DAY
    stored = shifts_between(rows[0].desk, from_at, until_at)
    swapped: Mapping[engine.Shift, engine.Shift] = {
        as_engine(row): engine.Shift(
            str(plan.agent.pk), plan.team, plan.from_at, plan.until_at, plan.place or None
        )
        for row, plan in zip(rows, given, strict=True)
        if plan.agent
    }
    before = set(gaps_with(rows[0].desk, desk, stored, from_at, until_at))
    after = gaps_with(rows[0].desk, desk, [swapped.get(s, s) for s in stored], from_at, until_at)
    made = next((gap for gap in after if gap not in before), None)
    if made is not None:
        when = span_words(desk, Plan(made.team, made.from_at, made.until_at))
        team = desk.teams[made.team].title
        raise Refused("swap: gap", team=team, on=made.on_shift, needed=made.needed, when=when)


def _fresh(swap: Swap) -> Swap:
    swap = Swap.objects.select_related(
        "desk",
        "shift__agent__user",
        "shift__desk",
        "other__agent__user",
        "other__desk",
        "by__user",
        "to__user",
    ).get(pk=swap.pk)
    if swap.state != Swap.State.ASKED:
        raise Refused("swap: answered")
    return swap


def _exchange(swap: Swap) -> None:
    # Both at once: the rows would otherwise meet for a moment in the constraint that a person
    # starts once.
    Shift.objects.filter(pk=swap.shift.pk).update(agent=None)
    if swap.other is not None:
        Shift.objects.filter(pk=swap.other.pk).update(agent=swap.by)
    Shift.objects.filter(pk=swap.shift.pk).update(agent=swap.to)
    offers_on(*_shifts_of(swap)).exclude(pk=swap.pk).delete()


def _shifts_of(swap: Swap) -> list[int]:
    return [pk for pk in (swap.shift_id, swap.other_id) if pk]
