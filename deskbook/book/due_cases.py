"""`deskbook due`: every clock of a case by a book, from cases in JSON Lines.

A case is played as a short log (opened, verified, arrived, waited, answered), and the engine reads
the clocks.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from deskbook.book.findings import nearest
from deskbook.book.hours_cases import CaseError, instant_in_case, not_json, span_as_json
from deskbook.book.words import fold, read_zone
from deskbook.engine import events as happened
from deskbook.engine.apply import replay
from deskbook.engine.calendar import NoOpening
from deskbook.engine.clocks import Reading, readings, said_without_a_clock
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.desk import Desk, Effect, Stage
from deskbook.engine.events import Event
from deskbook.engine.spans import explain
from deskbook.engine.ticket import Actor, Entry
from deskbook.refusals.refusal import Refusal

KEYS = {
    "opened": "when the case was opened, with offset (the only key that must be there)",
    "id": "anything; given back with the answer",
    "severity": "or priority, or whatever the book calls it",
    "plan": "the plan of the customer",
    "channel": "how it came in; the book's first channel without it",
    "zone": "the customer's time zone, for plans with hours in it",
    "team": "the team that holds it; without it the book's routing decides",
    "arrived": "when it reached that team; at opening without it",
    "answered": "instants of public answers, in a list",
    "verified": 'when the severity was verified, or {"at": instant, "severity": word}',
    "acknowledged": "when the automatic acknowledgement left",
    "waiting": (
        "[[from, to], …] spent in the stage the book sets by asking; null as `to` is still waiting"
    ),
    "paused": "[[from, to], …] in which every clock was paused",
    "requested_for": "the date the requester asked for, for targets on request",
}
WORKING, PAUSED, WAITING = "(working)", "(paused)", "(waiting)"
_ALL = ("response", "update", "resolve", "team")
_ASHA = Actor("agent", "1")


def run(desk: Desk, lines: Iterable[str], *, explained: bool = False) -> Iterator[dict[str, Any]]:
    """Yields one answer for each line that is not blank. A wrong case gives `{"error": "line 2:
    …"}`.
    """
    staged = with_stages_of_cases(desk)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer_line(staged, number, line, explained)


def with_stages_of_cases(desk: Desk) -> Desk:
    """Returns the desk with stages that only work, pause or wait, whatever the book's own are."""
    asked = desk.stage_set_by("asking")
    usual: Mapping[str, Effect] = {
        "response": "pauses",
        "update": "pauses",
        "resolve": "pauses",
        "team": "runs",
    }
    waits = asked.clocks if asked else usual
    own = {
        WORKING: Stage(WORKING, "working", clocks=dict.fromkeys(_ALL, "runs")),
        PAUSED: Stage(PAUSED, "paused", clocks=dict.fromkeys(_ALL, "pauses")),
        WAITING: Stage(WAITING, asked.title if asked else "waiting", clocks=waits),
    }
    return replace(desk, stages={**desk.stages, **own})


def answer(desk: Desk, case: Mapping[str, Any], *, explained: bool = False) -> dict[str, Any]:
    """Returns every clock of one case: aim and due (UTC), recommended, hours. Raises CaseError or
    NoOpening.

    `desk` comes from `with_stages_of_cases`.
    """
    ticket = replay(_log(desk, case))
    echoed = {"id": case["id"]} if "id" in case else {}
    found = [reading for reading in readings(desk, ticket) if reading.kind != "quiet"]
    if never := next((reading.no_opening for reading in found if reading.no_opening), ""):
        raise NoOpening(never)
    clocks = {reading.clock: _clock(reading, explained) for reading in found}
    said = said_without_a_clock(desk, ticket)
    told = {"no_clock": said} if said else {}
    return echoed | {"opened": _written(ticket.opened_at), "clocks": clocks} | told


def _answer_line(desk: Desk, number: int, line: str, explained: bool) -> dict[str, Any]:
    case: Any = None
    try:
        case = json.loads(line)
        if not isinstance(case, dict):
            raise CaseError('a case is an object such as {"opened": "2026-03-06T19:00:00-05:00"}')
        return answer(desk, case, explained=explained)
    except json.JSONDecodeError as error:
        return {"error": f"line {number}: {not_json(error)}"}
    except (ValueError, NoOpening, OverflowError, RecursionError) as error:
        echoed = {"id": case["id"]} if isinstance(case, dict) and "id" in case else {}
        return echoed | {"error": f"line {number}: {error}"}


