"""`deskbook check BOOK --roster FILE`: a roster proved against its book."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from deskbook.book import commands

BOOKS = Path(__file__).parents[2] / "books"
BOOK = (
    "deskbook: 1\nname: X\nzone: Africa/Maputo\nopen: { from: 2023-08-07, until: 2023-08-08"
    " }\nhours:\n  l2: { every day: 06:00-24:00 }\n  l3: { zone: Asia/Kolkata, every day:"
    " 09:30-03:30 }\nteams: { l2: { name: Help desk }, l3: , l1: }\nrouting: { first: l1 }\nsites:"
    " [Nampula]\nrosters:\n  - { team: l2, during: l2 }\n"
)
HEAD = "team,person,from,until\n"
WHOLE = (
    HEAD + "l2,Asha,2023-08-07 06:00,2023-08-07 24:00\nl2,Bala,2023-08-08 06:00,2023-08-09 00:00\n"
)


@pytest.fixture
def checked(tmp_path, capsys):
    """Return a function that checks a roster and gives back the exit code and the lines printed."""

    def checked(roster, book=BOOK, *more):
        (tmp_path / "b.yaml").write_text(book)
        (tmp_path / "r.csv").write_bytes(roster if isinstance(roster, bytes) else roster.encode())
        code = commands.check(
            [str(tmp_path / "b.yaml"), "--roster", str(tmp_path / "r.csv"), *more]
        )
        return code, capsys.readouterr().out.replace(f"{tmp_path}/", "").splitlines()

    return checked


def test_a_roster_that_covers_every_open_hour_has_no_findings(checked):
    assert checked(WHOLE) == (0, ["b.yaml: no findings"])


def test_a_gap_is_told_with_the_line_of_the_book(checked):
    code, lines = checked(WHOLE.replace("24:00", "16:00"))
    assert code == 1
    assert (
        lines[0] == "b.yaml:12:1: error: Help desk has nobody on shift of 1 needed"
        " from Mon 2023-08-07 16:00 to 24:00 Africa/Maputo [roster-gap]"
    )


def test_too_few_is_a_gap_too(checked):
    code, lines = checked(WHOLE, BOOK.replace("during: l2", "during: l2, at least: 2"))
    assert code == 1
    assert "has 1 on shift of 2 needed" in lines[0]


def test_times_are_read_in_the_zone_of_the_teams_roster_or_by_their_offset(checked):
    book = BOOK + "  - { team: l3, during: l3 }\n"
    shifts = (
        "l3,Chitra,2023-08-07 09:30,2023-08-08T03:30+05:30\nl3,Chitra,2023-08-08 09:30,2023-08-09"
        " 03:30\n"
    )
    assert checked(WHOLE + shifts, book) == (0, ["b.yaml: no findings"])


@pytest.mark.parametrize(
    "change",
    [lambda t: "\ufeff" + t, lambda t: t.replace(",", ";"), lambda t: t.replace("\n", "\r\n")],
)
def test_files_as_spreadsheets_write_them_are_read(checked, change):
    assert checked(change(WHOLE))[0] == 0


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("team,person,from\nl2,Asha,now\n", "r.csv:1:1: error: there is no column 'until'"),
        (
            HEAD + "l9,Asha,2023-08-07 06:00,2023-08-07 14:00\n",
            "r.csv:2:1: error: 'l9' is no team of the book",
        ),
        (HEAD + "l2,,2023-08-07 06:00,2023-08-07 14:00\n", "nobody is named"),
        (HEAD + "l2,Asha,7 August,2023-08-07 14:00\n", "2026-03-02"),
        (HEAD + "l2,Asha,2023-08-07 14:00,2023-08-07 06:00\n", "not after it begins"),
        (HEAD + "l2,Asha,2023-08-07 06:00\n", "is not a date"),
        (HEAD + "l2,Asha,2023-08-07 06:00,9999-12-31 24:00\n", "outside the years 1900 to 2199"),
        (
            HEAD + "l2,Asha,0001-01-01T00:00+14:00,2023-08-07 06:00\n",
            "outside the years 1900 to 2199",
        ),
        (WHOLE + WHOLE.splitlines()[1] + "\n", "r.csv:4:1: error: the same shift stands in line 2"),
        (
            HEAD.strip() + ",place\nl2,Asha,2023-08-07 06:00,2023-08-07 14:00,Tete\n",
            "no site of the book",
        ),
        (WHOLE.replace("Asha", "José").encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_wrong_line_is_told_with_its_place_in_the_file(checked, roster, words):
    code, lines = checked(roster)
    assert code == 1
    assert words in lines[0]


def test_a_book_that_asks_for_nobody_says_so(checked):
    code, lines = checked(WHOLE, BOOK[: BOOK.index("rosters")])
    assert code == 0
    assert "[no-rosters]" in lines[0]


def test_a_desk_that_is_always_there_is_looked_at_for_four_weeks(checked):
    book = BOOK.replace("open: { from: 2023-08-07, until: 2023-08-08 }\n", "")
    code, lines = checked(WHOLE, book, "--today", "2023-08-07", "--json")
    found = json.loads(lines[0])["findings"]
    assert code == 1
    assert len(found) == 26  # every day but the two on the roster


def test_a_roster_is_for_one_book(checked, tmp_path):
    with pytest.raises(SystemExit):
        checked(WHOLE, BOOK, str(tmp_path / "b2.yaml"))


def test_the_roster_of_salamas_whole_campaign_is_proved_in_both_zones(tmp_path, capsys):
    days = [date(2023, 8, 7) + timedelta(days=number) for number in range(13)]
    shifts = [
        f"help desk,Asha,{day} 06:00,{day} 15:00\nhelp desk,Bala,{day} 15:00,{day} 24:00\neGov"
        f" India,Chitra,{day} 09:30,{day} 18:30\neGov India,Dev,{day}"
        f" 18:30,{day + timedelta(days=1)} 03:30\n"
        for day in days
    ]
    whole, holed = tmp_path / "whole.csv", tmp_path / "holed.csv"
    whole.write_text(HEAD + "".join(shifts))
    holed.write_text(HEAD + "".join(shifts[:-1]))
    assert (
        commands.check(
            [str(BOOKS / "salama.yaml"), "--roster", str(whole), "--today", "2023-08-01"]
        )
        == 0
    )
    assert (
        commands.check(
            [str(BOOKS / "salama.yaml"), "--roster", str(holed), "--today", "2023-08-01"]
        )
        == 1
    )
    assert "Sat 2023-08-19 09:30 to Sun 2023-08-20 03:30 Asia/Kolkata" in capsys.readouterr().out
