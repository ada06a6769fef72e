"""An export of Freshdesk comes along, in each of the forms it has, and nothing of it is lost."""

import json

import pytest

from deskbook.moving.models import CameFrom
from deskbook.moving.parts import MovingRefused
from deskbook.moving.taking_in import look_at
from deskbook.people.forgetting import forget_person
from deskbook.people.models import Contact
from deskbook.tickets.models import Attachment, Message, Ticket
from deskbook.tickets.verify import broken_links
from tests.moving.elsewhere import agents_of, brought, move_of, small_desk
from tests.moving.freshdesk_export import write_export

pytestmark = pytest.mark.django_db
WORDS = {
    "stage": {"resolved": "complete"},
    "severity": {"*": "low"},
    "team": {"support": "front", "development": "workshop"},
}
API = [
    {
        "id": 5,
        "subject": "Printer",
        "description": "<div>It <b>hums</b></div>",
        "description_text": "It hums",
        "requester_id": 77,
        "requester": {"id": 77, "name": "Chitra", "email": "chitra@school.example"},
        "responder_id": 12,
        "status": 5,
        "priority": 4,
        "source": 3,
        "type": "Question",
        "tags": ["k12"],
        "created_at": "2024-03-04T15:00:00Z",
        "updated_at": "2024-03-09T15:00:00Z",
        "stats": {"closed_at": "2024-03-08T15:00:00Z", "resolved_at": None},
        "cc_emails": ["Bursar <bursar@school.example>"],
        "attachments": [
            {"id": 3, "name": "log.txt", "attachment_url": "https://s3.example/log.txt"}
        ],
        "conversations": [
            {
                "id": 1,
                "body": "<p>We look.</p>",
                "body_text": "We look.",
                "incoming": False,
                "private": False,
                "user_id": 12,
                "from_email": "Support <help@small.example>",
                "created_at": "2024-03-05T15:00:00Z",
            }
        ],
    }
]
XML = """<?xml version="1.0" encoding="UTF-8"?>
<helpdesk-tickets type="array">
  <helpdesk-ticket>
    <id type="integer">900</id><display-id type="integer">8</display-id>
    <subject>Café &amp; printer</subject><description>Não imprime</description>
    <requester-id type="integer">77</requester-id><status type="integer">2</status>
    <priority type="integer">1</priority><created-at type="datetime">2024-03-04T10:00:00-05:00</created-at>
    <deleted type="boolean">false</deleted><spam type="boolean">false</spam>
    <helpdesk-notes type="array">
      <helpdesk-note><id type="integer">1</id><body>We look.</body><incoming type="boolean">false</incoming>
        <private type="boolean">true</private><user-id type="integer">12</user-id>
        <created-at type="datetime">2024-03-04T11:00:00-05:00</created-at></helpdesk-note>
    </helpdesk-notes>
  </helpdesk-ticket>
</helpdesk-tickets>
"""


@pytest.fixture
def desk(db):
    return small_desk()


def written(folder, name, said):
    path = folder / name
    path.write_text(said if isinstance(said, str) else json.dumps(said))
    return path


def test_every_ticket_every_message_and_every_file_of_an_export_is_here(desk, tmp_path):
    path = tmp_path / "export.zip"
    counted, texts = write_export(path, 60)
    move = brought(desk, path, "freshdesk", WORDS)
    assert [move.came, move.messages, move.files] == counted
    assert move.left_out.count() == 0
    said = {
        row.number: list(
            row.ticket.messages.exclude(text__startswith="freshdesk ")
            .order_by("pk")
            .values_list("text", flat=True)
        )
        for row in CameFrom.objects.all()
    }
    assert said == texts
    assert {bytes(a.blob.data) for a in Attachment.objects.all()} == {
        b"log of %d" % (7_000_000 + n) for n in range(0, 60, 5)
    }
    assert list(broken_links(Ticket.objects.all())) == []


def test_people_groups_and_what_desks_made_themselves_come_along(desk, tmp_path):
    path = tmp_path / "export.zip"
    write_export(path, 20)
    brought(desk, path, "freshdesk", WORDS)
    row = CameFrom.objects.get(number="2").ticket
    assert (row.team, row.requester.name, row.organisation.name) == (
        "workshop",
        "Person 1",
        "School 1",
    )
    kept = row.messages.get(text__startswith="freshdesk 2")
    assert "module: GL" in kept.text and "tags: k12" in kept.text
    assert set(agents_of(desk).values()) == {False}


