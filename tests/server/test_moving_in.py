"""What a desk had elsewhere comes along at a terminal."""

import pytest

from deskbook.config.refusals import CommandRefused
from deskbook.moving.models import Move
from deskbook.moving.sources import SOURCES, Source
from deskbook.server import moving_in
from deskbook.server.embedded_postgres import running
from tests.moving.elsewhere import BOOK, in_file, small_desk
from tests.server.test_applying import commands_in

LINES = (
    "71,Printer,chitra@school.example,2024-03-04 10:00,,Parked,Urgent,,,,,,,It hums.",
    "72,Ghost,dev@school.example,2024-01-02 09:00,2024-01-09 16:00,Closed,Low,,,,,,,Gone.",
    "73,Odd,dev@school.example,yesterday,,Open,Low,,,,,,,Gone.",
)


@pytest.fixture
def run(tmp_path):
    (tmp_path / "var").mkdir()
    with running(tmp_path / "var/postgres", throw_away=True):
        (tmp_path / "small.yaml").write_text(BOOK)
        in_file(tmp_path, *LINES)
        run = commands_in(tmp_path)
        run("apply", "small.yaml")
        yield run


def test_first_it_is_said_what_would_come_and_then_it_comes_once(run, tmp_path):
    bring = ("import", "csv", "old.csv", "--desk", "small")
    said = run(*bring, "--dry-run", "--left-out", "left.csv")
    assert "old.csv: 3 tickets with 3 messages and 0 files, of 2 people." in said
    assert "stage “Parked” (1): ? nobody said what it becomes" in said
    assert "old.csv, line 4, ticket 73, opened: “yesterday” in “opened” is no date and time" in said
    assert said.endswith("Nothing was written.\n")
    assert "line 4" in (tmp_path / "left.csv").read_text(encoding="utf-8-sig")
    refused = run(*bring, ends_in=2)
    assert "stage “Parked”" in refused and "Nothing was written." in refused
    (tmp_path / "map.yaml").write_text('stage: { "*": waiting }\n')
    came = run(*bring, "--map", "map.yaml")
    assert came.endswith("3 tickets came, with 3 messages and 0 files. Nobody was told of it.\n")
    again = run(*bring, "--map", "map.yaml")
    assert "0 tickets came, with 0 messages and 0 files. 3 had come before." in again
    run("verify")


def test_a_map_that_names_what_the_book_has_not_is_refused(run, tmp_path):
    (tmp_path / "map.yaml").write_text("stage: { Parked: garage }\n")
    said = run("import", "csv", "old.csv", "--desk", "small", "--map", "map.yaml", ends_in=2)
    assert "The book has no stage “garage”. It has: open, waiting, complete, closed." in said


@pytest.fixture
def at_terminal(db, tmp_path):
    """Return what takes the lines in, in this process."""
    small_desk()
    path = str(in_file(tmp_path, *LINES))

    def bring(*more):
        asked = ["csv", path, "--desk", "small", "--left-out", str(tmp_path / "left.csv"), *more]
        moving_in._bring(moving_in._parser().parse_args(asked))

    return bring


def test_what_is_refused_is_not_at_work_any_more(at_terminal, tmp_path):
    with pytest.raises(CommandRefused, match="Parked"):
        at_terminal()
    [move] = Move.objects.all()
    assert move.state == "failed" and "Parked" in move.problem and move.finished_at
    assert "yesterday" in (tmp_path / "left.csv").read_text(encoding="utf-8-sig")
    with pytest.raises(CommandRefused):
        at_terminal("--map", str(tmp_path), "--dry-run")  # no map is a folder
    assert list(Move.objects.all()) == [move]


@pytest.mark.parametrize("stopped_by", [LookupError("shelf 9"), KeyboardInterrupt()])
def test_what_crashes_or_is_stopped_is_not_at_work_any_more(at_terminal, monkeypatch, stopped_by):
    def crash(_parts, _shelf, _zone):
        raise stopped_by

    monkeypatch.setitem(SOURCES, "csv", Source("CSV", crash))
    with pytest.raises((CommandRefused, KeyboardInterrupt)):
        at_terminal()
    [move] = Move.objects.all()
    assert move.state == "failed" and ("shelf 9" in move.problem or "stopped" in move.problem)
