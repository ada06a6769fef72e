"""Whatever is wrong with an export, what is not wrong with it comes along."""

import io
import json
import zipfile

import pytest

from deskbook.moving.json_parts import objects_in
from deskbook.moving.left_out import as_csv
from deskbook.moving.models import CameFrom
from deskbook.moving.parts import MovingRefused
from deskbook.moving.shelf import a_shelf
from deskbook.moving.sql_parts import rows_in
from deskbook.people.refusals import in_words
from deskbook.tickets.models import Attachment, Ticket
from tests.moving.elsewhere import HEADER, brought, in_file, move_of, small_desk

pytestmark = pytest.mark.django_db
ONE = "1,Printer,chitra@school.example,2024-03-04 10:00,,Open,Low,,,,,,,It hums."
TWO = "2,Café,dev@school.example,2024-03-05 10:00,,Open,Low,,,,,,,Não imprime."


@pytest.fixture
def desk(db):
    return small_desk()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_come_along_in_whatever_encoding(desk, tmp_path, encoding):
    brought(desk, in_file(tmp_path, ONE, TWO, encoding=encoding))
    row = CameFrom.objects.get(number="2").ticket
    assert (row.subject, row.messages.order_by("pk")[1].text) == ("Café", "Não imprime.")


def test_a_line_that_cannot_be_read_is_listed_with_its_reason_and_no_other_is_lost(desk, tmp_path):
    wrong = ONE.replace("1,", "9,", 1).replace("2024-03-04 10:00", "last Monday")
    move = brought(desk, in_file(tmp_path, ONE, wrong, f"{TWO},too,many", ",no number", TWO))
    assert move.came == 3
    with as_csv(move) as file:
        listed = file.read().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in listed] == ["ticket", "9", "2", ""]
    assert "line 3" in listed[1] and "“last Monday” in “opened” is no date and time" in listed[1]
    assert "line 4" in listed[2] and "more cells than there are columns" in listed[2]
    assert "line 5" in listed[3] and "It has no number." in listed[3]


def test_what_was_said_on_a_ticket_that_is_not_there_is_listed(desk, tmp_path):
    move = brought(desk, in_file(tmp_path, ONE, "5,,,,,,,,,,note,,2024-03-05 12:00,A word."))
    assert [(one.what, one.sentence) for one in move.left_out.all()] == [
        ("A word.", "It was said on a ticket that is not in the export.")
    ]


def test_hostile_html_is_shown_as_that_of_a_mail_is(desk, tmp_path):
    html = "<p onclick=x()>It <b>hums</b><script>x()</script><img src=http://spy.example/1.gif></p>"
    header = "number,subject,requester,opened,html"
    brought(desk, in_file(tmp_path, f"1,Printer,c@s.example,2024-03-04,{html}", header=header))
    said = Ticket.objects.get().messages.order_by("pk")[1]
    assert said.text.strip() == "It hums"
    assert "script" not in said.html and "onclick" not in said.html
    assert ' src="http://spy' not in said.html


def test_a_text_longer_than_a_page_is_cut_there_and_kept_whole_as_a_file(desk, tmp_path):
    move = brought(desk, in_file(tmp_path, ONE.replace("It hums.", "hum " * 300_000)))
    assert (move.came, move.files) == (1, 1)
    kept = Attachment.objects.get()
    assert kept.blob.size == 1_200_000


