"""How much of its plan an organisation has used."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Cast, TruncMonth

from deskbook.engine.coming_round import CHANNEL
from deskbook.engine.desk import Desk, Plan
from deskbook.engine.plan_parts import Quota
from deskbook.engine.quotas import Before, Used, longest_period, used_of, used_of_each
from deskbook.engine.routing import facets_of
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.people.merging import same_person
from deskbook.people.models import Contact, Organisation
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.state import state_of

_READ = ("opened_at", "outcome", "channel", "state", "desk", "is_open")


def used_by(organisation: Organisation | None, *, at: datetime) -> list[Used]:
    """Returns what an organisation has used of each quota of its plan; nothing without any."""
    if organisation is None:
        return []
    desk = desk_in_force(organisation.desk)
    plan = _plan(desk, organisation)
    if plan is None or not plan.quotas:
        return []
    return used_of(desk, plan, _opened_before(desk, plan, organisation, at), at=at)


def cases_before(
    desk: Desk, organisation: Organisation | None, *, at: datetime
) -> Sequence[Before]:
    """Returns the cases that count for the next one an organisation opens; until the transaction
    ends nobody opens another for it. Nothing is read where its plan has no quota.
    """
    if organisation is None:
        return ()
    plan = _plan(desk, organisation)
    if plan is None or not plan.quotas:
        return ()
    # Two who open one at the same instant must not both have the last.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    return _opened_before(desk, plan, organisation, at)


def used_by_person(contact: Contact, *, at: datetime) -> list[Used]:
    """Returns what a person has used of what the desk takes of each."""
    desk = desk_in_force(contact.desk)
    return used_of_each(desk, desk.limits, _own(desk, contact, at), at=at) if desk.limits else []


def own_cases_before(desk: Desk, contact: Contact, *, at: datetime) -> Sequence[Before]:
    """Returns the cases that count for the next one a person opens, as `cases_before`; who gives no
    name is somebody else each time.
    """
    if not desk.limits or contact.anonymous:
        return ()
    Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    return _own(desk, contact, at)


def _own(desk: Desk, contact: Contact, at: datetime) -> list[Before]:
    counted = _counted(desk.limits, desk.zone, at)
    rows = Ticket.objects.filter(counted, desk=contact.desk_id)
    rows = rows.filter(requester__in=same_person(contact))
    return [_before(row) for row in rows.only(*_READ)]


def _counted(quotas: Sequence[Quota], zone: str, at: datetime) -> Q:
    from_at = longest_period(quotas, zone, at=at)
    counted = Q(opened_at__gte=from_at) & ~Q(outcome="merged") & ~Q(channel=CHANNEL)
    if any(quota.at_a_time for quota in quotas):
        counted |= Q(is_open=True) & ~Q(channel=CHANNEL)
    return counted


def _plan(desk: Desk, organisation: Organisation) -> Plan | None:
    return desk.plans.get(organisation.plan)


def _opened_before(
    desk: Desk, plan: Plan, organisation: Organisation, at: datetime
) -> list[Before]:
    """One that was merged into another is none of its own, and its work counts where work does;
    what the book opened is none either, and its work counts too.
    """
    from_at = longest_period(plan.quotas, desk.zone, at=at)
    theirs = Ticket.objects.filter(desk=organisation.desk_id, organisation=organisation)
    counted = theirs.filter(_counted(plan.quotas, desk.zone, at)).values("pk")
    if any(quota.timed for quota in plan.quotas):
        # One list of both: of “opened since, or worked on since” the database reads the whole log.
        worked = _time_logged(organisation, from_at).order_by().values("ticket")
        counted = counted.order_by().union(worked)
    rows = theirs.filter(pk__in=counted).only(*_READ)
    return [_before(row) for row in rows]


def _before(row: Ticket) -> Before:
    state, is_none = state_of(row), row.outcome == "merged" or row.channel == CHANNEL
    opened_at = None if is_none else row.opened_at
    return Before(opened_at, facets_of(state), state.logged, row.is_open and not is_none)


def _time_logged(organisation: Organisation, from_at: datetime) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(
        ticket__organisation=organisation, kind="TimeLogged", at__gte=from_at
    )


def logged_by_month(organisation: Organisation, *, at: datetime) -> list[tuple[date, int]]:
    """Returns the minutes logged in each of the last twelve months, the latest first."""
    zone = zone_named(desk_in_force(organisation.desk).zone)
    found = _time_logged(organisation, _eleven_months_before(at.astimezone(zone)))
    minutes = Cast("data__minutes", IntegerField())
    months = found.annotate(month=TruncMonth("at", tzinfo=zone)).values("month")
    summed = months.annotate(minutes=Sum(minutes)).order_by("-month")
    return [(row["month"].date(), row["minutes"]) for row in summed]


def _eleven_months_before(there: datetime) -> datetime:
    """Returns when the month began that is eleven before that of an instant in a zone."""
    year, month = divmod(there.year * 12 + there.month - 1 - 11, 12)
    return datetime(year, month + 1, 1, tzinfo=there.tzinfo)
