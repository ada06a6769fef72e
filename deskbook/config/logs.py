"""One log line per happening: readable on a terminal, JSON elsewhere, with nothing secret in it."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace, TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET = re.compile(r"password|passwd|secret|token|authorization|cookie|api_?key|signature", re.I)
#: The password in an address such as smtps://user:password@host.
IN_ADDRESS = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@")
#: What stands behind the desk in /hooks/sms/mukta/…/ and /hooks/calls/mukta/exotel/…/: who knows it
#: may report to it.
IN_HOOK = re.compile(r"(/hooks/[\w-]+/[\w-]+/)[^\s\"]+")
#: Addresses that are their own key: who has a calendar's, a wallboard's, a token's, a rating's or a
#: chat's sees what it shows.
IN_PATH = re.compile(
    r"(/(?:roster|visits|ratings|leaving|copy|choices|wall)/"
    r"|/chat/[\w-]+/files/|/token/[\w-]+/[^\s/]+/)"
    r"[^\s/\"'?]{8,}"
)
#: A token of the REST API, wherever it stands: whoever has it is its agent.
IN_WORDS = re.compile(r"(\bdbk_)[\w-]{20,}")
#: A value behind a path: of codes, searches, people's addresses nothing stays but their name.
IN_QUERY = re.compile(r"((?<=\?)|(?<=&))([\w-]+)=[^\s&\"']+")


#: Whether this process is a part of a desk and writes its words to a log, which nobody reads as
#: they come.
_as = SimpleNamespace(part=False)


def scrubbed(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Return the event with secret values replaced and passwords taken out of addresses."""
    for key, value in event.items():
        if SECRET.search(key):
            event[key] = "•••"
        elif isinstance(value, str):
            event[key] = without_secrets(value)
    return event


def without_secrets(text: str) -> str:
    """Return a text with what opens something taken out of the addresses in it. The one place that
    knows which do.
    """
    text = IN_PATH.sub(r"\1•••", IN_HOOK.sub(r"\1•••", IN_ADDRESS.sub(r"\1:•••@", text)))
    return IN_QUERY.sub(r"\2=•••", IN_WORDS.sub(r"\1•••", text))


def say(sentence: str) -> None:
    """Tell the person at the terminal; where a log is written instead, as a line of it."""
    if not _as.part:
        sys.stderr.write(f"deskbook: {sentence}\n")
    else:
        structlog.get_logger(__name__).warning(sentence)


def relayed(lines: Iterable[bytes], part: str) -> Iterator[str]:
    """Return the lines a part wrote as lines of the log: what it did not log itself (a crash in C,
    a panic of the web server, what a package prints) in the same form, scrubbed like the rest.
    """
    render = structlog.processors.JSONRenderer()
    for line in lines:
        text = line.decode(errors="replace").rstrip("\n")
        if text.startswith("{") and text.endswith("}"):
            yield text
        elif text:
            told = {
                "event": text,
                "level": "warning",
                "logger": part,
                "timestamp": datetime.now(UTC).isoformat(),
            }
            yield str(render(None, "", scrubbed(None, "", told)))


def _log_what_nobody_caught() -> None:
    def of_program(
        kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            logging.getLogger("deskbook").critical(
                "nobody caught this", exc_info=(kind, problem, trace)
            )

    def of_thread(told: threading.ExceptHookArgs) -> None:
        if told.exc_value:
            of_program(told.exc_type, told.exc_value, told.exc_traceback)

    sys.excepthook, threading.excepthook = of_program, of_thread
    logging.captureWarnings(capture=True)


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
"""What every record gets, structlog's and the standard library's."""


def configure_logs(level: str, *, part: bool = False) -> None:
    """Send structlog's and the standard library's records to standard error in one form.

    `part`: this process is a part of a desk and does nothing but log; what nobody caught and
    warnings go there too.
    """
    _as.part = _as.part or (part and not sys.stderr.isatty())
    if _as.part:
        _log_what_nobody_caught()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(on_terminal=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in (
        "procrastinate",
        "httpx",
        "httpcore",
    ):
        # Httpx tells whole addresses, with the passwords in them.
        logging.getLogger(chatty).setLevel(max(logging.getLevelName(level), logging.WARNING))


def _formatter(*, on_terminal: bool) -> logging.Formatter:
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer()
    )
    endings = [] if on_terminal else [structlog.processors.format_exc_info]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *endings,
            scrubbed,
            renderer,
        ],
    )
