"""From what was told of a call to the call, to who should see it, and to what a missed one asks
for.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from structlog import get_logger

from deskbook.channels.contract import Incoming
from deskbook.channels.phone.callers import desk_region, people_at
from deskbook.channels.phone.calls import phone_channel
from deskbook.channels.phone.models import Call, CallEvent
from deskbook.channels.phone.numbers import is_withheld
from deskbook.channels.phone.told import Told
from deskbook.channels.way_in import take_in
from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.people.numbers import NoNumber, comparable, number_of, shown, spellings
from deskbook.people.open_screens import tell_open_screens
from deskbook.people.turns import take_turns
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.stages import close_reached

LONGEST_STRETCH = timedelta(days=8)
AN_HOUR, SOON = timedelta(hours=1), timedelta(minutes=15)
_log = get_logger(__name__)


@transaction.atomic
def take_in_event(helpdesk: HelpDesk, told: Told, *, at: datetime) -> tuple[Call, bool]:
    """Keeps what was told and brings the call up to date; returns it, and whether this was new.

    In whatever order events come the call ends the same. Told again, nothing happens.
    """
    call = _call_of(helpdesk, told, at)
    _event, made = CallEvent.objects.get_or_create(
        call=call, type=told.type, defaults={"told": dict(told.data), "received_at": at}
    )
    if not made:
        return call, False
    was_missed, before = call.state == Call.State.MISSED, call.agent_id
    _bring_up_to_date(call, told)
    call.save()
    if was_missed and call.state != Call.State.MISSED:
        _reached_after_all(call, at=at)
    if call.state == Call.State.MISSED and not was_missed and call.settled_at is None:
        _missed(call, at=at)
    for agent_id in {before, call.agent_id}:
        if agent_id is not None:
            _tell(call, agent_id)
    return call, True


def _call_of(helpdesk: HelpDesk, told: Told, at: datetime) -> Call:
    number = _number(helpdesk, told.caller)
    people = people_at(helpdesk, number)
    known, _made = Call.objects.get_or_create(
        desk=helpdesk,
        provider=told.provider,
        call_id=told.call_id,
        defaults={
            "direction": told.direction,
            "number": number,
            "started_at": told.started_at or told.at,
            "contact": people[0] if len(people) == 1 else None,
        },
    )
    return (
        Call.objects.select_for_update(no_key=True, of=("self",))
        .select_related("desk", "contact")
        .get(pk=known.pk)
    )


def _number(helpdesk: HelpDesk, text: str) -> str:
    if is_withheld(text):
        return ""
    try:
        return number_of(text, desk_region(helpdesk))
    except NoNumber:
        return text[:64]


def _bring_up_to_date(call: Call, told: Told) -> None:
    if not call.number:
        call.number = _number(call.desk, told.caller)
    call.started_at = min(call.started_at, told.started_at or told.at)
    call.answered_at = (
        call.answered_at or told.answered_at or (told.at if told.type == "answered" else None)
    )
    if told.type in ("ended", "missed"):
        call.ended_at = told.ended_at or told.at
    call.recording_url = told.recording_url or call.recording_url
    if told.extension:
        call.extension = told.extension
        call.agent = _agent_at(call.desk, told.extension)
    call.state = _state(call, told)


def _state(call: Call, told: Told) -> Call.State:
    types = set(call.events.values_list("type", flat=True))
    if call.answered_at is not None or "answered" in types:
        return Call.State.ENDED if types & {"ended", "missed"} else Call.State.ANSWERED
    unreached = (
        "missed" in types
        or (told.type == "ended" and not told.reached)
        or call.state == Call.State.MISSED
    )
    if unreached and call.direction == "inbound":
        return Call.State.MISSED
    return Call.State.ENDED if types & {"ended", "missed"} else Call.State.RINGING


def _agent_at(helpdesk: HelpDesk, extension: str) -> Agent | None:
    agents = Agent.objects.filter(desk=helpdesk, is_active=True)
    found = agents.filter(extension=extension).order_by("pk").first()
    if found is None:
        found = (
            agents.filter(phone=_number(helpdesk, extension))
            .exclude(phone="")
            .order_by("pk")
            .first()
        )
    return found


def _tell(call: Call, agent_id: int) -> None:
    """Lets the agent's screens know; what they may see of the call they ask for themselves."""
    user = Agent.objects.filter(pk=agent_id).values_list("user_id", flat=True).first()
    tell_open_screens({"desk": call.desk_id, "user": user, "call": call.pk})


