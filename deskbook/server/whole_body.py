"""A request is taken whole or not at all: what reads forms takes the beginning of a cut upload for
all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.core.exceptions import BadRequest

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


class BrokeOff(BadRequest):
    """Less came than the request said it has. Answered with 408 wherever the body is read; no view
    goes on.
    """

    status_code = 408


class WholeBody:
    """A body as the server gives it, that refuses to end before the length its sender stated."""

    def __init__(self, stream: Stream, length: int) -> None:
        self._stream, self._left, self._length = stream, length, length

    def read(self, size: int = -1, /) -> bytes:
        """Returns the next bytes, as many as asked for; raises BrokeOff when the sender went
        before.
        """
        wanted = self._wanted(size)
        found = self._stream.read(wanted)
        return self._counted(found, is_whole=len(found) == wanted)

    def readline(self, size: int = -1, /) -> bytes:
        """Returns the next line or as much of it as asked for; raises BrokeOff when the sender went
        before.
        """
        wanted = self._wanted(size)
        found = self._stream.readline(wanted)
        return self._counted(found, is_whole=len(found) == wanted or found.endswith(b"\n"))

    def _wanted(self, size: int | None) -> int:
        return self._left if size is None or size < 0 else min(size, self._left)

    def _counted(self, found: bytes, *, is_whole: bool) -> bytes:
        self._left -= len(found)
        if not is_whole:
            raise BrokeOff(
                f"the request broke off: {self._left} of {self._length} bytes did not come"
            )
        return found


def taken_whole(application: Application) -> Application:
    """Returns the application with bodies that do not end early (PEP 3333: CONTENT_LENGTH is what
    is to be read).
    """

    def answered(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH") or "")
        if length.isdecimal():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return answered