def _clock(reading: Reading, explained: bool) -> dict[str, Any]:
    calendar = reading.calendar
    told: dict[str, Any] = {
        "aim": _written(reading.aim_at),
        "due": _written(reading.due_at),
        "recommended": reading.recommended,
        "hours": calendar.name if calendar else None,
        "zone": calendar.zone if calendar else None,
    }
    for word, at in (
        ("met", reading.met_at),
        ("ended", reading.ended_at),
        ("paused_since", reading.paused_since),
    ):
        if at is not None:
            told[word] = _written(at)
    if reading.undated:
        told["as_agreed"] = True
    if explained:
        told["spans"] = _spans(reading)
    return told


def _spans(reading: Reading) -> list[dict[str, Any]]:
    limit = reading.target.limit if reading.target else None
    if limit is None or reading.calendar is None or reading.due_at is None:
        return []
    spans = explain(
        reading.calendar,
        reading.started_at,
        limit,
        pauses=reading.pauses,
        after_hours=reading.after_hours,
    )
    return [span_as_json(span) for span in spans]


def _log(desk: Desk, case: Mapping[str, Any]) -> list[Entry]:
    facets, severity = _sorted_by(desk, case)
    opened_at = instant_in_case(case.get("opened"), "opened")
    happenings: list[tuple[datetime, int, Event]] = [
        (opened_at, 0, event) for event in _opening(desk, case, facets, severity, opened_at)
    ]
    happenings += _verification(desk, case)
    happenings += [(at, 1, event) for at, event in _team_arrival(desk, case, opened_at)]
    happenings += [(at, 2, happened.StageChanged(stage)) for at, stage in _stays(case)]
    teams = tuple(desk.teams)
    happenings += [
        (instant_in_case(at, "answered"), 3, happened.Answered("", teams))
        for at in _list(case, "answered")
    ]
    if "acknowledged" in case:
        happenings.append(
            (instant_in_case(case["acknowledged"], "acknowledged"), 1, happened.Acknowledged(""))
        )
    happenings.sort(key=lambda item: item[:2])
    if happenings[0][0] < opened_at:
        raise CaseError(
            f"something happened at {_written(happenings[0][0])}, before the case was opened"
        )
    return [Entry(seq, at, _ASHA, event) for seq, (at, _, event) in enumerate(happenings, start=1)]


def _sorted_by(desk: Desk, case: Mapping[str, Any]) -> tuple[dict[str, str], str | None]:
    """Returns the facets of a case and its severity. Refuses keys and values the book does not
    have.
    """
    known: dict[str, Mapping[str, object]] = {
        key: facet.values for key, facet in desk.facets.items()
    }
    known |= {
        "severity": desk.severities,
        "priority": desk.severities,
        "plan": desk.plans,
        "team": desk.teams,
    }
    known["channel"] = dict.fromkeys(desk.channels)
    found: dict[str, str] = {}
    for key, value in case.items():
        facet = fold(key)
        if facet not in known:
            if key in KEYS:
                continue
            raise CaseError(f"unknown key {key!r}: {nearest(key, (*KEYS, *known))}")
        if value is None:
            continue
        if not isinstance(value, str | int) or fold(str(value)) not in known[facet]:
            raise CaseError(f"{value!r} is no {key} of this book: {_meant(value, known[facet])}")
        found["severity" if facet == "priority" else facet] = fold(str(value))
    return found, found.pop("severity", None)


def _meant(value: object, known: Mapping[str, Any]) -> str:
    """Returns the likeliest value meant, or each with its title, where that says more than the
    value.
    """
    if str(value) and (close := nearest(str(value), known)).startswith("did you mean"):
        return close
    titles = {
        key: said if said is None or isinstance(said, str) else said.title
        for key, said in known.items()
    }
    told = [
        key if not title or fold(str(title)) == key else f"{key} ({title})"
        for key, title in titles.items()
    ]
    return nearest("", told)


