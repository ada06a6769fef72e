"""People of another system are known by the key they had there, and looked up by it."""

import json
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from deskbook.moving.models import CameFrom
from deskbook.people.came_from import PersonCameFrom
from deskbook.people.forgetting import is_on_a_list
from deskbook.people.models import Contact
from tests.moving.elsewhere import brought, small_desk
from tests.people_factory import make_agent, make_contact

pytestmark = pytest.mark.django_db
WORDS = {"stage": {"resolved": "complete"}, "severity": {"*": "low"}, "team": {}}
BARE = {"subject": "Printer", "status": 2, "priority": 4, "created_at": "2024-03-04T15:00:00Z"}


@pytest.fixture
def desk():
    return small_desk()


def came(desk, folder, *requesters, first=71, **more):
    """Bring a ticket of each of these in, who are known by their keys alone; return what was asked
    of the table of keys.
    """
    tickets = [
        {**BARE, **more, "id": id_, "requester_id": key}
        for id_, key in enumerate(requesters, first)
    ]
    (folder / "tickets.json").write_text(json.dumps(tickets))
    with CaptureQueriesContext(connection) as done:
        brought(desk, folder / "tickets.json", "freshdesk", WORDS)
    return [one["sql"] for one in done if "deskbook_personcamefrom" in one["sql"]]


def requester(number):
    return CameFrom.objects.get(number=str(number)).ticket.requester


def test_who_came_is_looked_up_by_their_key_and_not_looked_for_among_all(desk, tmp_path):
    asha, chitra = make_agent(desk), make_contact(desk)
    of = {"desk": desk, "source": "freshdesk"}
    PersonCameFrom.objects.bulk_create(
        PersonCameFrom(**of, key=f"{who} {n}", **{who: row})
        for who, row in (("agent", asha), ("contact", chitra))
        for n in range(3000)
    )
    note = {"id": 7, "body": "We look.", "user_id": "agent 7"}
    note["created_at"] = "2024-03-05T10:00:00Z"
    (tmp_path / "agents.json").write_text(json.dumps([{"id": "agent 7", "name": "Asha"}]))
    asked = came(desk, tmp_path, "contact 7", notes=[note])
    assert requester(71) == chitra
    looked_up = [sql for sql in asked if sql.startswith("SELECT")]
    with connection.cursor() as cursor:
        cursor.execute("analyze deskbook_personcamefrom")
        plans = []
        for sql in looked_up:
            cursor.execute(f"explain {sql}")
            plans.append(str(cursor.fetchall()))
    for index in ("contact_came_once", "agent_came_once"):
        assert any(index in plan for plan in plans), (index, looked_up, plans)
    assert not [plan for plan in plans if "Seq Scan on deskbook_personcamefrom" in plan]


def test_a_row_names_a_requester_or_an_agent_and_not_both_or_nobody(desk):
    both = {"contact": make_contact(desk), "agent": make_agent(desk)}
    for who in ({}, both):
        with pytest.raises(IntegrityError, match="one_who_came"), transaction.atomic():
            PersonCameFrom.objects.create(desk=desk, source="freshdesk", key="7", **who)


def test_the_keys_of_many_people_are_written_at_once(desk, tmp_path):
    asked = came(desk, tmp_path, *range(100, 120))
    assert len([sql for sql in asked if sql.startswith("INSERT")]) == 1
    assert PersonCameFrom.objects.count() == Contact.objects.filter(desk=desk).count() == 20


def test_two_whose_long_keys_begin_alike_are_one_also_within_one_batch(desk, tmp_path):
    """A key is kept up to 200 characters: in the next run they were one all the same."""
    came(desk, tmp_path, "x" * 200 + "1", "x" * 200 + "2")
    assert requester(71) == requester(72)


def test_who_came_before_there_was_a_table_of_it_is_known_by_their_key_and_can_be_forgotten(
    desk, tmp_path
):
    dev = Contact.objects.create(desk=desk, name="Dev", attributes={"came from freshdesk": "77"})
    again = Contact.objects.create(desk=desk, name="D", attributes={"came from freshdesk": "77"})
    told = {"came from freshdesk": "78", "room": "12", "came from town": "Beira"}
    chitra = Contact.objects.create(desk=desk, name="Chitra", attributes=told)
    step = import_module("deskbook.migrations.0105_who_came_is_known_by_key")
    with connection.cursor() as cursor:
        for _twice in range(2):
            cursor.execute(step.CARRY_OVER)
    for contact in (dev, again, chitra):
        contact.refresh_from_db()
    assert (is_on_a_list(dev), is_on_a_list(again)) == (False, False)
    assert chitra.attributes == {"room": "12", "came from town": "Beira"}
    came(desk, tmp_path, 77, 78)
    assert (requester(71), requester(72)) == (dev, chitra)
