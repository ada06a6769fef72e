"""The role the parts of a desk connect as on the embedded server: it reads and writes rows, and
alters nothing.

The superuser owns the tables and brings them up. So whoever gets a part to run SQL of theirs reads
no file of the server, runs no program on it, and cannot take away the trigger that keeps the log as
it was written.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection, errors, sql

ROLE = "desk"
LOG = "deskbook_logentry"
EVERYTHING = """
grant usage, create on schema public to desk;
grant select, insert, update, delete on all tables in schema public to desk;
grant usage, select, update on all sequences in schema public to desk;
alter default privileges in schema public grant select, insert, update, delete on tables to desk;
alter default privileges in schema public grant usage, select, update on sequences to desk;
"""
"""`create`, for the sequence of a new desk's numbers."""


def make_role(connection: Connection[Any]) -> None:
    """Make the role when there is none, and let it in; with the tables there are, if any."""
    if connection.execute("select 1 from pg_roles where rolname = %s", [ROLE]).fetchone():
        return
    try:
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(ROLE)))
    except (errors.DuplicateObject, errors.UniqueViolation):  # another command was first
        return
    let_in(connection)


def let_in(connection: Connection[Any]) -> None:
    """Give the role what it needs on every table there is; on a server of an operator's own, where
    it is not, nothing.

    The log is only added to. Counts of an upload are refreshed by who read it, which PostgreSQL 17
    and later can allow.
    """
    if not connection.execute("select 1 from pg_roles where rolname = %s", [ROLE]).fetchone():
        return
    connection.execute(EVERYTHING)
    tables = {
        name
        for (name,) in connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        )
    }
    if LOG in tables:
        connection.execute("revoke update, delete on deskbook_logentry from desk")
    if "deskbook_uploadrow" in tables and connection.info.server_version >= 170000:
        connection.execute("grant maintain on deskbook_uploadrow to desk")
