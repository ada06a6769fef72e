"""Made-up lives of tickets by the production engine in virtual time: pure, and the same for the
same seed.

What happens is decided by the same deciders as on a real desk; only who acts when, and the words,
are drawn by lot.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from deskbook.engine.decide_conversation import decide_acknowledge
from deskbook.engine.decide_open import Case
from deskbook.engine.decide_relations import decide_absorb, decide_link, decide_merge
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.routing import route
from deskbook.engine.ticket import SYSTEM, Actor, Entry, TicketState
from deskbook.lives import paperwork
from deskbook.lives.arrivals import arrivals
from deskbook.lives.conduct import Turn, next_turn
from deskbook.lives.course import Course, Said, Scene, act, begin, let_time_pass
from deskbook.lives.phrases import Trouble, one_of, trouble_for
from deskbook.lives.population import Requester

_SPOKEN = ("phone", "whatsapp", "live chat", "visit", "on-site")
"""Channels by which somebody at the desk logs the case for the requester."""
_LEVELS = ((70, 22, 6, 2), (14, 62, 20, 4), (2, 11, 70, 17), (1, 3, 26, 70))
"""By how grave a trouble is: how often each severity is claimed for it."""
_TWINS, _LINKS = 0.015, 0.02
_INCIDENT, _PROBLEM = "incident of", "problem behind"
_NEAR, _MOST_INCIDENTS = timedelta(days=6), 4


@dataclass(frozen=True, slots=True)
class Life:
    """One ticket from opening to the end of the time lived. Message ids in `entries` are places in
    `said`, from "1"; other tickets are named by their place among the lives, from "1".
    """

    number: int
    subject: str
    requester: Requester
    entries: tuple[Entry, ...]
    said: tuple[Said, ...]
    state: TicketState


@dataclass(frozen=True, slots=True)
class Period:
    """Cases arrive in `[from_at, until_at)`, `per_day` on a usual open day, and are lived until
    `lived_until_at`.
    """

    from_at: datetime
    until_at: datetime
    per_day: float
    lived_until_at: datetime


@dataclass(frozen=True, slots=True)
class _Plot:
    """What is settled about a case before it is lived: when it comes, whose it is, which others it
    will meet.
    """

    number: int
    """Its place among all plots in the order in which they come, from 1; until they are in order, a
    draft's place among the drafts, by which its twin knows it.
    """
    at: datetime
    requester: Requester
    trouble: Trouble
    twin_of: int | None = None
    meets: tuple[tuple[datetime, str, int], ...] = ()


def lives(scene: Scene, period: Period, *, seed: int = 1) -> Iterator[Life]:
    """Yields the life of every case of the period, in the order in which they came, numbered from
    1.

    A few are opened twice and merged, a few are linked. The same arguments give the same lives.
    Raises NotOpened when the phrases do not fit the book.
    """
    accepted: set[tuple[int, int]] = set()
    for plot in _plots(scene, period, Random(f"{seed} plots")):
        life = _lived(scene, plot, Random(f"{seed} {plot.number}"), accepted, period.lived_until_at)
        accepted.update((plot.number, int(other)) for other in life.state.absorbed)
        yield life


def _plots(scene: Scene, period: Period, rng: Random) -> Iterable[_Plot]:
    coming = list(arrivals(scene.desk, rng, period.from_at, period.until_at, period.per_day))
    drafts = [_draft(scene, number, at, rng) for number, at in enumerate(coming, start=1)]
    again = [_twin(plot, rng) for plot in drafts if rng.random() < _TWINS]
    # Who repeats themselves only after the end has not done so yet.
    twins = [twin for twin in again if twin.at < period.lived_until_at]
    plots = _in_order([*drafts, *twins])
    for plot in list(plots):
        if plot.twin_of is not None:
            _tie(plots, plot.number, plot.twin_of, rng)
    for plot in plots[1:]:
        if rng.random() < _LINKS and plot.twin_of is None:
            _meet(plots, plot, rng)
    for plot in list(plots):
        _gather(scene, plots, plot)
    return plots


def _in_order(drafted: Iterable[_Plot]) -> list[_Plot]:
    """Returns the plots as they come, numbered so; twins name their case by its new number."""
    ordered = sorted(drafted, key=lambda plot: plot.at)
    numbers: dict[int | None, int] = {
        plot.number: number for number, plot in enumerate(ordered, start=1) if plot.twin_of is None
    }
    return [
        replace(plot, number=number, twin_of=numbers.get(plot.twin_of))
        for number, plot in enumerate(ordered, start=1)
    ]


def _gather(scene: Scene, plots: list[_Plot], problem: _Plot) -> None:
    """Links a problem with cases of the same sort around it, each of which is an incident of it."""
    kind = scene.desk.facets.get("type")
    gathered = (
        kind.gathers.get(problem.trouble.facets.get("type", ""), frozenset())
        if kind
        else frozenset()
    )
    if not gathered:
        return
    near = [
        plot
        for plot in plots
        if plot.trouble.facets.get("type") in gathered
        and plot.twin_of is None
        and plot.trouble.facets.get("category") == problem.trouble.facets.get("category")
        and abs(plot.at - problem.at) < _NEAR
    ]
    for n, incident in enumerate(near[-_MOST_INCIDENTS:], start=1):
        linked_at = max(incident.at, problem.at) + n * timedelta(minutes=50)
        for here, relation, there in (
            (incident, _INCIDENT, problem),
            (problem, _PROBLEM, incident),
        ):
            now = plots[here.number - 1]
            meets = tuple(sorted((*now.meets, (linked_at, relation, there.number))))
            plots[here.number - 1] = replace(now, meets=meets)


def _draft(scene: Scene, number: int, at: datetime, rng: Random) -> _Plot:
    requester = rng.choice(scene.population.requesters)
    return _Plot(number, at, requester, trouble_for(scene.phrases, requester.language, rng))


def _twin(plot: _Plot, rng: Random) -> _Plot:
    again = replace(
        plot.trouble,
        subject=f"{plot.trouble.subject} (2)" if rng.random() < 0.3 else plot.trouble.subject,
    )
    came_at = plot.at + timedelta(seconds=rng.randrange(90, 5400))
    return replace(plot, at=came_at, trouble=again, twin_of=plot.number)


def _tie(plots: list[_Plot], twin: int, of: int, rng: Random) -> None:
    """The twin is merged into the case it repeats, some minutes after it came."""
    merged_at = plots[twin - 1].at + timedelta(seconds=rng.randrange(120, 2400))
    plots[twin - 1] = replace(plots[twin - 1], meets=((merged_at, "merge", of),))
    plots[of - 1] = replace(
        plots[of - 1], meets=(*plots[of - 1].meets, (merged_at, "absorb", twin))
    )


def _meet(plots: list[_Plot], plot: _Plot, rng: Random) -> None:
    """The case is linked with one that came shortly before; with none if that repeats another."""
    other = rng.randrange(max(1, plot.number - 12), plot.number)
    if plots[other - 1].twin_of is not None:
        return
    linked_at = plot.at + timedelta(seconds=rng.randrange(600, 36_000))
    for here, there in ((plot.number, other), (other, plot.number)):
        meets = sorted((*plots[here - 1].meets, (linked_at, "related", there)))
        plots[here - 1] = replace(plots[here - 1], meets=tuple(meets))


def _next_at(
    course: Course, turn: Turn | None, meets: Sequence[tuple[datetime, str, int]]
) -> datetime | None:
    """When something happens next: by itself, by somebody's turn, or by another case; or never."""
    coming = (course.wake_at, turn and turn.at, meets[0][0] if meets else None)
    return min((at for at in coming if at), default=None)


