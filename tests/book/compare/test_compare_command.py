"""`deskbook compare` as typed."""

import json
import time
from datetime import date
from pathlib import Path

import pytest

from deskbook.book.compare.commands import compare

BOOKS = Path(__file__).parents[3] / "books"
TODAY = date(2026, 11, 30)


@pytest.fixture
def pair(tmp_path):
    """Return a function that writes a book twice, the second time with something else in it."""

    def written(book, before, after):
        text = (BOOKS / f"{book}.yaml").read_text(encoding="utf-8")
        assert before in text
        (tmp_path / "old.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "new.yaml").write_text(text.replace(before, after, 1), encoding="utf-8")
        return [str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]

    return written


def test_it_ends_in_one_when_something_is_due_later(pair, capsys):
    files = pair("small", "respond: 1h,", "respond: 2h,")
    assert compare(files, today=TODAY) == 1
    old, new = files
    assert capsys.readouterr().out == (
        "targets\n"
        f"  severity urgent: first response 1h → 2h  [{old}:20:34 → {new}:20:34]\n"
        "\nFor every case of both books, opened until 2027-11-30:\n"
        "  first response: never later than before, except:\n"
        "    severity urgent: one opened Fri 2026-12-04 15:00 (severity urgent) was due"
        " Fri 2026-12-04 16:00, becomes due Mon 2026-12-07 10:00"
        f"  [{old}:20:34 → {new}:20:34]\n"
        "  solution: never later than before\n"
        "  who gets a case: as before\n"
        "  who may close a case: as before\n"
        "  where a case can come to: as before\n"
    )


def test_it_ends_in_nought_when_nothing_is_due_later(pair, capsys):
    assert compare(pair("small", "respond: 1h,", "respond: 30m,"), today=TODAY) == 0
    assert "first response: never later than before\n" in capsys.readouterr().out


def test_the_same_book_says_so(capsys):
    book = str(BOOKS / "small.yaml")
    assert compare([book, book], today=TODAY) == 0
    assert capsys.readouterr().out.startswith("The two books say the same.\n")


def test_it_ends_in_two_with_the_findings_of_a_book_that_has_errors(pair, capsys):
    assert compare(pair("small", "respond: 1h,", "respond: soon,"), today=TODAY) == 2
    assert "new.yaml:20:34: error:" in capsys.readouterr().err


def test_all_of_it_comes_as_json(pair, capsys):
    assert compare([*pair("small", "respond: 1h,", "respond: 2h,"), "--json"], today=TODAY) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["later"] is True
    assert told["changes"][0]["section"] == "targets"
    assert told["changes"][0]["new"]["line"] == 20
    (exception,) = told["statements"][0]["exceptions"]
    assert exception["case"]["severity"] == "urgent"
    assert exception["was_due"] == "2026-12-04T16:00:00+00:00"
    assert exception["becomes_due"] == "2026-12-07T10:00:00+00:00"


PACE = [
    ("mukta", "P1,           answer: 1bd", "P1, answer: 2bd"),
    ("salama", "every day: 06:00-24:00", "every day: 07:00-24:00"),
    ("spark", "name:", "name: The"),
    ("sparkrock", "mon-fri: 08:00-20:00", "mon-fri: 09:00-20:00"),
]


@pytest.mark.parametrize(("book", "before", "after"), PACE)
def test_each_of_the_four_books_is_compared_in_about_a_second(pair, book, before, after):
    """In time of the processor: two readings of a book and all proofs."""
    files = pair(book, before, after)
    began = time.process_time()
    compare(files, today=TODAY)
    assert time.process_time() - began < 3  # as slow as the slowest machine the tests run on
