"""Service levels and what is owed: how they stand, for leads, and the same as a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from itertools import groupby, islice

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from deskbook.engine.desk import Desk
from deskbook.engine.money import percent_in_words
from deskbook.engine.plan_parts import Period
from deskbook.engine.quotas import period_at
from deskbook.engine.service_level_parts import ServiceLevel
from deskbook.engine.service_levels import Counted, is_reached, may_be_missed
from deskbook.engine.wall_time import zone_named
from deskbook.people.access import only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.reports.service_levels import OwedFor, Standing, owed_between, standings
from deskbook.web.console.shared.frame import screen
from deskbook.web.policy.amounts import amount_in_words
from deskbook.web.shared.downloads import csv_download
from deskbook.web.shared.entering import for_agents

MOST_BACK = 24
SHOWN = 200
"""Of more organisations, or cases, the file has all."""
_TENTH = Decimal("0.1")


@require_safe
@for_agents
def service_levels(request: HttpRequest, agent: Agent) -> HttpResponse:
    """How each level of the book stands in the period `ago` periods before the one that runs, and
    what is owed for the cases of that month.
    """
    only_who_may(agent, "read reports")
    desk, at, ago = desk_in_force(agent.desk), timezone.now(), _ago(request)
    found = list(islice(_standings(agent, desk, at, ago), SHOWN + 1))
    owing = list(islice(_owed(agent, desk, at, ago), SHOWN + 1))
    return screen(
        request,
        agent,
        "reports/service_levels.html",
        current="reports",
        desk=desk,
        tables=[_table(desk, ones) for ones in _by_level(found[:SHOWN])],
        owing=[(_number(one), owed_row(desk, one)) for one in owing[:SHOWN]],
        more=len(found) > SHOWN or len(owing) > SHOWN,
        owed_head=owed_head(),
        ago=ago,
        most_back=MOST_BACK,
    )


@require_safe
@for_agents
def export(request: HttpRequest, agent: Agent, what: str) -> FileResponse:
    """All lines as a file: of `levels`, or of what is `owed`."""
    only_who_may(agent, "read reports")
    desk, at, ago = desk_in_force(agent.desk), timezone.now(), _ago(request)
    if what == "levels":
        rows = (level_row(desk, one) for one in _standings(agent, desk, at, ago))
        return csv_download("service-levels.csv", level_head(), rows)
    if what != "owed":
        raise Http404("no such file")
    owing = ([_number(one), *owed_row(desk, one)] for one in _owed(agent, desk, at, ago))
    return csv_download("owed.csv", [_("Ticket"), *owed_head()], owing)


def has_service_levels(agent: Agent) -> bool:
    """Returns whether the book of the agent's desk counts any, or owes for what is late."""
    desk = desk_in_force(agent.desk)
    return bool(desk.service_levels or desk.compensations)


def lines_of(agent: Agent, desk: Desk, *, at: datetime) -> list[str]:
    """Returns a line for each level of the desk as it stands now, for the morning; of those that
    are each organisation's own, how many are not reached.
    """
    return [_line(desk, level, found) for level, found in _now(agent, desk, at)]


def _now(agent: Agent, desk: Desk, at: datetime) -> Iterator[tuple[ServiceLevel, list[Standing]]]:
    for level in desk.service_levels:
        yield level, standings(agent, desk, level, *period_at(level.each, desk.zone, at=at))


def _line(desk: Desk, level: ServiceLevel, found: list[Standing]) -> str:
    title, promised = desk.said(level.title), percent_in_words(level.at_least)
    if level.by_organisation:
        missed = sum(is_reached(level, one.counted) is False for one in found)
        said = _("{title}: {promised} promised, not reached for {missed} of {all} organisations")
        return said.format(title=title, promised=promised, missed=missed, all=len(found))
    counted = found[0].counted
    said = _("{title}: {kept} of {decided} in time, {promised} promised")
    told = said.format(
        title=title,
        kept=counted.kept,
        decided=counted.kept + counted.missed,
        promised=promised,
    )
    return f"{told} – {left_in_words(level, counted)}"


def left_in_words(level: ServiceLevel, counted: Counted) -> str:
    """Returns how many more of what came may be late, or how many are too many."""
    left = may_be_missed(level, counted)
    if left < 0:
        return ngettext("{n} too many is late", "{n} too many are late", -left).format(n=-left)
    return ngettext("{n} more may be late", "{n} more may be late", left).format(n=left)


def _ago(request: HttpRequest) -> int:
    said = request.GET.get("ago", "0")
    if not said.isdecimal() or len(said) > 2 or int(said) > MOST_BACK:
        raise Http404("no such period")
    return int(said)


