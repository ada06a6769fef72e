"""The web server: granian, with room for many open streams."""

from __future__ import annotations

import os
import resource
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from deskbook.config.environment import Environment
from deskbook.server.lifeline import stop_when_orphaned
from deskbook.server.loading import staying

#: granian's own limit is 1,024 requests at a time in a process, and an open stream is one of them.
STREAMS = 8_000
HEAD_WITHIN_MS = 15_000
"""Until a request's head has come, and how long a line may be idle."""


def serve(environment: Environment) -> None:
    """Serve until SIGTERM.

    HTTP/1 alone: told to find out which HTTP is spoken, granian waits for the first byte without an
    end.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # 1,024, the usual, are fewer lines than STREAMS.
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    Granian(
        "deskbook.server.web_server:application",
        address=environment.host,
        port=environment.port,
        interface=Interfaces.ASGINL,
        workers=environment.web_processes,
        backlog=8_192,
        backpressure=STREAMS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN_MS),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        factory=True,
        log_level=LogLevels.warning,
        # Ours write it, in the form of all the others.
        log_dictconfig={"loggers": {"_granian": {"propagate": True}}},
    ).serve()


def application() -> Any:
    """Return the application for one of the server's processes, which ends when the server does."""
    stop_when_orphaned(os.getppid())
    with staying():
        from deskbook.server.asgi import application
    from deskbook.server.migration import stop_when_moved

    stop_when_moved(os.getppid())

    return application
