import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deskbook.cli import COMMANDS, main


def test_without_a_command_the_commands_are_listed(capsys):
    assert main([]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in COMMANDS)


def test_an_unknown_command_is_named_and_the_commands_are_listed(capsys):
    assert main(["chekc"]) == 2
    said = capsys.readouterr().err
    assert "there is no command “chekc”" in said
    assert "  check " in said


def test_a_wrong_setting_is_a_sentence_and_not_a_traceback(capsys, monkeypatch):
    monkeypatch.setenv("DESKBOOK_PORT", "eighty")
    assert main(["migrate"]) == 2
    assert capsys.readouterr().err.startswith("deskbook: DESKBOOK_PORT is “eighty”; it must")


def test_a_database_that_is_away_is_a_sentence_and_not_a_traceback(capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://asha:secret@127.0.0.1:1/desk")
    assert main(["migrate"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("deskbook: The database of DATABASE_URL cannot be reached: ")
    assert "Traceback" not in said and "secret" not in said


@pytest.mark.parametrize(
    "words",
    [
        "verify",
        "token asha@desk.example --desk small",
        "invite asha@desk.example --desk small",
        "import csv old.csv --desk small",
        "backup desk.backup",
        "manage check",
    ],
)
def test_in_a_folder_of_something_else_no_desk_is_made_and_the_folder_is_named(
    words, capsys, tmp_path, monkeypatch
):
    (tmp_path / "old.csv").touch()
    monkeypatch.chdir(tmp_path)
    for name in [one for one in os.environ if one.startswith(("DESKBOOK_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    assert main(words.split()) == 2
    said = capsys.readouterr().err
    assert f"There is no desk in {tmp_path / 'var'}." in said and "deskbook.env" in said
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("check", "x" * 5_000),
        ("play", "x" * 5_000),
        ("play", "--docs", "nowhere/to/write"),
        ("schema", "--docs", "a file/below"),
        ("apply", "x" * 5_000),
    ],
)
def test_a_file_that_cannot_be_is_a_sentence_and_not_a_traceback(
    words, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a file").touch()
    assert main(list(words)) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"deskbook: {words[-1][:200]}")
    assert len(said) < 300


def test_a_folder_without_books_says_so(capsys, tmp_path):
    assert main(["check", str(tmp_path)]) == 1
    assert "no book there" in capsys.readouterr().err


def test_a_misspelt_setting_is_warned_of_at_the_start(capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/desk")
    monkeypatch.setenv("DESKBOK_PORT", "81")
    main(["migrate"])
    assert "deskbook: warning: DESKBOK_PORT is no setting" in capsys.readouterr().err


@pytest.mark.parametrize(("servers", "warned"), [("", True), ("mx.desk.example", False)])
def test_who_takes_mail_without_a_server_that_checks_senders_is_warned(servers, warned):
    nowhere = {"DATABASE_URL": "postgresql://127.0.0.1:1/desk", "DESKBOOK_SMTP_LISTEN": "off"}
    named = {
        **os.environ,
        **nowhere,
        "DESKBOOK_LMTP_LISTEN": "off",
        "DESKBOOK_TRUSTED_MAIL_SERVERS": servers,
    }
    ran = subprocess.run(
        [sys.executable, "-m", "deskbook", "mail"], env=named, capture_output=True, text=True
    )
    assert ran.returncode != 0
    assert ("DESKBOOK_TRUSTED_MAIL_SERVERS is empty" in ran.stderr) is warned


def test_asking_for_help_loads_neither_django_nor_the_database():
    script = (
        "import sys; from deskbook.cli import main; main([]); sys.exit(bool({'django', 'psycopg'} &"
        " set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "name", ["serve", "web", "worker", "mail", "migrate", "demo", "ingest", "apply"]
)
def test_every_part_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == 0
    assert f"usage: deskbook {name}" in capsys.readouterr().out


def test_half_a_character_in_a_case_comes_back_as_it_was_given(tmp_path):
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "\\ud800", "opened": "2026-03-02T10:00:00Z"}\n')
    book = Path(__file__).parents[2] / "books" / "small.yaml"
    command = [sys.executable, "-m", "deskbook", "due", "--cases", str(cases), str(book)]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["id"] == "\ud800"
