"""Reports: a question, its numbers, the tickets of each number, and the export; one for all."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.people.access import may, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.sight import hidden_from
from deskbook.reports.all import REPORTS
from deskbook.reports.report import Asked, Line
from deskbook.reports.steps import size_for, steps_between
from deskbook.tickets import queues
from deskbook.tickets.queues import PAGE
from deskbook.web.console.reporting.answer import Answer
from deskbook.web.console.reporting.naming import Naming
from deskbook.web.console.reporting.promised import promised_of
from deskbook.web.console.reporting.question import Question
from deskbook.web.console.reporting.service_levels import has_service_levels
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import rows_of
from deskbook.web.shared.downloads import csv_download, xlsx_download
from deskbook.web.shared.entering import for_agents

OF_A_NUMBER = ("what", "line", "after")
"""What an address adds to that of its report."""


@require_safe
@for_agents
def reports(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The first report: the others stand beside it."""
    first = next(key for key in REPORTS if is_for(agent, key))
    return HttpResponseRedirect(reverse("console-report", args=[first]))


@require_safe
@for_agents
def report(request: HttpRequest, agent: Agent, key: str) -> HttpResponse:
    """One report: for leads, but the one of agents, which everybody reads of themselves."""
    question, answer = asked_of(request.GET, agent, key)
    answer = counted(answer)
    page = request.GET.get("page", "")
    at = int(page) if page.isdecimal() and len(page) < 6 else 1
    return screen(
        request,
        agent,
        "reports/_report.html",
        current="reports",
        status=422 if question.errors else 200,
        question=question,
        answer=replace(answer, page=min(max(at, 1), max(answer.pages, 1))),
        promised=promised_of(agent) if may(agent, "read reports") else [],
        has_service_levels=may(agent, "read reports") and has_service_levels(agent),
        reports=[one for one in REPORTS.values() if is_for(agent, one.key)],
    )


@require_safe
@for_agents
def tickets(request: HttpRequest, agent: Agent, key: str) -> HttpResponse:
    """The tickets of one number (`what` of the line `line`), or of a column's sum."""
    _question, answer = asked_of(request.GET, agent, key)
    columns = {column.what: column for column in reversed(answer.report.columns)}
    what = request.GET.get("what", answer.report.columns[0].what)
    line = _line_asked(request, answer)
    after = request.GET.get("after", "")
    if what not in columns or (after and not after.isdecimal()) or len(after) > 18:
        raise Http404("no such number")
    key_of = line.key if line else None
    ids = answer.report.tickets(answer.asked, what, key_of, most=PAGE + 1, after=int(after or 0))
    shown = queues.listed(queues.these(agent, ids[:PAGE]))
    return screen(
        request,
        agent,
        "reports/tickets.html",
        current="reports",
        back=(_back_to(request, key), _("Back to the report")),
        heading=answer.report.question,
        named=" · ".join([str(columns[what].title), *([answer.title(line)] if line else [])]),
        rows=rows_of(sorted(shown, reverse=True), {}),
        older=ids[PAGE - 1] if len(ids) > PAGE else 0,
        paged=bool(after),
    )


@require_safe
@for_agents
def export(request: HttpRequest, agent: Agent, key: str, form: str) -> FileResponse:
    """The same numbers as a file, all lines of them."""
    _question, answer = asked_of(request.GET, agent, key)
    answer = counted(answer)
    if form not in ("csv", "xlsx"):
        raise Http404("no such form")
    columns = answer.report.columns
    header = [answer.naming.head[answer.asked.by], *(str(column.title) for column in columns)]
    rows = (
        [
            answer.word(line) if answer.asked.by == "time" else answer.title(line),
            *(answer.cell(column, line) for column in columns),
        ]
        for line in answer.lines
    )
    filename = f"{answer.report.key}.{form}"
    if form == "csv":
        return csv_download(filename, header, rows)
    return xlsx_download(filename, header, rows, title=answer.report.key)


def _back_to(request: HttpRequest, key: str) -> str:
    asked = {name: request.GET[name] for name in request.GET if name not in OF_A_NUMBER}
    return reverse("console-report", args=[key], query=asked or None)


def is_for(agent: Agent, key: str) -> bool:
    """Whether an agent may read a report."""
    return may(agent, "read reports") or (key in REPORTS and REPORTS[key].of_oneself)


def asked_of(given: Any, agent: Agent, key: str) -> tuple[Question, Answer]:
    """Returns what is asked by an address's fields, not counted yet; raises NoAccess."""
    if not is_for(agent, key):
        only_who_may(agent, "read reports")
    if key not in REPORTS:
        raise Http404("no such report")
    report, desk = REPORTS[key], desk_in_force(agent.desk)
    today = timezone.now().astimezone(ZoneInfo(desk.zone)).date()
    naming = Naming(agent.desk_id, desk)
    question = Question(given, report, today, naming, queues.in_use(agent.desk))
    question.is_valid()
    steps, size = steps_between(*question.days, desk.zone), size_for(*question.days)
    narrowed: dict[str, Any] = question.narrowed
    if not may(agent, "read reports"):
        narrowed["agent"] = str(agent.pk)
    asked = Asked(agent.desk_id, desk, steps, narrowed, question.by, hidden_from(agent))
    naming = replace(naming, steps=steps, size=size)
    return question, Answer(report, asked, naming, [], Line("", {}))


def counted(answer: Answer) -> Answer:
    """Returns the answer with its lines and their sum."""
    lines, together = answer.report.answer(answer.asked)
    return replace(answer, lines=lines, together=together)


def _line_asked(request: HttpRequest, answer: Answer) -> Line | None:
    """Returns the line an address names; None where it names none."""
    word = request.GET.get("line")
    if word is None:
        return None
    if answer.asked.by != "time":
        return Line(word.replace("\0", ""), {})
    for number, step in enumerate(answer.asked.steps, start=1):
        if step.first.isoformat() == word:
            return Line(str(number), {})
    raise Http404("no such line")
