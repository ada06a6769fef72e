"""Visits of the demo: one asked for and not decided, one dated, one over and reported."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from deskbook.demo.casts import Cast
from deskbook.demo.past.people import facets_of
from deskbook.engine.decide_site_visit import calendar_of_team, closed_days
from deskbook.engine.desk import Desk
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.people.duty import members_of
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.tickets.conversation import acknowledge_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase
from deskbook.tickets.site_visits import (
    Plan,
    Report,
    Wish,
    answer_visit,
    carry_out_visit,
    date_visit,
    decide_on_visit,
    open_visit_case,
    report_visit,
)
from deskbook.tickets.stages import move_ticket

HOUR, ONE_DAY = timedelta(hours=1), timedelta(days=1)
_THERE = b"Name,Designation\n" + b"".join(
    b"Participant %d,Clerk\n" % number for number in range(1, 12)
)


def make_visits(
    helpdesk: HelpDesk, contacts: Sequence[Contact], cast: Cast, *, at: datetime
) -> None:
    """Lives three requests for visits up to `at` through the product's own verbs, where the book
    knows visits.
    """
    desk = desk_in_force(helpdesk)
    if not desk.site_visits or len(contacts) < 9:
        return
    deciding, going = desk.site_visits[0].decided_by, desk.site_visits[0].carried_out_by
    people = list(members_of(helpdesk, going, at=at))
    lead = members_of(helpdesk, deciding, at=at).order_by("pk").first()
    if lead is None or not people:
        return
    made = [
        _undecided(desk, contacts[0], cast, at=at),
        _dated(desk, contacts[4], cast, lead, people, at=at),
        _reported(desk, contacts[8], cast, lead, people, at=at),
    ]
    _tell_nobody(made)


def _undecided(desk: Desk, contact: Contact, cast: Cast, *, at: datetime) -> Ticket:
    first = _working_day(desk, (at + 9 * ONE_DAY).date())
    wish = Wish(
        16,
        _office(contact),
        first,
        _working_day(desk, first + 3 * ONE_DAY),
        "Eight computers and a projector are there.",
    )
    return _asked(
        desk,
        contact,
        cast,
        "General transfers: sixteen new in the office",
        "After the general transfers sixteen of us are new to salary matters.",
        wish,
        at=at - 20 * HOUR,
    )


def _dated(
    desk: Desk, contact: Contact, cast: Cast, lead: Agent, people: Sequence[Agent], *, at: datetime
) -> Ticket:
    day = _working_day(desk, (at + 4 * ONE_DAY).date())
    wish = Wish(22, _office(contact), day, _working_day(desk, day + 2 * ONE_DAY))
    ticket = _asked(
        desk,
        contact,
        cast,
        "Training when our new office opens",
        "Our office opens next week and nobody has used SPARK before.",
        wish,
        at=at - 5 * ONE_DAY,
    )
    decide_on_visit(ticket, True, reason="A new office: we come.", at=at - 4 * ONE_DAY, by=lead)
    plan = Plan(
        _clock(desk, day, 10),
        _clock(desk, day, 16),
        people,
        "Please have the codes of the office ready.",
    )
    dated = date_visit(ticket, plan, at=at - 4 * ONE_DAY + HOUR, by=lead)
    visit = dated.ticket.dated_visits.get().visit
    answer_visit(dated.ticket, visit, True, at=at - 3 * ONE_DAY, by=contact)
    return ticket


def _reported(
    desk: Desk, contact: Contact, cast: Cast, lead: Agent, people: Sequence[Agent], *, at: datetime
) -> Ticket:
    day = _working_day(desk, (at - 8 * ONE_DAY).date())
    ticket = _asked(
        desk,
        contact,
        cast,
        "Pay bills for all of the office",
        "Twelve clerks shall make the pay bills themselves from now on.",
        Wish(12, _office(contact)),
        at=_clock(desk, day, 11) - 7 * ONE_DAY,
    )
    decide_on_visit(ticket, True, at=_clock(desk, day, 12) - 6 * ONE_DAY, by=lead)
    plan = Plan(_clock(desk, day, 10), _clock(desk, day, 15), people[-1:])
    visit = (
        date_visit(ticket, plan, at=_clock(desk, day, 13) - 6 * ONE_DAY, by=lead)
        .ticket.dated_visits.get()
        .visit
    )
    carry_out_visit(ticket, visit, at=_clock(desk, day, 15), by=people[-1])
    written = Written(
        "Each of them made a pay bill of the last month. Arrears are for another time.",
        files=(File("attendance.csv", "text/csv", _THERE),),
    )
    report_visit(ticket, visit, Report(11, written), at=_clock(desk, day, 17), by=people[-1])
    solved = next((stage.key for stage in desk.stages.values() if stage.solved), None)
    if solved:
        move_ticket(ticket, solved, at=_clock(desk, day, 17) + HOUR / 4, by=people[-1])
    return ticket


def _asked(
    desk: Desk, contact: Contact, cast: Cast, subject: str, text: str, wish: Wish, *, at: datetime
) -> Ticket:
    fixed = {key: next(iter(values)) for key, values in desk.site_visits[0].when.items()}
    facets = {
        key: value for key, value in facets_of(contact, cast).items() if key in desk.facets
    } | fixed
    case = NewCase(subject, Written(text), "portal", desk.default_severity, facets)
    ticket = open_visit_case(contact, case, wish, at=at).ticket
    acknowledge_ticket(ticket, "email", at=at)
    return ticket


def _office(contact: Contact) -> str:
    return str(contact.organisation or contact.attributes.get("office") or contact)


def _working_day(desk: Desk, day: date) -> date:
    """Returns the day, or the first working one after it."""
    calendar = calendar_of_team(desk, desk.site_visits[0].carried_out_by)
    while closed_days(calendar, _clock(desk, day, 0), _clock(desk, day, 23)):
        day += ONE_DAY
    return day


def _clock(desk: Desk, day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone_named(desk.zone)).astimezone(
        UTC
    )


def _tell_nobody(tickets: Sequence[Ticket]) -> None:
    """All this is over: nobody is written to about it today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where task_name = 'react' and (args ->>"
            " 'ticket_id')::bigint = any(%s)",
            [[ticket.pk for ticket in tickets]],
        )
