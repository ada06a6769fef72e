"""A part and its database are of one version, or the part says which of the two is older and does
nothing.
"""

import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deskbook.server import migration
from deskbook.tickets.anew import counting
from deskbook.tickets.anew_models import CountedBy
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.conftest import database_of_the_tests
from tests.people_factory import MONDAY, make_contact, make_desk
from tests.stories.running_desk import free_port

OF_TOMORROW = ("deskbook", "9999_of_tomorrow")
APPLIED = "insert into django_migrations (app, name, applied) values (%s, %s, now())"
PART = """
import os, time, django
django.setup()
from deskbook.server import migration
migration.SECONDS_BETWEEN_LOOKS = 0.05
migration.stop_when_moved(os.getpid())
print("at work", flush=True)
time.sleep(600)
"""


def run(database, *words, mail=b"", **settings):
    ports = {
        "DESKBOOK_PORT": str(free_port()),
        "DESKBOOK_SMTP_LISTEN": "off",
        "DESKBOOK_LMTP_LISTEN": f"127.0.0.1:{free_port()}",
    }
    environment = ports | {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-m", "deskbook", *words],
        env=environment,
        input=mail,
        capture_output=True,
        timeout=120,
    )


@pytest.fixture
def of_today(db):
    """The address of a database that knows only which version it is of: this one.

    The tests' own stays as it is: the web server of the tests would stop, as it should, for all the
    others.
    """
    own = database_of_the_tests()
    name = f"moving_{conninfo_to_dict(own)['dbname']}"
    with psycopg.connect(make_conninfo(own, dbname="postgres"), autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name}")
        database = make_conninfo(own, dbname=name)
        with psycopg.connect(database) as new, connection.cursor() as cursor:
            cursor.execute("select app, name from django_migrations")
            new.execute(
                "create table django_migrations (id serial, app text, name text, applied"
                " timestamptz)"
            )
            new.cursor().executemany(APPLIED, cursor.fetchall())
        yield database
        server.execute(f"drop database {name} with (force)")


@pytest.fixture
def moved(of_today):
    """The address of a database as a newer version of Deskbook leaves it."""
    move(of_today)
    return of_today


def move(database):
    with psycopg.connect(database) as newer:
        newer.execute(APPLIED, OF_TOMORROW)


@pytest.mark.django_db
def test_the_database_of_this_version_is_used():
    migration.refuse_another_version()


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["0016", "0061", "0070", "0078", "0086"])
def test_a_desk_that_began_with_all_tables_of_an_older_version_is_used(step):
    with connection.cursor() as cursor:
        cursor.execute(APPLIED, ("deskbook", f"0001_tables_at_{step}"))
    migration.refuse_another_version()


@pytest.mark.django_db
def test_old_code_refuses_a_newer_database_and_names_what_it_does_not_know():
    with connection.cursor() as cursor:
        cursor.execute(APPLIED, OF_TOMORROW)
    for refuses in (migration.refuse_another_version, migration.migrate_alone):
        with pytest.raises(
            migration.AnotherVersion, match=r"newer than this version.*deskbook\.9999_of_tomorrow"
        ):
            refuses()


@pytest.mark.django_db
def test_new_code_refuses_an_older_database_and_names_the_command_that_brings_it_up():
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from django_migrations where app = 'deskbook' and name like '0016%%'"
        )
    with pytest.raises(migration.AnotherVersion, match=r"deskbook\.0016.*run `deskbook migrate`"):
        migration.refuse_another_version()


@pytest.mark.django_db(transaction=True)
def test_due_times_an_upgrade_was_killed_over_are_worked_out_at_the_next_start_and_once():
    chitra = make_contact(make_desk("sparkrock"))
    new = NewCase("Empty", Written("Help"), "portal", severity="s2")
    case = open_ticket(chitra, new, at=MONDAY, by=chitra).ticket
    Ticket.objects.filter(pk=case.pk).update(next_due_at=MONDAY)  # as an older version had it
    CountedBy.objects.all().delete()
    migration.migrate_alone()  # the tables are of this version: they were made before it was killed
    assert Ticket.objects.get(pk=case.pk).next_due_at == case.next_due_at
    Ticket.objects.filter(pk=case.pk).update(next_due_at=MONDAY)
    migration.migrate_alone()  # and a start that has nothing to do reads no tickets
    assert Ticket.objects.get(pk=case.pk).next_due_at == MONDAY


@pytest.mark.django_db(transaction=True)
def test_a_start_that_finds_all_steps_taken_takes_none():
    said = []

    def note(execute, sql, *more):
        said.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        migration.migrate_alone()
    assert [sql for sql in said if "django_content_type" in sql] == []  # Django asks after each


@pytest.mark.django_db
def test_a_version_that_counts_alike_reads_no_tickets_and_one_that_counts_otherwise_all():
    chitra = make_contact(make_desk("sparkrock"))
    new = NewCase("Empty", Written("Help"), "portal", severity="s2")
    case = open_ticket(chitra, new, at=MONDAY, by=chitra).ticket
    CountedBy.objects.update_or_create(pk=1, defaults={"version": counting(), "at": MONDAY})
    Ticket.objects.filter(pk=case.pk).update(next_due_at=MONDAY)
    migration.migrate_alone()
    assert Ticket.objects.get(pk=case.pk).next_due_at == MONDAY
    for older in ("0072_what_was_asked_for", f"holidays 0.1, {'0' * 64}"):
        CountedBy.objects.update(version=older)
        migration.migrate_alone()
        assert Ticket.objects.get(pk=case.pk).next_due_at == case.next_due_at
        Ticket.objects.filter(pk=case.pk).update(next_due_at=MONDAY)


@pytest.mark.django_db
def test_an_empty_database_is_said_to_be_empty():
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations")
    with pytest.raises(migration.AnotherVersion, match="database is empty"):
        migration.refuse_another_version()


@pytest.mark.parametrize("part", ["web", "mail"])
def test_no_part_starts_on_a_database_of_another_version(moved, part):
    done = run(moved, part)
    assert done.returncode == 2
    assert b"The database is newer than this version" in done.stderr


def test_a_mail_handed_over_meanwhile_is_asked_for_again_and_not_bounced(moved):
    done = run(moved, "ingest", mail=b"Subject: The bell rings\n\nSince noon.\n")
    assert done.returncode == os.EX_TEMPFAIL
    assert b"try again later" in done.stderr


def test_a_running_part_stops_when_the_database_moves_to_another_version(of_today):
    environment = {
        **os.environ,
        "DATABASE_URL": of_today,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    with subprocess.Popen(
        [sys.executable, "-c", PART], env=environment, stdout=subprocess.PIPE
    ) as part:
        assert part.stdout.readline() == b"at work\n"
        with pytest.raises(subprocess.TimeoutExpired):
            part.wait(0.5)
        move(of_today)
        assert part.wait(20) == -15