def test_what_the_api_answers_comes_along(desk, tmp_path):
    move = brought(desk, written(tmp_path, "tickets.json", API), "freshdesk", WORDS)
    row = Ticket.objects.get()
    assert (row.subject, row.channel, row.stage, row.outcome) == (
        "Printer",
        "email",
        "closed",
        "solved",
    )
    assert row.closed_at.isoformat() == "2024-03-08T15:00:00+00:00"
    kept, request, answer = row.messages.order_by("pk")
    assert (request.text, request.html) == ("It hums", "<div>It <b>hums</b></div>")
    assert (answer.kind, answer.text) == ("answer", "We look.")
    assert "https://s3.example/log.txt" in kept.text
    assert [one.sentence for one in move.left_out.all()] == [
        "The file “log.txt” is not in the export; its message came without it."
    ]
    follow = Contact.objects.filter(participations__ticket=row)
    assert {contact.name for contact in follow} == {"Chitra", "Bursar"}


def test_the_address_of_the_desk_is_nobodys_who_answered_by_it(desk, tmp_path):
    brought(desk, written(tmp_path, "tickets.json", API), "freshdesk", WORDS)
    assert agents_of(desk) == {}


def test_an_export_in_xml_comes_along(desk, tmp_path):
    brought(desk, written(tmp_path, "Tickets0.xml", XML), "freshdesk", WORDS)
    row = CameFrom.objects.get(number="8").ticket
    assert (row.subject, row.stage) == ("Café & printer", "open")
    said = row.messages.exclude(text__startswith="freshdesk ").order_by("pk")
    assert list(said.values_list("kind", "text")) == [
        ("request", "Não imprime"),
        ("note", "We look."),
    ]


def test_xml_that_declares_entities_is_not_read(desk, tmp_path):
    bomb = XML.replace("<helpdesk-tickets", '<!DOCTYPE a [<!ENTITY b "bb">]><helpdesk-tickets', 1)
    with pytest.raises(MovingRefused, match="declares entities"):
        brought(desk, written(tmp_path, "Tickets0.xml", bomb), "freshdesk", WORDS)


def test_a_broken_record_costs_no_other(desk, tmp_path):
    good, worse = (
        json.dumps(API[0]),
        '{"id": 6, "subject": "x", "requester_id": 1, "created_at": "?"}',
    )
    path = written(tmp_path, "tickets.json", f"[{good},\n{{broken: }},\n{worse},\n")
    move = brought(desk, path, "freshdesk", WORDS)
    assert move.came == 2
    assert [one.place for one in move.left_out.order_by("pk")][:2] == [
        "tickets.json, line 2",
        "tickets.json, line 3, ticket 6, created_at",
    ]


def test_what_was_thrown_away_there_is_listed(desk, tmp_path):
    path = written(tmp_path, "tickets.json", [*API, {**API[0], "id": 9, "spam": True}])
    move = brought(desk, path, "freshdesk", WORDS)
    assert "Ticket 9 was thrown away there, or held for spam." in [
        one.sentence for one in move.left_out.all()
    ]


def test_half_a_character_costs_no_message(desk, tmp_path):
    said = json.dumps(API).replace("It hums", "It hums \\ud83d")
    brought(desk, written(tmp_path, "tickets.json", said), "freshdesk", WORDS)
    assert Message.objects.filter(text="It hums \ufffd").exists()


def test_a_second_ticket_of_a_number_is_left_out_with_what_was_said_on_it(desk, tmp_path):
    rows = [
        {**API[0], "id": n, "display_id": 8, "subject": f"Printer {n}", "conversations": []}
        for n in (5, 6)
    ]
    rows.append({**API[0], "id": 7, "conversations": []})
    path = written(tmp_path, "tickets.json", rows)
    looked = move_of(desk, path, "freshdesk", WORDS)
    look_at(looked, path)
    move = brought(desk, path, "freshdesk", WORDS)
    for one in (looked, move):
        left = [(row.sentence, row.what) for row in one.left_out.order_by("pk")[:2]]
        twice = "Ticket 8 is in the export twice: the first of them counts."
        assert left == [(twice, "Printer 6"), (twice, "It hums")]
    assert move.came == move.found["tickets"] == 2
    assert CameFrom.objects.get(number="8").ticket.subject == "Printer 5"