def _missed(call: Call, *, at: datetime) -> None:
    """Out of the phone's hours a missed call becomes a case with a call-back; within them it waits
    in the list.
    """
    calendar = phone_hours(call.desk)
    try:
        opens_at = calendar.next_opening(call.started_at)
        if opens_at <= call.started_at or not call.number.startswith("+"):
            return
        call.opens_at = opens_at
        with transaction.atomic():
            _as_a_case(call, calendar, at=at)
        call.settled_at = at
    except NoOpening:
        return
    except Refused as refused:
        _log.warning(
            "a missed call could not become a case; it waits in the list",
            call=call.pk,
            why=refused.rule,
        )
    finally:
        call.save(update_fields=["opens_at", "ticket", "contact", "settled_at"])


def _reached_after_all(call: Call, *, at: datetime) -> None:
    """Takes back what the miss began, where nobody acted on it yet; from then on the call is as any
    that was answered.
    """
    ticket = call.ticket
    if ticket is None or call.opens_at is None or not _is_untouched(ticket, call):
        return
    try:
        with transaction.atomic():
            close_reached(ticket, at=at, key=f"missed call {call.pk} reached")
    except Refused as refused:
        _log.warning("the case of a call that was reached stays", call=call.pk, why=refused.rule)
        return
    call.ticket, call.opens_at, call.settled_at = None, None, None
    call.save(update_fields=["ticket", "opens_at", "settled_at"])


def _is_untouched(ticket: Ticket, call: Call) -> bool:
    """Whether a case holds nothing but this call, and nobody at the desk did anything there."""
    row = Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
    others = Call.objects.filter(ticket=row).exclude(pk=call.pk)
    acted = Q(actor__startswith="agent") | Q(kind__in=("CustomerWrote", "OutsiderWrote"))
    return row.is_open and not others.exists() and not row.log.filter(acted).exists()


def phone_hours(helpdesk: HelpDesk) -> Calendar:
    """Returns when calls are taken: the phone channel's hours, else the desk's."""
    desk = desk_in_force(helpdesk)
    channel = desk.channel_of("phone")
    return desk.channel_hours(channel) if channel else desk.calendars[desk.hours]


def usual_time(helpdesk: HelpDesk, *, at: datetime) -> datetime:
    """Returns when somebody is called back unless something else is agreed: an open hour from
    now.
    """
    calendar = phone_hours(helpdesk)
    try:
        opens_at, closes_at = next_stretch(calendar, at)
        due_at = min(max(opens_at, at) + AN_HOUR, closes_at)
        if due_at - at < SOON:
            opens_at, closes_at = next_stretch(calendar, closes_at)
            due_at = min(opens_at + AN_HOUR, closes_at)
    except NoOpening:
        due_at = at + AN_HOUR
    return due_at.replace(second=0, microsecond=0)


def next_stretch(calendar: Calendar, after: datetime) -> tuple[datetime, datetime]:
    """Returns the open stretch that is on at `after` or comes next: its opening and its close.
    Raises NoOpening.
    """
    opens_at = calendar.next_opening(after)
    _opens, closes_at, _day = next(calendar.segments(opens_at, opens_at + LONGEST_STRETCH))
    return opens_at, closes_at


def _as_a_case(call: Call, calendar: Calendar, *, at: datetime) -> None:
    """One case per caller and closed time: who rings again is added to it."""
    take_turns(f"{call.desk_id} {comparable(call.number)}")
    caller = call.contact or _who(call)
    before = Call.objects.filter(
        desk=call.desk_id,
        number__in=spellings(call.number),
        opens_at=call.opens_at,
        ticket__isnull=False,
    )
    earlier = before.exclude(pk=call.pk).select_related("ticket__desk").order_by("pk").first()
    with translation.override(caller.language or "en"):
        incoming = _incoming(call, caller, earlier, at)
    recorded = take_in(incoming)
    call.ticket, call.contact = recorded.ticket, caller
    if earlier is None or earlier.ticket != recorded.ticket:
        opens_at, closes_at = next_stretch(calendar, max(at, call.started_at))
        ring = Ring(call.number, closes_at, from_at=opens_at)
        promise_call_back(recorded.ticket, ring, at=at, by=None, key=f"missed call {call.pk} back")


def _who(call: Call) -> Contact:
    people = people_at(call.desk, call.number)
    return (
        people[0]
        if people
        else find_or_make_contact(call.desk, "phone", call.number, sign_in=False)
    )


def _incoming(call: Call, caller: Contact, earlier: Call | None, at: datetime) -> Incoming:
    desk = desk_in_force(call.desk)
    when = formatted(call.started_at.astimezone(zone_named(desk.zone)), "D j M, H:i")
    words = {"number": shown(call.number), "when": f"{when} ({desk.zone})"}
    again = _("%(number)s rang again on %(when)s. We were closed.") % words
    first = _("%(number)s rang on %(when)s. We were closed; nobody answered.") % words
    written = Written(again if earlier else first, sender=call.number)
    return Incoming(
        caller,
        phone_channel(desk),
        written,
        at,
        f"missed call {call.pk}",
        subject=_("Missed call from %(number)s") % words,
        ticket=earlier.ticket if earlier else None,
    )
