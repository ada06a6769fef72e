"""Who of a desk sees a case: what the book confines to a team, a level or to those it names, and
desks whose agents see their own teams' cases only (semantics §5.8).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskbook.engine.desk import Desk


@dataclass(frozen=True, slots=True)
class Confined:
    """Who sees the cases of a category, beside who owns one; to all others it is a number and a
    stage.
    """

    own_team: bool = False
    """Those of the team that has it, and who leads the desk."""
    own_level: bool = False
    """Those of any team of its level, and who leads the desk."""
    teams: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    """Mail addresses."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the book says of it."""

    confined: dict[str, Confined] = field(default_factory=dict)
    """Category → who sees its cases."""
    own_teams_only: bool = False

    def __bool__(self) -> bool:
        return bool(self.confined) or self.own_teams_only


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody of the desk."""

    teams: frozenset[str]
    address: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """Cases that somebody sees only where they own them or one of `teams` has them."""

    teams: frozenset[str]
    category: str | None = None
    """None: those of every category."""
    unless: frozenset[str] = frozenset()
    """Categories whose cases they see all the same, for the book names them there."""

    @property
    def masked(self) -> bool:
        """Whether their number and stage are told."""
        return self.category is not None

    def hides(self, category: str, team: str, *, owns: bool) -> bool:
        if category in self.unless or owns:
            return False
        return self.category in (None, category) and team not in self.teams


def limits_of(desk: "Desk", viewer: Viewer) -> tuple[Limit, ...]:
    """Returns what somebody does not see; nothing where the book hides nothing from them."""
    return tuple(_limits(desk, viewer))


def _limits(desk: "Desk", viewer: Viewer) -> Iterator[Limit]:
    confined = desk.sight.confined.items()
    named = frozenset(category for category, one in confined if _is_named(viewer, one))
    for category, one in confined:
        if category not in named and not (viewer.leads and (one.own_team or one.own_level)):
            yield Limit(_teams_of(desk, viewer, one), category)
    if desk.sight.own_teams_only and not viewer.leads:
        # What no team has is for whoever takes it.
        yield Limit(viewer.teams | {""}, unless=named)


def _is_named(viewer: Viewer, confined: Confined) -> bool:
    return viewer.address in confined.people or bool(viewer.teams & confined.teams)


def _teams_of(desk: "Desk", viewer: Viewer, confined: Confined) -> frozenset[str]:
    own = viewer.teams if confined.own_team or confined.own_level else frozenset[str]()
    if not confined.own_level:
        return own
    levels = {team.level for team in desk.teams.values() if team.key in own and team.level}
    return own | {team.key for team in desk.teams.values() if team.level in levels}
