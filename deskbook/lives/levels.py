"""How a made-up case travels: given by the roster, up and back between levels, out to somebody the
book names.
"""

from datetime import datetime

from deskbook.engine.decide_assignment import decide_assign, decide_hand_over
from deskbook.engine.decide_redirect import decide_redirect
from deskbook.engine.hops import Way, ways_from
from deskbook.engine.rosters import way_of_giving
from deskbook.engine.ticket import SYSTEM, Actor
from deskbook.lives.course import Course, act, say
from deskbook.lives.sitting import note, soon, spoken

_ANY_CHANNEL = ("email", "phone")
"""Ways a case is passed on where the book names none."""


def is_given(course: Course, at: datetime) -> bool:
    """Whether the desk itself gives the case to somebody on shift, as the book says."""
    team = course.state.team
    if course.state.owner or team is None or way_of_giving(course.desk, team) is None:
        return False
    return bool(course.scene.population.on_shift(team, at))


def give(course: Course, at: datetime) -> None:
    """The desk gives the case to one of those on shift."""
    present = course.scene.population.on_shift(course.state.team or "", at)
    if present:
        chosen = course.rng.choice(present)
        act(course, lambda d, s: decide_assign(d, s, chosen, at=at, by=SYSTEM), at=at, by=SYSTEM)


def hand_on(course: Course, at: datetime, by: Actor) -> None:
    """Passes the case on: up mostly, back to who had it, or to another team where the book has no
    levels.
    """
    way = _chosen(course)
    if way is None:
        note(course, spoken(course, course.scene.phrases.notes), at, by)
        return
    _pass_on(course, way, _reason(course, way), at, by)


def out_of_scope(course: Course, at: datetime, by: Actor) -> None:
    """Passes what is none of the desk's to the outside contact; the first level hands it up for
    that.
    """
    order = list(course.desk.levels)
    team = course.desk.teams.get(course.state.team or "")
    if team and len(order) > 1 and team.level == order[0]:
        hand_on(course, at, by)
        return
    to, contact = next(iter(course.desk.outside.items()))
    channel = course.rng.choice(contact.by or _ANY_CHANNEL)
    phrases = course.scene.phrases
    words = f"{course.rng.choice(phrases.references)}\n\n{spoken(course, phrases.redirecting)}"
    say(
        course,
        "reason",
        words,
        lambda message: (
            lambda d, s: decide_redirect(d, s, to, channel, reference=message, at=at, by=by)
        ),
        at=soon(course, at),
        by=by,
    )


def _pass_on(course: Course, way: Way, why: str, at: datetime, by: Actor) -> None:
    anyhow = _ANY_CHANNEL if course.desk.hops else ()
    channels = way.by or anyhow
    channel = course.rng.choice(channels) if channels else None
    say(
        course,
        "reason",
        why,
        lambda message: (
            lambda d, s: decide_hand_over(
                d, s, way.team, channel=channel, reason=message, at=at, by=by
            )
        ),
        at=at,
        by=by,
    )


def _reason(course: Course, way: Way) -> str:
    """Returns why it is passed on; going up each level has a reason of its own, in the order of the
    book.
    """
    phrases, order = course.scene.phrases, list(course.desk.levels)
    team = course.desk.teams.get(course.state.team or "")
    if way.direction == "up" and team and team.level in order:
        return phrases.handing_on[min(order.index(team.level), len(phrases.handing_on) - 1)]
    if way.direction == "back":
        return course.rng.choice(phrases.handing_back)
    return course.rng.choice(phrases.handing_over or phrases.handing_on)


def _chosen(course: Course) -> Way | None:
    staffed = {team for worker in course.scene.population.workers for team in worker.teams}
    ways = [way for way in ways_from(course.desk, course.state.team) if way.team in staffed]
    weights = [_weight(course, way, first=n == 0) for n, way in enumerate(ways)]
    return course.rng.choices(ways, weights)[0] if any(weights) else None


def _weight(course: Course, way: Way, *, first: bool) -> int:
    if way.direction == "up":
        return 12 if first else 3
    if way.direction == "over":
        return 1 if course.desk.levels else 4
    had_it = way.team in {visit.team for visit in course.state.visits}
    near = any(place in way.team for place in course.requester.facets.values())
    return 4 if had_it else int(near)
