"""Live updates over a real connection."""

import asyncio
import http.client
from time import monotonic
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from deskbook.web import live, stream_queue
from deskbook.web.hub import AGENTS, connection_parameters, hub

pytestmark = pytest.mark.browser  # needs the running server, as browser tests do


@pytest.fixture
def stream(live_desk, asha):
    """Open a stream as Asha; read events from it."""
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    opened = []

    def at(address, **headers):
        connection = http.client.HTTPConnection(urlsplit(live_desk).netloc, timeout=10)
        connection.request("GET", address, headers={"Cookie": cookie, **headers})
        opened.append(connection)
        return connection.getresponse()

    yield at
    for connection in opened:
        connection.close()


def next_event(response, name):
    """Read until the named event; return its id."""
    id_ = None
    while True:
        line = response.readline().decode().strip()
        if line.startswith("id: "):
            id_ = int(line.removeprefix("id: "))
        if line == f"event: {name}":
            return id_


def test_a_screen_that_was_away_is_told_what_it_missed(stream, case):
    first = case.log.order_by("pk").first()
    newest = LogEntry.objects.order_by("-pk").first()
    away = stream(f"/live/tickets/{case}", **{"Last-Event-ID": str(first.pk - 1)})
    assert away.headers["Content-Type"] == "text/event-stream"
    assert next_event(away, "changed") == newest.pk


def test_a_change_is_told_with_the_number_of_its_log_entry(stream, case, asha):
    listening = stream("/live/console")
    note_on_ticket(case, Written("Look here"), at=timezone.now(), by=asha)
    told = next_event(listening, "changed")
    if told is None:
        # The listener had only just begun and said: whatever was before, look yourself.
        note_on_ticket(case, Written("Look again"), at=timezone.now(), by=asha)
        told = next_event(listening, "changed")
    assert LogEntry.objects.get(pk=told).kind == "Noted"


def test_streams_hold_no_database_connection(stream, case):
    from django.db import connection

    # More of them than the threads of pages (8), of streams (4) and the listener may have a
    # connection.
    streams = [stream(f"/live/tickets/{case}") for _ in range(24)]
    for response in streams:
        next_event(response, "presence")
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <>"
            " pg_backend_pid()"
        )
        others = cursor.fetchone()[0]
    assert others < len(streams)


@pytest.fixture
def asked(console, desk, case):
    """Ask for a page as Asha and return whether she may still see the desk's stream and the
    ticket's.
    """
    request = console.get("/console/").wsgi_request
    return lambda: {live.may_still(request, desk.pk), live.may_still(request, None, str(case))}


def test_who_is_still_signed_in_and_at_the_desk_is_told_on(asked):
    assert asked() == {True}


def test_who_signed_out_is_told_nothing_more(asked, console):
    console.logout()
    assert asked() == {False}


@pytest.mark.parametrize("what", ["seat", "account"])
def test_who_was_deactivated_is_told_nothing_more(asked, asha, what):
    row = asha if what == "seat" else asha.user
    row.is_active = False
    row.save()
    assert asked() == {False}


@pytest.mark.django_db
def test_a_stream_ends_when_its_viewer_may_see_it_no_longer(monkeypatch):
    monkeypatch.setattr(live, "RIGHTS_LAST", -1.0)
    monkeypatch.setattr(stream_queue, "KEEP_ALIVE", 0.01)

    async def not_any_more():
        return False

    async def heard():
        telling = live.Telling((AGENTS,), not_any_more)
        return [event async for event in live._events(telling)]

    assert asyncio.run(heard()) == [b"retry: 2000\n\n"]


@pytest.mark.django_db
def test_a_stream_ends_at_once_when_its_viewer_is_switched_off(monkeypatch):
    monkeypatch.setattr(stream_queue, "KEEP_ALIVE", 5.0)

    async def not_any_more():
        return False

    async def heard():
        telling = live.Telling((("desk", 1), AGENTS), not_any_more)
        events = live._events(telling)
        told = [await anext(events)]
        asyncio.get_running_loop().call_later(0.2, hub().tell, {"desk": 1, "agents": True})
        return told + [event async for event in events]

    begun = monotonic()
    told = asyncio.run(heard())
    assert told[0] == b"retry: 2000\n\n"
    assert len(told) <= 2  # that the listener has begun: look for yourself
    assert monotonic() - begun < 4.0


@pytest.mark.django_db
def test_the_listener_connects_by_all_that_the_address_of_the_database_says(monkeypatch):
    from django.db import connection

    said = {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ca.pem",
        "options": "-c search_path=desk",
    }
    monkeypatch.setitem(
        connection.settings_dict, "OPTIONS", {**connection.settings_dict["OPTIONS"], **said}
    )
    assert said.items() <= connection_parameters().items()
