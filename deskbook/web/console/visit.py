"""The page of a case's visit: what was asked, the decision, who is free when, the dates, how it
went.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deskbook.engine.decide_site_visit import visits_rule
from deskbook.engine.wall_time import zone_named
from deskbook.people.duty import zone_of_team
from deskbook.people.free_days import Person, days_closed, free_days
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.models import Ticket
from deskbook.tickets.site_visits import desk_of, staff_for
from deskbook.tickets.state import state_of
from deskbook.tickets.visit_models import DatedVisit
from deskbook.web.console.frame import screen
from deskbook.web.console.seat import acts_on_a_ticket, on_a_ticket
from deskbook.web.console.typed import NotUnderstood, Typed, client_key, typed
from deskbook.web.console.visit_facts import Shown, asked_for, decision_of, shown, teams_of
from deskbook.web.uploads import ONE_FILE, kept_files, take_uploads

SHOWN_DAYS = (7, 14)
Perform = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Planning:
    """Who is free on which days, and what is chosen among them."""

    first: date
    days: tuple[date, ...]
    closed: Mapping[date, str]
    people: tuple[Person, ...]
    zone: str
    chosen_day: str
    begins: str
    ends: str
    lasts: str
    chosen: frozenset[str]
    anyway: bool
    words: str
    moving: DatedVisit | None = None
    longer: bool = False

    @property
    def earlier(self) -> date:
        return self.first - timedelta(days=len(self.days))

    @property
    def later(self) -> date:
        return self.first + timedelta(days=len(self.days))


@dataclass(frozen=True, slots=True)
class Asking:
    """The days of the table that were asked for, and the visit that is to be moved."""

    first: str = ""
    days: str = ""
    moving: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Offers:
    """Which forms the page has for its viewer."""

    request: bool
    decision: bool
    ours: bool
    planning: Planning | None

    def has(self, act: str, visits: list[Shown], at: datetime) -> bool:
        """Whether the page has the form of an act, in which its refusal can be said."""
        name, _space, id_ = act.partition(" ")
        visit = next((visit for visit in visits if visit.id == id_), None)
        forms = {
            "request": self.request,
            "decision": self.decision,
            "dates": self.planning is not None and (visit is not None or not id_),
            "cancellation": self.ours and visit is not None and visit.is_dated,
            "carried-out": self.ours
            and visit is not None
            and visit.is_dated
            and visit.from_at <= at,
            "report": visit is not None and visit.state == "carried out",
        }
        return forms.get(name, False)


@require_safe
@on_a_ticket
def visit(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    return visit_page(request, agent, ticket)


def visit_page(
    request: HttpRequest,
    agent: Agent,
    ticket: Ticket,
    *,
    again: Typed | None = None,
    status: int = 200,
) -> HttpResponse:
    """Returns the page; `again` is a form that was not accepted, shown as it was typed."""
    desk, state, at = desk_of(ticket), state_of(ticket), timezone.now()
    rule, again = visits_rule(desk, state), again or Typed()
    rows = (
        DatedVisit.objects.filter(ticket=ticket)
        .select_related("ticket__desk")
        .order_by("from_at", "pk")
    )
    deciding, going = teams_of(desk, rule)
    ours = rule is None or bool({rule.decided_by, rule.carried_out_by}.intersection(agent.teams))
    planning = (
        _planning(request, ticket, again, at=at)
        if state.site_visit_approved and ticket.is_open
        else None
    )
    offers = Offers(
        bool(rule and state.site_visit_approved is None and ticket.is_open),
        bool(rule and rule.decided_by in agent.teams and ticket.is_open),
        ours,
        planning if ours else None,
    )
    visits = shown(list(rows))
    kept = {
        visit.id: kept_files(agent.user, list_place(visit.id))
        for visit in visits
        if visit.state == "carried out"
    }
    return screen(
        request,
        agent,
        "visit.html",
        status=status,
        ticket=ticket,
        number=str(ticket),
        again=again,
        asked=asked_for(state),
        approved=state.site_visit_approved,
        reason=decision_of(ticket),
        rule=rule,
        deciding=deciding,
        going=going,
        offers=offers,
        visits=visits,
        now=at,
        me=agent,
        kept=kept,
        refusal="" if offers.has(again.act, visits, at) else again.refusal,
    )


def list_place(visit: str) -> str:
    """Returns under which the list of those who attended waits while its report is corrected."""
    return f"site visit {visit}"


def a_visit_act(name: str) -> Callable[[Perform], Callable[..., HttpResponseBase]]:
    """Makes a view of an act on a visit: done, the page says so; refused, its form comes back with
    the reason.
    """

    def made(perform: Perform) -> Callable[..., HttpResponseBase]:
        @acts_on_a_ticket
        def view(request: HttpRequest, agent: Agent, ticket: Ticket, **parts: Any) -> HttpResponse:
            place = f"{name} {parts['visit']}" if "visit" in parts else name
            if name == "report":
                # Before the transaction: what is refused takes the file back with it.
                parts["uploads"] = take_uploads(
                    request,
                    agent.user,
                    list_place(parts["visit"]),
                    ONE_FILE,
                    key=client_key(request),
                )
            try:
                with transaction.atomic():
                    done = perform(request, agent, ticket, at=timezone.now(), **parts)
            except NotUnderstood as problem:
                again = typed(request, place, errors=problem.errors)
                return visit_page(request, agent, ticket, again=again, status=422)
            except Refused as refused:
                ticket.refresh_from_db()
                again = typed(request, place, refusal=in_words(refused))
                return visit_page(request, agent, ticket, again=again, status=409)
            messages.success(request, done)
            return HttpResponseRedirect(reverse("console-visit", args=[str(ticket)]))

        return view

    return made


def _planning(
    request: HttpRequest, ticket: Ticket, again: Typed, *, at: datetime
) -> Planning | None:
    asking = _asking(request, again)
    desk, state = desk_of(ticket), state_of(ticket)
    rule = visits_rule(desk, state)
    if rule is None:
        return None
    moving = DatedVisit.objects.filter(ticket=ticket, visit=asking.moving, state="dated").first()
    zone = zone_named(zone_of_team(desk, rule.carried_out_by))
    today = at.astimezone(zone).date()
    wish = state.site_visit_wish
    wanted = max(today + timedelta(days=1), (wish.wanted_from if wish else None) or today)
    first = day_in(asking.first) or (moving.from_at.astimezone(zone).date() if moving else wanted)
    count = 14 if asking.days == "14" else 7
    from_at = datetime.combine(first, time(), zone)
    staff = staff_for(
        ticket, from_at, from_at + timedelta(days=count + 1), moving=asking.moving or None, at=at
    )
    start = (
        _start(moving, zone)
        if moving
        else {"begins": "10:00", "ends": "16:00", "lasts": "1", "day": "", "words": ""}
    )
    value = {**start, **asking.values}
    going = frozenset(map(str, moving.people)) if moving else frozenset()
    return Planning(
        first,
        tuple(first + timedelta(days=n) for n in range(count)),
        days_closed(desk, rule.carried_out_by, first, count),
        free_days(staff, first, count) if staff else (),
        zone.key,
        value["day"],
        value["begins"],
        value["ends"],
        value["lasts"],
        asking.chosen if asking.values else going,
        "anyway" in asking.values,
        value["words"],
        moving,
        count > SHOWN_DAYS[0],
    )


def _asking(request: HttpRequest, again: Typed) -> Asking:
    given = request.POST if request.method == "POST" else request.GET
    name, _space, visit = again.act.partition(" ")
    asked = Asking(
        str(given.get("first", "")), str(given.get("days", "")), str(given.get("move", ""))
    )
    if name != "dates":
        return asked
    return Asking(
        asked.first,
        asked.days,
        visit,
        again.values,
        frozenset(map(str, request.POST.getlist("people"))),
    )


def _start(moving: DatedVisit, zone: Any) -> dict[str, str]:
    begins, ends = moving.from_at.astimezone(zone), moving.until_at.astimezone(zone)
    lasts = (ends.date() - begins.date()).days + 1
    return {
        "day": begins.date().isoformat(),
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "lasts": str(lasts),
        "words": "",
    }


def day_in(text: str) -> date | None:
    """Returns the day somebody wrote; None for anything else, and for days nobody plans for."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None