def test_groups_and_companies_that_the_api_names_sparingly_are_known(desk, tmp_path):
    group = {"id": 31, "name": "Development", "escalate_to": None, "unassigned_for": None}
    written(tmp_path, "groups.json", [group, {"id": 32, "name": "Support"}])
    written(tmp_path, "companies.json", [{"id": 50, "name": "School"}])
    contact = {"id": 77, "name": "Chitra", "email": "chitra@school.example", "company_id": 50}
    written(tmp_path, "contacts.json", [contact])
    written(tmp_path, "tickets.json", [{**API[0], "group_id": 31, "attachments": []}])
    move = brought(desk, tmp_path, "freshdesk", WORDS)
    assert [row.sentence for row in move.left_out.all()] == []
    row = Ticket.objects.get()
    assert (row.team, row.organisation.name) == ("workshop", "School")


BARE = {name: API[0][name] for name in ("id", "subject", "status", "priority", "created_at")}


def test_a_ticket_without_a_requester_and_one_without_a_subject_come_too(desk, tmp_path):
    untitled = {name: BARE[name] for name in BARE if name != "subject"} | {"id": 91}
    path = written(tmp_path, "tickets.json", [BARE, untitled])
    move = brought(desk, path, "freshdesk", WORDS)
    assert (move.came, list(move.left_out.all())) == (2, [])
    assert CameFrom.objects.get(number="91").ticket.subject == "(no subject)"


def test_records_in_one_line_are_told_apart_by_number_and_path(desk, tmp_path):
    notes = [{"id": 1, "body": "A", "created_at": "then"}, "odd", {"id": 3, "body": "C"}]
    odd = {**BARE, "id": 91, "custom_fields": ["x"], "conversations": notes}
    path = written(tmp_path, "tickets.json", [{**BARE, "id": 90}, odd, {"id": 5, "strange": 1}])
    move = brought(desk, path, "freshdesk", WORDS)
    assert move.came == 2
    assert [(one.place, one.ticket) for one in move.left_out.order_by("pk")] == [
        ("tickets.json, record 2, ticket 91, custom_fields", "91"),
        ("tickets.json, record 2, ticket 91, conversations[1]", "91"),
        ("tickets.json, record 2, ticket 91, conversations[0], created_at", "91"),
        ("tickets.json, record 3, id 5", ""),
    ]
    said = CameFrom.objects.get(number="91").ticket.messages.values_list("text", flat=True)
    assert {"A", "C"} <= set(said)


def test_a_later_export_without_people_doubles_nobody(desk, tmp_path):
    people = [
        {"id": 1, "name": "Chitra", "email": "chitra@school.example"},
        {"contact": {"name": "Asha", "email": "asha@small.example"}, "id": 5},
    ]
    note = {"id": 7, "body": "We look.", "user_id": 5, "created_at": "2024-03-05T10:00:00Z"}
    ticket = {"subject": "x", "requester_id": 1, "status": 2, "responder_id": 5, "notes": [note]}
    first, later = tmp_path / "first", tmp_path / "later"
    for folder, id_ in ((first, 71), (later, 72)):
        folder.mkdir()
        written(folder, "tickets.json", [{**ticket, "id": id_}])
    written(first, "people.json", people)
    brought(desk, first, "freshdesk", WORDS)
    brought(desk, later, "freshdesk", WORDS)
    rows = [one.ticket for one in CameFrom.objects.select_related("ticket").order_by("number")]
    assert rows[0].requester == rows[1].requester and Contact.objects.count() == 1
    answered = Message.objects.filter(text="We look.")
    assert [str(one.author_user) for one in answered] == ["Asha", "Asha"]


def test_who_is_forgotten_here_is_somebody_new_to_a_later_export(desk, tmp_path):
    nameless = written(tmp_path, "tickets.json", [{**BARE, "id": 71, "requester_id": 77}])
    brought(desk, nameless, "freshdesk", WORDS)
    forget_person(CameFrom.objects.get(number="71").ticket.requester)
    written(tmp_path, "tickets.json", [{**BARE, "id": 72, "requester_id": 77}])
    brought(desk, nameless, "freshdesk", WORDS)
    assert CameFrom.objects.get(number="72").ticket.requester.name == "77"
