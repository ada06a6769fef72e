"""A desk that was backed up is there again in another place."""

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from deskbook.channels.email.models import OutboundMail
from deskbook.config.settings_file import read_settings
from tests.conftest import ROOT, database_of_the_tests
from tests.people_factory import MONDAY, make_desk

KEY = "k" * 40
WORDS = {"DESKBOOK_BACKUP_PASSPHRASE": "four words of mine"}


@pytest.fixture
def empty(transactional_db):
    ours, name = database_of_the_tests(), f"restored_{os.getpid()}"
    with psycopg.connect(ours, autocommit=True) as server:
        server.execute(f"create database {name}")
        yield make_conninfo(ours, dbname=name)
        server.execute(f"drop database {name} with (force)")


@pytest.fixture
def run(tmp_path):
    """Return what a command says of a desk in a folder of its own, and its exit code."""

    def run(place, database, *words, **settings):
        folder = tmp_path / place
        folder.mkdir(exist_ok=True)
        clean = {
            name: said for name, said in os.environ.items() if not name.startswith("DESKBOOK_")
        }
        done = subprocess.run(
            [sys.executable, "-m", "deskbook", *words],
            cwd=folder,
            env={**clean, "PYTHONPATH": str(ROOT), "DATABASE_URL": database, **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr, done.returncode

    return run


def waiting(desk):
    """A letter that did not leave before the backup was made."""
    OutboundMail.objects.create(
        desk=desk,
        notice_key="n",
        mail_id="n@spark.example",
        recipient="chitra@far.example",
        purpose="notice",
        subject="Roll",
        raw=b"",
        queued_at=MONDAY,
    )


@pytest.fixture
def file(run, tmp_path, transactional_db):
    """A backup of a desk whose sender has a name and whose key is known."""
    waiting(make_desk("sparkrock"))
    settings = {"DESKBOOK_SECRET_KEY": KEY, "DESKBOOK_MAIL_FROM": "desk@spark.example"}
    file = tmp_path / "desk.backup"
    said, code = run("old", database_of_the_tests(), "backup", str(file), **WORDS, **settings)
    assert code == 0, said
    assert "nobody can open the file without it" in said
    return file


def test_what_was_backed_up_is_restored_into_an_empty_place_with_key_settings_and_book(
    empty, file, run, tmp_path
):
    assert file.stat().st_mode & 0o077 == 0
    assert b"sparkrock" not in file.read_bytes()
    said, code = run("new", empty, "restore", str(file), **WORDS)
    assert code == 0, said
    assert "Held since they may have left after the backup: 1 letters and texts." in said
    with psycopg.connect(empty) as restored:
        assert restored.execute("select key from deskbook_helpdesk").fetchall() == [("sparkrock",)]
        mails = restored.execute("select state, mail_id from deskbook_outboundmail").fetchall()
        assert mails == [("held", "n@spark.example")]
    new = tmp_path / "new"
    assert (new / "var/secret_key").read_text() == KEY
    assert (new / "var/secret_key").stat().st_mode & 0o077 == 0
    settings = read_settings(new / "deskbook.env")
    assert settings["DESKBOOK_MAIL_FROM"] == "desk@spark.example"
    assert settings["DATABASE_URL"] == empty
    assert "name: Sparkrock Customer Support" in (new / "sparkrock.yaml").read_text()


def test_a_place_that_holds_something_is_left_as_it_is(empty, file, run, tmp_path):
    again, code = run("old", database_of_the_tests(), "backup", str(file), **WORDS)
    assert (code, "overwrites nothing" in again) == (2, True)
    said, code = run("full", database_of_the_tests(), "restore", str(file), **WORDS)
    assert (code, "The database is not empty" in said) == (2, True)
    other = {"DESKBOOK_SECRET_KEY": "o" * 40}
    said, code = run("new", empty, "restore", str(file), **WORDS, **other)
    assert (code, "the key of another desk" in said) == (2, True)


def test_a_file_that_was_cut_off_leaves_the_place_empty(empty, file, run, tmp_path):
    file.write_bytes(file.read_bytes()[:-1])
    said, code = run("new", empty, "restore", str(file), **WORDS)
    assert (code, "cut" in said) == (2, True)
    assert list((tmp_path / "new").iterdir()) == []
    with psycopg.connect(empty) as untouched:
        assert (
            untouched.execute("select from pg_tables where schemaname = 'public'").fetchall() == []
        )


def test_a_file_without_a_seal_takes_no_backups_place_unless_somebody_says_so(
    empty, file, run, tmp_path
):
    other = tmp_path / "other.backup"
    other.write_bytes(b"PGDMP, put there by somebody else")
    said, code = run("new", empty, "restore", str(other), **WORDS)
    assert (code, "is not sealed" in said) == (2, True)
    said, code = run("new", empty, "restore", "--unsealed", str(file), **WORDS)
    assert (code, "leave --unsealed away" in said) == (2, True)
    assert list((tmp_path / "new").iterdir()) == []


def test_without_a_passphrase_nothing_is_written(run, tmp_path, transactional_db):
    file = tmp_path / "open.backup"
    said, code = run("old", database_of_the_tests(), "backup", str(file))
    assert (code, "DESKBOOK_BACKUP_PASSPHRASE" in said) == (2, True)
    short = {"DESKBOOK_BACKUP_PASSPHRASE": "short"}
    said, code = run("old", database_of_the_tests(), "backup", str(file), **short)
    assert (code, "too short" in said) == (2, True)
    assert not file.exists()
