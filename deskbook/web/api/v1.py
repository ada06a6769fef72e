"""The REST API: its parts put together, and its description (OpenAPI 3.1)."""

from functools import cache
from typing import Any

from django.core.exceptions import ValidationError as WrongForm
from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from deskbook.refusals.refusal import Refused
from deskbook.web.api import (
    acts,
    articles,
    book,
    hooks,
    me,
    messages,
    new_tickets,
    people,
    problems,
    reports,
    rosters,
)
from deskbook.web.api.problems import Declined, Problem

ADDRESS = "/api/v1/"
ABOUT = """The desk for programs: what the agent of a token may see and do in the console, and no
more. How to begin: docs/operating/api.md."""
WHEN = {
    400: "What was sent cannot be read",
    401: "No token, or one that is unknown, ended or expired",
    403: "The token has not the scope, or its agent not the role",
    404: "Nothing is here, or it is not for the token's agent to see",
    409: "The book, or a rule of the desk, refuses it: `code` and `book_lines` say which",
    412: "The ticket went on since the version of If-Match",
    413: "The request is too large",
    422: "A field cannot be used; or other things were sent under this Idempotency-Key",
    429: "Too many requests: again after `Retry-After` seconds",
}

api = NinjaAPI(
    title="Deskbook",
    version="1",
    description=ABOUT,
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url=None,
)
for _part in (me, new_tickets, acts, messages, people, articles, rosters, reports, book, hooks):
    api.add_router("", _part.router)
api.exception_handler(Declined)(problems.declined)
api.exception_handler(Refused)(problems.refused)
api.exception_handler(WrongForm)(problems.not_understood)
api.exception_handler(ValidationError)(problems.not_in_the_schema)
api.exception_handler(Http404)(problems.not_there)
api.exception_handler(AuthenticationError)(problems.unauthenticated)
api.exception_handler(HttpError)(problems.unread)


@cache
def described() -> dict[str, Any]:
    """Returns openapi.json, with what every address may answer beside what it gives."""
    schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=ADDRESS))
    parts = schema["components"]["schemas"]
    told = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts |= told.pop("$defs", {})
    parts["Problem"] = told
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in schema["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            for status, when in WHEN.items():
                answers[str(status)] = {"description": when, "content": content}
            operation["responses"] = {str(status): answers[status] for status in answers}
            operation["responses"].pop("default", None)
    return schema
