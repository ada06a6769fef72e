"""Opening a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine import people_events as people
from deskbook.engine.anonymous import refused_without_a_name
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.freeze import holding
from deskbook.engine.quotas import (
    Before,
    lines_beyond,
    lines_beyond_of_person,
    refused_by_plan,
    refused_to_person,
)
from deskbook.engine.quoting import short
from deskbook.engine.routing import missing_facets, route
from deskbook.engine.ticket import Actor
from deskbook.refusals.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Case:
    """What is known when a case is opened. Ids are opaque to the engine."""

    requester: str
    channel: str
    facets: Mapping[str, str] = field(default_factory=dict)
    severity: str | None = None
    organisation: str | None = None
    zone: str | None = None
    message: str | None = None
    requested_for_at: datetime | None = None
    followers: tuple[str, ...] = ()
    before: Sequence[Before] = ()
    """What the same organisation opened before, where its plan counts that."""
    own: Sequence[Before] = ()
    """What the same person opened before, where the desk limits that."""
    recurring: str | None = None
    """Which line of the book opened it by itself."""
    anonymous: bool = False
    """Whose it is gives no name."""
    team: str | None = None
    """Team of the place somebody came to: they are with it already, whatever the rules say of other
    cases.
    """


def decide_open(desk: Desk, case: Case, *, at: datetime, by: Actor) -> Decision:
    """Returns `Opened`, the arrival at the first team and who follows.

    Refuses values the book does not know, a severity its channel may not claim, what is not taken
    without a name from who gives none, and what is not in the plan of who opens it; no plan says
    anything of what the book opens by itself.
    """
    facets = {**_defaults(desk), **_from_matrix(desk, case)[1]}
    severity = case.severity or _from_matrix(desk, case)[0] or desk.default_severity
    known = {**facets, "severity": severity or "", "channel": case.channel}
    refusal = (
        _unknown(desk, facets, severity)
        or _wrong_channel(desk, severity, case)
        or _not_taken(desk, case, known, at, by)
    )
    if refusal:
        return refusal
    opened = happened.Opened(
        requester=case.requester,
        stage=(desk.stage_set_by("opening") or desk.first_stage).key,
        channel=case.channel,
        facets=facets,
        organisation=case.organisation,
        zone=case.zone,
        severity=severity,
        recorded_by=by.id if by.kind == "agent" else None,
        message=case.message,
        requested_for_at=case.requested_for_at,
        book_version=desk.version,
        recurring=case.recurring,
        anonymous=case.anonymous,
        beyond=_beyond(desk, case, known, at),
    )
    follow = (
        people.ParticipantAdded(one)
        for one in dict.fromkeys(case.followers)
        if one != case.requester
    )
    return (opened, *_first_arrival(desk, known, case.team), *holding(desk, known, at=at), *follow)


def _beyond(desk: Desk, case: Case, known: Mapping[str, str], at: datetime) -> tuple[int, ...]:
    if case.recurring:
        return ()
    of_person = lines_beyond_of_person(desk, known, case.own, at=at)
    return (*lines_beyond(desk, known, case.before, at=at), *of_person)


def _not_taken(
    desk: Desk, case: Case, known: Mapping[str, str], at: datetime, by: Actor
) -> Refusal | None:
    """What the desk limits of a person it does of what they send themselves: an agent who logs a
    case has heard them.
    """
    refusal = refused_without_a_name(desk.anonymous, known) if case.anonymous else None
    if refusal or case.recurring:
        return refusal
    by_plan = refused_by_plan(desk, known, case.before, at=at)
    if by_plan or by.kind != "contact":
        return by_plan
    return refused_to_person(desk, known, case.own, at=at)


def _defaults(desk: Desk) -> dict[str, str]:
    return {facet.key: facet.default for facet in desk.facets.values() if facet.default}


def _from_matrix(desk: Desk, case: Case) -> tuple[str | None, dict[str, str]]:
    found = desk.matrix.get((case.facets.get("impact", ""), case.facets.get("urgency", "")))
    return found, dict(case.facets)


def _unknown(desk: Desk, facets: Mapping[str, str], severity: str | None) -> Refusal | None:
    for key, value in facets.items():
        known = (
            desk.plans if key == "plan" else desk.facets[key].values if key in desk.facets else None
        )
        if known is not None and value not in known:
            return Refusal("unknown value", word=key, value=short(value), known=tuple(known))
    if severity and severity not in desk.severities:
        has = tuple(desk.severities)
        return Refusal("unknown value", word=desk.severity_word, value=short(severity), known=has)
    return None


def _wrong_channel(desk: Desk, severity: str | None, case: Case) -> Refusal | None:
    if severity is None:
        return None
    level = desk.severities[severity]
    if not level.only_by or case.channel in level.only_by:
        return None
    ways = tuple(sorted(level.only_by))
    return Refusal(
        "channel of severity", word=desk.severity_word, severity=level.title, channels=ways
    )


def _first_arrival(desk: Desk, facets: Mapping[str, str], place: str | None) -> tuple[Event, ...]:
    if place and place in desk.teams and not _names_the_place(desk, facets):
        return (happened.TeamArrived(place),)
    if desk.first_team:
        return (happened.TeamArrived(desk.first_team),)
    if missing_facets(desk, facets):
        return ()
    rule = route(desk, facets)
    return (happened.TeamArrived(rule.to, rule=rule.line, cause="rule"),) if rule else ()


def _names_the_place(desk: Desk, facets: Mapping[str, str]) -> bool:
    """Whether the rule that fits says itself what becomes of a case of this channel or site."""
    rule = route(desk, facets)
    return rule is not None and not {"channel", "site"}.isdisjoint(rule.when)
