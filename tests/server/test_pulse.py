"""A part that hangs is noticed, ended and started again; one that only waits, or gets no time, is
left alone.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from deskbook.server import pulse
from deskbook.server.serve import Part, Supervisor

LIVES = """
import os, re, sys, time
from deskbook.server.lifeline import stop_when_orphaned
from deskbook.server.pulse import only_while
stop_when_orphaned()
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
time.sleep(2)
exec(sys.argv[2])
time.sleep(600)
"""
IN_C = "re.match(r'(a+)+$', 'a' * 60 + 'b')"
A_JOB_THAT_NEVER_ENDS = "only_while(lambda: False)"


@pytest.fixture
def starts(tmp_path):
    return tmp_path / "starts"


@pytest.fixture
def part(starts, request):
    part = Part(
        "part", [sys.executable, "-c", LIVES, str(starts), getattr(request, "param", "pass")]
    )
    supervisor = Supervisor([part], lambda: None)
    yield part, supervisor
    part.signal(signal.SIGKILL)
    supervisor.end()


def look_after(supervisor, until, seconds=60):
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "waited too long"
        supervisor.look_after()
        time.sleep(0.05)


def started(starts):
    return starts.read_text().count("\n") if starts.exists() else 0


def test_a_part_that_is_held_still_is_ended_and_started_again(part, starts, monkeypatch):
    monkeypatch.setattr(pulse, "STOPPED_S", 0.5)
    look_after(part[1], lambda: started(starts) == 1)
    os.kill(part[0].process.pid, signal.SIGSTOP)
    look_after(part[1], lambda: started(starts) == 2)


@pytest.mark.parametrize("part", [IN_C], indirect=True)
def test_a_part_lost_in_a_call_that_no_signal_gets_through_to_is_ended_and_started_again(
    part, starts, monkeypatch
):
    monkeypatch.setattr(pulse, "BUSY_S", 1.0)
    look_after(part[1], lambda: started(starts) == 2)


@pytest.mark.parametrize("part", [A_JOB_THAT_NEVER_ENDS], indirect=True)
def test_a_part_with_a_job_that_never_ends_is_ended_and_started_again(part, starts, monkeypatch):
    monkeypatch.setattr(pulse, "SILENT_S", 3.0)
    look_after(part[1], lambda: started(starts) == 2)


@pytest.fixture
def listener():
    listener = pulse.Listener()
    yield listener
    listener.close()


def test_a_part_that_is_given_no_time_is_left_alone(listener, monkeypatch):
    monkeypatch.setattr(pulse, "STOPPED_S", 0.0)
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as starved:
        # Says nothing, computes nothing.
        listener.expect(starved.pid)
        time.sleep(0.3)
        assert listener.silent({starved.pid}) == {}
        starved.kill()
    assert listener.silent({starved.pid}) == {} == listener.beats


def test_a_process_that_ended_is_forgotten_though_nobody_has_heard_of_its_end(
    listener, monkeypatch
):
    monkeypatch.setattr(pulse, "SILENT_S", 0.0)
    with subprocess.Popen(["true"], start_new_session=True) as zombie:
        listener.expect(zombie.pid)
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
        assert pulse.session_of(zombie.pid) == zombie.pid  # it is still in the system's list
        assert (listener.silent({zombie.pid}), listener.beats) == ({}, {})


def test_only_who_was_told_the_word_is_listened_to(listener, monkeypatch):
    for address, heard in (
        (listener.address.partition(":")[0] + ":guessed", False),
        (listener.address, True),
    ):
        monkeypatch.setenv(pulse.PULSE, address)
        pulse.beat()
        time.sleep(0.05)
        listener._hear()
        assert (os.getpid() in listener.beats) == heard


def test_the_web_server_counts_as_well_only_while_its_loop_turns(monkeypatch):
    from deskbook.server import asgi

    monkeypatch.setattr(pulse, "_well", [])
    monkeypatch.setattr(pulse, "SILENT_S", 8)
    asgi._follow_loop.cache_clear()
    too_large = [(b"content-length", str(asgi.LARGEST_REQUEST + 1).encode())]
    scope = {
        "type": "http",
        "path": "/",
        "method": "POST",
        "headers": too_large,
        "client": ("192.0.2.1", 1),
    }

    async def serve():
        async def nothing(*_said):
            return {"type": "http.disconnect"}

        for _request in range(2):
            await asgi.application(dict(scope), nothing, nothing)
        well = [all(check() for check in pulse._well)]
        time.sleep(2.5)  # more than the quarter of the silence after which it counts as held
        return [len(pulse._well), *well, all(check() for check in pulse._well)]

    assert asyncio.run(serve()) == [1, True, False]
    asgi._follow_loop.cache_clear()


def test_a_part_run_alone_tells_the_init_system_that_it_is_well_and_stops_when_it_is_not(
    tmp_path, monkeypatch
):
    where = str(tmp_path / "notify")
    monkeypatch.setattr(pulse, "_well", [])
    monkeypatch.setenv(pulse.NOTIFY, where)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(where)
        ear.setblocking(False)
        pulse.beat()
        assert b"WATCHDOG=1" in ear.recv(100).splitlines()
        pulse.only_while(lambda: False)
        pulse.beat()
        with pytest.raises(BlockingIOError):
            ear.recv(100)
