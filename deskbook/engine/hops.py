"""Ways between levels and teams (semantics §5.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from deskbook.engine.desk import Desk
from deskbook.engine.organisation import Hop
from deskbook.engine.quoting import short
from deskbook.refusals.refusal import Aside, Refusal


@dataclass(frozen=True, slots=True)
class Way:
    """Where a case may go from here, over which channels, and the lines of the book that say so."""

    team: str
    direction: Literal["up", "back", "over"]
    by: tuple[str, ...] = ()
    """Empty: any channel."""
    lines: tuple[int, ...] = ()


def ways_from(desk: Desk, team: str | None) -> tuple[Way, ...]:
    """Returns the ways the book allows from a team; all others where it has no hops, or no team of
    the book holds the case.
    """
    ways = (_way(desk, team, other) for other in desk.teams if other != team)
    return tuple(way for way in ways if way is not None)


def _way(desk: Desk, leaves: str | None, arrives: str) -> Way | None:
    hops = [hop for hop in hops_from(desk, leaves) if hop.arrives in _names(desk, arrives)]
    if desk.hops and leaves in desk.teams and not hops:
        return None
    free = any(not hop.by for hop in hops)
    by = () if free else tuple(dict.fromkeys(name for hop in hops for name in hop.by))
    return Way(arrives, _direction(desk, leaves, arrives), by, tuple(hop.line for hop in hops))


def _direction(desk: Desk, leaves: str | None, arrives: str) -> Literal["up", "back", "over"]:
    order = list(desk.levels)
    here = desk.teams[leaves].level if leaves and leaves in desk.teams else None
    there = desk.teams[arrives].level
    if here not in order or there not in order or here == there:
        return "over"
    return "up" if order.index(there) > order.index(here) else "back"


def hops_from(desk: Desk, team: str | None) -> tuple[Hop, ...]:
    """Returns the hops the book allows from a team, by its own name or its level's."""
    return tuple(hop for hop in desk.hops if team is not None and hop.leaves in _names(desk, team))


def hop_hindrance(
    desk: Desk, leaves: str | None, arrives: str, channel: str | None
) -> Refusal | None:
    """Returns why a case may not go from one team to another by `channel`, naming the book's line,
    or None.

    A book without hops allows all; so does a case that no team holds yet, or one the book has not
    any more.
    """
    if not desk.hops or leaves is None or leaves not in desk.teams:
        return None
    ways = [hop for hop in hops_from(desk, leaves) if hop.arrives in _names(desk, arrives)]
    ends = {"leaves": desk.teams[leaves].title, "arrives": desk.teams[arrives].title}
    if not ways:
        known = _known(desk, leaves)
        return Refusal("hop", **ends, ways=known) if known else Refusal("hop: none", **ends)
    by_this = any(not hop.by or channel in hop.by for hop in ways)
    return None if by_this else _not_by(channel, ways, ends)


def _not_by(channel: str | None, ways: Sequence[Hop], ends: Mapping[str, str]) -> Refusal:
    channels = tuple(dict.fromkeys(name for hop in ways for name in hop.by))
    line = tuple(hop.line for hop in ways)
    if channel is None:
        return Refusal("hop channel: none", channels=channels, **ends, line=line)
    return Refusal("hop channel", channels=channels, **ends, line=line, channel=short(channel))


def team_above(desk: Desk, team: str) -> str | None:
    """Returns the first team of the next level the book lets this team hand up to."""
    level = desk.teams[team].level
    order = list(desk.levels)
    if level is None or level not in order:
        return None
    for higher in order[order.index(level) + 1 :]:
        for other in desk.teams.values():
            if other.level == higher and (not desk.hops or reaches(desk, team, other.key)):
                return other.key
    return None


def reaches(desk: Desk, leaves: str, arrives: str) -> bool:
    """Returns whether a hop of the book leads from one team to another."""
    return any(hop.arrives in _names(desk, arrives) for hop in hops_from(desk, leaves))


def _names(desk: Desk, team: str) -> tuple[str, ...]:
    level = desk.teams[team].level if team in desk.teams else None
    return (team, level) if level else (team,)


def _known(desk: Desk, leaves: str) -> tuple[Aside, ...]:
    titles = {
        key: named.title
        for named_by in (desk.teams, desk.levels)
        for key, named in named_by.items()
    }
    return tuple(
        Aside(titles.get(hop.arrives, hop.arrives), line=hop.line)
        for hop in hops_from(desk, leaves)
    )
