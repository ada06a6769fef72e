"""One shift: leads add, change and remove it; its person offers it to somebody else."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.engine.wall_time import zone_named
from deskbook.people.access import may, of_desk, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.duty import members_of, zone_of_team
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.people.roster_models import Shift
from deskbook.people.rosters import (
    Plan,
    add_shift,
    change_shift,
    places_of,
    plan_of,
    remove_shift,
    span_words,
)
from deskbook.refusals.refusal import Refused
from deskbook.web.console.roster.grid import week_asked
from deskbook.web.console.roster.roster import done
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.typed import Typed, typed
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.shared.seat import for_agents

OFFERED_WITHIN = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Form:
    """What the form of a shift shows."""

    team: str
    title: str
    zone: str
    people: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    values: dict[str, str]


@for_agents
def shift_new(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads: a form for a new shift, and its answer."""
    only_who_may(agent, "edit roster")
    desk = desk_in_force(agent.desk)
    asked = request.POST if request.method == "POST" else request.GET
    team = asked.get("team", "")
    if team not in desk.teams:
        team = next(iter(agent.teams), next(iter(desk.teams), ""))
    form = _form(
        agent, desk, team, _fresh(desk, team, asked.get("day", ""), asked.get("agent", ""))
    )
    if request.method != "POST":
        return _shown(request, agent, form, Typed())
    try:
        shift = add_shift(agent.desk, _plan(request, agent, desk, team))
    except (NotUnderstood, Refused) as wrong:
        return _again(request, agent, form, wrong)
    done(request, _("The shift is on the roster."))
    return _to_week(desk, shift)


@for_agents
def shift(request: HttpRequest, agent: Agent, shift: int) -> HttpResponse:
    """A shift: leads get its form, its person the ways to give it to somebody else, others what it
    says.
    """
    found = of_desk(agent, Shift.objects.select_related("agent__user", "desk"), shift)
    desk = desk_in_force(agent.desk)
    form = _form(agent, desk, found.team, _values(desk, found))
    if request.method != "POST":
        return _shown(request, agent, form, Typed(), found)
    only_who_may(agent, "edit roster")
    answer = _to_week(desk, found)
    if "remove" in request.POST:
        remove_shift(found)
        done(request, _("The shift was taken off the roster."))
        return answer
    try:
        change_shift(found, _plan(request, agent, desk, found.team))
    except (NotUnderstood, Refused) as wrong:
        return _again(request, agent, form, wrong, found)
    done(request, _("The shift was changed."))
    return answer


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
        (f"{person.pk}:", _("%(name)s takes it over") % {"name": person}) for person in others
    ]
    for row in theirs.select_related("agent__user")[:200]:
        named = {"name": row.agent, "when": span_words(desk, plan_of(row))}
        options.append((f"{row.agent_id}:{row.pk}", _("for %(name)s’s %(when)s") % named))
    return tuple(options)


def _form(agent: Agent, desk: Desk, team: str, values: dict[str, str]) -> Form:
    known = desk.teams.get(team)
    people = tuple(
        (str(person.pk), str(person)) for person in members_of(agent.desk, team, at=timezone.now())
    )
    places = tuple((place, place) for place in places_of(desk))
    return Form(
        team, known.title if known else team, zone_of_team(desk, team), people, places, values
    )


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
    values = {"day": on.isoformat(), "agent": agent, "from": "", "until": "", "place": ""}
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


def _plan(request: HttpRequest, agent: Agent, desk: Desk, team: str) -> Plan:
    """Returns the shift that was typed, on the clocks of its team; raises NotUnderstood."""
    given, zone = request.POST, zone_named(zone_of_team(desk, team))
    try:
        on = date.fromisoformat(given.get("day", ""))
    except ValueError:
        raise NotUnderstood(day=_("Give a day.")) from None
    from_at = datetime.combine(on, _clock(given.get("from", ""), "from"), zone)
    until_at = datetime.combine(on, _clock(given.get("until", ""), "until"), zone)
    if until_at <= from_at:
        until_at = datetime.combine(on + timedelta(days=1), until_at.time(), zone)
    return Plan(
        team, from_at, until_at, _person(agent, given.get("agent", "")), given.get("place", "")[:64]
    )


def _clock(text: str, field: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise NotUnderstood(**{field: _("Give a time of day, like 06:00.")}) from None


def _person(agent: Agent, number: str) -> Agent | None:
    if not number:
        return None
    people = Agent.objects.select_related("user", "desk")
    return of_desk(agent, people, int(number) if number.isdecimal() and len(number) < 18 else 0)


def _again(
    request: HttpRequest,
    agent: Agent,
    form: Form,
    wrong: NotUnderstood | Refused,
    found: Shift | None = None,
) -> HttpResponse:
    """The form as it was typed, with what is wrong."""
    form.values.update(
        {name: str(value) for name, value in request.POST.items() if name in form.values}
    )
    if isinstance(wrong, NotUnderstood):
        return _shown(
            request, agent, form, typed(request, "shift", errors=wrong.errors), found, status=422
        )
    return _shown(
        request, agent, form, typed(request, "shift", refusal=in_words(wrong)), found, status=409
    )


def _shown(
    request: HttpRequest,
    agent: Agent,
    form: Form,
    again: Typed,
    found: Shift | None = None,
    status: int = 200,
) -> HttpResponse:
    desk, at = desk_in_force(agent.desk), timezone.now()
    own = found is not None and found.agent_id == agent.pk and found.from_at > at
    context: dict[str, Any] = {
        "form": form,
        "again": again,
        "shift": found,
        "may_edit": may(agent, "edit roster"),
        "offers": offers_of(agent, desk, found, at=at) if found and own else (),
        "own": own,
        "when": span_words(desk, plan_of(found)) if found else "",
        "action": reverse("console-shift", args=[found.pk])
        if found
        else reverse("console-shift-new"),
    }
    return screen(request, agent, "people/shift.html", current="roster", status=status, **context)


def _to_week(desk: Desk, row: Shift) -> HttpResponseRedirect:
    day = row.from_at.astimezone(zone_named(zone_of_team(desk, row.team)))
    return HttpResponseRedirect(
        week_asked(desk, row.team, f"{day:%G-W%V}", at=row.from_at).address()
    )
