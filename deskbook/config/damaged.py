"""What was sent and no column can hold: a NUL, a text out of all measure. The sender's error, not ours."""

from __future__ import annotations

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import bad_request
from structlog import get_logger

from deskbook.config.whole_body import BrokeOff

_log = get_logger(__name__)


class DamagedInput(MiddlewareMixin):
    """Answers 400 where PostgreSQL refused a value; forms check what people may really type beside its field."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DataError):
            return None
        # Without PostgreSQL's own words, which may quote the value.
        _log.warning("no column holds this", path=request.path, sqlstate=getattr(exception.__cause__, "sqlstate", ""))
        return bad_request(request, exception)


@requires_csrf_token
def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers what could not be read: 400, and 408 where the rest of it never came, which scripts send again."""
    answer = bad_request(request, exception)
    if isinstance(exception, BrokeOff):
        answer.status_code = 408
    return answer
