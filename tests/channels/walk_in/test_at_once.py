"""Many at one instant, each with a connection of its own: nobody gets the other's token, and nobody
is skipped.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from deskbook.channels.walk_in.calling import call_next
from deskbook.channels.walk_in.models import SiteDay, Token
from deskbook.channels.walk_in.report import out_of_order
from deskbook.channels.walk_in.taking import Provisional, hear_of
from tests.channels.walk_in.counter_book import ALWAYS
from tests.channels.walk_in.queue_desk import codes, counter, counter_desk, key, kiosk_at, pmu, take

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Do all of them from one starting shot; return what each returned, in the order given."""
    shot = Barrier(len(acts))

    def done(act):
        shot.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result() for future in [threads.submit(done, act) for act in acts]]


def test_two_counters_that_press_next_at_once_get_the_first_two_tokens():
    site = pmu(counter_desk(ALWAYS))
    for _round in range(5):
        Token.objects.filter(state="called").update(state="given back")
        first, second = (take(site, at=timezone.now()) for _n in range(2))
        seats = [
            counter(site, name, at=timezone.now(), agent=_agent(site, name)) for name in ("1", "2")
        ]
        called = at_once(
            *(lambda seat=seat: call_next(seat, at=timezone.now(), by=seat.agent) for seat in seats)
        )
        assert sorted(codes(called)) == [first.code, second.code]
    assert out_of_order(SiteDay.objects.get()) == []


def test_one_counter_that_presses_next_twice_at_once_calls_one():
    site = pmu(counter_desk(ALWAYS))
    take(site, at=timezone.now()), take(site, at=timezone.now())
    seat = counter(site, at=timezone.now())
    called = at_once(*[lambda: call_next(seat, at=timezone.now(), by=seat.agent)] * 2)
    assert called[0] == called[1]
    assert Token.objects.filter(state="called").count() == 1


def test_ten_visitors_at_once_get_ten_numbers_in_the_order_of_their_places():
    site = pmu(counter_desk(ALWAYS))
    at_once(*[lambda: take(site, at=timezone.now())] * 10)
    assert codes(Token.objects.order_by("taken_at", "pk")) == [f"A{n:03}" for n in range(1, 11)]


def test_an_upload_sent_twice_at_once_is_taken_in_once():
    site = pmu(counter_desk(ALWAYS))
    kiosk, at = kiosk_at(site, at=timezone.now()), timezone.now()
    hear_of(kiosk, site, [], clock=at, at=at)
    given = [
        Provisional(key(), n, "salary", f"A1-{n:02}", at + timedelta(seconds=n))
        for n in range(1, 6)
    ]
    later = at + timedelta(minutes=1)
    at_once(*[lambda: hear_of(kiosk, site, given, clock=later, at=later)] * 3)
    assert codes(Token.objects.order_by("taken_at", "pk")) == [one.code for one in given]


def _agent(site, name):
    from deskbook.people.models import Agent
    from tests.people_factory import make_agent

    known = Agent.objects.filter(desk=site.helpdesk, user__name=f"Asha{name}").first()
    return known or make_agent(site.helpdesk, f"Asha{name}")
