"""The phone of a demo desk: extensions, people to call back, calls missed in the day and in the
night.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from deskbook.channels.phone.callers import numbers_of
from deskbook.channels.phone.models import Call
from deskbook.channels.phone.taking_in import take_in_event, usual_time
from deskbook.channels.phone.told import Told
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.models import Ticket

PROVIDER = "office exchange"
DUE = (timedelta(minutes=25), timedelta(hours=2), timedelta(hours=5))
FIRST_EXTENSION = 201


def make_calls(
    helpdesk: HelpDesk, agents: Sequence[Agent], contacts: Sequence[Contact], *, at: datetime
) -> None:
    """Fills the lists of the phone; nothing for a desk whose book has no phone, or whose people
    have no numbers.
    """
    callers = [contact for contact in contacts[:12] if numbers_of(contact)]
    if desk_in_force(helpdesk).channel_of("phone") is None or len(callers) < len(DUE):
        return
    for extension, agent in enumerate(agents, start=FIRST_EXTENSION):
        agent.extension = str(extension)
    Agent.objects.bulk_update(agents, ["extension"])
    _promise(helpdesk, agents[0], at)
    _miss_in_the_day(helpdesk, callers[0], at)
    night = at.astimezone(zone_named(desk_in_force(helpdesk).zone)).replace(
        hour=22, minute=10, second=0, microsecond=0
    )
    told = Told(
        PROVIDER, "night", "missed", night - timedelta(days=1), caller=numbers_of(callers[1])[0]
    )
    take_in_event(helpdesk, told, at=at)


def _promise(helpdesk: HelpDesk, by: Agent, at: datetime) -> None:
    waiting = Ticket.objects.filter(
        desk=helpdesk, is_open=True, waits_for="desk", requester__identities__channel="phone"
    )
    usual = usual_time(helpdesk, at=at)
    for ticket, after in zip(
        waiting.select_related("desk", "requester").order_by("-opened_at")[:3], DUE, strict=False
    ):
        due_at = max(at + after, usual)
        try:
            promise_call_back(ticket, Ring(numbers_of(ticket.requester)[0], due_at), at=at, by=by)
        except Refused:
            continue


def _miss_in_the_day(helpdesk: HelpDesk, caller: Contact, at: datetime) -> None:
    rows = [
        (numbers_of(caller)[0], caller, timedelta(minutes=35)),
        ("", None, timedelta(minutes=80)),
    ]
    Call.objects.bulk_create(
        Call(
            desk=helpdesk,
            provider=PROVIDER,
            call_id=f"day {n}",
            number=number,
            contact=contact,
            started_at=at - ago,
            ended_at=at - ago + timedelta(seconds=40),
            state=Call.State.MISSED,
        )
        for n, (number, contact, ago) in enumerate(rows)
    )