def test_a_quote_that_is_never_closed_stops_it_and_says_where(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("deskbook.moving.csv_file.MOST_OF_A_FIELD", 5_000)
    path = in_file(tmp_path, ONE, '2,"It never ends', *[ONE] * 200)
    with pytest.raises(MovingRefused, match="Line 3 begins a text that does not end"):
        brought(desk, path)
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "number,subject" + "," * 6_000,
        "number,subject\n1," + '"a\n",' * 1_500,
    ],
)
def test_a_line_that_does_not_end_stops_it_and_says_where(desk, tmp_path, monkeypatch, text):
    monkeypatch.setattr("deskbook.moving.parts.MOST_OF_A_LINE", 5_000)
    path = tmp_path / "old.csv"
    path.write_text(text)
    begun = 2 if "\n" in text else 1
    with pytest.raises(
        MovingRefused, match=rf"What begins in line {begun} of old\.csv does not end"
    ):
        brought(desk, path)
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("begun", ["-- a comment ", "INSERT INTO `ost_user` VALUES ("])
def test_of_a_dump_whose_line_does_not_end_no_more_than_the_limit_is_read(monkeypatch, begun):
    monkeypatch.setattr("deskbook.moving.parts.MOST_OF_A_LINE", 5_000)
    text = io.StringIO("-- MySQL dump\n" + begun + "1," * 50_000)
    with pytest.raises(MovingRefused, match=r"What begins in line 2 of dump\.sql does not end"):
        list(rows_in(text, "dump.sql"))
    assert text.tell() < 6_000


