"""One log line per happening: readable on a terminal, JSON elsewhere, with nothing secret in it."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET = re.compile(r"password|passwd|secret|token|authorization|cookie|api_?key|signature", re.I)
#: The password in an address such as smtps://user:password@host.
IN_ADDRESS = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@")
#: What stands behind the desk in /hooks/sms/mukta/…/ and /hooks/calls/mukta/exotel/…/: who knows it may report to it.
IN_HOOK = re.compile(r"(/hooks/[\w-]+/[\w-]+/)[^\s\"]+")


def scrubbed(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Return the event with secret values replaced and passwords taken out of addresses."""
    for key, value in event.items():
        if SECRET.search(key):
            event[key] = "•••"
        elif isinstance(value, str):
            event[key] = IN_HOOK.sub(r"\1•••", IN_ADDRESS.sub(r"\1:•••@", value))
    return event


def configure_logs(level: str) -> None:
    """Send structlog's and the standard library's records to standard error in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    on_terminal = sys.stderr.isatty()
    renderer: Any = structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer()
    endings = [] if on_terminal else [structlog.processors.format_exc_info]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *endings, scrubbed, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("procrastinate", "httpx", "httpcore"):  # httpx tells whole addresses, with the passwords in them
        logging.getLogger(chatty).setLevel(max(logging.getLevelName(level), logging.WARNING))
