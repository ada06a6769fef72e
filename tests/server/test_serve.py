import os
import signal
import subprocess
import sys
import time

import pytest

from deskbook.config.environment import read
from deskbook.config.refusals import CommandRefused
from deskbook.server.serve import Part, Supervisor, keep_desk_up, welcome

COUNT_STARTS = (
    "import sys, time; open(sys.argv[1], 'a').write('started\\n'); time.sleep(float(sys.argv[2]))"
)
SUPERVISE = """
import sys
from deskbook.server.serve import Part, Supervisor
child = "import os, sys, time; from deskbook.server.lifeline import stop_when_orphaned; stop_when_orphaned(); "
child += "open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
supervisor = Supervisor([Part("child", [sys.executable, "-c", child, sys.argv[1]])], lambda: None)
supervisor.listen_for_signals()
supervisor.run()
"""


def patiently(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.fixture
def supervised(tmp_path):
    """A supervisor in a process of its own, and the number of the child it keeps."""
    note = tmp_path / "pid"
    process = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(note)])
    patiently(lambda: note.exists() and note.read_text())
    yield process, int(note.read_text())
    process.kill()
    process.wait()


def test_a_part_that_dies_is_started_again(tmp_path):
    log = tmp_path / "starts"
    part = Part("short", [sys.executable, "-c", COUNT_STARTS, str(log), "0"])
    supervisor = Supervisor([part], lambda: None)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (
        log.exists() and log.read_text().count("started") >= 2
    ):
        part.look_after(time.monotonic())
        time.sleep(0.02)
    supervisor.end()
    assert log.read_text().count("started") >= 2


def test_a_part_that_dies_at_once_each_time_is_started_ever_more_rarely():
    part = Part("broken", [sys.executable, "-c", "raise SystemExit(1)"])
    pauses = []
    now = time.monotonic()
    for _death in range(8):
        part.look_after(now)
        part.process.wait()
        part.look_after(now)
        pauses.append(part.pause)
        now = part.next_start
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_stopping_the_supervisor_stops_its_parts(supervised):
    process, child = supervised
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert not running(child)


def test_killing_the_supervisor_takes_its_parts_down(supervised):
    process, child = supervised
    process.kill()
    process.wait()
    patiently(lambda: not running(child))


def test_a_part_that_will_not_stop_is_killed(monkeypatch):
    monkeypatch.setattr("deskbook.server.serve.SECONDS_TO_STOP", 0.3)
    ready = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf',"
        " flush=True); time.sleep(600)"
    )
    part = Part("deaf", [sys.executable, "-c", ready])
    part.process = subprocess.Popen(part.command, stdout=subprocess.PIPE, start_new_session=True)
    part.process.stdout.readline()
    Supervisor([part], lambda: None).end()
    assert part.process.wait(5) == -signal.SIGKILL
    part.process.stdout.close()


def test_a_desk_whose_data_folder_is_taken_away_stops_with_a_sentence_and_starts_nothing(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    environment = read({"DESKBOOK_DATA": str(data), "DATABASE_URL": "postgresql://elsewhere/desk"})
    part = Part("steady", [sys.executable, "-c", "import time; time.sleep(600)"])
    supervisor = Supervisor([part], lambda: keep_desk_up(environment, True))
    supervisor.look_after()
    assert not part.ended()
    data.rmdir()
    with pytest.raises(CommandRefused, match="was taken away while the desk was running"):
        supervisor.run()
    assert part.ended()


def test_whoever_starts_the_desk_is_told_where_it_is_and_how_to_sign_in():
    said = welcome(read({"DESKBOOK_PORT": "8123"}))
    assert "http://127.0.0.1:8123" in said
    assert "http://127.0.0.1:8123/account/login/code/" in said
