"""What was sent and nothing can hold: a NUL, a number of thousands of digits, half a character. The
sender's error.
"""

from __future__ import annotations

from django.db import DataError
from django.http import BadHeaderError, HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import bad_request
from structlog import get_logger

from deskbook.server.whole_body import BrokeOff

_log = get_logger(__name__)


class DamagedInput(MiddlewareMixin):
    """Answers 400 where a value can be no value; forms check what people may really type beside its
    field.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not _is_of_the_sender(exception):
            return None
        # Without the words of the error, which may quote the value.
        sqlstate = getattr(exception.__cause__, "sqlstate", "")
        _log.warning(
            "nothing holds this",
            path=request.path,
            kind=type(exception).__name__,
            sqlstate=sqlstate,
        )
        return bad_request(request, exception)


def _is_of_the_sender(exception: Exception) -> bool:
    """Whether what was sent fits nowhere: no column, no number of the machine's, no UTF-8, no
    header.

    Python reads no number of more than sys.get_int_max_str_digits() digits, which cost quadratic
    time (CVE-2020-10735); it says so with a ValueError that nothing but its text tells from others.
    """
    if isinstance(exception, DataError | OverflowError | UnicodeEncodeError | BadHeaderError):
        return True
    return type(exception) is ValueError and str(exception).startswith("Exceeds the limit (")


@requires_csrf_token
def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers what could not be read: 400, and 408 where the rest of it never came, which scripts
    send again.
    """
    answer = bad_request(request, exception)
    if isinstance(exception, BrokeOff):
        answer.status_code = exception.status_code
    return answer
