"""Made-up lives: believable, decided by the engine, the same for the same seed."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deskbook.book.load import load_book
from deskbook.demo.desk_files import phrases_of
from deskbook.engine.apply import replay
from deskbook.engine.events import (
    Absorbed,
    Closed,
    LimitBreached,
    Merged,
    PaperReceived,
    PaperReturned,
    Redirected,
    StepDone,
    TeamArrived,
)
from deskbook.engine.ladder_events import ReminderSent
from deskbook.engine.procedures import open_steps
from deskbook.engine.rosters import Shift
from deskbook.engine.wake import next_wake_at
from deskbook.engine.work_events import Delivered, EstimateSigned, WorkBooked
from deskbook.lives.course import NotOpened, Scene
from deskbook.lives.life import Period, lives
from deskbook.lives.population import Population, Requester, Worker

BOOKS = Path(__file__).parents[2] / "books"
NOW = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)  # a Friday, 14:00 in Toronto
MONTH = Period(NOW - timedelta(days=30), NOW, 12, NOW)
# The campaign, where it runs until NOW.
RUNNING = {
    "2023-08-07": "2026-10-21",
    "2023-08-14": "2026-11-22",
}


def scene_of(book):
    text = (BOOKS / f"{book}.yaml").read_text(encoding="utf-8")
    for true, moved in RUNNING.items():
        text = text.replace(true, moved)
    desk = load_book(text, name=f"{book}.yaml").desk_or_raise()
    plans = list(desk.plans) or [None]
    languages = ("en", "or", "hi") if book == "mukta" else desk.languages
    requesters = [
        Requester(
            str(n),
            str(100 + n % 9),
            plans[n % len(plans)],
            language=languages[n % len(languages)],
            facets={"reporter": "field worker"} if n % 2 and book == "salama" else {},
        )
        for n in range(30)
    ]
    workers = [
        Worker(str(n), (team,)) for n, team in enumerate([*desk.teams, *desk.teams], start=1)
    ]
    return Scene(desk, Population(tuple(requesters), tuple(workers)), phrases_of(book))


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
    late = [
        life.number
        for life in lived
        if (at := next_wake_at(scene.desk, life.state)) is not None and at <= NOW
    ]
    assert late == []
    assert max(entry.at for life in lived for entry in life.entries) <= NOW


def test_a_desk_looked_at_on_a_sunday_has_done_nothing_on_monday():
    sunday = datetime(2026, 11, 22, 4, 50, tzinfo=UTC)
    lived = list(
        lives(scene_of("mukta"), Period(sunday - timedelta(days=10), sunday, 12, sunday), seed=7)
    )
    assert [life.number for life in lived if any(entry.at > sunday for entry in life.entries)] == []
    assert all(said.at <= sunday for life in lived for said in life.said)


def test_every_text_is_named_by_exactly_one_act_or_more_and_no_act_names_a_missing_text(month):
    _, lived = month
    for life in lived:
        named = {
            int(value)
            for entry in life.entries
            for name in ("message", "reason", "reference")
            if (value := getattr(entry.event, name, None))
        }
        assert named == set(range(1, len(life.said) + 1))
        assert not any("{" in said.text for said in life.said)


def test_most_cases_keep_their_times_and_some_do_not(month):
    _, lived = month
    breached = [
        life
        for life in lived
        if any(isinstance(entry.event, LimitBreached) for entry in life.entries)
    ]
    assert 0 < len(breached) < 0.2 * len(lived)


def test_some_cases_wait_some_are_worked_on_and_most_of_the_old_ones_are_closed(month):
    scene, lived = month
    acting = Counter(scene.desk.stages[life.state.stage].next for life in lived)
    assert acting["desk"] > 2
    assert acting["requester"] > 5
    old = [life for life in lived if life.state.opened_at < NOW - timedelta(days=24)]
    assert sum(life.state.closed_at is not None for life in old) > 0.8 * len(old)


def test_a_desk_can_be_looked_at_before_somebody_repeats_what_they_asked():
    scene = scene_of("sparkrock")
    for seed in range(15, 45):
        lived = lives(scene, Period(NOW - timedelta(hours=4), NOW, 60, NOW), seed=seed)
        assert all(life.state.opened_at < NOW for life in lived)


def test_a_case_opened_twice_is_merged_into_the_first(month):
    _, lived = month
    merged = {
        (life.number, int(e.event.into))
        for life in lived
        for e in life.entries
        if isinstance(e.event, Merged)
    }
    absorbed = {
        (int(e.event.ticket), life.number)
        for life in lived
        for e in life.entries
        if isinstance(e.event, Absorbed)
    }
    assert merged == absorbed
    assert merged
    assert all(lived[twin - 1].requester == lived[first - 1].requester for twin, first in merged)


def test_the_ladder_reminds_and_closes_where_nobody_answers():
    lived = list(lives(scene_of("sparkrock"), MONTH, seed=7))
    assert any(isinstance(entry.event, ReminderSent) for life in lived for entry in life.entries)
    assert any(
        isinstance(e.event, Closed) and e.event.cause == "silence"
        for life in lived
        for e in life.entries
    )


def test_the_same_seed_lives_the_same_lives_and_another_seed_others():
    scene = scene_of("sparkrock")
    week = replace(MONTH, from_at=NOW - timedelta(days=7))
    first, again, other = (list(lives(scene, week, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_few_cases_come_by_night():
    lived = list(lives(scene_of("sparkrock"), MONTH, seed=3))
    hours = Counter(
        life.state.opened_at.astimezone(ZoneInfo("America/Toronto")).hour for life in lived
    )
    assert sum(hours[hour] for hour in (22, 23, 0, 1, 2, 3, 4, 5)) < 0.1 * len(lived)


def test_phrases_that_do_not_fit_the_book_say_so():
    scene = scene_of("sparkrock")
    with pytest.raises(NotOpened, match="The book has no type"):
        wrong = replace(phrases_of("sparkrock").troubles[0], facets={"type": "wish"})
        list(
            lives(
                replace(scene, phrases=replace(phrases_of("sparkrock"), troubles=(wrong,))), MONTH
            )
        )


def happened(lived, kind):
    return [
        entry.event for life in lived for entry in life.entries if isinstance(entry.event, kind)
    ]


@pytest.fixture(scope="module")
def campaign():
    scene = scene_of("salama")
    return scene, list(lives(scene, MONTH, seed=7))


@pytest.fixture(scope="module")
def payroll():
    scene = scene_of("spark")
    return scene, list(lives(scene, MONTH, seed=7))


@pytest.mark.parametrize("desk", ["campaign", "payroll"])
def test_the_other_two_desks_live_by_the_same_rules(desk, request):
    month = request.getfixturevalue(desk)
    test_every_log_plays_back_to_the_ticket_it_made(month)
    test_everything_due_by_now_has_been_done(month)
    test_every_text_is_named_by_exactly_one_act_or_more_and_no_act_names_a_missing_text(month)


def test_cases_go_up_by_the_channels_of_the_book_and_come_back(campaign):
    scene, lived = campaign
    ways = {(hop.leaves, hop.arrives): set(hop.by) for hop in scene.desk.hops}
    level = {key: team.level for key, team in scene.desk.teams.items()}
    went = {
        (level[one.event.team], level[next_.event.team], next_.event.channel)
        for life in lived
        for one, next_ in pairwise([e for e in life.entries if isinstance(e.event, TeamArrived)])
    }
    assert all(channel in ways[leaves, arrives] for leaves, arrives, channel in went)
    assert {(leaves, arrives) for leaves, arrives, _ in went} == set(ways)


def test_what_is_the_programmes_ends_redirected_and_changes_are_held(campaign):
    _, lived = campaign
    assert len(happened(lived, Redirected)) > 3
    held = [life for life in lived if life.state.held_by]
    assert held
    assert {life.state.stage for life in held} == {"after the campaign"}


def test_nothing_is_solved_with_a_mandatory_step_open(campaign):
    scene, lived = campaign
    solved = [life.state for life in lived if scene.desk.stages[life.state.stage].solved]
    assert solved
    assert all(not open_steps(scene.desk, state) for state in solved)


def test_missing_papers_are_asked_for_in_the_requesters_language_and_bad_ones_sent_back(payroll):
    _, lived = payroll
    assert len(happened(lived, PaperReceived)) > 20
    assert happened(lived, PaperReturned)
    asked = "".join(
        said.text for life in lived if life.requester.language == "ml" for said in life.said
    )
    assert "FORM 3" in asked
    assert "ആവശ്യമാണ്" in asked


def test_estimates_are_signed_worked_off_and_delivered():
    lived = list(lives(scene_of("sparkrock"), MONTH, seed=7))
    signed = {event.estimate for event in happened(lived, EstimateSigned)}
    assert signed
    assert {event.estimate for event in happened(lived, WorkBooked)} <= signed
    assert happened(lived, Delivered)


def test_only_who_is_on_shift_works_where_there_is_a_roster():
    scene = scene_of("salama")
    nights = tuple(
        Shift(
            "2",
            "help desk",
            NOW - timedelta(days=n, hours=12),
            NOW - timedelta(days=n - 1, hours=12),
        )
        for n in range(32)
    )
    people = replace(scene.population, shifts=nights)
    lived = list(
        lives(
            replace(scene, population=people),
            replace(MONTH, from_at=NOW - timedelta(days=9)),
            seed=7,
        )
    )
    team = {worker.id for worker in people.workers if "help desk" in worker.teams}
    assert len(team) > 1
    ticked = {
        entry.by.id for life in lived for entry in life.entries if isinstance(entry.event, StepDone)
    }
    assert ticked & team == {"2"}


@pytest.mark.parametrize("book", ["spark", "mukta", "salama"])
def test_nobody_calls_chats_or_comes_while_that_way_is_closed(book):
    scene = scene_of(book)
    ways = scene.desk.channels
    came = Counter()
    for life in lives(scene, replace(MONTH, per_day=6), seed=3):
        opened = life.said[0]
        way = ways[opened.channel]
        came[way.key] += 1
        assert not way.hours or scene.desk.channel_hours(way).is_open(opened.at)
    assert len(came) > 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_campaign_that_is_nearly_over_is_lived_to_its_end(seed):
    until_at = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # an hour before the last evening's close
    lived = list(
        lives(
            scene_of("salama"),
            Period(until_at - timedelta(days=6), until_at, 12, until_at),
            seed=seed,
        )
    )
    assert len(lived) > 20
