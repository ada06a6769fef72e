"""A desk that starts today and one that has been there since the first release have the same
tables.
"""

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.conftest import database_of_the_tests

pytestmark = pytest.mark.django_db  # else there is none

#: Every step as it was taken once, in place of the one step that makes all tables of a new
#: database. Each leaves much rubbish, and looking for it would be a third of the work of a process
#: that is soon over.
STEP_BY_STEP = """
import gc
gc.disable()
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
COLUMNS = """select table_name, column_name, udt_name, character_maximum_length, is_nullable, column_default,
    is_identity, collation_name from information_schema.columns where table_schema = 'public'"""
#: Whether a column may be empty is told there; PostgreSQL 18 calls that by the column's first name.
CONSTRAINTS = """select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n'"""
INDEXES = "select indexname, indexdef from pg_indexes where schemaname = 'public'"
TRIGGERS = (
    "select tgrelid::regclass::text, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal"
)
FUNCTIONS = """select proname, pg_get_functiondef(oid) from pg_proc
    where pronamespace = 'public'::regnamespace and prokind = 'f'"""


@pytest.fixture(scope="module")
def both(django_db_setup):
    """Two databases: of a desk that grew from the first release, and of a new one, as every test
    has it.
    """
    new = database_of_the_tests()
    name = f"grown_{conninfo_to_dict(new)['dbname']}"
    grown = make_conninfo(new, dbname=name)
    with psycopg.connect(make_conninfo(new, dbname="postgres"), autocommit=True) as server:
        server.execute(f"drop database if exists {name}")
        server.execute(f"create database {name}")
        environment = {
            **os.environ,
            "DATABASE_URL": grown,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        subprocess.run([sys.executable, "-c", STEP_BY_STEP], env=environment, check=True)
        with psycopg.connect(grown) as old, psycopg.connect(new) as fresh:
            yield old, fresh
        server.execute(f"drop database {name}")


@pytest.mark.parametrize("question", [COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS])
def test_a_new_database_is_like_one_that_grew(both, question):
    grown, fresh = (sorted(map(repr, one.execute(question))) for one in both)
    assert grown
    assert [row for row in grown if row not in fresh] == []
    assert [row for row in fresh if row not in grown] == []


def test_both_know_that_every_step_was_taken(both):
    done = (
        "select name from django_migrations where app = 'deskbook' and name not like"
        " '0001_tables_at%'"
    )
    grown, fresh = ({row[0] for row in one.execute(done)} for one in both)
    assert grown == fresh
