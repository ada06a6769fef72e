"""A process that must not outlive the one that started it, whatever that one died of."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from deskbook.server.pulse import NOTIFY, beat, say_where_on_request

PARENT = "DESKBOOK_SUPERVISOR"
SECONDS_TO_FINISH = 10.0
_PR_SET_PDEATHSIG = 1


def dies_with_parent(signum: signal.Signals) -> Callable[[], None]:
    """Return what a child runs just before its program, so that Linux sends it `signum` when its
    parent dies.
    """
    parent = os.getpid()
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None)  # loaded before the fork: loading is not safe after it

    def preexec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(signum))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return preexec


def stop_when_orphaned(parent: int | None = None) -> None:
    """Stop this process soon after `parent` (by default the supervisor, if there is one) has died.

    It is asked to stop as if by the supervisor, and made to if it has not done so in ten seconds.
    Until then it tells the supervisor now and then that it is well.
    """
    supervisor = parent or int(os.environ.pop(PARENT, "0"))
    if not supervisor:
        return

    say_where_on_request()

    def watch() -> None:
        while os.getppid() == supervisor:
            beat()
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SECONDS_TO_FINISH)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()


def tell_init_system() -> None:
    """Tell systemd now and then that this process is well, where it runs alone and systemd wants to
    hear it.
    """
    if NOTIFY not in os.environ:
        return

    def tell() -> None:
        while True:
            beat()
            time.sleep(0.5)

    threading.Thread(target=tell, daemon=True, name="watchdog").start()
