"""A load learned from what happened at a desk, written as a load file: so that it can be read,
corrected and asked "what if".
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from deskbook.book.words import DAYS
from deskbook.engine import events as happened
from deskbook.engine.desk import Desk
from deskbook.engine.routing import facets_of
from deskbook.engine.sorts import level_key
from deskbook.engine.ticket import Entry, TicketState
from deskbook.simulation.load import HOURS_OF_WEEK

WEEKS = 4
_LONGEST_WORK = timedelta(hours=2)
"""What lies between two acts of one person is taken for work on the second, so much at most."""
_ENOUGH = 5
_POINTS = 10
_WORK = (
    happened.Answered,
    happened.Noted,
    happened.InformationRequested,
    happened.StageChanged,
    happened.Closed,
    happened.TeamArrived,
)
Sort = tuple[str, str]
"""Category, and level or team of who worked on it."""


def last_weeks(desk: Desk, *, at: datetime) -> tuple[date, date]:
    """Returns the first and the last day of the last four whole weeks, from Monday to Sunday."""
    today = at.astimezone(ZoneInfo(desk.zone)).date()
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=WEEKS), monday - timedelta(days=1)


@dataclass(slots=True)
class _Visit:
    """A case's time with one team."""

    sort: Sort
    since_at: datetime
    worked: timedelta = timedelta()
    handed_on: bool = False
    asked: bool = False


