"""What comes up again and again: themes of the improvement list by month."""

from collections import defaultdict
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.views.decorators.http import require_safe

from deskbook.knowledge.reasons import themes_by_month
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents

MONTHS = 6


@require_safe
@for_agents
def themes(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Tickets added to the findings of each theme and reasons of articles' readers, in each of the
    last months.
    """
    here = timezone.localtime()
    months = last_months(here.date(), MONTHS)
    first = datetime(months[0].year, months[0].month, 1, tzinfo=here.tzinfo)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for theme, month, count in themes_by_month(agent.desk, first, desk_in_force(agent.desk).zone):
        counts[theme][month] = count
    columns = [(f"{month:%Y-%m}", formatted(month, "M Y")) for month in months]
    rows = [
        (theme, [by_month.get(key, 0) for key, _title in columns])
        for theme, by_month in counts.items()
    ]
    rows.sort(key=lambda row: (-sum(row[1]), row[0]))
    most = max((count for _theme, row in rows for count in row), default=0)
    return screen(
        request, agent, "themes.html", current="improvements", columns=columns, rows=rows, most=most
    )


def last_months(today: date, count: int) -> list[date]:
    """Returns the first days of this month and of those before it, the earliest first."""
    numbers = range(today.year * 12 + today.month - count, today.year * 12 + today.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]
