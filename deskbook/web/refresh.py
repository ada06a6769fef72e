"""Parts of a page that refresh by themselves.

A template marks a part by `{% part "list" %}…{% endpart %}` around one element that carries the
same name as its id and `data-refresh`. A page in a browser asks for the parts it shows
(`X-Refresh: list queue-count`) and is answered with these elements and nothing else: what stands
around them is not sent, and parts it did not ask for are not made.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context, Macro
from markupsafe import Markup

HEADER = "X-Refresh"


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
) -> Callable[[HttpRequest], HttpResponse]:
    """Answers a request for parts of a page with these parts, for nobody to keep."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if asked_for(request) is None or response.status_code != 200 or response.streaming:
            return response
        response.content = "\n".join(request.__dict__.get("refreshed_parts", {}).values())
        add_never_cache_headers(response)
        return response

    return answer
