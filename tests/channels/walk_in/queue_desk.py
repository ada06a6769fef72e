"""A desk with one site: two counters, two services, two openings a day."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from deskbook.channels.walk_in.calling import call_next, remember_ticket, served, sit_down
from deskbook.channels.walk_in.devices import add_device, let_in
from deskbook.channels.walk_in.models import Kiosk, Token
from deskbook.channels.walk_in.sites import site_of
from deskbook.channels.walk_in.taking import Provisional, hear_of, take_token
from deskbook.people.books import apply_book
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.channels.walk_in.counter_book import BOOK, offering_no_login
from tests.people_factory import make_agent, make_contact, make_desk

NOON = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
"""Monday 12:00 in Kerala: visitors are let in."""
CLOSE = NOON + timedelta(hours=1)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def counter_desk(text=BOOK):
    return make_desk("counter", text)


def pmu(desk):
    return site_of(desk, "pmu")


def without_login(site, text=BOOK):
    """Return the site as it is under a book that offers no login any more."""
    return pmu(apply_book(site.helpdesk.key, offering_no_login(text), at=NOON, by=None))


def key():
    return uuid4().hex


def take(site, service="salary", at=NOON, **more):
    return take_token(site, service, at=at, key=more.pop("key", None) or key(), **more)


def counter(site, name="1", services=("salary", "login"), at=NOON, agent=None):
    agent = agent or make_agent(site.helpdesk, f"Asha{name}")
    return sit_down(site, name, list(services), at=at, by=agent)


def kiosk_at(site, name="Hall", at=NOON):
    """Return a kiosk that was let in."""
    agent = make_agent(site.helpdesk, f"Setup{name}".replace(" ", ""))
    _device, code = add_device(site, Kiosk.Kind.KIOSK, name, prints=False, at=at, by=agent)
    return let_in(site, Kiosk.Kind.KIOSK, code, at=at)[0]


def hear_of_late(site, service="login", at=NOON):
    """Return a token a kiosk gave while it was cut off, for a service not offered any more."""
    given = Provisional(key(), 1, service, "A1-01", at)
    return hear_of(kiosk_at(site), site, [given], clock=at, at=at)[0]


def serve(seat, at, took=5 * MINUTE):
    """Call the next visitor and serve them; return their token."""
    token = call_next(seat, at=at, by=seat.agent)
    contact = make_contact(seat.agent.desk)
    ticket = open_ticket(
        contact, NewCase("Visit", Written("hello"), "visit"), at=at, by=contact
    ).ticket
    remember_ticket(token, ticket, at=at, by=seat.agent)
    return served(token, seat, at=at + took, by=seat.agent)


def codes(tokens):
    return [token.code for token in tokens]


def fresh(token):
    return Token.objects.select_related("day").get(pk=token.pk)