def _lived(
    scene: Scene, plot: _Plot, rng: Random, accepted: set[tuple[int, int]], until_at: datetime
) -> Life:
    course = _opened(scene, plot, rng, until_at)
    meets = [
        meet for meet in plot.meets if meet[1] != "merge" or (meet[2], plot.number) in accepted
    ]
    # Nobody works on a twin: it waits to be merged.
    turn = next_turn(course) if plot.twin_of is None else None
    while (next_at := _next_at(course, turn, meets)) and next_at <= until_at:
        before = course.state
        acted = _happens(course, turn, meets, next_at)
        now = course.state
        if plot.twin_of is None and (acted or _is_elsewhere(before, now)):
            turn = next_turn(course) if now.seq != before.seq else None
    return Life(
        plot.number,
        plot.trouble.subject,
        plot.requester,
        tuple(course.entries),
        tuple(course.said),
        course.state,
    )


def _happens(
    course: Course, turn: Turn | None, meets: list[tuple[datetime, str, int]], at: datetime
) -> bool:
    """Lets one thing happen: what comes by itself, another case, or the turn of somebody; returns
    whether it was the turn.
    """
    if course.wake_at == at:
        let_time_pass(course, at=at)
    elif meets and meets[0][0] == at:
        _meeting(course, *meets.pop(0))
    elif turn:
        turn.do(course, at)
        return True
    return False


