"""What Zammad's API answers comes along, with names beside ids or with assets."""

import json

import pytest

from deskbook.moving.models import CameFrom
from deskbook.tickets.verify import broken_links
from tests.moving.elsewhere import agents_of, brought, small_desk

pytestmark = pytest.mark.django_db
TICKET = {
    "id": 3,
    "group_id": 1,
    "priority_id": 3,
    "state_id": 4,
    "organization_id": 9,
    "number": "84003",
    "title": "Printer hums",
    "owner_id": 5,
    "customer_id": 7,
    "close_at": "2024-03-08T15:00:00.000Z",
    "created_at": "2024-03-04T15:00:00.000Z",
    "updated_at": "2024-03-12T15:00:00.000Z",
    "module": "GL",
}
EXPANDED = {
    "group": "Workshop",
    "priority": "3 high",
    "state": "closed",
    "organization": "Northwind Schools",
    "owner": "asha@small.example",
    "customer": "chitra@school.example",
    "tags": ["k12"],
}


def article(id_, sender, body, by, at, **more):
    return {
        "id": id_,
        "ticket_id": 3,
        "sender_id": {"Agent": 1, "Customer": 2}[sender],
        "sender": sender,
        "body": body,
        "content_type": "text/plain",
        "internal": False,
        "created_by_id": by,
        "created_at": f"{at}T15:00:00.000Z",
        "attachments": [],
        **more,
    }


FILE = {"id": 66, "filename": "hum.txt", "size": "4", "preferences": {"Mime-Type": "text/plain"}}
ARTICLES = [
    article(21, "Customer", "It hums.", 7, "2024-03-04", attachments=[FILE]),
    article(22, "Agent", "<p>We <b>look</b>.</p>", 5, "2024-03-05", content_type="text/html"),
    article(23, "Agent", "The fuser.", 5, "2024-03-06", internal=True),
]
USERS = [
    {
        "id": 5,
        "login": "asha@small.example",
        "firstname": "Asha",
        "lastname": "K",
        "email": "asha@small.example",
        "role_ids": [2],
    },
    {
        "id": 7,
        "login": "chitra@school.example",
        "firstname": "Chitra",
        "lastname": "",
        "email": "chitra@school.example",
        "role_ids": [3],
        "organization_id": 9,
    },
]
ORGANISATION = {"id": 9, "name": "Northwind Schools", "domain": "school.example", "member_ids": [7]}
WORDS = {"severity": {"*": "urgent"}}


def expanded(folder):
    (folder / "articles.json").write_text(json.dumps(ARTICLES))
    (folder / "tickets.json").write_text(json.dumps([{**TICKET, **EXPANDED}]))
    (folder / "users.json").write_text(json.dumps(USERS))
    (folder / "organizations.json").write_text(json.dumps([ORGANISATION]))


def with_assets(folder):
    assets = {
        "Ticket": {"3": {**TICKET, "tags": ["k12"]}},
        "TicketArticle": {str(one["id"]): one for one in ARTICLES},
        "User": {str(one["id"]): one for one in USERS},
        "Group": {"1": {"id": 1, "name": "Workshop"}},
        "TicketState": {"4": {"id": 4, "name": "closed"}},
        "TicketPriority": {"3": {"id": 3, "name": "3 high"}},
        "Organization": {"9": ORGANISATION},
    }
    (folder / "all.json").write_text(json.dumps({"tickets": [3], "assets": assets}))


@pytest.mark.parametrize("write", [expanded, with_assets])
def test_a_ticket_comes_with_its_articles_its_people_and_its_files(tmp_path, write):
    write(tmp_path)
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / "66").write_text("hmmm")
    desk = small_desk()
    move = brought(desk, tmp_path, "zammad", WORDS)
    assert [one.sentence for one in move.left_out.all()] == []
    row = CameFrom.objects.get(source="zammad", number="84003").ticket
    said = row.messages.exclude(text__startswith="zammad ").order_by("pk")
    assert [(one.kind, one.text.strip()) for one in said] == [
        ("request", "It hums."),
        ("answer", "We look."),
        ("note", "The fuser."),
    ]
    assert (move.came, move.files, row.team, row.tags) == (1, 1, "workshop", ["k12"])
    assert (row.requester.name, row.organisation.name) == ("Chitra", "Northwind Schools")
    assert row.closed_at.isoformat() == "2024-03-08T15:00:00+00:00"
    assert agents_of(desk) == {"asha@small.example": False}
    assert "module: GL" in row.messages.get(text__startswith="zammad 84003").text
    assert list(broken_links([row])) == []


def test_a_ticket_that_was_opened_again_ended_when_it_was_closed_last(tmp_path):
    """Zammad sets `close_at` at the first closing and never again; `last_close_at` moves."""
    again = {**TICKET, **EXPANDED, "last_close_at": "2024-03-11T15:00:00.000Z"}
    (tmp_path / "tickets.json").write_text(json.dumps([again]))
    brought(small_desk(), tmp_path, "zammad", WORDS)
    row = CameFrom.objects.get(source="zammad", number="84003").ticket
    assert row.closed_at.isoformat() == "2024-03-11T15:00:00+00:00"


def test_what_it_is_not_is_left_out_and_said(tmp_path):
    expanded(tmp_path)
    (tmp_path / "macros.json").write_text(json.dumps([{"perform": {}}, {**TICKET, "title": None}]))
    move = brought(small_desk(), tmp_path, "zammad", WORDS)
    said = [(one.place, one.sentence) for one in move.left_out.all()]
    assert said[0] == (
        "macros.json, line 1",
        "It is neither a ticket nor a message, a person, a group or an article: perform.",
    )
    assert move.came == 1
