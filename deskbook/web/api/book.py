"""The book: read, a text checked, due times of a made-up case, scenarios played."""

import json
from datetime import datetime
from math import isfinite
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AfterValidator, Field, StringConstraints

from deskbook.people.access import only_who_may
from deskbook.people.models import BookVersion
from deskbook.web.api.entering import Scope, agent_in, not_too_many_books
from deskbook.web.api.problems import Declined
from deskbook.web.api.shapes import without_nul
from deskbook.web.console.book.aside import Stopped, asked
from deskbook.web.console.book.writing import findings_in, text_at

router = Router(tags=["book"])
LONGEST = 1_000_000
"""Characters of a book or of scenarios."""
MOST_CASES = 100
Yaml = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(without_nul)]


class BookWhole(Schema):
    """The book in force."""

    version: int
    sha256: str
    applied_at: datetime
    text: str
    """YAML, as docs/book/ describes it."""


class BookText(Schema):
    model_config = {"extra": "forbid"}
    text: Yaml


class Finding(Schema):
    level: str
    """error, warning …"""
    message: str
    code: str
    line: int
    column: int


class Checked(Schema):
    findings: list[Finding]
    is_right: bool
    """No finding is an error: it may be put into force."""


def _plain(value: Any, deep: int = 5) -> Any:
    """Returns what JSON can give back: no infinite numbers, and lists within lists to a depth."""
    if deep == 0:
        raise ValueError("This is nested deeper than any case")
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("This is no number")
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inside:
        _plain(one, deep - 1)
    return value


Case = Annotated[dict[str, Any], AfterValidator(_plain)]


class Cases(Schema):
    """Made-up cases, as `deskbook due` takes them."""

    model_config = {"extra": "forbid"}
    cases: list[Case] = Field(min_length=1, max_length=MOST_CASES)
    text: Yaml = ""
    """A book of your own; without it the one in force."""
    explain: bool = False
    """With the spans that counted, paused or were closed."""


class Due(Schema):
    """One answer for each case, in their order; a wrong one says `error`."""

    answers: list[dict[str, Any]]


class Scenarios(Schema):
    model_config = {"extra": "forbid"}
    scenarios: Yaml
    """YAML, as docs/book/scenarios.md describes it."""
    text: Yaml = ""
    """A book of your own; without it the one in force."""


class Played(Schema):
    """One answer for each scenario, as `deskbook play --json` gives them."""

    played: list[dict[str, Any]]


@router.get("/book", auth=Scope("book"), response=BookWhole)
def read_book(request: HttpRequest) -> BookWhole:
    """The book in force."""
    desk = agent_in(request).desk
    found = BookVersion.objects.get(desk=desk, number=desk.book_version)
    return BookWhole(
        version=found.number, sha256=found.sha256, applied_at=found.applied_at, text=found.text
    )


@router.post("/book/check", auth=Scope("book"), response=Checked)
def check(request: HttpRequest, given: BookText) -> Checked:
    """What is wrong with a text, as `deskbook check` says it. For owners; changes nothing."""
    agent = agent_in(request)
    only_who_may(agent, "apply book")
    not_too_many_books(request)
    try:
        found = [Finding(**_finding(one)) for one in findings_in(agent, given.text)]
    except Stopped as stopped:
        raise Declined(422, str(stopped)) from None
    return Checked(findings=found, is_right=not any(one.level == "error" for one in found))


def _finding(one: dict[str, Any]) -> dict[str, Any]:
    told = {name: one.get(name) for name in ("level", "message", "code")}
    return {**told, "line": one.get("line") or 1, "column": one.get("column") or 1}


@router.post("/book/due", auth=Scope("book"), response=Due)
def due(request: HttpRequest, given: Cases) -> Due:
    """Every clock of made-up cases. Changes nothing."""
    lines = "\n".join(json.dumps(case) for case in given.cases)
    book = given.text or _in_force(request)
    words = ["book.yaml", "--cases", "cases.jsonl", *(["--explain"] if given.explain else [])]
    answers = _said(request, "due", {"book.yaml": book, "cases.jsonl": lines}, *words)
    return Due(answers=answers)


@router.post("/book/play", auth=Scope("book"), response=Played)
def play(request: HttpRequest, given: Scenarios) -> Played:
    """Scenarios on the engine in a made-up time. For owners; changes nothing."""
    only_who_may(agent_in(request), "apply book")
    key = agent_in(request).desk.key
    book, own = f"{key}.yaml", f"{key}/own.scenario.yaml"
    texts = {book: given.text or _in_force(request), own: given.scenarios}
    return Played(played=_said(request, "play", texts, own))


def _in_force(request: HttpRequest) -> str:
    agent = agent_in(request)
    return text_at(agent, agent.desk.book_version)


def _said(
    request: HttpRequest, command: str, texts: dict[str, str], *words: str
) -> list[dict[str, Any]]:
    not_too_many_books(request)
    try:
        said = asked(command, texts, *words)
    except Stopped as stopped:
        raise Declined(422, str(stopped)) from None
    if not said:
        raise Declined(422, "The text of the book is wrong: have it checked.")
    return said
