"""What was erased: when, by which line of the book, how much; and what goes next."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deskbook.engine.keeping import Keep
from deskbook.people.access import only_who_may, visible_to_agent
from deskbook.people.books import book_at, desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets.erasing import would_erase
from deskbook.tickets.erasure_models import Erasure
from deskbook.tickets.holding import held_cases
from deskbook.web.console.shared.frame import screen
from deskbook.web.policy.amounts import amount_in_words
from deskbook.web.policy.keeping import kept_words
from deskbook.web.policy.reader import Reader
from deskbook.web.shared.entering import for_agents

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the book, in words, with how many cases it erases tonight."""

    what: str
    cases: str
    kept: str
    line: int
    due: int


@require_safe
@for_agents
def erased(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows what the book says of keeping, what it erases next and what it has erased."""
    only_who_may(agent, "read reports")
    desk = desk_in_force(agent.desk)
    found = would_erase(agent.desk, desk, at=timezone.now())
    due = {line.line: cases for line, cases in found}
    reader = Reader(desk, book_at(agent.desk_id, agent.desk.book_version))
    rows = Erasure.objects.filter(desk=agent.desk).order_by("-at", "line")[:SHOWN]
    return screen(
        request,
        agent,
        "erased.html",
        current="book",
        lines=[_line(reader, one, due.get(one.line, 0)) for one in desk.keep],
        rows=rows,
        held=visible_to_agent(agent, held_cases(agent.desk))[:SHOWN],
        words=kept_words(),
    )


def _line(reader: Reader, line: Keep, due: int) -> Line:
    cases = "; ".join(reader.conditions(line.when))
    return Line(kept_words()[line.what], cases, amount_in_words(line.after), line.line, due)