def _before(each: Period, desk: Desk, at: datetime, ago: int) -> tuple[datetime, datetime]:
    """Returns the period so many before the one that holds an instant."""
    from_at, until_at = period_at(each, desk.zone, at=at)
    for _n in range(ago):
        from_at, until_at = period_at(each, desk.zone, at=from_at - timedelta(seconds=1))
    return from_at, until_at


def _standings(agent: Agent, desk: Desk, at: datetime, ago: int) -> Iterator[Standing]:
    for level in desk.service_levels:
        yield from standings(agent, desk, level, *_before(level.each, desk, at, ago))


def _owed(agent: Agent, desk: Desk, at: datetime, ago: int) -> Iterator[OwedFor]:
    return owed_between(agent, desk, *_before("month", desk, at, ago), at=at)


@dataclass(frozen=True, slots=True)
class Table:
    """How one service level stands: what holds for all its lines is said above them."""

    title: str
    said: str
    by_organisation: bool
    lines: list["Line"]


@dataclass(frozen=True, slots=True)
class Line:
    """How it stands at one organisation, or at the desk."""

    organisation: str
    counted: Counted
    percent: str
    is_reached: bool | None
    left: str
    gives: str


def _by_level(found: Iterable[Standing]) -> Iterator[list[Standing]]:
    for _level, ones in groupby(found, key=lambda one: one.level):
        yield list(ones)


def _table(desk: Desk, found: list[Standing]) -> Table:
    level = found[0].level
    title, from_on, until_on, _organisation, promised, *_rest = level_row(desk, found[0])
    said = f"{from_on} – {until_on} · {_('Promised')} {promised} · {_('Line')} {level.line}"
    return Table(str(title), said, level.by_organisation, [_table_line(one) for one in found])


def _table_line(one: Standing) -> Line:
    return Line(
        one.organisation,
        one.counted,
        _percent(one.counted),
        is_reached(one.level, one.counted),
        left_in_words(one.level, one.counted),
        str(one.gives or ""),
    )


def _percent(counted: Counted) -> str:
    """Rounded down: what is not reached never reads as if it were."""
    percent = counted.percent
    return "" if percent is None else f"{percent.quantize(_TENTH, ROUND_DOWN)}%"


def level_head() -> list[str]:
    """Returns what the columns of the levels are called."""
    return [
        _("Service level"),
        _("From"),
        _("Until"),
        _("Organisation"),
        _("Promised"),
        _("In time"),
        _("Late"),
        _("Open"),
        _("Kept"),
        _("May still be late"),
        _("What follows"),
        _("Line"),
    ]


def level_row(desk: Desk, one: Standing) -> list[object]:
    """Returns the cells of a line of the table, and of the file."""
    zone, counted = zone_named(desk.zone), one.counted
    last = one.until_at - timedelta(seconds=1)
    return [
        desk.said(one.level.title),
        one.from_at.astimezone(zone).date().isoformat(),
        last.astimezone(zone).date().isoformat(),
        one.organisation,
        percent_in_words(one.level.at_least),
        *counted,
        _percent(counted),
        may_be_missed(one.level, counted),
        str(one.gives) if one.gives else "",
        one.level.line,
    ]


def owed_head() -> list[str]:
    """Returns what the columns of what is owed are called."""
    return [
        _("What is owed"),
        _("How much"),
        _("How it comes"),
        _("To whom"),
        _("Line"),
    ]


def owed_row(desk: Desk, one: OwedFor) -> list[object]:
    """Returns the cells of what is owed for a case."""
    line = one.owed.line
    return [
        desk.said(line.title),
        str(one.owed.money),
        how_it_comes(desk, one),
        desk.said(line.to),
        line.line,
    ]


def how_it_comes(desk: Desk, one: OwedFor) -> str:
    """Returns “due 2026-03-09 10:00, late until 2026-03-10 11:00, 2 × 250 INR …”."""
    line, zone = one.owed.line, zone_named(desk.zone)
    due, until = (at.astimezone(zone) for at in (one.owed.due_at, one.owed.until_at))
    said = _("due {due}, late until {until}").format(
        due=f"{due:%Y-%m-%d %H:%M}", until=f"{until:%Y-%m-%d %H:%M}"
    )
    if line.each is None:
        return said
    each = _("for every {span} begun").format(span=amount_in_words(line.each))
    times = f"{one.owed.units} × {line.pays} {each}"
    most = _("at most {money}").format(money=line.most) if line.most else ""
    return ", ".join(filter(None, (said, times, most)))


def _number(one: OwedFor) -> str:
    return f"{one.ticket.desk.prefix}-{one.ticket.number}"
