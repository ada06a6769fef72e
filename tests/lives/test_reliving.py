"""A month of each of the four desks, lived again: by its own book all is as it was."""

from dataclasses import fields, replace

import pytest

from deskbook.engine.amounts import parse_amount
from deskbook.engine.clocks import readings
from deskbook.engine.reliving import relive
from deskbook.lives.life import lives
from tests.lives.test_life import MONTH, NOW, scene_of

BOOKS = ("sparkrock", "mukta", "spark", "salama")


def month_of(book):
    scene = scene_of(book)
    return scene.desk, list(lives(scene, MONTH, seed=2))


def again(desk, new, life):
    return relive(new, lambda _version: desk, life.entries, until_at=NOW)


@pytest.mark.parametrize("book", BOOKS)
def test_by_the_book_in_force_a_month_is_what_happened(book):
    desk, month = month_of(book)
    assert len(month) > 100
    for life in month:
        relived = again(desk, desk, life)
        assert relived.refused == ()
        unlike = [
            field.name
            for field in fields(life.state)
            if field.name != "seq"
            and getattr(life.state, field.name) != getattr(relived.ticket, field.name)
        ]
        assert unlike == [], life.subject


def late(desk, tickets):
    return sum(
        reading.kind == "response" and reading.breached(at=NOW)
        for ticket in tickets
        for reading in readings(desk, ticket)
    )


def test_a_shorter_promise_makes_more_of_the_month_late():
    desk, month = month_of("sparkrock")
    shorter = tuple(
        replace(target, limit=parse_amount("10m"), after_hours=None)
        if target.clock == "response"
        else target
        for target in desk.targets
    )
    new = replace(desk, targets=shorter)
    relived = [again(desk, new, life).ticket for life in month]
    assert late(new, relived) > late(desk, [life.state for life in month])
    assert any("limit response" in ticket.passed for ticket in relived)


def test_a_stage_the_new_book_has_not_is_counted_and_left_out():
    desk, month = month_of("sparkrock")
    kept = {key: stage for key, stage in desk.stages.items() if key != "complete"}
    relived = [again(desk, replace(desk, stages=kept), life) for life in month]
    assert {stage for one in relived for stage in one.refused} == {"Complete"}
    assert all(stay.stage != "complete" for one in relived for stay in one.ticket.stays)


def test_a_case_goes_to_the_team_of_the_new_rules():
    desk, month = month_of("salama")
    rules = tuple(replace(rule, to="egov india") for rule in desk.rules)
    arrived = [
        again(desk, replace(desk, rules=rules), life).ticket.visits[0].team for life in month
    ]
    assert set(arrived) == {"egov india"}
