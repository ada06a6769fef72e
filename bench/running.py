"""The parts of Deskbook as they run, on free ports of this machine, and what they weigh."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def part(name, more):
    """Run `deskbook NAME` on free ports; yield where it listens (web) and its process; stop it
    afterwards.
    """
    ports = [free_port() for _ in range(3)]
    environment = {
        **os.environ,
        "DESKBOOK_PORT": str(ports[0]),
        "DESKBOOK_SMTP_LISTEN": f"127.0.0.1:{ports[1]}",
        "DESKBOOK_LMTP_LISTEN": f"127.0.0.1:{ports[2]}",
        "DESKBOOK_LOG_LEVEL": "ERROR",
        **more,
    }
    with subprocess.Popen([sys.executable, "-m", "deskbook", name], env=environment) as process:
        try:
            if name in ("web", "mail"):
                wait_for(ports[0] if name == "web" else ports[1], process)
            yield (
                f"http://127.0.0.1:{ports[0]}" if name == "web" else f"127.0.0.1:{ports[1]}",
                process,
            )
        finally:
            process.terminate()
            process.wait(30)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start; its own words are above")


def memory(pid):
    """Return the memory of a process and its children in MB, shared pages divided by their users
    (PSS).
    """
    total = sum(memory(int(child)) for child in _children(pid))
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            total += int(line.split()[1]) / 1024
    return total


def _children(pid):
    return [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
