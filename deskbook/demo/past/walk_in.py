"""The walk-in queue of the demo: a morning at one site, with people waiting now."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

from django.utils.crypto import salted_hmac

from deskbook.channels.walk_in.calling import (
    MOST_CALLS,
    call_next,
    recall,
    served,
    set_aside,
    sit_down,
    visitor_at,
)
from deskbook.channels.walk_in.cases import WalkIn, log_walk_in
from deskbook.channels.walk_in.devices import cookie_hash
from deskbook.channels.walk_in.models import CounterSeat, Kiosk
from deskbook.channels.walk_in.sites import WalkInSite, sites_of
from deskbook.channels.walk_in.taking import Visitor, take_token
from deskbook.demo import said as told
from deskbook.demo.desk_files import said_at
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.tickets.messages import Written

MORNING = timedelta(minutes=100)
VISITORS = 16
Step = tuple[datetime, Callable[[datetime], None]]
_HOURS = re.compile(r"( {4}name: Visitors[^\n]*\n) {4}mon-sat: \[[^\]\n]*\]\n {4}closed: [^\n]*\n")
_NOTE = (
    "# A copy made for the demo: visitors are received at any hour. The true hours are in the book"
    " of the desk.\n"
)


def visitors_all_day(text: str) -> str:
    """Returns a book with visitor hours around the clock, and a line that says so; other books come
    back as they are.

    Somebody looks at the demo at any hour, and a queue that is closed shows little.
    """
    moved = _HOURS.sub(r"\1    mon-sun: 00:00-24:00\n", text)
    return text if moved == text else _NOTE + moved


def demo_cookie(device: Kiosk) -> str:
    """Returns what a browser's cookie holds that is let in as a device of the demo, without a
    code.
    """
    return f"{device.pk}.{salted_hmac('deskbook demo device', str(device.pk)).hexdigest()}"


def make_queue(
    helpdesk: HelpDesk, agents: Sequence[Agent], contacts: Sequence[Contact], *, at: datetime
) -> None:
    """Fills the first site that gives tokens: some served, one at a counter, one set aside, some
    waiting.
    """
    site = next(sites_of(helpdesk), None)
    people = [agent for agent in agents if site and site.site.team in agent.teams]
    if site is None or len(people) < 2 or not site.is_open(at):
        return
    _let_in(site, people[0], at)
    began = max(at - MORNING, datetime.combine(site.day(at), datetime.min.time(), site.zone))
    pace = (at - began) / (VISITORS + 4)
    mine, other = (
        sit_down(site, counter, list(site.services), at=began, by=agent)
        for counter, agent in zip(site.site.counters[:2], people[:2], strict=True)
    )
    for happens_at, act in sorted(
        [*_arrivals(site, contacts, began, pace), *_calls(site, (mine, other), began, pace)],
        key=lambda step: step[0],
    ):
        act(happens_at)


def _arrivals(
    site: WalkInSite, contacts: Sequence[Contact], began: datetime, pace: timedelta
) -> Iterator[Step]:
    for n, (service, contact) in enumerate(
        zip(cycle(site.services), contacts[:VISITORS], strict=False)
    ):
        visitor = Visitor(contact.language, contact=contact)
        key = f"demo-{site.helpdesk.key}-token-{n:04}"
        yield began + n * pace, partial(_arrives, site, service, key, visitor)


def _calls(
    site: WalkInSite, seats: tuple[CounterSeat, CounterSeat], began: datetime, pace: timedelta
) -> Iterator[Step]:
    """Visits at two counters in turn; then somebody does not come, and somebody else is at the
    second counter now.
    """
    for n, said in enumerate(said_at(site.helpdesk.key).visitors):
        called_at = began + (2 * n + 3) * pace
        yield called_at, partial(_calls_next, seats[n % 2])
        yield called_at + pace * (1.6 + n % 3), partial(_serves, site, seats[n % 2], said)
    missing_at, again = began + 16.7 * pace, max(pace / 5, timedelta(seconds=12))
    yield missing_at, partial(_calls_next, seats[1])
    for times in (1, 2, 3):
        yield missing_at + times * again, partial(_misses, seats[1])
    yield began + (VISITORS + 3) * pace, partial(_calls_next, seats[1])


def _arrives(site: WalkInSite, service: str, key: str, visitor: Visitor, at: datetime) -> None:
    take_token(site, service, at=at, key=key, visitor=visitor)


def _calls_next(seat: CounterSeat, at: datetime) -> None:
    call_next(seat, at=at, by=seat.agent)


def _serves(site: WalkInSite, seat: CounterSeat, said: told.Visitor, at: datetime) -> None:
    token = visitor_at(seat)
    if token and token.contact:
        visit = WalkIn(token.contact, said.subject, Written(said.text))
        log_walk_in(site, token, visit, at=at, by=seat.agent)
        served(token, seat, at=at, by=seat.agent)


def _misses(seat: CounterSeat, at: datetime) -> None:
    token = visitor_at(seat)
    if token and token.calls < MOST_CALLS:
        recall(token, seat, at=at, by=seat.agent)
    elif token:
        set_aside(token, seat, at=at, by=seat.agent)


def _let_in(site: WalkInSite, agent: Agent, at: datetime) -> None:
    for number, (kind, name) in enumerate(
        ((Kiosk.Kind.KIOSK, "Kiosk in the hall"), (Kiosk.Kind.DISPLAY, "Wall")), 1
    ):
        device = Kiosk.objects.create(
            desk=site.helpdesk,
            site=site.site.key,
            kind=kind,
            number=number,
            name=name,
            added_by=agent,
        )
        device.token_hash = cookie_hash(demo_cookie(device).partition(".")[2])
        device.save(update_fields=["token_hash"])
