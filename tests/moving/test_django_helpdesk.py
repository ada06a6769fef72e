"""What django-helpdesk dumps comes along: tickets with their follow-ups, in whatever order."""

import json

import pytest

from deskbook.moving.models import CameFrom
from deskbook.tickets.verify import broken_links
from tests.moving.elsewhere import agents_of, brought, small_desk

pytestmark = pytest.mark.django_db


def row(model, pk, **fields):
    return {"model": model, "pk": pk, "fields": fields}


TICKET = {
    "title": "Printer hums",
    "queue": 1,
    "created": "2024-03-04T15:00:00Z",
    "modified": "2024-03-08T15:00:00Z",
    "submitter_email": "chitra@school.example",
    "assigned_to": 2,
    "status": 3,
    "on_hold": False,
    "description": "It hums.",
    "resolution": "A new fuser.",
    "priority": 1,
}
DUMP = [
    row(
        "helpdesk.followup",
        11,
        ticket=12,
        date="2024-03-05T15:00:00Z",
        title="Comment",
        comment="We look.",
        public=True,
        user=2,
    ),
    row("helpdesk.ticket", 12, **TICKET),
    row(
        "helpdesk.followup",
        12,
        ticket=12,
        date="2024-03-06T15:00:00Z",
        title="Assigned to asha",
        comment=None,
        public=False,
        user=2,
    ),
    row(
        "helpdesk.followup",
        13,
        ticket=12,
        date="2024-03-07T15:00:00Z",
        title="Comment",
        comment="Thanks.",
        public=True,
        user=None,
    ),
    row("helpdesk.followupattachment", 5, followup=13, file="h/12/hum.txt", filename="hum.txt"),
    row("helpdesk.queue", 1, title="Workshop", slug="ws"),
    row("helpdesk.ticketcc", 1, ticket=12, user=None, email="dev@school.example"),
    row("helpdesk.customfield", 4, name="module", label="Module"),
    row("helpdesk.ticketcustomfieldvalue", 1, ticket=12, field=4, value="GL"),
    row("auth.user", 2, username="asha", first_name="Asha", email="asha@small.example", is_staff=1),
    row("helpdesk.ticket", 13, **{**TICKET, "status": 1, "created": "soon"}),
]
WORDS = {"severity": {"*": "urgent"}}


@pytest.fixture
def export(tmp_path):
    (tmp_path / "dump.json").write_text(json.dumps(DUMP, indent=1))
    (tmp_path / "media" / "h" / "12").mkdir(parents=True)
    (tmp_path / "media" / "h" / "12" / "hum.txt").write_text("hmmm")
    return tmp_path


def test_a_ticket_comes_with_what_was_said_and_who_said_it(export):
    desk = small_desk()
    move = brought(desk, export, "django-helpdesk", WORDS)
    came = CameFrom.objects.get(source="django-helpdesk", number="12").ticket
    said = came.messages.exclude(text__startswith="django-helpdesk ").order_by("pk")
    assert list(said.values_list("kind", "text")) == [
        ("request", "It hums."),
        ("answer", "We look."),
        ("note", "Assigned to asha"),
        ("request", "Thanks."),
    ]
    assert (move.came, move.files, came.team) == (2, 1, "workshop")
    assert came.closed_at.isoformat() == "2024-03-08T15:00:00+00:00"
    assert came.requester.name == "chitra@school.example"
    assert came.participants.filter(contact__name="dev@school.example").exists()
    assert agents_of(desk) == {"asha@small.example": False}
    assert list(broken_links([came])) == []


CUSTOMER = row("auth.user", 7, username="chitra", email="chitra@school.example", is_staff=False)
BY_CUSTOMER = {"ticket": 12, "date": "2024-03-07T16:00:00Z", "public": True, "user": 7}


def test_a_customer_who_was_signed_in_asks_and_is_made_no_agent(tmp_path):
    wrote = row("helpdesk.followup", 14, **BY_CUSTOMER, title="Comment", comment="It hums again.")
    pressed = row("helpdesk.followup", 15, **BY_CUSTOMER, title="Reopened", comment="")
    (tmp_path / "dump.json").write_text(json.dumps([*DUMP, CUSTOMER, wrote, pressed]))
    desk = small_desk()
    brought(desk, tmp_path, "django-helpdesk", WORDS)
    came = CameFrom.objects.get(source="django-helpdesk", number="12").ticket
    asked = came.messages.get(text="It hums again.")
    assert (asked.kind, asked.author_contact) == ("request", came.requester)
    noted = came.messages.get(text__startswith="Reopened")
    assert (noted.kind, noted.text, noted.author_user) == ("note", "Reopened\nchitra", None)
    assert agents_of(desk) == {"asha@small.example": False}


def test_all_else_it_said_of_it_is_a_note_and_what_cannot_be_read_is_named(export):
    move = brought(small_desk(), export, "django-helpdesk", WORDS)
    note = (
        CameFrom.objects.get(number="12")
        .ticket.messages.get(text__startswith="django-helpdesk 12")
        .text
    )
    assert "Module: GL" in note and "resolution: A new fuser." in note
    assert "severity: Critical" in note
    [left] = move.left_out.all()
    assert left.place.endswith(", ticket 13, created")
    assert "“soon” in “created” is no date and time" in left.sentence
