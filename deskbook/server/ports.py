"""Whether what Deskbook listens on is free.

The web server shares its port with whoever else wants it: without this, two desks would share their
visitors too.
"""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Collection
from contextlib import ExitStack

from deskbook.config.environment import Environment
from deskbook.config.refusals import CommandRefused

LISTENING = ("DESKBOOK_PORT", "DESKBOOK_SMTP_LISTEN", "DESKBOOK_LMTP_LISTEN")
#: What was killed a moment ago ends its processes within this.
SECONDS_TO_GET_FREE = 10.0


def refuse_taken_ports(
    environment: Environment, of: Collection[str] = LISTENING, patience: float = SECONDS_TO_GET_FREE
) -> None:
    """Return when every address of these settings can be listened on.

    Raises CommandRefused, naming the setting, when one cannot after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while taken := _taken(environment, of):
        name, (host, port), problem = taken
        if problem.errno != errno.EADDRINUSE or time.monotonic() > deadline:
            raise CommandRefused(
                f"{name}: cannot listen on {host}:{port} ({_words(problem)}). Stop what runs there,"
                f" or set {name} to another address."
            )
        time.sleep(0.2)


def wait_until_served(environment: Environment, patience: float = 60.0) -> bool:
    """Return True once every address of the settings takes connections, False after `patience`
    seconds.
    """
    deadline = time.monotonic() + patience
    own = ((environment.host, environment.port), environment.smtp_listen, environment.lmtp_listen)
    waiting = [address for address in own if address]
    while waiting and time.monotonic() < deadline:
        waiting = [address for address in waiting if not _answers(*address)]
        time.sleep(0.1 if waiting else 0)
    return not waiting


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _taken(
    environment: Environment, of: Collection[str]
) -> tuple[str, tuple[str, int], OSError] | None:
    addresses = {
        "DESKBOOK_PORT": (environment.host, environment.port),
        "DESKBOOK_SMTP_LISTEN": environment.smtp_listen,
        "DESKBOOK_LMTP_LISTEN": environment.lmtp_listen,
    }
    with ExitStack() as held:  # all at once: two settings may name one port
        for name, address in addresses.items():
            try:
                if address and name in of:
                    held.enter_context(_bound(*address))
            except OSError as problem:
                return name, address or ("", 0), problem
    return None


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def _words(problem: OSError) -> str:
    return (
        "another program listens there"
        if problem.errno == errno.EADDRINUSE
        else problem.strerror or str(problem)
    )
