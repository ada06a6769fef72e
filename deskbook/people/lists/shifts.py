"""A roster as a list: one shift a line, times on the clocks of its team."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from django.utils.translation import gettext_lazy as _

from deskbook.engine.addresses import normal_address
from deskbook.engine.desk import Desk
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force, words_for
from deskbook.people.duty import zone_of_team
from deskbook.people.lists.columns import (
    Given,
    Judged,
    ListColumn,
    Wrong,
    refused,
    required,
    same_line,
    taken,
)
from deskbook.people.lists.quoting import short
from deskbook.people.lists.reading import day, instant
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.roster_models import Shift
from deskbook.people.rosters import Plan, one_change_at_a_time, places_of, refuse_unfit
from deskbook.refusals.refusal import Refused

COLUMNS = (
    ListColumn("team", _("The team it is for."), ("equipa",), required=True),
    ListColumn(
        "person",
        _("Who works it, by mail address or name; empty is still to be filled."),
        ("mail", "email"),
    ),
    ListColumn(
        "from",
        _("When it begins, like 2026-03-02 06:00."),
        ("begins", "start", "das"),
        required=True,
    ),
    ListColumn(
        "until",
        _("When it ends; a time before its beginning is the next day."),
        ("ends", "end", "to", "às"),
        True,
    ),
    ListColumn("place", _("The site, if it is for one alone."), ("site", "local")),
    ListColumn("name", _("Who works it, for people to read."), ("nome",)),
    ListColumn(
        "date", _("The day it begins, where “from” is only a time."), ("day", "data"), written=False
    ),
)


@dataclass(frozen=True, slots=True)
class Record:
    """A shift to write: in place of the row `id`, or a new one."""

    id: int | None
    plan: Plan


@dataclass(slots=True)
class _Roster:
    helpdesk: HelpDesk
    desk: Desk
    people: dict[str, Agent]
    stored: dict[tuple[int | None, str, str, datetime], Shift]
    taken: dict[int, list[tuple[datetime, datetime, int]]] = field(default_factory=dict)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)


def judge(helpdesk: HelpDesk, lines: Iterable[Given]) -> Iterator[Judged]:
    """Returns what would become of each line; a shift is known by its person, team and
    beginning.
    """
    people = Agent.objects.filter(desk=helpdesk).select_related("user", "desk")
    stored = {
        (row.agent_id, row.team, row.place if row.agent_id is None else "", row.from_at): row
        for row in Shift.objects.filter(desk=helpdesk)
    }
    roster = _Roster(
        helpdesk, desk_in_force(helpdesk), {agent.user.email: agent for agent in people}, stored
    )
    for given in lines:
        mark = tuple(f"{key}={text}" for key, text in sorted(given.values.items()))
        earlier = roster.lines.setdefault(mark, given.line)
        if earlier != given.line:
            yield same_line(given, earlier)
            continue
        try:
            yield _judged(roster, given)
        except Refused as wrong:
            yield refused(given, wrong.refusal)


def write(helpdesk: HelpDesk, records: Iterable[object], *, at: datetime, by: Agent) -> None:
    """Writes one batch of shifts."""
    one_change_at_a_time(helpdesk)
    for record in cast(list[Record], list(records)):
        plan = record.plan
        columns = {
            "agent": plan.agent,
            "team": plan.team,
            "place": plan.place,
            "from_at": plan.from_at,
            "until_at": plan.until_at,
        }
        if record.id is None:
            Shift.objects.create(desk=helpdesk, **columns)
        else:
            Shift.objects.filter(pk=record.id).update(**columns)


def rows(
    helpdesk: HelpDesk,
    *,
    team: str | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> Iterator[list[object]]:
    """Returns the shifts of the desk as lines of such a list, of one team and time or all."""
    found = Shift.objects.filter(desk=helpdesk).order_by("from_at", "pk")
    found = found.select_related("agent__user")
    if team:
        found = found.filter(team=team)
    if from_at and until_at:
        found = found.filter(from_at__lt=until_at, until_at__gt=from_at)
    desk = desk_in_force(helpdesk)
    for row in found:
        zone = zone_named(zone_of_team(desk, row.team))
        begins, ends = row.from_at.astimezone(zone), row.until_at.astimezone(zone)
        user = row.agent.user if row.agent else None
        yield [
            row.team,
            user.email if user else "",
            f"{begins:%Y-%m-%d %H:%M}",
            f"{ends:%Y-%m-%d %H:%M}",
            row.place,
            str(user or ""),
        ]


def _judged(roster: _Roster, given: Given) -> Judged:
    if given.broken:
        raise Wrong(given.broken)
    required(given, "team", "from", "until")
    plan = _plan(roster, given)
    who = plan.agent.pk if plan.agent else None
    known = roster.stored.get((who, plan.team, plan.place if who is None else "", plan.from_at))
    if known and (known.until_at, known.place) == (plan.until_at, plan.place):
        _note_taken(roster, plan, given.line)
        return taken(given, "same", None)
    refuse_unfit(roster.helpdesk, plan, instead_of=(known.pk,) if known else ())
    _note_taken(roster, plan, given.line)
    return taken(given, "changed" if known else "added", Record(known.pk if known else None, plan))


def _plan(roster: _Roster, given: Given) -> Plan:
    values = given.values
    team = _team(roster.desk, values["team"])
    zone, on = zone_of_team(roster.desk, team), day(values["date"]) if values.get("date") else None
    from_at = instant(values["from"], zone, on=on)
    on = on or from_at.astimezone(zone_named(zone)).date()
    until_at = instant(values["until"], zone, on=on)
    if until_at <= from_at and len(values["until"]) <= len("06:00"):
        until_at = instant(values["until"], zone, on=on + timedelta(days=1))
    return Plan(
        team,
        from_at,
        until_at,
        _person(roster, values.get("person", "")),
        _place(roster.desk, values.get("place", "")),
    )


def _team(desk: Desk, text: str) -> str:
    by_word = words_for(desk, lambda said: said.teams)
    if text.lower() not in by_word:
        raise Wrong("list: team", text=short(text), known=tuple(desk.teams))
    return by_word[text.lower()]


def _person(roster: _Roster, said: str) -> Agent | None:
    if not said:
        return None
    agent = roster.people.get(normal_address(said))
    named = [
        person for person in roster.people.values() if person.user.name.lower() == said.lower()
    ]
    if agent is None and len(named) != 1:
        said = short(said)
        raise (
            Wrong("list: several called", said=said)
            if named
            else Wrong("list: nobody called", said=said)
        )
    return agent or named[0]


def _place(desk: Desk, text: str) -> str:
    known = places_of(desk)
    if text and known and text.lower() not in known:
        raise Wrong("list: place", text=short(text), known=tuple(known))
    return text.lower() if known else text


def _note_taken(roster: _Roster, plan: Plan, line: int) -> None:
    """Raises Wrong when an earlier line has the person at work at the same time."""
    if plan.agent is None:
        return
    spans = roster.taken.setdefault(plan.agent.pk, [])
    clash = next(
        (n for start, end, n in spans if start < plan.until_at and end > plan.from_at), None
    )
    if clash is not None:
        raise Wrong("list: on shift", name=str(plan.agent), number=str(clash))
    spans.append((plan.from_at, plan.until_at, line))
