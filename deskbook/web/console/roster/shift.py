"""One shift: leads add, change and remove it; its person offers it to somebody else."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deskbook.engine.desk import Desk
from deskbook.engine.wall_time import zone_named
from deskbook.jobs.roster_mail import tell_of_fallen
from deskbook.people.access import may, of_desk, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.duty import members_of, zone_of_team
from deskbook.people.models import Agent
from deskbook.people.roster_models import Shift
from deskbook.people.rosters import (
    Plan,
    add_shift,
    change_shift,
    offers_on,
    places_of,
    plan_of,
    remove_shift,
    span_words,
)
from deskbook.web.console.roster.grid import week_asked
from deskbook.web.console.roster.roster import done
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Clock, Day, Flag, Id, Sent
from deskbook.web.shared.forms import Form, Pressed, saved, sent

OFFERED_WITHIN = timedelta(days=28)
_TIME = _("Give a time of day, like 06:00.")


class ShiftForm(Form):
    """A shift of a team, on the team's clocks."""

    agent = Choice(_("Who"), blank=_("To be filled"))
    day = Day(_("Day"), _("Give a day."), wrong=_("Give a day."))
    until = Clock(_("Until"), _TIME, wrong=_TIME, hint=_("Before its beginning: the next day."))
    place = Choice(_("Place"), blank=_("Everywhere"))

    def __init__(
        self, viewer: Agent, team: str, data: QueryDict | None = None, **begun: str
    ) -> None:
        super().__init__(data, dict(begun))
        self.fields["from"] = Clock(_("From"), _TIME, wrong=_TIME)
        self.viewer, self.team, desk = viewer, team, desk_in_force(viewer.desk)
        self.title = desk.teams[team].title if team in desk.teams else team
        self.zone = zone_of_team(desk, team)
        people = members_of(viewer.desk, team, at=timezone.now())
        self.offer("agent", [(str(person.pk), str(person)) for person in people])
        self.offer("place", [(place, place) for place in places_of(desk)])

    def plan(self) -> Plan:
        """Returns the shift that was typed."""
        zone, on = zone_named(self.zone), self("day")
        from_at = datetime.combine(on, self("from"), zone)
        until_at = datetime.combine(on, self("until"), zone)
        if until_at <= from_at:
            until_at = datetime.combine(on + timedelta(days=1), self("until"), zone)
        people = Agent.objects.select_related("user", "desk")
        who = of_desk(self.viewer, people, Id().clean(self("agent"))) if self("agent") else None
        return Plan(self.team, from_at, until_at, who, self("place")[:64])


class ShiftAsked(Pressed):
    """Which shift is to be made, or that one is to go."""

    team, day, agent, remove = Sent(), Sent(), Sent(), Flag()


