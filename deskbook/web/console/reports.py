"""Reports: a question, its numbers by steps of time, the tickets of each number, and the export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from deskbook.engine.desk import Desk
from deskbook.people.access import only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.lists.sheets import XLSX, write_csv, write_xlsx
from deskbook.people.models import Agent
from deskbook.people.sight import hidden_from
from deskbook.reports.all import REPORTS
from deskbook.reports.report import FILTERS, Asked, Line, Report
from deskbook.reports.steps import LONGEST, Step, size_for, steps_between
from deskbook.tickets import queues
from deskbook.tickets.queues import PAGE
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import rows_of
from deskbook.web.shared.entering import for_agents
from deskbook.web.told import severity_word, with_those_in_use

USUAL = timedelta(weeks=12)
FILES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
_NO_DAY = gettext_lazy("Write a day as 2026-03-31.")


class Question(forms.Form):
    """The days and what it is narrowed to, as they stand in the address."""

    first = forms.DateField(required=False, error_messages={"invalid": _NO_DAY})
    last = forms.DateField(required=False, error_messages={"invalid": _NO_DAY})

    def __init__(
        self, data: Any, desk: Desk, today: date, used: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__(data)
        self.usual = {"first": today - USUAL + timedelta(days=1), "last": today}
        for name, (label, options) in _choices(desk).items():
            # What no ticket has narrows to nothing: a file of all would be taken for that of one.
            offered = with_those_in_use(options, (*used.get(name, ()), data.get(name, "")))
            if offered:
                choices = [("", label), *offered.items()]
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        """Puts the usual days where none are given, and refuses what no page could show."""
        days = {name: self.cleaned_data.get(name) or day for name, day in self.usual.items()}
        if days["first"] > days["last"]:
            self.add_error("first", _("The first day is after the last one: turn them round."))
        elif days["last"] - days["first"] > LONGEST:
            self.add_error("first", _("That is more than ten years: ask for less."))
        return {**self.cleaned_data, **days}

    @property
    def days(self) -> tuple[date, date]:
        """The days asked for; the usual ones where they cannot be used."""
        days = self.usual if self.errors else self.cleaned_data
        return days["first"], days["last"]

    @property
    def narrowed(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in FILTERS if not self.errors}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: each number with the address of its tickets."""

    report: Report
    asked: Asked
    lines: list[Line]
    size: str

    @property
    def largest(self) -> int:
        return max((max(line.counts) for line in self.lines), default=0)

    def title(self, step: Step) -> str:
        return date_format(step.first, "F Y" if self.size == "month" else "j M Y")

    def opens(self, column: int, step: Step | None = None) -> str:
        """Returns what an address adds to open the tickets of a number, or of a column's sum."""
        what = f"what={self.report.columns[column].key}"
        return f"{what}&step={step.first.isoformat()}" if step else what


@require_safe
@for_agents
def reports(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The first report: the others stand beside it."""
    only_who_may(agent, "read reports")
    return HttpResponseRedirect(reverse("console-report", args=[next(iter(REPORTS))]))


@require_safe
@for_agents
def report(request: HttpRequest, agent: Agent, key: str) -> HttpResponse:
    """One report; for leads."""
    question, answer = _answered(request, agent, key)
    return screen(
        request,
        agent,
        f"reports/{key}.html",
        current="reports",
        status=422 if question.errors else 200,
        question=question,
        answer=answer,
        totals=answer.report.totals(answer.lines),
        reports=REPORTS.values(),
    )


@require_safe
@for_agents
def tickets(request: HttpRequest, agent: Agent, key: str) -> HttpResponse:
    """The tickets of one number (`what` of the day `step` begins on), or of a column's sum."""
    _question, answer = _asked(request, agent, key)
    columns = {column.key: column for column in answer.report.columns}
    what, first = request.GET.get("what", next(iter(columns))), request.GET.get("step", "")
    column = columns.get(what)
    steps = [s for s in answer.asked.steps if not first or s.first.isoformat() == first]
    after = request.GET.get("after", "")
    if column is None or not steps or (after and not after.isdecimal()) or len(after) > 18:
        raise Http404("no such number")
    asked = Asked(agent.desk_id, tuple(steps), answer.asked.narrowed, hidden_from(agent))
    ids = answer.report.tickets(asked, what, most=PAGE + 1, after=int(after or 0))
    shown = queues.listed(queues.these(agent, ids[:PAGE]))
    return screen(
        request,
        agent,
        "reports/tickets.html",
        current="reports",
        answer=answer,
        column=column,
        step=steps[0] if first else None,
        rows=rows_of(sorted(shown, reverse=True), {}),
        older=ids[PAGE - 1] if len(ids) > PAGE else 0,
        paged=bool(after),
    )


@require_safe
@for_agents
def export(request: HttpRequest, agent: Agent, key: str, form: str) -> HttpResponse:
    """The same numbers as a file, a line for each step."""
    _question, answer = _answered(request, agent, key)
    if form not in FILES:
        raise Http404("no such form")
    header = [_("From"), *(str(column.title) for column in answer.report.columns)]
    rows = [[line.step.first.isoformat(), *line.counts] for line in answer.lines]
    data = (
        write_csv(header, rows)
        if form == "csv"
        else write_xlsx(header, rows, title=answer.report.key)
    )
    response = HttpResponse(data, content_type=FILES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.{form}"'
    return response


def _asked(request: HttpRequest, agent: Agent, key: str) -> tuple[Question, Answer]:
    """Returns what is asked, not counted yet."""
    only_who_may(agent, "read reports")
    if key not in REPORTS:
        raise Http404("no such report")
    desk = desk_in_force(agent.desk)
    today = timezone.now().astimezone(ZoneInfo(desk.zone)).date()
    question = Question(request.GET, desk, today, queues.in_use(agent.desk))
    question.is_valid()
    asked = Asked(
        agent.desk_id,
        steps_between(*question.days, desk.zone),
        question.narrowed,
        hidden_from(agent),
    )
    return question, Answer(REPORTS[key], asked, [], size_for(*question.days))


def _answered(request: HttpRequest, agent: Agent, key: str) -> tuple[Question, Answer]:
    question, answer = _asked(request, agent, key)
    return question, replace(answer, lines=answer.report.lines(answer.asked))


def _choices(desk: Desk) -> dict[str, tuple[str, dict[str, str]]]:
    category = desk.facets.get("category")
    return {
        "team": (_("Team"), {team.key: team.title for team in desk.teams.values()}),
        "severity": (
            severity_word(desk),
            {s.key: s.title for s in desk.severities.values()},
        ),
        "category": (_("Category"), dict(category.values) if category else {}),
    }