def _is_elsewhere(before: TicketState, now: TicketState) -> bool:
    """Whether the case went to another stage, or into another case: what was planned is off."""
    return len(now.stays) != len(before.stays) or now.merged_into is not None


def _opened(scene: Scene, plot: _Plot, rng: Random, until_at: datetime) -> Course:
    requester, trouble = plot.requester, plot.trouble
    case = _case(scene, plot, rng)
    channel, by = case.channel, requester.actor
    if channel in _SPOKEN:
        by = _logging(scene, channel, case.facets, plot.at, rng)
    state, entries = begin(scene, case, trouble, at=plot.at, by=by)
    text = f"{one_of(scene.phrases.greetings, requester.language, rng)}\n\n{trouble.request}"
    course = Course(
        scene, rng, str(plot.number), requester, trouble, state, entries, until_at=until_at
    )
    files = () if channel in _SPOKEN else paperwork.enclosed(course, share=0.6)
    course.said.append(Said("request", text, plot.at, requester.actor, channel, files))
    told_at = min(plot.at + timedelta(milliseconds=rng.randrange(200, 1800)), until_at)
    if not act(
        course,
        lambda d, s: decide_acknowledge(d, s, "email", at=told_at, by=SYSTEM),
        at=told_at,
        by=SYSTEM,
    ):
        raise AssertionError(f"{plot.number}: nothing was acknowledged")
    return course


def _case(scene: Scene, plot: _Plot, rng: Random) -> Case:
    requester, trouble, known = plot.requester, plot.trouble, scene.desk.facets
    severity = _claimed(scene, trouble, rng)
    asked = {
        facet: value
        for facet, value in {**requester.facets, **trouble.facets}.items()
        if facet in known and known[facet].asked == "requester"
    }
    return Case(
        requester=requester.id,
        channel=_channel(scene, severity, plot.at, rng),
        facets={**asked, **({"plan": requester.plan} if requester.plan else {})},
        severity=severity,
        message="1",
        organisation=requester.organisation,
        zone=requester.zone,
    )


def _logging(
    scene: Scene, channel: str, facets: Mapping[str, str], at: datetime, rng: Random
) -> Actor:
    """Returns who logs a case that is told: somebody of the team it goes to."""
    rule = route(scene.desk, {**facets, "channel": channel})
    team = scene.desk.first_team or (rule.to if rule else None)
    return scene.population.worker_for(team, rng, at).actor


def _meeting(course: Course, at: datetime, kind: str, other: int) -> None:
    by = course.scene.population.worker_for(course.state.team, course.rng, at).actor
    there = str(other)
    deciders = {
        "merge": lambda d, s: decide_merge(d, s, there, own=course.name, at=at, by=by),
        "absorb": lambda d, s: decide_absorb(d, s, there, at=at, by=by),
    }

    def link(desk: Desk, state: TicketState) -> Decision:
        return decide_link(desk, state, there, own=course.name, relation=kind, at=at, by=by)

    act(course, deciders.get(kind, link), at=at, by=by)


def _claimed(scene: Scene, trouble: Trouble, rng: Random) -> str | None:
    levels = list(scene.desk.severities)
    if not scene.phrases.claims or not levels:
        return None
    weights = _LEVELS[min(trouble.level, len(_LEVELS)) - 1][: len(levels)]
    return rng.choices(levels[: len(weights)], weights)[0]


def _channel(scene: Scene, severity: str | None, at: datetime, rng: Random) -> str:
    """Returns a channel that takes the severity, and one that is open then if there is such a
    one.
    """
    desk = scene.desk
    only = desk.severities[severity].only_by if severity else frozenset()
    usual = dict(zip(desk.channels, scene.phrases.channels, strict=False))
    taking = [channel for channel in desk.channels if not only or channel in only]
    is_open = [
        c
        for c in taking
        if not desk.channels[c].hours or desk.channel_hours(desk.channels[c]).is_open(at)
    ]
    offered = [channel for channel in is_open if usual.get(channel)] or taking
    return rng.choices(offered, [usual.get(channel, 0.0) or 0.01 for channel in offered])[0]
