"""Made-up lives: believable, decided by the engine, the same for the same seed."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deskbook.book.load import load_book
from deskbook.engine.apply import replay
from deskbook.engine.clocks import readings
from deskbook.engine.events import Absorbed, Closed, LimitBreached, Merged, ReminderSent
from deskbook.engine.wake import next_wake_at
from deskbook.simulation.course import NotOpened, Scene
from deskbook.simulation.life import Period, lives, recast
from deskbook.simulation.phrases_municipal import MUNICIPAL
from deskbook.simulation.phrases_software import SOFTWARE
from deskbook.simulation.population import Population, Requester, Worker

BOOKS = Path(__file__).parents[2] / "books"
NOW = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)  # a Friday, 14:00 in Toronto
MONTH = Period(NOW - timedelta(days=30), NOW, 12, NOW)
PHRASES = {"sparkrock": SOFTWARE, "mukta": MUNICIPAL}


def scene_of(book):
    desk = load_book(BOOKS / f"{book}.yaml").desk_or_raise()
    plans = list(desk.plans) or [None]
    languages = ("en", "or", "hi") if book == "mukta" else ("en",)
    requesters = [
        Requester(str(n), str(100 + n % 9), plans[n % len(plans)], language=languages[n % len(languages)])
        for n in range(30)
    ]
    workers = [Worker(str(n), (team,)) for n, team in enumerate([*desk.teams, *desk.teams], start=1)]
    return Scene(desk, Population(tuple(requesters), tuple(workers)), PHRASES[book])


@pytest.fixture(scope="module", params=["sparkrock", "mukta"])
def month(request):
    scene = scene_of(request.param)
    return scene, list(lives(scene, MONTH, seed=7))


def test_every_log_plays_back_to_the_ticket_it_made(month):
    _, lived = month
    assert all(replay(life.entries) == life.state for life in lived)
    assert len(lived) > 150


def test_everything_due_by_now_has_been_done(month):
    scene, lived = month
    late = [life.number for life in lived if (at := next_wake_at(scene.desk, life.state)) is not None and at <= NOW]
    assert late == []
    assert max(entry.at for life in lived for entry in life.entries) <= NOW


def test_a_desk_looked_at_on_a_sunday_has_done_nothing_on_monday():
    sunday = datetime(2026, 11, 22, 4, 50, tzinfo=UTC)
    lived = list(lives(scene_of("mukta"), Period(sunday - timedelta(days=10), sunday, 12, sunday), seed=7))
    assert [life.number for life in lived if any(entry.at > sunday for entry in life.entries)] == []
    assert all(said.at <= sunday for life in lived for said in life.said)


def test_every_text_is_named_by_exactly_one_act_or_more_and_no_act_names_a_missing_text(month):
    _, lived = month
    for life in lived:
        named = {
            int(value)
            for entry in life.entries
            for name in ("message", "reason")
            if (value := getattr(entry.event, name, None))
        }
        assert named == set(range(1, len(life.said) + 1))
        assert not any("{" in said.text for said in life.said)


def test_most_cases_keep_their_times_and_some_do_not(month):
    _, lived = month
    breached = [life for life in lived if any(isinstance(entry.event, LimitBreached) for entry in life.entries)]
    assert 0 < len(breached) < 0.2 * len(lived)


def test_some_cases_wait_some_are_worked_on_and_most_of_the_old_ones_are_closed(month):
    scene, lived = month
    acting = Counter(scene.desk.stages[life.state.stage].next for life in lived)
    assert acting["desk"] > 2
    assert acting["requester"] > 5
    old = [life for life in lived if life.state.opened_at < NOW - timedelta(days=24)]
    assert sum(life.state.closed_at is not None for life in old) > 0.8 * len(old)


def test_a_case_opened_twice_is_merged_into_the_first(month):
    _, lived = month
    merged = {(life.number, int(e.event.into)) for life in lived for e in life.entries if isinstance(e.event, Merged)}
    absorbed = {
        (int(e.event.ticket), life.number) for life in lived for e in life.entries if isinstance(e.event, Absorbed)
    }
    assert merged == absorbed
    assert merged
    assert all(lived[twin - 1].requester == lived[first - 1].requester for twin, first in merged)


def test_the_ladder_reminds_and_closes_where_nobody_answers():
    lived = list(lives(scene_of("sparkrock"), MONTH, seed=7))
    assert any(isinstance(entry.event, ReminderSent) for life in lived for entry in life.entries)
    assert any(isinstance(e.event, Closed) and e.event.cause == "silence" for life in lived for e in life.entries)


def test_the_same_seed_lives_the_same_lives_and_another_seed_others():
    scene = scene_of("sparkrock")
    week = replace(MONTH, from_at=NOW - timedelta(days=7))
    first, again, other = (list(lives(scene, week, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_few_cases_come_by_night():
    lived = list(lives(scene_of("sparkrock"), MONTH, seed=3))
    hours = Counter(life.state.opened_at.astimezone(ZoneInfo("America/Toronto")).hour for life in lived)
    assert sum(hours[hour] for hour in (22, 23, 0, 1, 2, 3, 4, 5)) < 0.1 * len(lived)


def test_a_life_recast_for_another_requester_of_the_plan_is_what_the_engine_would_have_decided():
    scene = scene_of("sparkrock")
    life = next(iter(lives(scene, MONTH, seed=5)))
    other = replace(life.requester, id="900", organisation="901")
    again = recast(life, other)
    assert again.state.requester == "900"
    assert again.state.organisation == "901"
    assert readings(scene.desk, again.state) == readings(scene.desk, life.state)


def test_phrases_that_do_not_fit_the_book_say_so():
    scene = scene_of("sparkrock")
    with pytest.raises(NotOpened, match="The book has no type"):
        wrong = replace(SOFTWARE.troubles[0], facets={"type": "wish"})
        list(lives(replace(scene, phrases=replace(SOFTWARE, troubles=(wrong,))), MONTH))
