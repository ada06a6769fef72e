"""An export of Zendesk comes along: its tickets, a line each, with their comments."""

import json

import pytest

from deskbook.moving.models import CameFrom
from deskbook.tickets.models import Ticket
from deskbook.tickets.verify import broken_links
from tests.moving.elsewhere import agents_of, brought, small_desk

pytestmark = pytest.mark.django_db
WORDS = {"severity": {"*": "low"}, "team": {"*": ""}}
USERS = [
    {"id": 1, "name": "Chitra", "email": "chitra@school.example", "role": "end-user"},
    {"id": 2, "name": "Asha", "email": "asha@small.example", "role": "agent"},
    {"id": 3, "name": "Zoe", "email": "zoe@small.example", "role": "admin"},
]
TICKET = {
    "id": 35436,
    "subject": "Printer",
    "description": "It hums.",
    "status": "closed",
    "priority": "high",
    "type": "question",
    "via": {"channel": "email"},
    "requester": {"id": 1, "name": "Chitra", "email": "chitra@school.example"},
    "assignee": {"id": 2, "name": "Asha", "email": "asha@small.example"},
    "organization": {"id": 9, "name": "Northwind Schools"},
    "group": {"id": 7, "name": "Tier 1"},
    "tags": ["k12"],
    "custom_fields": [{"id": 360, "title": "Module", "value": "GL"}],
    "created_at": "2024-03-04T15:00:00Z",
    "updated_at": "2024-03-12T15:00:00Z",
    "metric_set": {"solved_at": "2024-03-08T15:00:00Z"},
    "comments": [
        {"id": 11, "author_id": 1, "body": "It hums.", "created_at": "2024-03-04T15:00:00Z"},
        {
            "id": 12,
            "author_id": 2,
            "body": "We look.",
            "html_body": "<p>We look.</p>",
            "public": True,
            "created_at": "2024-03-05T15:00:00Z",
        },
        {
            "id": 13,
            "author_id": 3,
            "body": "The fuser.",
            "public": False,
            "created_at": "2024-03-06T15:00:00Z",
        },
    ],
}


@pytest.fixture
def export(tmp_path):
    """Return the folder of an export: three tickets, of which one was thrown away."""
    lines = [
        TICKET,
        {**TICKET, "id": 2, "status": "pending", "comments": None, "requester": None}
        | {"requester_id": 1},
        {**TICKET, "id": 3, "status": "deleted"},
    ]
    (tmp_path / "tickets.json").write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "users.json").write_text(json.dumps({"users": USERS, "count": 3}))
    return tmp_path


def case(number):
    return CameFrom.objects.get(source="zendesk", number=number).ticket


def said_on(row):
    said = row.messages.exclude(text__startswith="zendesk ").order_by("pk")
    return list(said.values_list("kind", "text"))


def test_all_that_was_said_comes_along_and_what_was_for_the_desk_stays_so(export):
    move = brought(small_desk(), export, "zendesk", WORDS)
    assert (move.came, move.messages) == (2, 4)
    assert said_on(case("35436")) == [
        ("request", "It hums."),
        ("answer", "We look."),
        ("note", "The fuser."),
    ]
    assert [one.sentence for one in move.left_out.all()] == [
        "Ticket 3 was thrown away there, or held for spam."
    ]
    assert list(broken_links(Ticket.objects.all())) == []


def test_it_ended_when_it_was_solved_there_and_its_people_are_known_by_their_users(export):
    desk = small_desk()
    brought(desk, export, "zendesk", WORDS)
    row = case("35436")
    assert (row.outcome, row.closed_at.isoformat()) == ("solved", "2024-03-08T15:00:00+00:00")
    assert (row.requester.name, row.organisation.name) == ("Chitra", "Northwind Schools")
    assert agents_of(desk) == {"asha@small.example": False, "zoe@small.example": False}


def test_a_ticket_without_its_comments_has_what_was_asked(export):
    brought(small_desk(), export, "zendesk", WORDS)
    row = case("2")
    assert (row.stage, row.is_open, row.requester.name) == ("waiting", True, "Chitra")
    assert said_on(row) == [("request", "It hums.")]


def test_what_zendesk_kept_of_it_is_a_note_for_the_desk(export):
    brought(small_desk(), export, "zendesk", WORDS)
    kept = case("35436").messages.get(text__startswith="zendesk 35436").text
    assert "Module: GL" in kept and "tags: k12" in kept and "team: Tier 1" in kept
