import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from deskbook.server import postgres_keeper
from deskbook.server.embedded_postgres import keep_up, running
from deskbook.server.lifeline import PARENT
from deskbook.server.postgres_files import (
    LONGEST_SOCKET_DIRECTORY,
    NotStarted,
    place,
    server_account,
    socket_directory,
)
from tests.server.folders import open_folder

HOLD = """
import sys, time
from pathlib import Path
from deskbook.server.embedded_postgres import running
with running(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(600)
"""

DEAF = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
# A shell makes what it starts in the background deaf to it.
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
print("deaf", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def shelf():
    """A folder the server's account can enter, as a home of a desk usually is."""
    with open_folder() as folder:
        yield folder


def holder(home):
    """Start another process that uses the cluster; return it and the URL it was given."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True
    )
    return process, process.stdout.readline().strip()


def end(process):
    process.kill()
    process.wait()
    process.stdout.close()


def query(url, sql="select 1"):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql).fetchone()[0]


def patiently(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def server_pid(home):
    return int((home / "data/postmaster.pid").read_text().split()[0])


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def only_child(pid):
    [child] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


def gone(pid):
    """Whether the process has ended (a zombie has)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def answers(url):
    try:
        return query(url) == 1
    except psycopg.OperationalError:
        return False


def test_what_was_written_is_there_at_the_next_start(shelf):
    with running(shelf / "kept") as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table note as select 'still here' as text")
    with running(shelf / "kept") as url:
        assert query(url, "select text from note") == "still here"
        assert query(url, "show fsync") == "on"


def test_the_database_knows_letters_beyond_english(shelf):
    with running(shelf / "kept") as url:
        assert query(url, "select lower('AÇÃO')") == "ação"


def test_nobody_outside_can_connect(shelf):
    with running(shelf / "kept") as url:
        assert query(url, "show listen_addresses") == ""
        assert (shelf / "kept").stat().st_mode & 0o077 == 0


def test_two_commands_share_one_server_and_the_last_one_stops_it(shelf):
    home = shelf / "shared"
    other, url = holder(home)
    with running(home) as same:
        assert same == url
        end(other)
        time.sleep(1)
        assert query(url) == 1
    pid = server_pid(home) if (home / "data/postmaster.pid").exists() else None
    patiently(lambda: pid is None or gone(pid))


def test_the_last_user_being_killed_stops_the_server(shelf):
    home = shelf / "killed-user"
    process, _url = holder(home)
    pid = server_pid(home)
    end(process)
    patiently(lambda: gone(pid))
    assert not (home / "data/postmaster.pid").exists(), "it should have been a clean stop"


def test_a_killed_server_is_started_again_with_what_was_committed(shelf):
    home = shelf / "killed-server"
    with running(home) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create table kept as select 7 as number")
        os.kill(server_pid(home), signal.SIGKILL)
        patiently(lambda: answers(url))
        assert query(url, "select number from kept") == 7


def test_a_killed_keeper_is_replaced_and_the_address_stays(shelf):
    home = shelf / "killed-keeper"
    with running(home) as url:
        old = server_pid(home)
        os.kill(parent_of(old), signal.SIGKILL)
        patiently(lambda: gone(old))
        keep_up(home)
        patiently(lambda: answers(url))


def test_a_keeper_killed_while_it_makes_the_cluster_is_replaced(shelf):
    home = shelf / "killed-at-start"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True
    )
    patiently((home / "data.new").exists, seconds=60)
    os.kill(only_child(process.pid), signal.SIGKILL)
    url = process.stdout.readline().strip()
    assert url and query(url) == 1
    end(process)


