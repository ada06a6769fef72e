"""A server of the operator's own: one that cannot carry a desk is refused with a sentence."""

import shutil
import subprocess
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from deskbook.config.environment import read
from deskbook.config.refusals import WrongSetting
from deskbook.server import database
from deskbook.server.database import has_tables, refuse_unreachable
from tests.conftest import database_of_the_tests
from tests.server.folders import open_folder
from tests.stories.running_desk import free_port

POOL = """
[databases]
desk = host={host} dbname={name} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
auth_type = any
pool_mode = {mode}
unix_socket_dir =
ignore_startup_parameters = extra_float_digits
"""


@pytest.mark.django_db
def test_a_server_of_todays_kind_is_taken():
    refuse_unreachable(read({"DATABASE_URL": database_of_the_tests()}))


@pytest.mark.django_db
def test_a_server_that_is_too_old_is_named(monkeypatch):
    monkeypatch.setattr(database, "OLDEST_SERVER", connection.pg_version // 10_000 + 1)
    with pytest.raises(WrongSetting, match=r"is PostgreSQL \d+; Deskbook needs \d+ or newer"):
        refuse_unreachable(read({"DATABASE_URL": database_of_the_tests()}))


@pytest.mark.django_db
def test_a_database_that_was_never_brought_up_is_told_from_one_that_was():
    own = database_of_the_tests()
    name = f"bare_{connection.settings_dict['NAME']}"
    with psycopg.connect(make_conninfo(own, dbname="postgres"), autocommit=True) as server:
        server.execute(f"create database {name}")
        assert not has_tables(make_conninfo(own, dbname=name))
        with psycopg.connect(make_conninfo(own, dbname=name)) as bare:
            bare.execute("create table django_migrations (name text)")
        assert not has_tables(make_conninfo(own, dbname=name))
        server.execute(f"drop database {name}")
    assert has_tables(own)


@pytest.mark.skipif(
    not shutil.which("pgbouncer"),
    reason="only where PgBouncer is installed (apt-get install pgbouncer)",
)
@pytest.mark.django_db
@pytest.mark.parametrize(("mode", "refused"), [("transaction", True), ("session", False)])
def test_a_pooler_that_gives_each_transaction_another_connection_is_refused(mode, refused):
    expected = (
        pytest.raises(WrongSetting, match="pool_mode = session") if refused else nullcontext()
    )
    with open_folder() as folder, pooler(mode, folder) as url, expected:
        refuse_unreachable(read({"DATABASE_URL": url}))


@contextmanager
def pooler(mode, folder):
    """Run PgBouncer before the tests' server, as who owns that server's socket; yield the
    address.
    """
    settings, port = connection.settings_dict, free_port()
    told = POOL.format(
        host=settings["HOST"], name=settings["NAME"], user=settings["USER"], port=port, mode=mode
    )
    file = folder / "pgbouncer.ini"
    file.write_text(told)
    owner = Path(settings["HOST"]).owner()
    with subprocess.Popen(
        ["pgbouncer", "-q", "-u", owner, file], stderr=subprocess.DEVNULL
    ) as running:
        url = f"postgresql://desk@127.0.0.1:{port}/desk"
        for _try in range(200):
            try:
                psycopg.connect(url).close()
                break
            except psycopg.OperationalError:
                time.sleep(0.05)
        yield url
        running.kill()
