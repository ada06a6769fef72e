"""Making and changing a roster. What does not fit is refused with a sentence, and nothing is
changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.people.duty import zone_of_team
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.roster_models import Leave, Shift, Swap
from deskbook.people.turns import take_turns
from deskbook.refusals.refusal import Refusal, Refused

LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Plan:
    """A shift as somebody states it. Without an agent it is to be filled."""

    team: str
    from_at: datetime
    until_at: datetime
    agent: Agent | None = None
    place: str = ""


@transaction.atomic
def add_shift(helpdesk: HelpDesk, plan: Plan) -> Shift:
    """Adds a shift and returns it. Raises Refused."""
    one_change_at_a_time(helpdesk)
    refuse_unfit(helpdesk, plan)
    return Shift.objects.create(desk=helpdesk, **_columns(plan))


@transaction.atomic
def change_shift(shift: Shift, plan: Plan) -> Shift:
    """Changes a shift to what `plan` says and returns it; offers to swap it as it was fall. Raises
    Refused and leaves it as it was.
    """
    one_change_at_a_time(shift.desk)
    refuse_unfit(shift.desk, plan, instead_of=(shift.pk,))
    if plan == plan_of(shift):
        return shift
    for column, value in _columns(plan).items():
        setattr(shift, column, value)
    shift.save()
    offers_on(shift.pk).delete()
    return shift


def offers_on(*shifts: int) -> QuerySet[Swap]:
    """Returns the offers nobody has answered yet that give or want one of these shifts (ids)."""
    asked = Swap.objects.filter(state=Swap.State.ASKED)
    offers = asked.filter(Q(shift__in=shifts) | Q(other__in=shifts))
    return offers.select_related("desk", "shift", "by__user", "to__user").order_by("pk")


def remove_shift(shift: Shift) -> None:
    """Takes a shift off the roster, and the offers to swap it with it."""
    shift.delete()


@transaction.atomic
def copy_week(
    helpdesk: HelpDesk, team: str, *, from_at: datetime, days: int = 7
) -> tuple[int, list[Refusal]]:
    """Adds the shifts that begin within seven days of `from_at` again so many days later, at the
    same wall times.

    Returns how many were added, and a sentence for each that does not fit.
    """
    zone = zone_named(zone_of_team(desk_in_force(helpdesk), team))
    added, refused = 0, []
    rows = Shift.objects.filter(
        desk=helpdesk, team=team, from_at__gte=from_at, from_at__lt=from_at + timedelta(days=7)
    ).select_related("agent__user")
    for row in rows.order_by("from_at", "pk"):
        from_, until = (
            at.astimezone(zone) + timedelta(days=days) for at in (row.from_at, row.until_at)
        )
        try:
            add_shift(helpdesk, Plan(team, from_, until, row.agent, row.place))
            added += 1
        except Refused as not_then:
            refused.append(not_then.refusal)
    return added, refused


def refuse_unfit(helpdesk: HelpDesk, plan: Plan, *, instead_of: Sequence[int] = ()) -> None:
    """Raises Refused where a shift cannot be so; shifts `instead_of` are about to go and are not in
    its way.
    """
    desk = desk_in_force(helpdesk)
    if plan.team not in desk.teams:
        raise Refused("shift: unknown team", team=short(plan.team))
    if plan.until_at <= plan.from_at:
        raise Refused("shift: end")
    if plan.until_at - plan.from_at > LONGEST:
        raise Refused("shift: long")
    if plan.agent is not None:
        refuse_person(desk, plan, plan.agent, instead_of)


def refuse_person(desk: Desk, plan: Plan, agent: Agent, instead_of: Sequence[int] = ()) -> None:
    """Raises Refused where this person cannot work the shift."""
    name = str(agent)
    if plan.team not in agent.teams:
        raise Refused("shift: other team", name=name, team=desk.teams[plan.team].title)
    if not agent.is_active or (agent.until and agent.until < plan.until_at):
        raise Refused("shift: gone by then", name=name)
    clash = double_booking(plan, agent, instead_of)
    if clash is not None:
        other = span_words(desk, Plan(clash.team, clash.from_at, clash.until_at))
        raise Refused("shift: on another", name=name, other=other)
    if on_leave(plan, agent):
        raise Refused("shift: on leave", name=name, when=span_words(desk, plan))


def double_booking(plan: Plan, agent: Agent, instead_of: Sequence[int] = ()) -> Shift | None:
    """Returns a shift the person works at the same time, if there is one."""
    others = Shift.objects.filter(agent=agent, from_at__lt=plan.until_at, until_at__gt=plan.from_at)
    return others.exclude(pk__in=instead_of).order_by("from_at").first()


def on_leave(plan: Plan, agent: Agent) -> bool:
    away = Leave.objects.filter(agent=agent, state=Leave.State.ACCEPTED)
    return away.filter(from_at__lt=plan.until_at, until_at__gt=plan.from_at).exists()


def plan_of(shift: Shift) -> Plan:
    """Returns a stored shift as somebody would state it."""
    return Plan(shift.team, shift.from_at, shift.until_at, shift.agent, shift.place)


def for_agent(shift: Shift, agent: Agent | None) -> Plan:
    """Returns the shift as it would be in somebody else's hands."""
    return replace(plan_of(shift), agent=agent)


def span_words(desk: Desk, plan: Plan) -> str:
    """Returns when a shift is, on the clocks of its team: "Mon 2 Mar 06:00–14:00 Africa/Maputo"."""
    zone = zone_of_team(desk, plan.team)
    begins, ends = (at.astimezone(zone_named(zone)) for at in (plan.from_at, plan.until_at))
    last = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%a %-d %b %H:%M}"
    return f"{begins:%a %-d %b %H:%M}–{last} {zone}"


def places_of(desk: Desk) -> tuple[str, ...]:
    """Returns the sites a shift may be narrowed to: those the book's staffing names, and its
    sites.
    """
    staffed = [need.place for need in desk.staffing if need.place]
    facets = [desk.facets[key].values for key in ("site", "place") if key in desk.facets]
    return tuple(dict.fromkeys([*staffed, *(value for values in facets for value in values)]))


def one_change_at_a_time(helpdesk: HelpDesk) -> None:
    """Holds others off until the transaction ends: two halves of a double booking must not pass
    each other.
    """
    take_turns(f"roster {helpdesk.pk}")


def _columns(plan: Plan) -> dict[str, object]:
    return {
        "team": plan.team,
        "agent": plan.agent,
        "place": plan.place,
        "from_at": plan.from_at,
        "until_at": plan.until_at,
    }