def test_what_unpacks_to_more_than_any_export_is_not_unpacked(desk, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("a.csv", "w") as a:
        for _ in range(110):
            a.write(bytes(1_000_000))
    with pytest.raises(MovingRefused, match="unpacks to more than any export"):
        brought(desk, path)


def test_files_beside_the_list_come_along_and_those_outside_its_folder_do_not(desk, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "export"
    (folder / "files").mkdir(parents=True)
    (folder / "files/log.txt").write_text("jam")
    line = f"{ONE},files/log.txt;../secret.txt;lost.pdf"
    in_file(folder, line, header=f"{HEADER},files")
    move = brought(desk, folder)
    assert [(a.name, bytes(a.blob.data)) for a in Attachment.objects.all()] == [("log.txt", b"jam")]
    assert [one.sentence for one in move.left_out.order_by("pk")] == [
        "The file “secret.txt” is not in the export; its message came without it.",
        "The file “lost.pdf” is not in the export; its message came without it.",
    ]


def test_half_a_character_and_a_nul_cost_no_ticket(desk, tmp_path):
    brought(desk, in_file(tmp_path, ONE.replace("hums", "\x00hums"), TWO))
    assert "hums" in CameFrom.objects.get(number="1").ticket.messages.order_by("pk")[1].text


def test_a_ticket_that_is_in_the_list_twice_comes_once(desk, tmp_path):
    header = "number,subject,requester,opened"
    line = "1,Printer,c@s.example,2024-03-04"
    move = brought(desk, in_file(tmp_path, line, line, header=header))
    assert (move.came, move.left_out.get().sentence) == (
        1,
        "Ticket 1 is in the export twice: the first of them counts.",
    )


def test_a_file_without_numbers_is_refused_with_the_columns_it_has(desk, tmp_path):
    path = in_file(tmp_path, "a,b", header="name,colour")
    with pytest.raises(MovingRefused, match=r"It has: name.* colour"):
        brought(desk, path)
    assert move_of(desk, path).came == 0


def test_what_no_database_keeps_costs_no_ticket_wherever_in_an_export_it_stands(desk, tmp_path):
    odd = "a\ud800b\x00c"
    rows = [
        {"user": {"id": 7, "name": odd, "email": "chitra@school.example"}},
        {"customer": {"id": 5, "name": odd, "domains": [odd]}},
        {"helpdesk_note": {"ticket_id": 99, "body": odd, "id": 1}},
        {
            "helpdesk_ticket": {
                "id": 1,
                "display_id": odd,
                "subject": odd,
                "description": odd,
                "requester_id": 7,
                "status_name": "Open",
                "priority_name": "Low",
                "custom_field": {odd: odd},
                "tags": [odd],
                "attachments": [{"id": odd, "name": f"../{odd}", "content_type": odd}],
                "notes": [{"id": 2, "body": odd, "private": True}],
            }
        },
    ]
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "Tickets0.json").write_text(json.dumps(rows))
    move = brought(desk, folder, "freshdesk")
    assert (move.came, Ticket.objects.get().subject) == (1, "a\ufffdb\ufffdc")
    assert "It was said on a ticket that is not in the export." in as_csv_text(move)


def as_csv_text(move):
    with as_csv(move) as file:
        return file.read().decode("utf-8-sig")


@pytest.mark.parametrize(
    "number",
    ["--5", "-", "9" * 5_000, "\u0662", "1e9"],
    ids=["minus", "sign", "long", "arabic", "e"],
)
def test_a_number_that_is_none_costs_no_other_ticket(desk, tmp_path, number):
    def ticket(said, display):
        return (
            f'<helpdesk-ticket><id type="integer">{said}</id><display-id type="integer">{display}'
            "</display-id><subject>Printer</subject><description>It hums.</description>"
            f'<source type="integer">{said}</source><status-name>Open</status-name>'
            "<priority-name>Low</priority-name></helpdesk-ticket>"
        )

    path = tmp_path / "Tickets.xml"
    every = ticket(number, 1) + ticket(2, 2)
    path.write_text(
        f'<?xml version="1.0"?><helpdesk-tickets type="array">{every}</helpdesk-tickets>'
    )
    brought(desk, path, "freshdesk")
    assert CameFrom.objects.filter(number="2").exists()


def test_a_record_of_nothing_but_elements_is_not_read_to_its_end(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("deskbook.moving.xml_parts.MOST_OF_A_RECORD", 100_000)
    path = tmp_path / "Tickets.xml"
    path.write_text(f'<tickets><ticket type="array">{"<a/>" * 2_000}</ticket></tickets>')
    with pytest.raises(MovingRefused, match="does not end"):
        brought(desk, path, "freshdesk")


@pytest.mark.parametrize(
    "outside", ["/etc/hostname", "../secret.txt", "a/../../secret.txt", "\x00"]
)
def test_no_name_leads_out_of_what_was_given(desk, tmp_path, outside):
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "export"
    folder.mkdir()
    row = {"id": 1, "display_id": 1, "subject": "x", "requester_id": 7, "description": "It hums."}
    row |= {"status_name": "Open", "priority_name": "Low"}
    row["attachments"] = [{"id": outside, "name": outside}, {"id": "../..", "name": outside}]
    (folder / "Tickets0.json").write_text(json.dumps([{"helpdesk_ticket": row}]))
    (folder / "attachments").symlink_to(tmp_path)
    move = brought(desk, folder, "freshdesk")
    assert (move.came, Attachment.objects.count()) == (1, 0)


def test_many_parts_that_swell_are_no_export_either(desk, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(3):
            packed.writestr(f"{number}.csv", bytes(50_000_000))
    with pytest.raises(MovingRefused, match="unpacks to more than any export"):
        brought(desk, path)


def test_a_zip_file_that_is_damaged_inside_is_refused_with_a_sentence(desk, tmp_path):
    path = tmp_path / "old.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.csv", "\n".join([HEADER, *[ONE] * 500]))
    damaged = bytearray(path.read_bytes())
    damaged[40:60] = b"\xff" * 20
    path.write_bytes(damaged)
    with pytest.raises(MovingRefused, match="zip file cannot be read"):
        brought(desk, path)


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ('{"tickets": [' + "[],".join([""] * 400) + "[]]}", "more than 300 values"),
        ('{"tickets": ' + "[" * 100_000 + "]" * 100_000 + "}", "parts within parts"),
    ],
)
def test_a_record_that_would_take_more_memory_than_any_is_left_out_and_costs_no_other(
    monkeypatch, odd, why
):
    monkeypatch.setattr("deskbook.moving.json_parts.MOST_VALUES", 300 if "300" in why else 10**6)
    with a_shelf() as shelf:
        text = io.StringIO(f'{{"id": 1}}\n{odd}\n{{"id": 2}}')
        found = [row for _place, row in objects_in(text, "old.json", shelf)]
        [left_out] = shelf.all_left_out()
    assert found == [{"id": 1}, {"id": 2}]
    assert left_out.place == "old.json, line 2"
    assert why in in_words(left_out.why)
