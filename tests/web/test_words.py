"""Times and events in words."""

from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from django.utils import timezone, translation

from deskbook.engine.channels import Channel
from deskbook.engine.events import KINDS, TeamArrived
from deskbook.engine.ticket import Actor
from deskbook.people import moments
from deskbook.people.books import desk_in_force
from deskbook.web import times
from deskbook.web.jinja import hue, initials
from deskbook.web.sentences import sentence
from deskbook.web.told import Names, Told, channel_title
from tests.people_factory import make_desk

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(days=3, minutes=5), "3 d"),
        (timedelta(days=3, hours=2, minutes=5), "3 d 2 h"),
        (-timedelta(hours=1), "1 h"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(span, words):
    assert times.spoken(span) == words


def test_a_due_time_is_told_as_ahead_or_late():
    assert times.until(NOON + timedelta(hours=2), NOON) == "in 2 h"
    assert times.until(NOON - timedelta(minutes=40), NOON) == "40 min late"
    assert times.until(NOON + timedelta(seconds=30), NOON) == "now"


def test_an_instant_bears_the_name_of_its_zone():
    with timezone.override("America/Toronto"):
        assert moments.written(NOON, year=True) == "Mon 2 Mar 2026, 12:00 EST"
        assert times.clock_time(NOON) == "12:00 EST"
    with timezone.override("Asia/Dubai"):
        assert moments.written(NOON, year=True).endswith("21:00 UTC+04")


def test_a_time_on_the_page_says_its_instant_to_machines_and_on_pointing():
    element = times.instant(NOON, "countdown")
    assert 'datetime="2026-03-02T17:00:00+00:00"' in element
    assert "data-countdown" in element
    assert "2026-03-02 17:00 UTC" in element
    assert times.instant(None) == ""


def test_every_kind_of_event_has_a_sentence(db):
    desk = desk_in_force(make_desk())
    told = Told(desk, Names(), Actor("agent", "7"))
    for kind in KINDS.values():
        with translation.override("en"):
            assert sentence(example(kind), told).text.strip(), kind.__name__


def test_a_way_is_named_in_the_readers_words_not_by_the_books_key(db):
    told = Told(desk_in_force(make_desk("mukta")), Names(), Actor("agent", "7"))
    handed = TeamArrived("second", cause="person", channel="phone")
    with translation.override("pt"):
        assert "por telefone" in sentence(handed, told).text


def example(kind):
    """Return an event of this kind with something in every field that must have one."""
    given = {}
    for field in fields(kind):
        if field.default is MISSING and field.default_factory is MISSING:
            wanted = get_type_hints(kind)[field.name]
            usual = 1 if wanted is int else NOON if field.name.endswith("_at") else "x"
            given[field.name] = get_args(wanted)[0] if get_origin(wanted) is Literal else usual
    given |= {"facets": {"type": "issue"}} if "facets" in given else {}
    return kind(**given)


def test_people_keep_their_initials_and_colour():
    assert initials("Asha Nair") == "AN"
    assert initials("Maria da Silva Santos") == "MS"
    assert initials("") == "?"
    assert hue("Asha Nair") == hue("Asha Nair") < 10


def test_a_channel_is_called_what_the_book_calls_it():
    named = {
        "visit": Channel("visit", "Hall of the treasury", "walk-in"),
        "email": Channel("email", "Email", "email"),
    }
    desk = SimpleNamespace(channels={**named, "pmu desk": Channel("pmu desk", "PMU desk")})
    assert [channel_title(key, desk) for key in desk.channels] == [
        "Hall of the treasury",
        "Mail",
        "PMU desk",
    ]
    assert channel_title("whatsapp", desk) == channel_title("whatsapp") == "WhatsApp"
