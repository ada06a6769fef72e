"""What is done on the page of a visit: asked for, decided, dated, moved, called off, carried out,
reported.
"""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from deskbook.engine.decide_site_visit import LONGEST, visits_rule
from deskbook.engine.wall_time import zone_named
from deskbook.people.apart import NoRoom
from deskbook.people.duty import zone_of_team
from deskbook.people.lists.sheets import IN_A_PAGE, UnreadableList, open_sheet
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Draft, Ticket
from deskbook.tickets.site_visits import (
    Plan,
    Report,
    Wish,
    ask_for_visit,
    call_off_visit,
    carry_out_visit,
    date_visit,
    decide_on_visit,
    desk_of,
    report_visit,
)
from deskbook.tickets.state import state_of
from deskbook.web.console.typed import NotUnderstood, client_key, refuse_too_long
from deskbook.web.console.visit import a_visit_act, day_in, list_place
from deskbook.web.uploads import Uploads, as_files

LISTS = (".csv", ".xlsx")


@a_visit_act("request")
def request(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    given = request.POST
    people = number_typed(
        given.get("people", ""), "people", _("Say how many people will be there, as a number.")
    )
    if not given.get("place", "").strip():
        raise NotUnderstood(place=_("Say where: the office and its address."))
    first, last = (day_typed(given.get(name, ""), name) for name in ("wanted_from", "wanted_until"))
    wish = Wish(people, given["place"], first, last, given.get("words", ""))
    ask_for_visit(ticket, wish, at=at, by=agent, key=client_key(request))
    return _("Written down.")


@a_visit_act("decision")
def decision(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    choice, reason = request.POST.get("decision", ""), request.POST.get("reason", "")
    if choice not in ("approve", "refuse"):
        raise NotUnderstood(decision=_("Choose one of the two."))
    if choice == "refuse" and not reason.strip():
        raise NotUnderstood(reason=_("Say why nobody comes: the requester will read it."))
    refuse_too_long(reason)
    decide_on_visit(
        ticket, choice == "approve", reason=reason, at=at, by=agent, key=client_key(request)
    )
    return (
        _("Approved. Now choose who goes and when.")
        if choice == "approve"
        else _("Refused. The requester reads why.")
    )


@a_visit_act("dates")
def dating(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    date_visit(ticket, _plan(request, agent, ticket), at=at, by=agent, key=client_key(request))
    return _("Dated. The requester and those who go are told.")


@a_visit_act("dates")
def moving(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime, visit: str) -> str:
    date_visit(
        ticket, _plan(request, agent, ticket), visit=visit, at=at, by=agent, key=client_key(request)
    )
    return _("Moved. The requester and those who go are told.")


@a_visit_act("cancellation")
def cancellation(
    request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime, visit: str
) -> str:
    reason = request.POST.get("reason", "")
    if not reason.strip():
        raise NotUnderstood(
            reason=_("Say why: the requester and those who were to go will read it.")
        )
    call_off_visit(ticket, visit, reason=reason, at=at, by=agent, key=client_key(request))
    return _("Called off. Everybody concerned is told.")


@a_visit_act("carried-out")
def carried_out(
    request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime, visit: str
) -> str:
    carry_out_visit(ticket, visit, at=at, by=agent, key=client_key(request))
    return _("Carried out. What is left is the report.")


@a_visit_act("report")
def report(
    request: HttpRequest,
    agent: Agent,
    ticket: Ticket,
    *,
    at: datetime,
    visit: str,
    uploads: Uploads,
) -> str:
    given = request.POST
    attended = number_typed(
        given.get("attended", ""), "attended", _("Say how many attended, as a number.")
    )
    text, file = (
        given.get("text", "").replace("\r\n", "\n").strip(),
        _list_of_those(request, uploads, attended),
    )
    refuse_too_long(text)
    written = Written(text, files=(file,) if file else ())
    told = Report(attended, written, anyway="anyway" in given)
    report_visit(ticket, visit, told, at=at, by=agent, key=client_key(request))
    Draft.objects.filter(user=agent.user, place=list_place(visit)).delete()
    return _("Reported.")


def number_typed(text: str, name: str, sentence: str) -> int:
    """Returns a whole number as typed; raises NotUnderstood with `sentence`."""
    if not text.strip().isdecimal() or len(text.strip()) > 6:
        raise NotUnderstood(**{name: sentence})
    return int(text)


def day_typed(text: str, name: str) -> date | None:
    """Returns the day of a `date` field, None for an empty one; raises NotUnderstood."""
    if not text.strip():
        return None
    day = day_in(text.strip())
    if day is None:
        raise NotUnderstood(**{name: _("Write the day like 2026-03-09.")})
    return day


def _plan(request: HttpRequest, agent: Agent, ticket: Ticket) -> Plan:
    given, desk = request.POST, desk_of(ticket)
    rule = visits_rule(desk, state_of(ticket))
    zone = zone_named(zone_of_team(desk, rule.carried_out_by if rule else ""))
    day = day_typed(given.get("day", ""), "day")
    if day is None:
        raise NotUnderstood(day=_("Choose the day it begins on."))
    lasts = number_typed(
        given.get("lasts", "1"), "lasts", _("Say how many days it lasts, as a number.")
    )
    begins, ends = (_clock(given.get(name, ""), name) for name in ("begins", "ends"))
    last = day + timedelta(days=min(max(lasts, 1), LONGEST.days + 1) - 1)
    people = [pk for pk in given.getlist("people") if pk.isdecimal() and len(pk) < 16]
    chosen = list(Agent.objects.filter(desk=agent.desk_id, pk__in=people).select_related("user"))
    return Plan(
        datetime.combine(day, begins, zone),
        datetime.combine(last, ends, zone),
        chosen,
        given.get("words", ""),
        "anyway" in given,
    )


def _clock(text: str, name: str) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        raise NotUnderstood(**{name: _("Write the time like 10:00.")}) from None


def _list_of_those(request: HttpRequest, uploads: Uploads, attended: int) -> File | None:
    """Returns the list that came along; one that can be read as a table has as many lines as people
    attended.
    """
    if uploads.error:
        raise NotUnderstood(list=uploads.error)
    file = next(iter(as_files(uploads.kept)), None)
    if file and file.name.lower().endswith(LISTS):
        try:
            _refuse_other_count(file.data, attended)
        except NoRoom:
            # The list is kept all the same: that it cannot be counted is no fault of who sends it.
            messages.warning(request, _("The list was kept; its lines could not be counted now."))
    return file


def _refuse_other_count(data: bytes, attended: int) -> None:
    try:
        lines = sum(any(cells) for _line, cells in open_sheet(data, most_tags=IN_A_PAGE).rows)
    except UnreadableList as unreadable:
        raise NotUnderstood(list=in_words(unreadable)) from None
    if lines != attended:
        words = _("The list has %(lines)s people and %(attended)s attended: correct one of them.")
        raise NotUnderstood(list=words % {"lines": lines, "attended": attended})
