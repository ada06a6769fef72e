"""What a simulation came to, in words, as JSON and as a table for spreadsheets."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from deskbook.engine.desk import Desk
from deskbook.engine.money import percent_in_words
from deskbook.simulation.intervals import Interval, days_over_runs, over_runs
from deskbook.simulation.load import Load
from deskbook.simulation.tally import ALL, Counted, Measure
from deskbook.simulation.wish import Found

CLOCKS = {
    "response": "first answer",
    "update": "next update",
    "resolve": "solution",
    "team": "answer of the team",
    "team-resolve": "solution by the team",
}
"""Clocks in the order in which they are told, and what people call them."""


@dataclass(frozen=True, slots=True)
class Came:
    """All there is to tell of a simulation."""

    desk: Desk
    load: Load
    seed: int
    runs: Sequence[Counted]
    found: Found | None = None

    @property
    def measures(self) -> dict[Measure, Interval]:
        return over_runs(self.runs)

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day."""
        zone = ZoneInfo(self.desk.zone)
        last_at = self.load.until_at - timedelta(seconds=1)
        return _day(self.load.from_at, zone), _day(last_at, zone)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat()


def in_words(came: Came) -> str:
    """Returns what a lead reads at the terminal."""
    measures = came.measures
    first, last = came.days
    lines = [
        f"{came.desk.title}, {first} to {last}: {len(came.runs)} runs, seed {came.seed}",
        f"there: {roster_of(came)}",
    ]
    lines += ["", *_promises(came.desk, measures)]
    if levels := list(_service_levels(came.desk, measures)):
        lines += ["", "service levels", *levels]
    lines += ["", *_waiting(came.desk, measures)]
    lines += ["", *_at_work(came.desk, measures)]
    if came.found:
        lines += ["", *_wished(came, came.found)]
    if len(came.runs) < 2:
        lines += ["", "One run says nothing of how sure this is: --runs 10 does."]
    return "\n".join([*lines, ""])


def roster_of(came: Came) -> str:
    """Returns how many there are of whom."""
    groups: dict[str, int] = {}
    for group in came.found.people if came.found else came.load.people:
        label = teams_titled(came.desk, group.label)
        groups[label] = groups.get(label, 0) + len(group.names)
    return ", ".join(f"{count} {label}" for label, count in groups.items())


def teams_titled(desk: Desk, label: str) -> str:
    """Returns the titles of teams joined by " + "."""
    teams = (part for part in label.split(" + "))
    return " + ".join(desk.teams[team].title if team in desk.teams else team for team in teams)


def sorted_shares(measures: Mapping[Measure, Interval]) -> Iterator[tuple[str, str, str]]:
    """Yields clock, severity and level of every share that is told, those of all last; a severity
    that only one level has is told once.
    """
    known = [name.of for name in measures if name.what == "met"]
    for clock in [*CLOCKS, *sorted({of[0] for of in known} - set(CLOCKS))]:
        own = [of for of in known if of[0] == clock]
        levels = {of[2] for of in own}
        for of in sorted(own, key=lambda of: (of[1] == ALL, of[1], of[2] == ALL, of[2])):
            if of[2] == ALL and of[1] != ALL and len(levels) <= 2:
                continue
            yield (of[0], of[1], of[2])


def sort_titled(desk: Desk, severity: str, level: str) -> str:
    """Returns "Urgent, second level" for people."""
    titles = {key: one.title for key, one in desk.severities.items()}
    titles[ALL] = f"every {desk.severity_word}"
    levels = {key: one.title for key, one in desk.levels.items()}
    names = [titles.get(severity, ""), levels.get(level, "")]
    return ", ".join(name for name in names if name) or "all"


def _promises(desk: Desk, measures: Mapping[Measure, Interval]) -> list[str]:
    lines, before = ["promises kept"], ""
    for clock, severity, level in sorted_shares(measures):
        if clock != before:
            lines.append(f"  {CLOCKS.get(clock, clock)}")
        before = clock
        share = measures[Measure("met", (clock, severity, level))]
        of = measures[Measure("decided", (clock, severity, level))]
        name = sort_titled(desk, severity, level)
        lines.append(f"    {name:32} {percent(share):24} of {of.mean:,.0f} a run")
    return lines if len(lines) > 1 else ["promises kept: none was made, or none decided yet"]


def _service_levels(desk: Desk, measures: Mapping[Measure, Interval]) -> Iterator[str]:
    """Yields of each how many were in time, and in how many of its periods that was enough."""
    for level in desk.service_levels:
        share = measures.get(Measure("service level", (level.key,)))
        if share is None:
            yield f"  {level.title:34} none was counted"
            continue
        reached, periods = (
            measures[Measure(f"service level {what}", (level.key,))].mean
            for what in ("reached", "periods")
        )
        yield (
            f"  {level.title:34} {percent(share):24} at least {percent_in_words(level.at_least)}:"
            f" reached in {reached:.1f} of {periods:.1f} {level.each}s"
        )


