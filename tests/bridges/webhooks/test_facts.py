"""A program is told of each kind of event what a line says, and no number of a confined case."""

from dataclasses import fields

import pytest
from django.utils import timezone

from deskbook.bridges.webhooks.facts import OF_ANOTHER_TICKET, TOLD, facts_told
from deskbook.engine.events import KINDS
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.relations import link_tickets, merge_ticket, unlink_tickets, unmerge_ticket
from tests.people_factory import make_agent, make_contact, make_desk
from tests.tickets.test_sight import BOOK

UNTOLD = {("InformationRequested", "awaited"), ("StageChanged", "stated"), ("Undone", "before")}
OF_OTHERS = ("ticket", "into", "out_of", "on")


@pytest.fixture
def desk(db):
    return make_desk("harbour", BOOK)


@pytest.fixture
def olga(desk):
    return make_agent(desk, "Olga", "owner", teams=("money",))


@pytest.fixture
def opened(desk):
    chitra = make_contact(desk, "Chitra")

    def one(category):
        new = NewCase("Of it", Written("Hello"), "portal", facets={"category": category})
        return open_ticket(chitra, new, at=timezone.now(), by=chitra).ticket

    return one


def told_of(case):
    return {entry.kind: facts_told(entry) for entry in case.log.order_by("seq")}


def test_each_kind_of_event_has_a_line_and_each_fact_of_it_is_told_or_named_here():
    assert set(TOLD) == set(KINDS)
    held = {(kind, one.name) for kind, made in KINDS.items() for one in fields(made)}
    told = {(kind, name) for kind, names in TOLD.items() for name in names.split()}
    assert held - told == UNTOLD
    assert told <= held


def test_each_fact_that_is_the_number_of_another_ticket_is_known_as_one():
    named = {(kind, one.name) for kind, made in KINDS.items() for one in fields(made)}
    others = {(kind, name) for kind, name in named if name in OF_OTHERS}
    assert others == set(OF_ANOTHER_TICKET.items())


@pytest.mark.parametrize("category", ["other", "pay"])
def test_the_number_of_a_linked_case_is_told_unless_it_is_confined(opened, olga, category):
    case, other = opened("other"), opened(category)
    link_tickets(case, other, at=timezone.now(), by=olga)
    unlink_tickets(case, other, at=timezone.now(), by=olga)
    number = {"ticket": str(other)} if category == "other" else {}
    told = told_of(case)
    assert told["Linked"] == number
    assert told["Unlinked"] == number


@pytest.mark.parametrize("category", ["other", "pay"])
def test_the_number_and_people_of_a_merged_case_are_told_unless_it_is_confined(
    opened, olga, category
):
    case, other = opened(category), opened("other")
    merge_ticket(case, other, at=timezone.now(), by=olga)
    unmerge_ticket(case, at=timezone.now(), by=olga)
    for kind, people in (("Absorbed", "joining"), ("Released", "leaving")):
        entry = other.log.get(kind=kind)
        entry.data = {**entry.data, people: ["7"]}
        assert set(facts_told(entry)) == ({"ticket", people} if category == "other" else set())


def test_a_kind_without_a_line_and_a_case_that_is_not_there_tell_nothing(opened):
    entry = opened("other").log.get(seq=1)
    entry.kind = "Unheard of"
    assert facts_told(entry) == {}
    entry.kind, entry.data = "Merged", {"into": "HRB-999"}
    assert facts_told(entry) == {}