def _opening(
    desk: Desk, case: Mapping[str, Any], facets: dict[str, str], severity: str | None, at: datetime
) -> list[Event]:
    channel = facets.pop("channel", None) or _usual_channel(desk, severity)
    asked_for = case.get("requested_for")
    asked = Case(
        requester="contact:1",
        channel=channel,
        facets={key: value for key, value in facets.items() if key != "team"},
        severity=severity,
        zone=read_zone(str(case["zone"])) if case.get("zone") else None,
        requested_for_at=instant_in_case(asked_for, "requested_for") if asked_for else None,
    )
    decided = decide_open(desk, asked, at=at, by=Actor("contact", "1"))
    if isinstance(decided, Refusal):
        raise CaseError(decided.sentence)
    return [_in_a_working_stage(event) for event in decided if not _is_replaced(event, facets)]


def _usual_channel(desk: Desk, severity: str | None) -> str:
    level = desk.severities.get(severity or desk.default_severity or "")
    return sorted(level.only_by)[0] if level and level.only_by else (*desk.channels, "email")[0]


def _is_replaced(event: Event, facets: Mapping[str, str]) -> bool:
    """The case names its team: where the book would have sent it does not count."""
    return "team" in facets and isinstance(event, happened.TeamArrived)


def _in_a_working_stage(event: Event) -> Event:
    return replace(event, stage=WORKING) if isinstance(event, happened.Opened) else event


def _team_arrival(
    desk: Desk, case: Mapping[str, Any], opened_at: datetime
) -> list[tuple[datetime, Event]]:
    if "arrived" in case and "team" not in case:
        raise CaseError("'arrived' says when it reached a team: say which, with 'team'")
    if not case.get("team"):
        return []
    at = instant_in_case(case["arrived"], "arrived") if case.get("arrived") else opened_at
    return [(at, happened.TeamArrived(fold(str(case["team"]))))]


def _verification(desk: Desk, case: Mapping[str, Any]) -> list[tuple[datetime, int, Event]]:
    said = case.get("verified")
    if said is None:
        return []
    at, word = (said.get("at"), said.get("severity")) if isinstance(said, dict) else (said, None)
    level = (
        fold(str(word))
        if word
        else _sorted_by(desk, {k: v for k, v in case.items() if k != "verified"})[1]
    )
    level = level or desk.default_severity
    if level is None or level not in desk.severities:
        raise CaseError(
            f"{word!r} is no {desk.severity_word} of this book:"
            f" {nearest(str(word), desk.severities)}"
        )
    return [(instant_in_case(at, "verified"), 1, happened.SeverityVerified(level))]


def _stays(case: Mapping[str, Any]) -> Iterator[tuple[datetime, str]]:
    """Yields the stage changes of the waits and pauses, each back to working at its end."""
    reached: datetime | None = None
    intervals = [
        (pair, stage, key)
        for key, stage in (("waiting", WAITING), ("paused", PAUSED))
        for pair in _list(case, key)
    ]
    read = [(*_interval(pair, key), stage) for pair, stage, key in intervals]
    for from_at, to_at, stage in sorted(read, key=lambda stay: stay[0]):
        if reached is not None and from_at < reached:
            raise CaseError("two waits or pauses overlap: a case is in one stage at a time")
        yield from_at, stage
        if to_at is None:
            reached = datetime.max.replace(tzinfo=from_at.tzinfo)
        else:
            reached = to_at
            yield to_at, WORKING


def _interval(pair: object, key: str) -> tuple[datetime, datetime | None]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise CaseError(f"{key!r} is a list of [from, to]: {pair!r} is not")
    from_at = instant_in_case(pair[0], key)
    to_at = None if pair[1] is None else instant_in_case(pair[1], key)
    if to_at is not None and to_at < from_at:
        raise CaseError(f"{key!r} ends at {pair[1]}, before it starts at {pair[0]}")
    return from_at, to_at


def _list(case: Mapping[str, Any], key: str) -> list[Any]:
    said = case.get(key) or []
    if not isinstance(said, list):
        raise CaseError(f"{key!r} is a list, even of one")
    return said


def _written(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
