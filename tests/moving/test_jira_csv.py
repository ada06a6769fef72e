"""A search of Jira that was saved as CSV comes along: its issues with their comments."""

import pytest

from deskbook.moving.models import CameFrom
from deskbook.moving.parts import MovingRefused
from deskbook.tickets.verify import broken_links
from tests.moving.elsewhere import brought, in_file, small_desk

pytestmark = pytest.mark.django_db
HEADER = (
    "Summary,Issue key,Issue id,Issue Type,Status,Priority,Assignee,Assignee Id,Reporter,"
    "Reporter Id,Created,Updated,Resolved,Labels,Labels,Description,Attachment,"
    "Custom field (Module),Comment,Comment,Comment"
)
ONE = (
    "Printer hums,HELP-12,10012,Issue,Done,Highest,Asha,5b1,chitra@school.example,557,"
    "04/Mar/24 3:00 PM,12/Mar/24 3:00 PM,08/Mar/24 3:00 PM,k12,paper,It hums.,"
    '"04/Mar/24 3:00 PM;557;hum.txt;https://old.example/secure/attachment/77/hum.txt",GL,'
    "05/Mar/24 3:00 PM;5b1;We look.,06/Mar/24 3:00 PM;557;Thanks; all well.,seen by night"
)
WORDS = {"severity": {"Highest": "urgent"}}


@pytest.fixture
def export(tmp_path):
    (tmp_path / "attachments" / "77").mkdir(parents=True)
    (tmp_path / "attachments" / "77" / "hum.txt").write_text("hmmm")
    in_file(tmp_path, ONE, header=HEADER, name="jira.csv")
    return tmp_path


def said_on(row):
    said = row.messages.exclude(text__startswith="jira ").order_by("pk")
    return list(said.values_list("kind", "text"))


def test_an_issue_comes_with_its_comments_by_who_wrote_them_and_when(export):
    move = brought(small_desk(), export, "jira", WORDS)
    row = CameFrom.objects.get(source="jira", number="HELP-12").ticket
    assert (move.came, move.files, row.subject) == (1, 1, "Printer hums")
    assert said_on(row) == [
        ("note", "seen by night"),
        ("request", "It hums."),
        ("answer", "We look."),
        ("request", "Thanks; all well."),
    ]
    assert row.opened_at.isoformat() == "2024-03-04T20:00:00+00:00", "in the desk's zone"
    assert row.closed_at.isoformat() == "2024-03-08T20:00:00+00:00"
    assert (row.severity, row.tags, row.requester.name) == (
        "urgent",
        ["k12", "paper"],
        "chitra@school.example",
    )
    assert list(broken_links([row])) == []


def test_fields_of_ones_own_stand_in_its_note_and_can_be_read_by_the_map(export):
    words = WORDS | {"type": {"from": "Module", "GL": "question"}}
    brought(small_desk(), export, "jira", words)
    row = CameFrom.objects.get().ticket
    assert "module: GL" in row.messages.get(text__startswith="jira HELP-12").text
    assert row.state["facets"]["type"] == "question"


def test_it_comes_once(export):
    desk = small_desk()
    brought(desk, export, "jira", WORDS)
    again = brought(desk, export, "jira", WORDS)
    assert (again.came, again.came_before) == (0, 1)


def test_a_csv_of_something_else_is_refused_with_its_columns(tmp_path):
    in_file(tmp_path, "1,x", header="Key,Title", name="other.csv")
    with pytest.raises(MovingRefused, match=r"“Issue key”: save the search .* It has: Key, Title"):
        brought(small_desk(), tmp_path, "jira")