@dataclass(slots=True)
class Learned:
    """What is known of a desk's load, case after case."""

    desk: Desk
    first: date
    last: date
    streams: defaultdict[tuple[tuple[str, str], ...], list[float]] = field(
        default_factory=lambda: defaultdict(lambda: [0.0] * HOURS_OF_WEEK)
    )
    severities: defaultdict[tuple[tuple[str, str], ...], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    visits: list[_Visit] = field(default_factory=list)
    answers: list[timedelta] = field(default_factory=list)
    asked: int = 0
    solved: int = 0
    came_back: int = 0
    acts: defaultdict[str, list[tuple[datetime, int, _Visit]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Agent → when they did something, and in which visit."""

    def case(self, ticket: TicketState, log: Sequence[Entry]) -> None:
        """Takes in a ticket with its log, where it came within these days."""
        local = ticket.opened_at.astimezone(ZoneInfo(self.desk.zone))
        if not self.first <= local.date() <= self.last or ticket.merged_into:
            return
        facets = self._facets(ticket)
        hour = local.weekday() * 24 + local.hour
        self.streams[facets][hour] += 1 / WEEKS
        if severity := self._severity(ticket):
            self.severities[facets][severity] += 1
        self._life(ticket, log)

    def _facets(self, ticket: TicketState) -> tuple[tuple[str, str], ...]:
        """What the case is sorted by, as far as this book knows it, its severity left out."""
        known: dict[str, Collection[str]] = {
            "plan": self.desk.plans,
            "channel": self.desk.channels,
            **{key: facet.values for key, facet in self.desk.facets.items()},
        }
        facets = facets_of(ticket)
        return tuple((key, facets[key]) for key in sorted(known) if facets.get(key) in known[key])

    def _severity(self, ticket: TicketState) -> str | None:
        for said in (ticket.severity, ticket.claimed):
            level = self.desk.severities.get(said or "")
            if level and (not level.only_by or ticket.channel in level.only_by):
                return level.key
        return None

    def _life(self, ticket: TicketState, log: Sequence[Entry]) -> None:
        visit = _Visit(self._sort(ticket, None), ticket.opened_at)
        for entry in log:
            of_desk = entry.by.kind == "agent"
            if of_desk and isinstance(entry.event, _WORK):
                acts = self.acts[entry.by.id]
                acts.append((entry.at, len(acts), visit))
            if isinstance(entry.event, happened.TeamArrived):
                visit.handed_on = of_desk
                visit = _Visit(self._sort(ticket, entry.event.team), entry.at)
                self.visits.append(visit)
            elif isinstance(entry.event, happened.InformationRequested):
                visit.asked = True
        self._to_and_fro(log)

    def _to_and_fro(self, log: Sequence[Entry]) -> None:
        """Takes in what the requester was asked and answered, and whether they were content."""
        asked_at: datetime | None = None
        solved = False
        for entry in log:
            match entry.event:
                case happened.InformationRequested():
                    asked_at = entry.at
                    self.asked += 1
                case happened.CustomerWrote():
                    self.answers += [entry.at - asked_at] if asked_at else []
                    asked_at = None
                case happened.Reopened():
                    self.came_back += solved
                case happened.StageChanged(stage=stage) | happened.Closed(stage=stage):
                    solved = solved or self._solves(stage)
        self.solved += solved

    def _solves(self, stage: str) -> bool:
        known = self.desk.stages.get(stage)
        return known is not None and (known.solved or known.closed)

    def _sort(self, ticket: TicketState, team: str | None) -> Sort:
        category = ticket.facets.get("category", "")
        facet = self.desk.facets.get("category")
        known = category if facet and category in facet.values else ""
        return known, level_key(self.desk, team or "") or (team or "")

    def worked(self) -> dict[Sort, list[timedelta]]:
        """Returns how long people worked on cases of each sort: what lies between two acts of one
        person within the desk's hours, or since the case came.
        """
        calendar = self.desk.calendars[self.desk.hours]
        for acts in self.acts.values():
            before_at: datetime | None = None
            for at, _, visit in sorted(acts, key=lambda act: act[:2]):
                since_at = max(before_at or visit.since_at, visit.since_at)
                spent = calendar.open_between(since_at, at) if at > since_at else timedelta()
                visit.worked += min(spent, _LONGEST_WORK)
                before_at = at
        found: defaultdict[Sort, list[timedelta]] = defaultdict(list)
        for visit in self.visits:
            if visit.worked:
                found[visit.sort].append(visit.worked)
        return found


def written(
    learned: Learned,
    people: Mapping[tuple[str, ...], int],
    patience: Mapping[str, timedelta] = MappingProxyType({}),
) -> str:
    """Returns the load file; `people` are how many there are by their teams, `patience` how long
    they wait on the average by each channel.
    """
    lines = [
        f"# Learned from the log of {learned.first} to {learned.last}.",
        f"from: {learned.first}",
        f"until: {learned.last}",
        "arrivals:",
    ]
    for facets, hours in sorted(learned.streams.items()):
        lines += _stream(facets, hours, learned.severities[facets])
    lines += ["handling:", *_handling(learned), *_requesters(learned)]
    if patience:
        means = (f"{_text(key)}: {_span(mean)}" for key, mean in patience.items())
        lines.append(f"patience: {{ {', '.join(means)} }}")
    if people:
        lines.append("people:")
        lines += [
            f"  - {{ team: [{', '.join(map(_text, teams))}], count: {count} }}"
            for teams, count in people.items()
        ]
    return "\n".join([*lines, ""])


def _stream(
    facets: tuple[tuple[str, str], ...], hours: list[float], severities: Counter[str]
) -> Iterable[str]:
    yield "  - " + "\n    ".join(f"{_text(key)}: {_text(value)}" for key, value in facets)
    if severities:
        shares = _shares(severities)
        yield f"    severity: {{ {', '.join(f'{_text(k)}: {v:g}%' for k, v in shares.items())} }}"
    yield "    by hour:"
    for day in range(7):
        own = hours[day * 24 : day * 24 + 24]
        if any(own):
            yield f"      {DAYS[day]}: [{', '.join(f'{hour:g}' for hour in own)}]"


def _shares(counts: Counter[str]) -> dict[str, float]:
    """Returns shares in percent that make 100."""
    total = counts.total()
    shares = {name: round(100 * count / total, 1) for name, count in sorted(counts.items())}
    largest = max(shares, key=lambda name: shares[name])
    shares[largest] = round(shares[largest] + 100 - sum(shares.values()), 1)
    return shares


def _handling(learned: Learned) -> Iterable[str]:
    worked = learned.worked()
    for sort in sorted({visit.sort for visit in learned.visits}):
        category, holder = sort
        own = [visit for visit in learned.visits if visit.sort == sort]
        times = worked.get(sort, [])
        if len(times) < _ENOUGH or not (category or holder):
            continue
        by = "level" if holder in learned.desk.levels else "team"
        asked = {"category": category, by: holder}
        when = "".join(f"{key}: {_text(value)}, " for key, value in asked.items() if value)
        yield f"  - {{ {when}{_done(times, own)} }}"
    times = [time for of_sort in worked.values() for time in of_sort]
    yield f"  - {{ {_done(times, learned.visits)} }}"


def _done(times: list[timedelta], visits: list[_Visit]) -> str:
    share = {
        name: sum(getattr(visit, name) for visit in visits) / max(len(visits), 1)
        for name in ("handed_on", "asked")
    }
    takes = _points(times, "10m")
    return f"takes: {takes}, hands on: {share['handed_on']:.1%}, asks: {share['asked']:.1%}"


def _points(times: list[timedelta], usual: str) -> str:
    """Returns the tenths of these times, from the shortest to the longest."""
    if len(times) < 2:
        return usual
    ordered = sorted(times)
    last = len(ordered) - 1
    points = [ordered[round(last * n / _POINTS)] for n in range(_POINTS + 1)]
    return f"[{', '.join(map(_span, points))}]"


def _span(time: timedelta) -> str:
    return f"{max(round(time.total_seconds()), 1)}s"


def _requesters(learned: Learned) -> Iterable[str]:
    silent = 1 - len(learned.answers) / learned.asked if learned.asked else 0.0
    back = learned.came_back / learned.solved if learned.solved else 0.0
    yield "requesters:"
    yield f"  answer after: {_points(learned.answers, '1d')}"
    yield f"  never answer: {min(max(silent, 0.0), 1.0):.1%}"
    yield f"  come back: {min(back, 1.0):.1%}"


def _text(value: str) -> str:
    """Returns a name as YAML reads it back, whatever it holds."""
    return json.dumps(value, ensure_ascii=False)
