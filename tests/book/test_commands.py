"""`deskbook check` and `deskbook schema` as typed."""

import json
from pathlib import Path

import jsonschema
import pytest

from deskbook.book import commands

BOOKS = Path(__file__).parents[2] / "books"
DESK = (
    "deskbook: 1\nname: Harbour\nzone: America/Toronto\nhours: { office: { mon-fri: 08:00-20:00"
    " } }\n"
)


@pytest.fixture
def wrong(tmp_path):
    book = tmp_path / "wrong.yaml"
    book.write_text(DESK + "targts: []\n")
    return book


def test_a_book_without_findings_says_so(capsys):
    assert commands.check([str(BOOKS / "sparkrock.yaml"), "--today", "2026-11-22"]) == 0
    assert capsys.readouterr().out == f"{BOOKS / 'sparkrock.yaml'}: no findings\n"


def test_errors_are_printed_with_their_place_and_end_in_one(wrong, capsys):
    assert commands.check([str(wrong)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{wrong}:5:1: error: 'targts' is not a key here: did you mean 'targets'? [unknown-key]",
        f"{wrong}: 1 error",
    ]


def test_warnings_do_not_fail(capsys):
    assert commands.check([str(BOOKS / "mukta.yaml"), "--today", "2026-11-22"]) == 0
    assert "3 warnings" in capsys.readouterr().out


def test_a_day_no_desk_works_on_is_refused(capsys):
    with pytest.raises(SystemExit):
        commands.check([str(BOOKS / "mukta.yaml"), "--today", "9999-12-31"])
    assert "outside the years 1900 to 2199" in capsys.readouterr().err


def test_findings_come_as_json(wrong, capsys):
    assert commands.check(["--json", str(wrong)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["errors"], told["is_right"]) == (1, False)
    assert told["findings"][0]["line"] == 5


def test_a_folder_stands_for_its_books(capsys):
    assert commands.check([str(BOOKS)]) == 0
    assert "small.yaml: no findings" in capsys.readouterr().out


def test_two_books_with_one_mail_address_are_told_apart_by_nobody_and_check_says_so(
    tmp_path, capsys
):
    for name in ("front", "back"):
        (tmp_path / f"{name}.yaml").write_text(f"{DESK}mail: [help@harbour.example]\n")
    assert commands.check([str(tmp_path)]) == 0  # they may be drafts of one
    back, front = tmp_path / "back.yaml", tmp_path / "front.yaml"
    said = capsys.readouterr().out
    assert f"{back}:5:8: warning: mail to help@harbour.example is for {front} already" in said
    assert f"{front}:5:8: warning: mail to help@harbour.example is for {back} already" in said


def test_a_book_that_is_not_there_is_an_error(tmp_path, capsys):
    assert commands.check([str(tmp_path / "none.yaml")]) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_the_schema_is_a_json_schema_of_2020_12(capsys):
    assert commands.schema([]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    assert not jsonschema.Draft202012Validator(schema).is_valid({"deskbook": 1, "nam": "x"})
