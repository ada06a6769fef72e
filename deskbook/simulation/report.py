"""What `deskbook play` prints: pass, or what differed, with the timeline."""

import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from deskbook.book.findings import Finding
from deskbook.engine.events import Event
from deskbook.engine.ticket import Actor
from deskbook.simulation.moments import written
from deskbook.simulation.play import Played, play
from deskbook.simulation.scenario import read_scenarios

_QUIET = ("message", "requester", "recorded_by", "organisation", "book_version", "due_at", "teams")


def played(places: list[Path], *, as_json: bool, timelines: bool) -> int:
    """Plays every scenario in these places and prints how it went; returns 1 when any did not pass."""
    files = [file for place in places for file in scenario_files(place)]
    if not files:
        print("there is no scenario here: they are called *.scenario.yaml", file=sys.stderr)
        return 1
    failed = passed = 0
    for file in files:
        read = read_scenarios(file)
        runs = [play(scenario) for scenario in read.scenarios]
        wrong = sum(not run.passed for run in runs) + bool(read.findings)
        failed, passed = failed + wrong, passed + sum(run.passed for run in runs)
        for line in _as_json(str(file), runs, read.findings) if as_json else _as_text(runs, read.findings, timelines):
            print(line)
    if not as_json:
        print(f"{passed} passed, {failed} failed" if failed else f"{passed} passed")
    return 1 if failed else 0


def scenario_files(place: Path) -> list[Path]:
    """Returns the file itself, or every scenario below a folder."""
    return sorted(place.rglob("*.scenario.yaml")) if place.is_dir() else [place]


def _as_text(runs: list[Played], findings: tuple[Finding, ...], timelines: bool) -> Iterator[str]:
    yield from map(str, findings)
    for run in runs:
        name = f"{run.scenario.file}: {run.scenario.title}"
        yield f"{name}: {'pass' if run.passed else 'DIFFERS'}"
        for difference in run.differences:
            yield f"  line {difference.line}: expected  {difference.expected}"
            yield f"  {' ' * len(f'line {difference.line}')}  got       {difference.got}"
        if timelines or not run.passed:
            yield from (f"    {line['at']}  {line['by']:16} {line['what']}" for line in timeline(run))


def _as_json(file: str, runs: list[Played], findings: tuple[Finding, ...]) -> Iterator[str]:
    if findings:
        yield json.dumps({"file": file, "pass": False, "findings": [f.as_dict() for f in findings]}, ensure_ascii=False)
    for run in runs:
        told: dict[str, Any] = {
            "file": file, "scenario": run.scenario.title, "clause": run.scenario.clause, "pass": run.passed,
            "differences": [{f.name: getattr(d, f.name) for f in fields(d)} for d in run.differences],
            "timeline": timeline(run),
        }  # fmt: skip
        yield json.dumps(told, ensure_ascii=False)


def timeline(run: Played) -> list[dict[str, str]]:
    """Returns what happened, line by line: wall time in the book's zone, by whom, what."""
    zone = run.scenario.desk.zone
    happened = [
        (
            recorded.at,
            {"at": written(recorded.entry.at, zone), "by": str(recorded.entry.by), "what": _what(recorded.entry.event)},
        )
        for recorded in run.story.log
    ]
    refused = [
        (at, {"at": written(at, zone), "by": str(Actor("system")), "what": f"refused: {r.sentence}"})
        for at, r in run.story.refusals
    ]
    return [line for _, line in sorted([*happened, *refused], key=lambda item: item[0])]


def _what(event: Event) -> str:
    """Returns an event in words: its kind, and what it says."""
    kind = "".join(f" {c.lower()}" if c.isupper() else c for c in type(event).__name__).strip()
    said = [_value(getattr(event, f.name)) for f in fields(event) if f.name not in _QUIET and getattr(event, f.name)]
    return f"{kind} {', '.join(word for word in said if word)}".strip()


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {said}" for key, said in value.items())
    return "" if isinstance(value, bool) else str(value)
