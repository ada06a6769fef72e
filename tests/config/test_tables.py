"""A desk that starts today and one that has been there since the first release have the same tables."""

import os
import subprocess
import sys

import psycopg
import pytest

from deskbook.config.embedded_postgres import running

#: Every step as it was taken once, in place of the one step that makes all tables of a new database.
STEP_BY_STEP = """
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
taken = MigrationExecutor(connection)
taken.loader = MigrationLoader(connection, replace_migrations=False)
steps = taken.loader.graph.nodes
taken.migrate([name for name in taken.loader.graph.leaf_nodes() if not steps[name].replaces])
"""
AT_ONCE = "from django.core.management import execute_from_command_line as run; run(['', 'migrate', '-v0'])"
COLUMNS = """select table_name, column_name, udt_name, character_maximum_length, is_nullable, column_default,
    is_identity, collation_name from information_schema.columns where table_schema = 'public'"""
CONSTRAINTS = """select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace"""
INDEXES = "select indexname, indexdef from pg_indexes where schemaname = 'public'"
TRIGGERS = "select tgrelid::regclass::text, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal"
FUNCTIONS = """select proname, pg_get_functiondef(oid) from pg_proc
    where pronamespace = 'public'::regnamespace and prokind = 'f'"""


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Two databases: of a desk that grew from the first release, and of a new one."""
    home = tmp_path_factory.getbasetemp() / "tables"
    with running(home, throw_away=True) as url:
        new = url.replace("/deskbook?", "/new?")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create database new")
        for where, program in ((url, STEP_BY_STEP), (new, AT_ONCE)):
            environment = {**os.environ, "DATABASE_URL": where, "DJANGO_SETTINGS_MODULE": "tests.settings"}
            subprocess.run([sys.executable, "-c", program], env=environment, check=True)
        with psycopg.connect(url) as grown, psycopg.connect(new) as fresh:
            yield grown, fresh


@pytest.mark.parametrize("question", [COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS])
def test_a_new_database_is_like_one_that_grew(both, question):
    grown, fresh = (sorted(map(repr, one.execute(question))) for one in both)
    assert grown
    assert [row for row in grown if row not in fresh] == []
    assert [row for row in fresh if row not in grown] == []


def test_both_know_that_every_step_was_taken(both):
    done = "select name from django_migrations where app = 'deskbook' and name <> '0001_tables_at_0016'"
    grown, fresh = ({row[0] for row in one.execute(done)} for one in both)
    assert grown == fresh
