"""Reports: each question with its filters, its lines as JSON."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AfterValidator, StringConstraints

from deskbook.people.access import NoAccess
from deskbook.reports.all import REPORTS
from deskbook.reports.report import Line
from deskbook.web.api.entering import Scope, agent_in
from deskbook.web.api.problems import wrong
from deskbook.web.api.shapes import without_nul
from deskbook.web.console.reporting.answer import Answer
from deskbook.web.console.reports import asked_of, counted, is_for

router = Router(tags=["reports"])
Value = Annotated[str, StringConstraints(max_length=200), AfterValidator(without_nul)]


class Choice(Schema):
    value: str
    title: str


class Filter(Schema):
    """What a report can be narrowed to, or its lines stand for."""

    name: str
    title: str
    choices: list[Choice]


class ReportLine(Schema):
    key: str
    question: str
    means: str
    """How it is counted."""
    filters: list[Filter]


class Column(Schema):
    key: str
    title: str
    shows: str
    """count; median or p90, in hours; share, as a part of one."""


class Row(Schema):
    key: str
    """Of time the day it begins on."""
    title: str
    values: dict[str, float | None]


class ReportWhole(Schema):
    key: str
    question: str
    by: str
    columns: list[Column]
    rows: list[Row]
    together: dict[str, float | None]


@router.get("/reports", auth=Scope("reports"), response=list[ReportLine])
def reports(request: HttpRequest) -> list[ReportLine]:
    """The reports the token's agent may read."""
    agent = agent_in(request)
    return [_line(request, key) for key in REPORTS if is_for(agent, key)]


def _line(request: HttpRequest, key: str) -> ReportLine:
    question, answer = asked_of({}, agent_in(request), key)
    choices = {name: field for name, field in question.fields.items() if hasattr(field, "choices")}
    return ReportLine(
        key=key,
        question=str(answer.report.question),
        means=str(answer.report.means),
        filters=[
            Filter(
                name=name,
                title=str(field.label),
                choices=[Choice(value=str(v), title=str(t)) for v, t in field.choices if v],
            )
            for name, field in choices.items()
        ],
    )


class Narrowed(Schema):
    """The days, as 2026-03-31, what the lines stand for, and what it is narrowed to."""

    first: Value = ""
    last: Value = ""
    by: Value = ""
    team: Value = ""
    severity: Value = ""
    category: Value = ""
    plan: Value = ""
    place: Value = ""
    channel: Value = ""
    agent: Value = ""


@router.get("/reports/{key}", auth=Scope("reports"), response=ReportWhole)
def report(request: HttpRequest, key: str, asked: Query[Narrowed]) -> ReportWhole:
    """One report; without days that of the last twelve weeks."""
    if key not in REPORTS:
        raise NoAccess("no such report")
    question, answer = asked_of(asked.model_dump(), agent_in(request), key)
    if question.errors:
        raise wrong(question.errors)
    return _whole(counted(answer))


def _whole(answer: Answer) -> ReportWhole:
    columns = answer.report.columns
    return ReportWhole(
        key=answer.report.key,
        question=str(answer.report.question),
        by=answer.asked.by,
        columns=[Column(key=c.key, title=str(c.title), shows=c.shows) for c in columns],
        rows=[
            Row(key=answer.word(line), title=answer.title(line), values=_values(answer, line))
            for line in answer.lines
        ],
        together={
            key: value
            for key, value in _values(answer, answer.together).items()
            if next(c for c in columns if c.key == key).adds_up
        },
    )


def _values(answer: Answer, line: Line) -> dict[str, float | None]:
    cells: dict[str, Any] = {c.key: answer.cell(c, line) for c in answer.report.columns}
    return {key: None if cell == "" else float(cell) for key, cell in cells.items()}
