"""Why something was not done, for programs: problem details (RFC 9457) made of the catalogue of
refusals, with the lines of the book that say so.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema
from pydantic import Field

from deskbook.people.access import NotOfTheRole
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.web.api.wrong_shapes import wrong_in_words


class WrongField(Schema):
    """What of a request cannot be used."""

    field: str
    """Its name, with what it stands in before a dot; empty for the whole."""
    what: str


class Problem(Schema):
    """Why nothing was done."""

    type: str = "about:blank"
    """`urn:deskbook:refused:…` for what a book or a rule of the desk refuses."""
    title: str
    status: int
    detail: str
    """What, why, and what to do, in the language of the token's agent."""
    code: str = ""
    """Of the catalogue of refusals: short and stable, the rule before the colon."""
    book_lines: list[int] = Field(default_factory=list)
    """The lines of the desk's book that say so."""
    errors: list[WrongField] = Field(default_factory=list)


class Declined(Exception):
    """What the API itself does not do; nothing has changed."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}
        self.errors = [WrongField(field=field, what=what) for field, what in errors]


def wrong(errors: Mapping[str, Iterable[object]]) -> Declined:
    """Returns what is said of fields that cannot be used: form by form, in the form's words."""
    told = [(name, str(text)) for name, texts in errors.items() for text in texts]
    named = [("" if name == "__all__" else name, text) for name, text in told]
    return Declined(422, " ".join(text for _name, text in told), errors=named)


def declined(_request: HttpRequest, why: Declined) -> HttpResponse:
    """Returns the answer that says so."""
    answer = _answer(why.status, why.detail, errors=why.errors)
    for name, value in why.headers.items():
        answer.headers[name] = value
    return answer


def refused(_request: HttpRequest, why: Refused) -> HttpResponse:
    """Returns what the book or a rule of the desk says."""
    code, line = why.refusal.code, why.refusal.facts.get("line")
    lines = line if isinstance(line, tuple) else (line,)
    return _answer(
        409,
        in_words(why),
        type=f"urn:deskbook:refused:{quote(code)}",
        code=code,
        book_lines=[number for number in lines if isinstance(number, int) and number],
    )


def not_understood(_request: HttpRequest, why: Any) -> HttpResponse:
    """Returns what a form says of what was typed (a Django ValidationError)."""
    by_field = why.message_dict if hasattr(why, "error_dict") else {"": why.messages}
    return declined(_request, wrong(by_field))


def not_in_the_schema(_request: HttpRequest, why: Any) -> HttpResponse:
    """Returns what of a request is not as openapi.json says; the value is not repeated."""
    told = [(_name_sent(one["loc"]), wrong_in_words(one)) for one in why.errors]
    detail = " ".join(f"{name}: {text}" if name else text for name, text in told)
    return declined(_request, Declined(422, detail[:2_000], errors=told))


def _name_sent(loc: Sequence[str | int]) -> str:
    """A field as the client named it: `kinds[0]`, `facets.category`; no parameter of ours."""
    within = loc[2:] if loc[0] == "body" else loc[1:]
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in within]
    return "".join(steps).removeprefix(".")


def not_there(_request: HttpRequest, why: Exception) -> HttpResponse:
    """Returns the same for what is not there and for what is not for its asker to see; who sees it
    and lacks the right is told so.
    """
    if type(why) is NotOfTheRole:
        return _answer(403, "The role of the token's agent at this desk does not allow this.")
    return _answer(404, "Nothing is here, or it is not for the token's agent to see.")


def unauthenticated(_request: HttpRequest, _why: Exception) -> HttpResponse:
    """Returns 401, whatever was wrong with the token (RFC 6750, 3)."""
    detail = "A token is needed: Authorization: Bearer dbk_… It is unknown, ended or expired."
    answer = _answer(401, detail)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="deskbook"'
    return answer


def _answer(status: int, detail: str, **more: Any) -> HttpResponse:
    title = HTTPStatus(status).phrase
    problem = Problem(title=title, status=status, detail=detail, **more)
    return JsonResponse(
        problem.model_dump(mode="json"), status=status, content_type="application/problem+json"
    )


def unread(_request: HttpRequest, why: Any) -> HttpResponse:
    """Returns what is said of a body that is no JSON."""
    return _answer(why.status_code, str(why))


def no_such_method(allowed: str) -> HttpResponse:
    """Returns 405 with what there is."""
    answer = _answer(405, f"This address takes {allowed}.")
    answer.headers["Allow"] = allowed
    return answer


def cannot_be_read(status: int = 400) -> HttpResponse:
    """Returns what is said of a request that nothing can hold, or that did not come whole."""
    told = {
        400: "What was sent cannot be read, or can be kept nowhere.",
        408: "The request broke off: send it again.",
        413: "A request has at most 2 MB.",
    }
    return _answer(status, told[status])
