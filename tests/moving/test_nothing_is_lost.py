"""What an export says that a case here has no room for is kept all the same, or said in a
sentence.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from deskbook.config.refusals import CommandRefused
from deskbook.moving.models import CameFrom, Move
from deskbook.moving.parts import MovingRefused
from deskbook.moving.taking_in import look_at, take_in
from deskbook.server.moving_in import _bring, _parser
from deskbook.tickets.verify import broken_links
from tests.moving.elsewhere import brought, in_file, move_of, small_desk

pytestmark = pytest.mark.django_db
HEADER = "number,subject,requester,opened,priority,cc,tags,from,text,cf kind"
ONE = '1,Printer,chitra@s.example,2024-03-04 10:00,Low,"dev@s.example; Eva <eva@s.example>",'
ONE += '"Urgent!, k12, Printer",,It hums.,question'
ZENDESK = {
    "id": 5,
    "subject": "Printer",
    "status": "open",
    "priority": "low",
    "requester_id": 1,
    "created_at": "2024-03-04T15:00:00Z",
}
WORDS = {"severity": {"*": "low"}, "team": {"*": ""}}


@pytest.fixture
def desk(db):
    return small_desk()


def in_json(folder, **changes):
    path = folder / "tickets.json"
    path.write_text(json.dumps({**ZENDESK, **changes}))
    return path


def left_out(move):
    return [(one.place, one.sentence) for one in move.left_out.all()]


def note_of(row):
    return row.messages.order_by("pk").first().text


def test_tags_that_fit_are_the_cases_and_all_stand_in_its_note(desk, tmp_path):
    brought(desk, in_file(tmp_path, ONE, header=HEADER))
    row = CameFrom.objects.get().ticket
    assert row.tags == ["k12", "printer"]
    assert "tags: Urgent!, k12, Printer" in note_of(row)
    assert list(broken_links([row])) == []


def test_who_was_copied_follows_it(desk, tmp_path):
    brought(desk, in_file(tmp_path, ONE, header=HEADER))
    row = CameFrom.objects.get().ticket
    follow = row.participants.values_list("contact__name", flat=True)
    assert sorted(follow) == ["Eva", "chitra@s.example", "dev@s.example"]


def test_zendesks_copied_people_follow_whether_it_says_who_they_are_or_not(desk, tmp_path):
    known = {"id": 8, "name": "Eva", "email": "eva@s.example"}
    path = in_json(tmp_path, collaborators=[known], collaborator_ids=[8, 9], tags=["k12"])
    brought(desk, path, "zendesk", WORDS)
    row = CameFrom.objects.get().ticket
    follow = row.participants.values_list("contact__name", flat=True)
    assert (sorted(follow), row.tags) == (["1", "9", "Eva"], ["k12"])


def test_a_subject_longer_than_a_case_has_room_for_is_whole_in_its_note(desk, tmp_path):
    long = "The printer hums and " * 30
    brought(desk, in_file(tmp_path, ONE.replace("Printer,chitra", f"{long},chitra"), header=HEADER))
    row = CameFrom.objects.get().ticket
    assert len(row.subject) == 300
    assert f"subject: {long.strip()}" in note_of(row)


def test_an_instant_that_is_to_come_is_now_and_what_was_said_stands_in_its_note(desk, tmp_path):
    brought(desk, in_file(tmp_path, ONE.replace("2024", "2044"), header=HEADER))
    row = CameFrom.objects.get().ticket
    assert datetime.now(UTC) - row.opened_at < timedelta(minutes=5)
    assert "opened: 2044-03-04 15:00 UTC" in note_of(row)


def test_who_answered_under_an_id_nobody_has_is_named_by_it(desk, tmp_path):
    said = {"id": 1, "author_id": 77, "body": "Seen.", "public": False}
    said |= {"created_at": "2024-03-05T15:00:00Z"}
    brought(desk, in_json(tmp_path, comments=[said]), "zendesk", WORDS)
    assert "2024-03-05 15:00 UTC: 77" in note_of(CameFrom.objects.get().ticket)


def test_a_line_that_is_left_out_says_of_which_ticket_it_was(desk, tmp_path):
    move = brought(
        desk,
        in_file(tmp_path, ONE, ONE.replace("1,", "7,", 1).replace("04 10", "x"), header=HEADER),
    )
    assert left_out(move)[0][0] == "old.csv, line 3, ticket 7, opened"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"via": "email"}, "“via” holds something else than exports have there (email)"),
        ({"comments": ["x"]}, "“comments[0]” holds something else than exports have there (x)"),
        ({"tags": "k12"}, "“tags” holds something else than exports have there (k12)"),
        (
            {"created_at": "soon"},
            "“soon” in “created_at” is no date and time (one looks like 2026-03-02 15:04)",
        ),
    ],
)
def test_what_is_misshapen_is_said_by_field_with_the_tickets_number(
    desk, tmp_path, changes, sentence
):
    path = in_json(tmp_path, **changes)
    with path.open("a") as more:
        more.write("\n" + json.dumps({**ZENDESK, "id": 6}))
    move = brought(desk, path, "zendesk", WORDS)
    [name] = changes
    [(place, said)] = left_out(move)
    assert place.startswith(f"tickets.json, line 1, ticket 5, {name}")
    assert said == f"{sentence}: that alone did not come."
    assert (move.came, move.left_out.get().ticket) == (2, "5")


def test_a_record_without_what_every_export_has_is_said_in_words(desk, tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(json.dumps({"tickets": ["x", {"subject": "No number", "status": "open"}]}))
    with path.open("a") as more:
        more.write("\n" + json.dumps(ZENDESK))
    move = brought(desk, path, "zendesk", WORDS)
    assert [sentence for _place, sentence in left_out(move)] == [
        "It is not shaped as exports of that system are.",
        "It has no field “id”, which every export has.",
    ]


def test_a_field_of_the_map_that_no_ticket_has_is_refused_with_those_there_are(desk, tmp_path):
    move = move_of(desk, in_file(tmp_path, ONE, header=HEADER))
    move.words = {"type": {"from": "cf knid"}}
    with pytest.raises(MovingRefused, match="cf kind, severity, tags"):
        brought(desk, tmp_path / "old.csv", words=move.words)
    assert not CameFrom.objects.exists()


def test_a_field_is_found_by_what_the_other_system_calls_it_too(desk, tmp_path):
    words = {"severity": {"from": "Priority", "Low": "urgent"}, "type": {"from": "CF_kind"}}
    brought(desk, in_file(tmp_path, ONE, header=HEADER), words=words)
    row = CameFrom.objects.get().ticket
    assert (row.severity, row.state["facets"]["type"]) == ("urgent", "question")


def test_at_a_terminal_the_line_of_the_map_is_said(desk, tmp_path):
    in_file(tmp_path, ONE, header=HEADER)
    (tmp_path / "map.yaml").write_text("stage: { open: open }\ntype:\n  from: cf_knid\n")
    argv = ["csv", str(tmp_path / "old.csv"), "--desk", "small", "--map", f"{tmp_path}/map.yaml"]
    with pytest.raises(CommandRefused, match=r"map.yaml, line 3: “type” is to be read from"):
        _bring(_parser().parse_args(argv))
    assert Move.objects.get().state == Move.State.FAILED


DATED = {
    "zammad": ("created_at", {"number": "7", "title": "Printer", "id": 3, "priority": "low"}),
    "zendesk": ("created_at", ZENDESK),
    "freshdesk": ("created_at", {"id": 7, "subject": "Printer", "status": 2}),
}


@pytest.mark.parametrize("source", sorted(DATED))
@pytest.mark.parametrize("odd", [{}, {"tags": "k12"}])
def test_of_each_system_an_odd_field_alone_is_left_out(desk, tmp_path, source, odd):
    name, row = DATED[source]
    (tmp_path / "tickets.json").write_text(json.dumps([{**row, name: "soon", **odd}]))
    move = brought(desk, tmp_path / "tickets.json", source, WORDS)
    assert move.came == 1 and CameFrom.objects.get().ticket.subject == "Printer"
    fields = [one.place.rpartition(", ")[2] for one in move.left_out.order_by("place")]
    assert fields == [name, *odd]


def test_of_osticket_and_jira_an_instant_alone_is_left_out_too(desk, tmp_path):
    (tmp_path / "old.sql").write_text(
        "INSERT INTO `ost_ticket` (`ticket_id`,`number`,`created`,`closed`) VALUES"
        " (1,'400',NULL,NULL),(2,'401','soon','0000-00-00 00:00:00');\n"
    )
    move = brought(desk, tmp_path / "old.sql", "osticket")
    assert (move.came, left_out(move)[0][0]) == (2, "old.sql, record 2, ticket 401, created")
    (tmp_path / "jira.csv").write_text("Issue key,Summary,Created\nHELP-1,Printer,soon\n")
    move = brought(desk, tmp_path / "jira.csv", "jira")
    assert (move.came, left_out(move)[0][0]) == (1, "jira.csv, line 2, ticket HELP-1, created")


def test_before_anything_comes_it_is_said_which_files_do_not(desk, tmp_path):
    path = in_file(tmp_path, "1,Printer,a.txt;b.txt", "2,Door,c.txt", header="number,subject,files")
    (tmp_path / "a.txt").write_text("a")
    move = move_of(desk, tmp_path)
    look_at(move, tmp_path)
    assert move.found["files absent"] == 2
    assert [(one.ticket, one.sentence) for one in move.left_out.order_by("pk")] == [
        ("1", "The file “b.txt” is not in the export; its message came without it."),
        ("2", "The file “c.txt” is not in the export; its message came without it."),
    ]
    take_in(move, path.parent, at=datetime.now(UTC))
    again = move_of(desk, tmp_path)
    look_at(again, tmp_path)
    assert again.found["files absent"] == 0 and again.left_out.count() == 0
