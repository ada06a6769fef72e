"""A process that must not outlive the one that started it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def dies_with_parent(signum: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Return what a child runs just before its program, so that Linux sends it `signum` when its parent dies."""
    parent = os.getpid()
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None)  # loaded before the fork: loading is not safe after it

    def preexec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(signum))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return preexec


def stop_when_orphaned(parent: int) -> None:
    """Send ourselves SIGTERM once `parent` is no longer our parent: for systems without prctl."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()
