"""Logs as process miners read them: XES (IEEE 1849-2016) and OCEL 2.0 in JSON
(ocel-standard.org, 2.0).

What the book names leaves, and when: stages, teams, severities, facets, who by a number. No words
anybody wrote, no names and no addresses.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from deskbook.engine.desk import Desk
from deskbook.engine.ticket import Entry, TicketState

OF_THE_BOOK = frozenset(
    {
        "book_version",
        "cause",
        "channel",
        "clock",
        "freeze",
        "number",
        "paper",
        "promise",
        "severity",
        "stage",
        "step",
        "team",
    }
)
"""What of an event leaves: keys of the book, and numbers."""
_EXTENSIONS = ("Concept", "Time", "Lifecycle", "Organizational")
_LOG = {"xes.version": "1849.2016", "xes.features": "", "xmlns": "http://www.xes-standard.org/"}
_PREFIX = {"Organizational": "org"}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Case(NamedTuple):
    """A case with what happened to it."""

    number: str
    ticket: TicketState
    log: Sequence[Entry]


class Happened(NamedTuple):
    """One entry, in words a miner draws."""

    activity: str
    at: datetime
    by: str
    team: str
    """Who had the case then."""
    facts: Mapping[str, str | int]


def happened(desk: Desk, log: Iterable[Entry]) -> Iterator[Happened]:
    """Yields what a log says, with the team that had the case once it had happened; a move is named
    by where it leads.
    """
    team = ""
    for entry in log:
        facts = {
            one.name: value
            for one in fields(entry.event)
            if one.name in OF_THE_BOOK and (value := getattr(entry.event, one.name)) is not None
        }
        kind = type(entry.event).__name__
        team = str(facts["team"]) if kind == "TeamArrived" else team
        yield Happened(_activity(desk, kind, facts), entry.at, _who(entry), team, facts)


def _activity(desk: Desk, kind: str, facts: Mapping[str, Any]) -> str:
    words = re.sub("(?<=[a-z])(?=[A-Z])", " ", kind).capitalize()
    if kind == "StageChanged":
        stage = desk.stages.get(facts["stage"])
        return f"{words}: {stage.title if stage else facts['stage']}"
    if kind == "TeamArrived":
        team = desk.teams.get(facts["team"])
        return f"{words}: {team.title if team else facts['team']}"
    return words


def _who(entry: Entry) -> str:
    return f"{entry.by.kind} {entry.by.id}" if entry.by.kind == "agent" else entry.by.kind


def of_case(ticket: TicketState) -> dict[str, str]:
    """Returns what a case is sorted by, as it stands."""
    own = {"channel": ticket.channel, "severity": ticket.severity, "stage": ticket.stage}
    return {**ticket.facets, **{key: value for key, value in own.items() if value}}


def write_log(file: Path, desk: Desk, cases: Iterable[Case]) -> int:
    """Writes cases into a file, as OCEL where it ends with .json, else as XES; returns how many."""
    with file.open("wb") as out:
        return (write_ocel if file.suffix == ".json" else write_xes)(out, desk, cases)


def write_xes(file: IO[bytes], desk: Desk, cases: Iterable[Case]) -> int:
    """Writes a trace for each case, as they come; returns how many."""
    xml = XMLGenerator(file, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("log", AttributesImpl(_LOG))
    for name in _EXTENSIONS:
        prefix = _PREFIX.get(name, name.lower())
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        _element(xml, "extension", {"name": name, "prefix": prefix, "uri": uri})
    _globals(xml, "trace", {"concept:name": ""})
    _globals(xml, "event", {"concept:name": "", "time:timestamp": datetime.fromtimestamp(0, UTC)})
    _element(xml, "classifier", {"name": "Activity", "keys": "concept:name"})
    _attribute(xml, "concept:name", desk.title)
    count = 0
    for case in cases:
        _trace(xml, desk, case)
        count += 1
    xml.endElement("log")
    xml.endDocument()
    return count


def _globals(xml: XMLGenerator, scope: str, attributes: Mapping[str, str | datetime]) -> None:
    xml.startElement("global", AttributesImpl({"scope": scope}))
    for key, value in attributes.items():
        _attribute(xml, key, value)
    xml.endElement("global")


def _trace(xml: XMLGenerator, desk: Desk, case: Case) -> None:
    xml.startElement("trace", AttributesImpl({}))
    _attribute(xml, "concept:name", case.number)
    for key, value in of_case(case.ticket).items():
        _attribute(xml, key, value)
    for event in happened(desk, case.log):
        xml.startElement("event", AttributesImpl({}))
        _attribute(xml, "concept:name", event.activity)
        _attribute(xml, "time:timestamp", event.at)
        _attribute(xml, "lifecycle:transition", "complete")
        _attribute(xml, "org:resource", event.by)
        if event.team:
            _attribute(xml, "org:group", event.team)
        for key, fact in event.facts.items():
            _attribute(xml, key, fact)
        xml.endElement("event")
    xml.endElement("trace")


def _attribute(xml: XMLGenerator, key: str, value: str | int | datetime) -> None:
    """Writes a typed attribute (IEEE 1849, 4.4)."""
    match value:
        case datetime():
            kind, said = "date", value.isoformat(timespec="milliseconds")
        case int():
            kind, said = "int", str(value)
        case _:
            kind, said = "string", _NO_XML.sub("\ufffd", value)
    _element(xml, kind, {"key": _NO_XML.sub("\ufffd", key), "value": said})


def _element(xml: XMLGenerator, name: str, attributes: dict[str, str]) -> None:
    xml.startElement(name, AttributesImpl(attributes))
    xml.endElement(name)


@dataclass(slots=True)
class _Types:
    """Attributes of each type of event and object that was met, and what they hold."""

    of: dict[str, dict[str, str]] = field(default_factory=dict)

    def seen(self, name: str, facts: Mapping[str, str | int]) -> list[dict[str, Any]]:
        known = self.of.setdefault(name, {})
        for key, value in facts.items():
            known[key] = "integer" if isinstance(value, int) else "string"
        return [{"name": key, "value": str(value)} for key, value in facts.items()]

    def declared(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "attributes": [{"name": k, "type": v} for k, v in known.items()]}
            for name, known in self.of.items()
        ]


def write_ocel(file: IO[bytes], desk: Desk, cases: Iterable[Case]) -> int:
    """Writes events about cases, people of the desk and teams; returns how many cases.

    Objects are put by in a file meanwhile: however many cases there are, none is held in memory.
    """
    events, objects = _Types(), _Types({"case": {}, "agent": {}, "team": {}})
    others: dict[str, str] = {}
    count = 0
    with TemporaryFile() as put_by:
        file.write(b'{"events":[')
        for case in cases:
            for number, event in enumerate(_events(desk, case, events, others)):
                file.write((b",\n" if count or number else b"\n") + event)
            put_by.write((b",\n" if count else b"\n") + _case_object(case, objects))
            count += 1
        file.write(b'],"objects":[')
        put_by.seek(0)
        shutil.copyfileobj(put_by, file)
    for number, (key, kind) in enumerate(sorted(others.items())):
        other = _json({"id": key, "type": kind, "attributes": [], "relationships": []})
        file.write((b",\n" if count or number else b"\n") + other)
    file.write(b'],"eventTypes":' + _json(events.declared()))
    file.write(b',"objectTypes":' + _json(objects.declared()) + b"}\n")
    return count


def _events(desk: Desk, case: Case, types: _Types, others: dict[str, str]) -> Iterator[bytes]:
    for number, event in enumerate(happened(desk, case.log), start=1):
        about = {_id("case", case.number): "about"}
        if event.by.startswith("agent "):
            about[event.by] = "by"
            others[event.by] = "agent"
        if event.team:
            about[_id("team", event.team)] = "with"
            others[_id("team", event.team)] = "team"
        yield _json(
            {
                "id": f"{case.number} {number}",
                "type": event.activity,
                "time": event.at.isoformat(),
                "attributes": types.seen(event.activity, event.facts),
                "relationships": [
                    {"objectId": key, "qualifier": how} for key, how in about.items()
                ],
            }
        )


def _case_object(case: Case, types: _Types) -> bytes:
    opened = case.ticket.opened_at.isoformat()
    facts = types.seen("case", of_case(case.ticket))
    return _json(
        {
            "id": _id("case", case.number),
            "type": "case",
            "attributes": [{**fact, "time": opened} for fact in facts],
            "relationships": [],
        }
    )


def _id(kind: str, key: str) -> str:
    return f"{kind} {key}"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