@for_agents
def shift_new(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads: a form for a new shift, and its answer."""
    only_who_may(agent, "edit roster")
    desk = desk_in_force(agent.desk)
    asked = ShiftAsked(request)
    team = asked("team")
    if team not in desk.teams:
        team = next(iter(agent.teams), next(iter(desk.teams), ""))
    begun = _fresh(desk, team, asked("day"), asked("agent"))
    form = ShiftForm(agent, team, sent(request), **begun)
    made = saved(form, lambda: add_shift(agent.desk, form.plan()))
    if made is None:
        return _shown(request, agent, form)
    done(request, _("The shift is on the roster."))
    return _to_week(desk, made)


@for_agents
def shift(request: HttpRequest, agent: Agent, shift: int) -> HttpResponse:
    """A shift: leads get its form, its person the ways to give it to somebody else, others what it
    says.
    """
    found = of_desk(agent, Shift.objects.select_related("agent__user", "desk"), shift)
    desk = desk_in_force(agent.desk)
    form = ShiftForm(agent, found.team, sent(request), **_values(desk, found))
    if not form.is_bound:
        return _shown(request, agent, form, found)
    only_who_may(agent, "edit roster")
    answer = _to_week(desk, found)
    if ShiftAsked(request)("remove"):
        with transaction.atomic():
            _changing(found, agent, lambda: remove_shift(found))
        done(request, _("The shift was taken off the roster."))
        return answer

    def change() -> bool:
        _changing(found, agent, lambda: change_shift(found, form.plan()))
        return True

    if saved(form, change) is None:
        return _shown(request, agent, form, found)
    done(request, _("The shift was changed."))
    return answer


def _changing(found: Shift, agent: Agent, change: Callable[[], object]) -> None:
    """Changes a shift, and tells whose offers to swap it as it was have fallen."""
    offers = list(offers_on(found.pk))
    change()
    still = set(offers_on(found.pk or 0).values_list("pk", flat=True))
    tell_of_fallen([one for one in offers if one.pk not in still], at=timezone.now(), by=agent)


def offers_of(
    agent: Agent, desk: Desk, found: Shift, *, at: datetime
) -> tuple[tuple[str, str], ...]:
    """Returns what one may offer a shift for: to each of the team, for nothing or for a shift of
    theirs.
    """
    others = members_of(agent.desk, found.team, at=at).exclude(pk=agent.pk)
    theirs: QuerySet[Shift] = Shift.objects.filter(
        desk=agent.desk_id,
        agent__in=others,
        team__in=agent.teams,
        from_at__gt=at,
        from_at__lt=at + OFFERED_WITHIN,
    ).order_by("from_at")
    options = [
        (f"{person.pk}:", str(_("%(name)s takes it over") % {"name": person})) for person in others
    ]
    for row in theirs.select_related("agent__user")[:200]:
        named = {"name": row.agent, "when": span_words(desk, plan_of(row))}
        options.append((f"{row.agent_id}:{row.pk}", str(_("for %(name)s’s %(when)s") % named)))
    return tuple(options)


def _fresh(desk: Desk, team: str, day: str, agent: str) -> dict[str, str]:
    """A new shift begins and ends with the team's hours of that day, to be changed."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        on = timezone.now().astimezone(zone_named(zone_of_team(desk, team))).date()
    known = desk.teams.get(team)
    calendar = desk.calendars[(known.hours if known else None) or desk.hours]
    zone = zone_named(calendar.zone)
    begins = datetime.combine(on, time(), zone)
    opening = next(iter(calendar.segments(begins, begins + timedelta(days=2))), None)
    values = {"day": on.isoformat(), "agent": agent}
    if opening and opening[0].astimezone(zone).date() == on:
        values |= {
            "from": f"{opening[0].astimezone(zone):%H:%M}",
            "until": f"{opening[1].astimezone(zone):%H:%M}",
        }
    return values


def _values(desk: Desk, row: Shift) -> dict[str, str]:
    zone = zone_named(zone_of_team(desk, row.team))
    begins, ends = row.from_at.astimezone(zone), row.until_at.astimezone(zone)
    return {
        "day": f"{begins:%Y-%m-%d}",
        "from": f"{begins:%H:%M}",
        "until": f"{ends:%H:%M}",
        "agent": str(row.agent_id or ""),
        "place": row.place,
    }


def _shown(
    request: HttpRequest, agent: Agent, form: ShiftForm, found: Shift | None = None
) -> HttpResponse:
    desk, at = desk_in_force(agent.desk), timezone.now()
    own = found is not None and found.agent_id == agent.pk and found.from_at > at
    context: dict[str, Any] = {
        "form": form,
        "shift": found,
        "may_edit": may(agent, "edit roster"),
        "offers": offers_of(agent, desk, found, at=at) if found and own else (),
        "own": own,
        "when": span_words(desk, plan_of(found)) if found else "",
    }
    return screen(
        request, agent, "people/shift.html", current="roster", status=form.status, **context
    )


def _to_week(desk: Desk, row: Shift) -> HttpResponseRedirect:
    day = row.from_at.astimezone(zone_named(zone_of_team(desk, row.team)))
    return HttpResponseRedirect(
        week_asked(desk, row.team, f"{day:%G-W%V}", at=row.from_at).address()
    )
