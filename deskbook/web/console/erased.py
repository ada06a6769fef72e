"""What was erased: when, by which line of the book, how much; and what goes next."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deskbook.engine.keeping import Keep
from deskbook.people.access import only_who_may, visible_to_agent
from deskbook.people.books import book_at, desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets.erasing import erased_by_line, would_erase
from deskbook.tickets.erasure_models import Erasure
from deskbook.tickets.holding import held_cases, holds_on
from deskbook.tickets.models import Ticket
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
    """Shows what the book says of keeping, what it erases next and what it has erased; the cases of
    which a `?line=` erases something tonight.
    """
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
        current="settings",
        lines=[_line(reader, one, due.get(one.line, 0)) for one in desk.keep],
        rows=rows,
        holds=holds_on(list(visible_to_agent(agent, held_cases(agent.desk))[:SHOWN])),
        tonight=_tonight(request, agent),
        words=kept_words(),
    )


def _tonight(request: HttpRequest, agent: Agent) -> tuple[int, list[Ticket]] | None:
    asked = request.GET.get("line", "")
    if not (asked.isdecimal() and len(asked) < 8):
        return None
    desk = desk_in_force(agent.desk)
    ids = erased_by_line(agent.desk, desk, int(asked), at=timezone.now())[:SHOWN]
    found = visible_to_agent(agent, Ticket.objects.filter(pk__in=ids).select_related("desk"))
    return int(asked), list(found.order_by("closed_at"))


def _line(reader: Reader, line: Keep, due: int) -> Line:
    cases = "; ".join(reader.conditions(line.when))
    return Line(kept_words()[line.what], cases, amount_in_words(line.after), line.line, due)