def _waiting(desk: Desk, measures: Mapping[Measure, Interval]) -> list[str]:
    lines = [f"{'waiting until somebody has it':34}{'half':>8}{'9 of 10':>10}{'mean':>9}"]
    for channel in (name.of[0] for name in measures if name.what == "came"):
        title = desk.channels[channel].title
        half, most, mean = (
            measures.get(Measure(what, (channel,))) for what in ("wait half", "wait 90%", "wait")
        )
        came = measures[Measure("came", (channel,))].mean
        name = f"{title}, {came:,.0f} a run"
        if half and most and mean:
            times = (span(half.mean), span(most.mean), span(mean.mean))
            lines.append(f"  {name:32}{times[0]:>8}{times[1]:>10}{times[2]:>9}{_between(mean)}")
        else:
            lines.append(f"  {name:32}{'nobody is served':>27}")
        lines += _lost(channel, came, measures)
    return lines


def _lost(channel: str, came: float, measures: Mapping[Measure, Interval]) -> Iterator[str]:
    for why, said in (("gave up", "gave up waiting"), ("closed", "came while it was closed")):
        count = measures.get(Measure(why, (channel,)))
        if count and came:
            yield f"    {said}: {count.mean:,.0f} a run ({count.mean / came:.1%})"


def _at_work(desk: Desk, measures: Mapping[Measure, Interval]) -> list[str]:
    backlog, left = measures[Measure("backlog")], measures[Measure("backlog at the end")]
    lines = [
        f"open cases: {number(backlog)} on the average, {number(left)} at the end",
        "time with something in hand, of the time there",
    ]
    for name, share in measures.items():
        if name.what == "utilisation":
            lines.append(f"  {teams_titled(desk, name.of[0]):34} {percent(share)}")
    return lines


def _wished(came: Came, found: Found) -> list[str]:
    """Returns each wish and how it is reached, then by whom."""
    lines = [f"{wish.said}: {percent(reached)}" for wish, reached in found.reaches]
    if found.enough:
        return [*lines, f"the smallest roster found: {roster_of(came)}"]
    lines.append(f"not reached by more people alike; the best found: {roster_of(came)}")
    if not found.short:
        lines.append("on the average it is: more runs may make that sure")
    return lines


def percent(share: Interval) -> str:
    """Returns "94.2% (93.1 to 95.0)"."""
    if share.low is None or share.high is None:
        return f"{share.mean:.1%}"
    return f"{share.mean:.1%} ({share.low * 100:.1f} to {share.high * 100:.1f})"


def number(count: Interval) -> str:
    """Returns "12.4 (11.0 to 13.8)"."""
    if count.low is None or count.high is None:
        return f"{count.mean:,.1f}"
    return f"{count.mean:,.1f} ({max(count.low, 0.0):,.1f} to {count.high:,.1f})"


def _between(wait: Interval) -> str:
    if wait.low is None or wait.high is None:
        return ""
    return f"  ({span(max(wait.low, 0.0))} to {span(wait.high)})"


def span(seconds: float) -> str:
    """Returns "45s", "3.2m", "1.5h" or "2.0d"."""
    for unit, length in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds >= length * (2 if unit == "d" else 1):
            return f"{seconds / length:.1f}{unit}"
    return f"{seconds:.0f}s"


def as_json(came: Came) -> str:
    """Returns all of it as one JSON object, keys of the book as they are."""
    first, last = came.days
    people = came.found.people if came.found else came.load.people
    told = {
        "desk": came.desk.key,
        "from": first,
        "until": last,
        "runs": len(came.runs),
        "seed": came.seed,
        "people": [{"teams": group.teams, "count": len(group.names)} for group in people],
        "measures": [
            {"what": name.what, "of": list(name.of), **_ends(value)}
            for name, value in came.measures.items()
        ],
        "open at the end of each day": [_ends(day) for day in days_over_runs(came.runs)],
    }
    if came.found:
        told["enough"] = came.found.enough
        told["wishes"] = [
            {"said": wish.said, **_ends(reached)} for wish, reached in came.found.reaches
        ]
    return json.dumps(told, ensure_ascii=False) + "\n"


def _ends(value: Interval) -> dict[str, float | None]:
    return {"mean": _short(value.mean), "low": _short(value.low), "high": _short(value.high)}


def _short(value: float | None) -> float | None:
    return value if value is None else round(value, 6)


def as_csv(came: Came) -> str:
    """Returns every measure as a line."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(
        ["what", "channel or clock or people", "severity", "level", "mean", "low", "high"]
    )
    rows.writerows(_rows(came.measures.items()))
    return text.getvalue()


def _rows(measures: Iterable[tuple[Measure, Interval]]) -> Iterator[list[str]]:
    for name, value in measures:
        of = [*name.of, "", "", ""][:3]
        ends = (value.mean, value.low, value.high)
        yield [name.what, *of, *("" if end is None else f"{end:.6g}" for end in ends)]
