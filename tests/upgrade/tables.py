"""In what the tables of two databases differ, whatever they hold; those of the demo aside, which it
took over with the names of their constraints where the desk had made them.
"""

import re

import psycopg

QUESTIONS = {
    "columns": """select table_name, column_name, udt_name, character_maximum_length, is_nullable, column_default,
        is_identity, collation_name from information_schema.columns where table_schema = 'public'""",
    # Whether a column may be empty is told there; PostgreSQL 18 calls that by the column's first name.
    "constraints": """select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace and contype <> 'n'""",
    "indexes": "select indexname, indexdef from pg_indexes where schemaname = 'public'",
    "triggers": """select tgrelid::regclass::text, pg_get_triggerdef(oid) from pg_trigger
        where not tgisinternal""",
    "functions": """select proname, pg_get_functiondef(oid) from pg_proc
        where pronamespace = 'public'::regnamespace and prokind = 'f'""",
    "steps taken": """select name from django_migrations
        where app = 'deskbook' and name not like '0001_tables_at%'""",
}


def unlike(one, other):
    """Return what only one of the two databases has, by the question that found it."""
    with psycopg.connect(one) as first, psycopg.connect(other) as second:
        found = {
            asked: _answers(first, question) ^ _answers(second, question)
            for asked, question in QUESTIONS.items()
        }
    return {asked: sorted(rows) for asked, rows in found.items() if rows}


def _answers(connection, question):
    rows = {_alike(repr(row)) for row in connection.execute(question)}
    assert rows
    return {row for row in rows if "demo_" not in row}


def _alike(row):
    """A list in a condition is spelled with other casts once it was in a dump."""
    return re.sub(r"::character varying|::text|\[\]|[()]", "", row) if "ARRAY[" in row else row