def test_a_leftover_server_that_does_not_stop_when_told_is_put_down(shelf, monkeypatch):
    home = place(shelf / "deaf")
    (home / "data").mkdir(parents=True)
    command = [sys.executable, "-c", DEAF, str(home / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        threading.Thread(target=server.wait).start()  # else it stays as a zombie
        (home / "data/postmaster.pid").write_text(f"{server.pid}\n{home}/data\n")
        monkeypatch.setattr(
            postgres_keeper, "PUTTING_DOWN", ((signal.SIGINT, 0.5), (signal.SIGQUIT, 20.0))
        )
        postgres_keeper.Keeper(home, throw_away=False)._put_down_leftover()
        assert not (home / "data/postmaster.pid").exists()
    assert server.returncode == -signal.SIGQUIT


def test_a_part_begins_when_the_database_is_back_and_does_not_die_of_its_absence(shelf):
    home = shelf / "kept"
    with running(home) as url:
        pass
    patiently(lambda: not (home / "data/postmaster.pid").exists())
    begin = (
        "import os, psycopg; from deskbook.server.processes import part; print(flush=True);"
        " part(); "
    )
    command = [sys.executable, "-c", f"{begin}psycopg.connect(os.environ['DATABASE_URL']).close()"]
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DESKBOOK_DATA": str(shelf),
        PARENT: str(os.getpid()),
    }
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as beginning:
        beginning.stdout.readline()
        time.sleep(1)
        with running(home):
            assert beginning.wait(90) == 0


def test_keeping_up_a_healthy_cluster_changes_nothing(shelf):
    home = shelf / "killed-keeper"
    with running(home):
        pid = server_pid(home)
        keep_up(home)
        time.sleep(0.5)
        assert server_pid(home) == pid


def test_a_stale_process_number_that_now_belongs_to_someone_else_does_not_prevent_the_start(shelf):
    home = shelf / "stale"
    with running(home):
        lines = (home / "data/postmaster.pid").read_text().splitlines()
    patiently(lambda: not (home / "data/postmaster.pid").exists())
    (home / "data/postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with running(home) as url:
        assert query(url) == 1


def test_a_lock_of_the_socket_left_by_a_copy_or_a_crash_does_not_prevent_the_start(shelf):
    home = shelf / "crashed"
    with running(home):
        pass
    patiently(lambda: not (home / "data/postmaster.pid").exists())
    (home / "sockets/.s.PGSQL.5432.lock").write_text(
        f"{os.getpid()}\n{home}/data\n1\n5432\n{home}/sockets\n"
    )
    (home / "data/postmaster.pid").write_text("")  # of a machine that lost its power
    with running(home) as url:
        assert query(url) == 1


def test_a_copied_folder_has_a_database_of_its_own_while_the_original_runs(shelf):
    home, copy = shelf / "original", shelf / "copied"
    with running(home) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create table belongs as select 'original' as whom")
            connection.execute("checkpoint")
        subprocess.run(["cp", "-a", home, copy], check=True)
        with running(copy) as other:
            assert query(other, "show data_directory") == str(copy / "data")
            assert query(other, "update belongs set whom = 'copy' returning whom") == "copy"
        assert query(url, "select whom from belongs") == "original"


def test_a_copied_link_to_the_database_is_refused_while_the_original_has_it(tmp_path):
    original, copy, moved = tmp_path / "original", tmp_path / "copy", tmp_path / "moved"
    for folder in (original, copy, tmp_path / "cluster"):
        folder.mkdir()
    (original / "postgres").symlink_to(tmp_path / "cluster")
    (copy / "postgres").symlink_to(tmp_path / "cluster")
    assert place(original / "postgres") == tmp_path / "cluster"
    with pytest.raises(NotStarted, match=f"copy/postgres is a link to the database of {original}"):
        place(copy / "postgres")
    original.rename(moved)
    assert place(moved / "postgres") == tmp_path / "cluster"


def test_a_deep_folder_gets_a_socket_with_a_short_name(shelf):
    home = shelf / ("d" * LONGEST_SOCKET_DIRECTORY) / "postgres"
    home.parent.mkdir()
    with running(home) as url:
        assert query(url) == 1
        sockets = (home / "sockets").resolve()
        assert len(str(sockets)) <= LONGEST_SOCKET_DIRECTORY
        assert sockets.stat().st_mode & 0o077 == 0
    patiently(lambda: not (home / "data/postmaster.pid").exists())
    with running(home) as again:
        assert again == url
    copy = shelf / ("e" * LONGEST_SOCKET_DIRECTORY) / "postgres"
    copy.mkdir(parents=True)
    os.chown(copy, sockets.stat().st_uid, -1)
    (copy / "sockets").symlink_to(sockets)
    assert socket_directory(copy, server_account()) != sockets, (
        "a copied link leads to the original's socket"
    )


def test_a_throw_away_cluster_leaves_nothing_behind(shelf):
    with running(shelf / "tests", throw_away=True) as url:
        assert query(url, "show fsync") == "off"
    patiently(lambda: not (shelf / "tests").exists())


def test_root_keeps_its_cluster_elsewhere_when_the_servers_account_cannot_enter(tmp_path):
    if server_account() is None:
        return  # only root needs another account
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with running(closed / "postgres", throw_away=True) as url:
        assert query(url) == 1
        elsewhere = (closed / "postgres").resolve()
        assert not elsewhere.is_relative_to(closed)
    patiently(lambda: not elsewhere.exists() and not (closed / "postgres").is_symlink())


def test_a_server_that_still_recovers_is_not_waited_for_when_the_desk_stops(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres_keeper, "STARTING_PATIENCE_S", 0.2)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/postmaster.pid").write_text("1\n/data\n1\n5432\n/sockets\n\n1 1\nstarting\n")
    with subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        postgres_keeper.Keeper(tmp_path, throw_away=False)._end(server)
        assert server.returncode == -signal.SIGQUIT
