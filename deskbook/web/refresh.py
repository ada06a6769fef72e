"""Parts of a page that refresh by themselves.

A template marks a part by `{% part "list" %}…{% endpart %}` around one element that carries the
same name as its id and `data-refresh`. A page in a browser asks for the parts it shows
(`X-Refresh: list queue-count`) and is answered with these elements and nothing else: what stands
around them is not sent, and parts it did not ask for are not made. A page that has them already is
answered 304 (RFC 9110, 15.4.5): most of what happens at a desk is not on the list that is shown.
"""

import re
from collections.abc import Callable
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers, get_conditional_response
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context, Macro
from markupsafe import Markup

HEADER = "X-Refresh"
#: Another each time, and seen by nobody.
_UNSEEN = re.compile(rb'name="(?:csrfmiddlewaretoken|client_key)"\s+value="[^"]*"')


def asked_for(request: HttpRequest) -> frozenset[str] | None:
    """Returns the names of the parts a page asked for, or None where somebody asks for a page."""
    names = request.headers.get(HEADER)
    return None if names is None else frozenset(names.split())


class Part(Extension):
    """The tag `{% part NAME %}`."""

    tags = {"part"}

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        name = parser.parse_expression()
        body = parser.parse_statements(("name:endpart",), drop_needle=True)
        made = self.call_method("_made", [name, nodes.ContextReference()], lineno=line)
        return nodes.CallBlock(made, [], [], body).set_lineno(line)

    def _made(self, name: str, context: Context, caller: Macro) -> Markup:
        request = context.get("request")
        wanted = asked_for(request) if request else None
        if wanted is None:
            return Markup(caller())
        if name in wanted:
            made = request.__dict__.setdefault("refreshed_parts", {})
            made[name] = caller()
        return Markup()


def parts_alone(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answers a request for parts of a page with these parts, for nobody but the page to keep."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if asked_for(request) is None or response.status_code != 200 or response.streaming:
            return response
        response.content = "\n".join(request.__dict__.get("refreshed_parts", {}).values())
        add_never_cache_headers(response)
        response.headers["ETag"] = _as_seen(response.content)
        unchanged = get_conditional_response(request, response.headers["ETag"], None, response)
        return unchanged or response

    return answer


def _as_seen(parts: bytes) -> str:
    return f'"{blake2b(_UNSEEN.sub(b"", parts), digest_size=16).hexdigest()}"'
