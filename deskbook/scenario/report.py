"""What `deskbook play` prints: pass, or what differed, with the timeline."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from deskbook.book.findings import Finding
from deskbook.engine.events import Event
from deskbook.engine.ticket import Actor
from deskbook.scenario.moments import written
from deskbook.scenario.play import Played, play
from deskbook.scenario.scenario import read_scenarios
from deskbook.scenario.story import Story

_QUIET = ("message", "requester", "recorded_by", "organisation", "book_version", "due_at", "teams")


@dataclass(frozen=True, slots=True)
class FileRun:
    """Every scenario of one file, played, and what is wrong with the file."""

    file: str
    runs: tuple[Played, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> int:
        return sum(run.passed for run in self.runs)

    @property
    def failed(self) -> int:
        return len(self.runs) - self.passed + bool(self.findings)

    def lines(self, *, as_json: bool, timelines: bool) -> Iterator[str]:
        """Yields what `deskbook play` prints about this file."""
        return _as_json(self) if as_json else _as_text(self, timelines)


def play_file(file: Path) -> FileRun:
    """Returns how the scenarios of one file went."""
    read = read_scenarios(file)
    return FileRun(str(file), tuple(play(scenario) for scenario in read.scenarios), read.findings)


def scenario_files(place: Path) -> list[Path]:
    """Returns the file itself, or every scenario below a folder."""
    return sorted(place.rglob("*.scenario.yaml")) if place.is_dir() else [place]


def _as_text(played: FileRun, timelines: bool) -> Iterator[str]:
    yield from map(str, played.findings)
    for run in played.runs:
        name = f"{run.scenario.file}: {run.scenario.title}"
        yield f"{name}: {'pass' if run.passed else 'DIFFERS'}"
        for difference in run.differences:
            yield f"  line {difference.line}: expected  {difference.expected}"
            yield f"  {' ' * len(f'line {difference.line}')}  got       {difference.got}"
        if timelines or not run.passed:
            yield from (
                f"    {line['at']}  {line['by']:16} {line['what']}" for line in timeline(run)
            )


def _as_json(played: FileRun) -> Iterator[str]:
    if played.findings:
        findings = [finding.as_dict() for finding in played.findings]
        yield json.dumps(
            {"file": played.file, "pass": False, "findings": findings}, ensure_ascii=False
        )
    for run in played.runs:
        told: dict[str, Any] = {
            "file": played.file,
            "scenario": run.scenario.title,
            "clause": run.scenario.clause,
            "pass": run.passed,
            "differences": [
                {f.name: getattr(d, f.name) for f in fields(d)} for d in run.differences
            ],
            "timeline": timeline(run),
        }
        yield json.dumps(told, ensure_ascii=False)


def timeline(run: Played) -> list[dict[str, str]]:
    """Returns what happened, line by line: wall time in the book's zone, by whom, what."""
    zone = run.scenario.desk.zone
    happened = [
        (
            recorded.at,
            {
                "at": written(recorded.entry.at, zone),
                "by": str(recorded.entry.by),
                "what": _on(story, _what(recorded.entry.event)),
            },
        )
        for story in run.stories
        for recorded in story.log
    ]
    refused = [
        (
            at,
            {
                "at": written(at, zone),
                "by": str(Actor("system")),
                "what": _on(story, f"refused: {r.sentence}"),
            },
        )
        for story in run.stories
        for at, r in story.refusals
    ]
    return [line for _, line in sorted([*happened, *refused], key=lambda item: item[0])]


def _on(story: Story, what: str) -> str:
    """Returns what happened, on which case where there are several."""
    return f"on {story.name}, {what}" if story.name else what


def _what(event: Event) -> str:
    """Returns an event in words: its kind, and what it says."""
    kind = "".join(f" {c.lower()}" if c.isupper() else c for c in type(event).__name__).strip()
    said = [
        _value(getattr(event, f.name))
        for f in fields(event)
        if f.name not in _QUIET and getattr(event, f.name)
    ]
    return f"{kind} {', '.join(word for word in said if word)}".strip()


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {said}" for key, said in value.items())
    return "" if isinstance(value, bool) else str(value)
