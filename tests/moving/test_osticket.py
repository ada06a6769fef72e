"""A dump of osTicket's database comes along, and so do its tables as CSV."""

import pytest

from deskbook.moving.models import CameFrom
from deskbook.moving.osticket import read
from deskbook.moving.parts import opened, text_in
from deskbook.moving.shelf import a_shelf
from deskbook.moving.sql_parts import rows_in
from deskbook.tickets.verify import broken_links
from tests.costs import calls_of
from tests.moving.elsewhere import agents_of, brought, small_desk

pytestmark = pytest.mark.django_db
TABLES = {
    "attachment": ("id,object_id,type,file_id", ["1,22,H,77"]),
    "department": ("id,pid,name", ["1,0,Workshop"]),
    "file": ("id,type,size,name", ["77,text/plain,4,hum.txt"]),
    "organization": ("id,name,domain", ["9,Northwind Schools,school.example"]),
    "staff": ("staff_id,username,firstname,lastname,email", ["2,asha,Asha,K,asha@small.example"]),
    "thread": ("id,object_id,object_type", ["31,12,T", "32,5,A"]),
    "thread_collaborator": ("id,flags,thread_id,user_id", ["1,1,31,8"]),
    "thread_entry": (
        "id,thread_id,staff_id,user_id,type,poster,title,body,format,created",
        [
            "21,31,0,7,M,Chitra,Printer,<p>It hums.</p>,html,2024-03-04 10:00:00",
            "22,31,2,0,R,Asha K,,We look; don't open it.,text,2024-03-05 10:00:00",
            "23,31,0,0,N,SYSTEM,Status Changed,Closed by Asha,text,2024-03-06 10:00:00",
            "24,32,2,0,N,Asha K,A task,Not of a ticket,text,2024-03-06 10:00:00",
        ],
    ),
    "ticket": (
        "ticket_id,number,user_id,status_id,dept_id,topic_id,staff_id,source,duedate,closed,"
        "lastupdate,created",
        [
            "12,400123,7,3,1,2,2,Email,NULL,2024-03-08 10:00:00,2024-03-09 10:00:00,2024-03-04 10:00:00"
        ],
    ),
    "ticket__cdata": ("ticket_id,subject,priority", ["12,Printer hums,4"]),
    "ticket_priority": ("priority_id,priority,priority_desc", ["4,emergency,Emergency"]),
    "ticket_status": ("id,name,state", ["3,Closed,closed"]),
    "help_topic": ("topic_id,topic", ["2,Printers"]),
    "user": ("id,org_id,default_email_id,name", ["7,9,1,Chitra", "8,0,2,Dev"]),
    "user_email": ("id,user_id,address", ["1,7,chitra@school.example", "2,8,dev@school.example"]),
}
"""Table → its columns and its rows, in the order of the alphabet but for one."""
WORDS = {"severity": {"Emergency": "urgent"}}


def cell(text):
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return text if text == "NULL" or text.isdecimal() else f"'{escaped}'"


def as_dump(folder):
    lines = ["-- MySQL dump 10.13", "/*!40103 SET TIME_ZONE='+00:00' */;"]
    for table, (columns, rows) in TABLES.items():
        named = ",\n".join(f"  `{one}` varchar(255) NOT NULL" for one in columns.split(","))
        lines.append(f"CREATE TABLE `ost_{table}` (\n{named},\n  KEY `k` (`id`)\n) ENGINE=InnoDB;")
        cells = [",".join(map(cell, row.split(","))) for row in rows]
        values = ",".join(f"({one})" for one in cells)
        lines.append(f"INSERT INTO `ost_{table}` VALUES {values};")
    (folder / "osticket.sql").write_text("\n".join([*lines, ""]))


def as_csv(folder):
    for table, (columns, rows) in TABLES.items():
        (folder / f"ost_{table}.csv").write_text("\n".join([columns, *rows, ""]))


@pytest.mark.parametrize("write", [as_dump, as_csv])
def test_a_ticket_comes_with_its_thread_its_people_and_its_files(tmp_path, write):
    write(tmp_path)
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / "77").write_text("hmmm")
    desk = small_desk()
    move = brought(desk, tmp_path, "osticket", WORDS)
    assert [one.sentence for one in move.left_out.all()] == []
    row = CameFrom.objects.get(source="osticket", number="400123").ticket
    said = row.messages.exclude(text__startswith="osticket ").order_by("pk")
    assert [(one.kind, one.text.strip()) for one in said] == [
        ("request", "It hums."),
        ("answer", "We look; don't open it."),
        ("note", "Status Changed\nClosed by Asha"),
    ]
    assert (move.came, move.files, row.subject) == (1, 1, "Printer hums")
    assert (row.severity, row.team) == ("urgent", "workshop")
    assert (row.requester.name, row.organisation.name) == ("Chitra", "Northwind Schools")
    assert row.closed_at.isoformat() == "2024-03-08T15:00:00+00:00", "in the desk's zone"
    assert row.participants.filter(contact__name="Dev").exists()
    assert agents_of(desk) == {"asha@small.example": False}
    assert "help topic: Printers" in row.messages.get(text__startswith="osticket 400123").text
    assert list(broken_links([row])) == []


def cost_of_reading(folder, tickets):
    """Return how many functions are called to read so many tickets, each with somebody copied."""
    folder.mkdir()
    lines = {
        "thread": ["id,object_id,object_type", *(f"{n},{n},T" for n in range(tickets))],
        "thread_collaborator": ["thread_id,user_id", *(f"{n},8" for n in range(tickets))],
        "ticket": ["ticket_id,created", *(f"{n},2024-03-04 10:00:00" for n in range(tickets))],
    }
    for table, rows in lines.items():
        (folder / f"ost_{table}.csv").write_text("\n".join([*rows, ""]))
    with opened(folder) as parts, a_shelf() as shelf:
        cost = calls_of(lambda: read(parts, shelf, "UTC"))
        assert [case.copied for case in shelf.cases()] == [("user 8",)] * tickets
    return cost


def test_twice_as_many_tickets_take_twice_as_long_to_read(tmp_path):
    some, twice = (cost_of_reading(tmp_path / str(many), many) for many in (200, 400))
    assert twice < 2.2 * some


def test_a_dump_is_read_with_whatever_stands_in_its_texts(tmp_path):
    dump = (
        "CREATE TABLE IF NOT EXISTS `t` (\n  `id` int,\n  `body` text,\n  KEY `k` (`id`)\n);\n"
        "INSERT INTO `t` (`id`, `body`) VALUES\n"
        "(1, 'It''s (1), ''two''); \\\\ \\n end'),\n"
        "(2, NULL),\n(3, _binary 'x\\0y');\n"
        "INSERT INTO `t` VALUES (4,'a'),(-5.5,'é');\n"
    )
    (tmp_path / "d.sql").write_text(dump, encoding="utf-8")
    with opened(tmp_path / "d.sql") as parts, text_in(parts, "d.sql") as text:
        rows = [row for _place, (_table, row) in rows_in(text, "d.sql")]
    assert rows == [
        {"id": "1", "body": "It's (1), 'two'); \\ \n end"},
        {"id": "2"},
        {"id": "3", "body": "xy"},
        {"id": "4", "body": "a"},
        {"id": "-5.5", "body": "é"},
    ]
