"""What the database does wrong is not laid at the door of what was to be taken in."""

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, connection, transaction
from procrastinate.exceptions import ConnectorException

from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.tickets.faults import is_of_the_database
from tests.channels.email.conftest import apply_small_book
from tests.channels.email.test_understanding import raw

FAULTS = {
    "select 1/0": False,
    "select to_tsvector(string_agg(md5(n::text), ' ')) from generate_series(1, 60000) n": False,
    "do $$ begin raise exception 'no space left' using errcode = '53100'; end $$": True,
    "do $$ begin raise exception 'shutting down' using errcode = '57P01'; end $$": True,
    "do $$ begin raise exception 'read only' using errcode = '25006'; end $$": True,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("sql", "its_own"), FAULTS.items())
def test_a_full_or_absent_database_is_told_from_a_text_it_cannot_hold(sql, its_own):
    with (
        pytest.raises(DatabaseError) as failed,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert is_of_the_database(failed.value) is its_own
    later = RuntimeError("while reading")
    later.__context__ = failed.value
    assert is_of_the_database(later) is its_own


def test_a_connection_that_was_lost_is_the_databases_fault():
    assert is_of_the_database(InterfaceError("connection already closed"))
    assert is_of_the_database(psycopg.OperationalError("server closed the connection unexpectedly"))
    assert not is_of_the_database(ValueError("no mail"))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["deskbook_message", "procrastinate_jobs"])
def test_a_mail_that_came_while_the_disk_was_full_is_read_when_there_is_room(table):
    apply_small_book()
    number = ingest(raw(), envelope_to=["it@harbour.example"])
    with connection.cursor() as cursor:
        cursor.execute(
            "create function no_room() returns trigger language plpgsql as"
            " $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$"
        )
        cursor.execute(
            f"create trigger full_disk before insert on {table} execute function no_room()"
        )
    for _ in range(5):
        with pytest.raises((DatabaseError, ConnectorException)), transaction.atomic():
            receive(number)
    with connection.cursor() as cursor:
        cursor.execute(f"drop trigger full_disk on {table}")
    assert receive(number).state == "done"
