"""The addresses of the API, each kept within the same walls."""

import json
import re
from collections.abc import Callable, Iterable
from functools import cache, wraps
from hashlib import sha256

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from deskbook.web.api.problems import Declined, cannot_be_read, declined, no_such_method
from deskbook.web.api.v1 import api, described

View = Callable[..., HttpResponseBase]
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
LARGEST = 2_000_000
"""Bytes of a request: a book with its scenarios."""


def walled(view: View) -> View:
    """Keeps a view of the API within what all of them have in common: no cookie is read, nothing
    larger than LARGEST; what goes wrong is problem+json; whoever has it already is told so (ETag).
    """

    @csrf_exempt
    @wraps(view)
    def entered(request: HttpRequest, **parts: object) -> HttpResponseBase:
        here, words = timezone.get_current_timezone(), translation.get_language() or "en"
        with timezone.override(here), translation.override(words):
            return _unchanged(request, _answered(view, request, parts))

    return entered


def _answered(view: View, request: HttpRequest, parts: dict[str, object]) -> HttpResponseBase:
    try:
        if _is_too_large(request):
            return cannot_be_read(413)
        _refuse_unknown_parameters(request)
        answer = view(request, **parts)
    except Declined as why:
        return declined(request, why)
    except (DataError, UnicodeError, OverflowError):
        return cannot_be_read()
    except (BadRequest, SuspiciousOperation) as damaged:
        return cannot_be_read(getattr(damaged, "status_code", 400))
    return no_such_method(answer["Allow"]) if answer.status_code == 405 else answer


def _refuse_unknown_parameters(request: HttpRequest) -> None:
    """Raises Declined for what stands behind the `?` and is not asked for there: who misspells a
    filter would be given everything.
    """
    route = request.resolver_match.route if request.resolver_match else ""
    known = _parameters().get((_PART.sub(r"{\1}", f"/{route}"), request.method))
    if known is None or "Authorization" not in request.headers:
        return  # whoever asks by no method of it, or brings no token, is told that and nothing else
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        there_are = f"There are: {', '.join(sorted(known))}." if known else "It takes none."
        told = [(name[:80], f"This address has no such parameter. {there_are}") for name in unknown]
        raise Declined(422, told[0][1], errors=told)


@cache
def _parameters() -> dict[tuple[str, str | None], frozenset[str]]:
    """Address and method → the names of what may stand behind the `?`."""
    return {
        (path, method.upper()): frozenset(
            one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"
        )
        for path, operations in described()["paths"].items()
        for method, operation in operations.items()
    }


def _is_too_large(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "")
    return length.isdecimal() and (len(length) > 12 or int(length) > LARGEST)


def _unchanged(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """Gives what was read an ETag: of a ticket, before its dot, how far its log has come."""
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.method != "GET" or answer.status_code != 200 or not isinstance(answer, HttpResponse):
        return answer
    begins = answer.headers.get("ETag", '"').rstrip('"') or '"'
    tag = f'"{begins.strip(chr(34))}{sha256(answer.content).hexdigest()[:24]}"'
    answer.headers["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=answer) or answer


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """What the API is, for programs."""
    return HttpResponse(written(), content_type="application/json")


def written() -> str:
    """Returns openapi.json as it stands in docs/operating/."""
    return json.dumps(described(), indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def _within(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern]:
    """Its addresses, each once: ninja names one for each method, and all lead to the same view."""
    kept: dict[str, URLPattern] = {}
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            kept.setdefault(str(pattern.pattern), pattern)
    for pattern in kept.values():
        pattern.callback = walled(pattern.callback)
    return [*kept.values()]


_PATTERNS, _APP, _NAMESPACE = api.urls
urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", walled(openapi), name="api-openapi"),
    path("", include((_within(_PATTERNS), _APP), namespace=_NAMESPACE)),
]
