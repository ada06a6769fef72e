"""A desk that was backed up is there again in another place."""

import os

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.conftest import database_of_the_tests
from tests.people_factory import make_desk
from tests.server.test_migration import run


@pytest.fixture
def empty(transactional_db):
    ours, name = database_of_the_tests(), f"restored_{os.getpid()}"
    with psycopg.connect(ours, autocommit=True) as server:
        server.execute(f"create database {name}")
        yield make_conninfo(ours, dbname=name)
        server.execute(f"drop database {name} with (force)")


def test_what_was_backed_up_is_restored_into_an_empty_database_and_into_no_other(empty, tmp_path):
    make_desk("sparkrock")
    file = tmp_path / "desk.backup"
    done = run(database_of_the_tests(), "backup", str(file))
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0
    assert b"overwrites nothing" in run(database_of_the_tests(), "backup", str(file)).stderr
    done = run(empty, "restore", str(file))
    assert done.returncode == 0, done.stderr
    with psycopg.connect(empty) as restored:
        assert restored.execute("select key from deskbook_helpdesk").fetchall() == [("sparkrock",)]
    assert b"The database is not empty" in run(empty, "restore", str(file)).stderr
