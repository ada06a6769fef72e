"""The page of a case's visit: what was asked, the decision, who is free when, how it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deskbook.people.free_days import Person, days_closed, free_days
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from deskbook.tickets.site_visits import staff_for
from deskbook.tickets.visit_models import DatedVisit
from deskbook.web.acts.act import Act
from deskbook.web.acts.registry import on_visit
from deskbook.web.acts.subject import Subject
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.visits.facts import asked_for, decision_of, shown, teams_of
from deskbook.web.shared.entering import on_a_ticket
from deskbook.web.shared.fields import day_in
from deskbook.web.shared.forms import asked

SHOWN_DAYS = (7, 14)


@dataclass(frozen=True, slots=True)
class Planning:
    """Who is free on which days, around the form in which a date is chosen."""

    form: Act
    first: date
    days: tuple[date, ...]
    closed: Mapping[date, str]
    people: tuple[Person, ...]
    zone: str
    longer: bool

    @property
    def moving(self) -> DatedVisit | None:
        return self.form.of.visit

    @property
    def earlier(self) -> date:
        return self.first - timedelta(days=len(self.days))

    @property
    def later(self) -> date:
        return self.first + timedelta(days=len(self.days))


@require_safe
@on_a_ticket
def visit(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    return visit_page(request, agent, ticket)


def visit_page(
    request: HttpRequest,
    agent: Agent,
    ticket: Ticket,
    *,
    again: Act | None = None,
    status: int = 200,
) -> HttpResponse:
    """Returns the page; `again` is an act that was not accepted, shown as it was typed."""
    of = Subject(ticket, agent)
    dated = DatedVisit.objects.filter(ticket=ticket).select_related("ticket__desk")
    rows = list(dated.order_by("from_at", "pk"))
    forms, each = on_visit(of, again), {row.visit: on_visit(of, again, row) for row in rows}
    told = any(form.refusal for found in (forms, *each.values()) for form in found.values())
    return screen(
        request,
        agent,
        "visit.html",
        status=status,
        last_seen=of.state.seq,
        **_told(of),
        forms=forms,
        each=each,
        planning=_planning(request, forms, each, again),
        visits=shown(rows),
        refusal=again.refusal if again and not told else "",
    )


def _told(of: Subject) -> dict[str, Any]:
    deciding, going = teams_of(of.desk, of.visits_rule)
    return {
        "ticket": of.ticket,
        "number": str(of.ticket),
        "asked": asked_for(of.state),
        "approved": of.state.site_visit_approved,
        "reason": decision_of(of.ticket),
        "rule": of.visits_rule,
        "deciding": deciding,
        "going": going,
        "ours": of.visits_are_ours,
    }


def _planning(
    request: HttpRequest,
    forms: Mapping[str, Act],
    each: Mapping[str, Mapping[str, Act]],
    again: Act | None,
) -> Planning | None:
    """Returns the days asked for, around the form that moves a visit or dates another."""
    given, at = asked(request), timezone.now()
    moved = again.parts.get("visit", "") if again else given.get("move", "")
    form = each.get(moved, {}).get("visit-move") or forms.get("visit-dates")
    if form is None or form.of.visits_rule is None:
        return None
    of, team, zone = form.of, form.of.visits_rule.carried_out_by, form.of.visits_zone
    first = _day_asked(given.get("first", "")) or _first_day(of, at=at)
    count = SHOWN_DAYS[given.get("days") == "14"]
    from_at = datetime.combine(first, time(), zone)
    moving = of.visit.visit if of.visit else None
    staff = staff_for(of.ticket, from_at, from_at + timedelta(days=count + 1), moving=moving, at=at)
    return Planning(
        form,
        first,
        tuple(first + timedelta(days=n) for n in range(count)),
        days_closed(of.desk, team, first, count),
        free_days(staff, first, count) if staff else (),
        zone.key,
        count > SHOWN_DAYS[0],
    )


def _first_day(of: Subject, *, at: datetime) -> date:
    """Returns the day of the visit that is to be moved, else the first that may be meant."""
    if of.visit:
        return of.visit.from_at.astimezone(of.visits_zone).date()
    today, wish = at.astimezone(of.visits_zone).date(), of.state.site_visit_wish
    return max(today + timedelta(days=1), (wish.wanted_from if wish else None) or today)


def _day_asked(text: str) -> date | None:
    try:
        return day_in(text)
    except ValueError:
        return None
