"""The book as it was written, line by line, with what the desk has of each line now beside it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from deskbook.book.places import written_in
from deskbook.people.access import may
from deskbook.people.books import desk_in_force
from deskbook.people.duty import has_roster, on_duty
from deskbook.people.models import Agent, BookVersion, HelpDesk
from deskbook.tickets import queues
from deskbook.tickets.by_line import Clocks, clocks_by_line, counted_by, open_by_version
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import rows_of
from deskbook.web.shared.entering import for_agents

_LINE = re.compile(
    r"(?P<before>\s*(?:- )?(?:\{ )?)(?P<key>(?:[^\s:#'\"\[\]{}&*!|>-][^:#'\"\[\]{}]*:(?=\s|$))?)"
    r"(?P<rest>.*?)(?P<comment>(?:(?:^|(?<=\s))#.*)?)$",
    re.DOTALL,
)
MOST_NAMES = 3
VERSIONS_SHOWN = 20
FILTERED = {"type": "kind"}
"""By what the lists narrow what a book calls otherwise."""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a line; it opens what it speaks of."""

    text: str
    url: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the book, and what stands beside it."""

    number: int
    parts: tuple[str, ...]
    """What stands before its key, the key, what follows and a comment."""
    notes: tuple[Note, ...] = ()


@require_safe
@for_agents
def book(request: HttpRequest, agent: Agent) -> HttpResponse:
    """One version of the desk's book: the one in force, or `?version=`."""
    shown, at = version_asked(request, agent), timezone.now()
    in_force = shown.number == agent.desk.book_version
    clocks = clocks_by_line(agent, shown.number, at=at)
    followers = open_by_version(agent)
    return screen(
        request,
        agent,
        "book/book.html",
        current="settings",
        shown=shown,
        in_force=in_force,
        lines=list(_lines(shown, _notes(agent, shown, clocks, in_force=in_force, at=at))),
        clocks=clocks,
        followers=followers,
        behind=sum(n for version, n in followers.items() if version != agent.desk.book_version),
        versions=versions_of(agent.desk),
        may_apply=may(agent, "apply book"),
    )


@require_safe
@for_agents
def book_file(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The same version as the file that `deskbook apply` takes."""
    shown = version_asked(request, agent)
    answer = HttpResponse(shown.text, content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{agent.desk.key}.yaml"'
    return answer


@require_safe
@for_agents
def tickets_on_a_line(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The open tickets with a clock that runs by a `?line=` of the book, or of those `?late=yes`;
    by any of its lines where none is named.
    """
    shown = version_asked(request, agent)
    line, said = _line_asked(request, shown)
    of_lines = clocks_by_line(agent, shown.number, at=timezone.now()).by_line
    late = request.GET.get("late") == "yes"
    found = [of_lines[one] for one in of_lines if line in (0, one)]
    ids = sorted(set().union(*(one.late if late else one.running for one in found)))
    listed = queues.listed(queues.these(agent, ids), most=queues.PAGE * 4)
    return screen(
        request,
        agent,
        "book/tickets.html",
        current="settings",
        shown=shown,
        number=line,
        said=said,
        late=late,
        rows=rows_of(listed, {}),
        more=len(ids) > len(listed),
    )


def _line_asked(request: HttpRequest, shown: BookVersion) -> tuple[int, str]:
    asked, lines = request.GET.get("line", ""), shown.text.splitlines()
    if not asked:
        return 0, ""
    if not (asked.isdecimal() and len(asked) < 8 and 0 < int(asked) <= len(lines)):
        raise Http404("no such line")
    return int(asked), lines[int(asked) - 1].strip()


def version_asked(request: HttpRequest, agent: Agent) -> BookVersion:
    """Returns the version an address names, the one in force where it names none."""
    asked = request.GET.get("version", "")
    if asked and not (asked.isdecimal() and len(asked) < 8):
        raise Http404("no such version")
    versions = BookVersion.objects.filter(desk=agent.desk_id).select_related("applied_by")
    found = versions.filter(number=int(asked) if asked else agent.desk.book_version).first()
    if found is None:
        raise Http404("no such version")
    return found


def versions_of(helpdesk: HelpDesk) -> list[BookVersion]:
    """Returns the latest versions of a desk's book, without their texts, the newest first."""
    rows = BookVersion.objects.filter(desk=helpdesk).select_related("applied_by").defer("text")
    return list(rows.order_by("-number")[:VERSIONS_SHOWN])


def _lines(shown: BookVersion, notes: Mapping[int, list[Note]]) -> Iterator[Line]:
    for number, text in enumerate(shown.text.splitlines(), start=1):
        parts = _LINE.match(text)
        said = parts.groups() if parts else (text, "", "", "")
        yield Line(number, said, tuple(notes.get(number, ())))


def _notes(
    agent: Agent, shown: BookVersion, clocks: Clocks, *, in_force: bool, at: datetime
) -> Mapping[int, list[Note]]:
    """What stands beside each line. How many tickets have what, and who is on, is said beside the
    book in force alone: lists know no versions.
    """
    notes = defaultdict[int, list[Note]](list)
    for line, of_line in clocks.by_line.items():
        notes[line] += list(_running(shown.number, line, len(of_line.running), len(of_line.late)))
    if not in_force:
        return notes
    desk, counted = desk_in_force(agent.desk), counted_by(agent)
    for what, key, line in written_in(shown.text):
        if count := counted.get((what, key)):
            narrowed = urlencode({"queue": "open", FILTERED.get(what, what): key})
            notes[line].append(Note(_open(count), f"{reverse('console')}?{narrowed}"))
        if what == "team" and key in desk.teams:
            notes[line].append(_who_is_on(agent.desk, key, at=at))
    return notes


def _running(version: int, line: int, running: int, late: int) -> Iterator[Note]:
    asked = {"version": version, "line": line}
    tickets = reverse("console-book-tickets")
    said = ngettext("%(n)s clock runs", "%(n)s clocks run", running) % {"n": f"{running:,}"}
    yield Note(said, f"{tickets}?{urlencode(asked)}")
    if late:
        said = ngettext("%(n)s late", "%(n)s late", late) % {"n": f"{late:,}"}
        yield Note(said, f"{tickets}?{urlencode({**asked, 'late': 'yes'})}", late=True)


def _open(count: int) -> str:
    return ngettext("%(n)s open", "%(n)s open", count) % {"n": f"{count:,}"}


def _who_is_on(helpdesk: HelpDesk, team: str, *, at: datetime) -> Note:
    names = [str(one) for one in on_duty(helpdesk, team, at=at)]
    first = ", ".join(names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        first = _("%(names)s and %(n)s more") % {"names": first, "n": len(names) - MOST_NAMES}
    address = f"{reverse('console-roster')}?{urlencode({'team': team})}"
    if has_roster(helpdesk, team):
        said = _("On now: %(names)s") % {"names": first} if names else _("Nobody is on now")
        return Note(said, address, late=not names)
    said = _("No roster: %(names)s") % {"names": first} if names else _("Nobody is of this team")
    return Note(said, address, late=not names)
