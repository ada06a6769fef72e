"""What of a desk's cases one of its agents sees, in each form it is asked in: of a case, of rows,
in SQL. Nothing is asked of a desk whose book hides nothing (engine/sight.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q

from deskbook.engine.sight import Limit, Viewer, limits_of
from deskbook.people.books import OWN_WORDS, desk_in_force, sight_in_force
from deskbook.people.models import Agent, HelpDesk


class Case(Protocol):
    """What is asked of a case: a ticket, or what a screen keeps of one."""

    @property
    def category(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def owner_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Hidden:
    """What one reader does not see of a desk. Of nothing, every form says that all is seen."""

    limits: tuple[Limit, ...]
    me: int | None = None
    """Whose own cases are seen; None is nobody's."""

    def __bool__(self) -> bool:
        return bool(self.limits)

    def hides(self, case: Case) -> bool:
        return any(self._holding(case))

    def masks(self, case: Case) -> bool:
        """Whether the number and stage of a case are all that is told of it."""
        held = self._holding(case)
        return bool(held) and all(one.masked for one in held)

    def _holding(self, case: Case) -> list[Limit]:
        owns = self.me is not None and case.owner_id == self.me
        return [one for one in self.limits if one.hides(case.category, case.team, owns=owns)]

    def rows(self, path: str = "") -> Q:
        """Returns which rows are of cases that are seen, or of no case; `path` leads to the case:
        "ticket__".
        """
        seen = Q()
        for one in self.limits:
            of_others = Q(**{f"{path}category": one.category}) if one.masked else Q()
            mine = Q(**{f"{path}team__in": sorted(one.teams)}) | Q(**{f"{path}owner": self.me or 0})
            mine |= Q(**{f"{path}category__in": sorted(one.unless)}) if one.unless else Q()
            seen &= ~of_others | mine if one.masked else mine
        none = Q(**{path.removesuffix("__"): None}) if path and self.limits else None
        return seen if none is None else seen | none

    def sql(self, *, masked: bool) -> tuple[str, Mapping[str, Any]]:
        """Returns the condition on `ticket` of those that are seen, and its values; with `masked`
        also of those whose number and stage are told.
        """
        said, values = list[str](), dict[str, Any](sight_me=self.me)
        for n, one in enumerate(self.limits):
            if masked and one.masked:
                continue
            values |= {f"sight_category_{n}": one.category, f"sight_teams_{n}": sorted(one.teams)}
            values[f"sight_named_{n}"] = sorted(one.unless)
            other = f"ticket.category <> %(sight_category_{n})s or " if one.masked else ""
            said.append(
                f"({other}ticket.team = any(%(sight_teams_{n})s) or ticket.owner_id = %(sight_me)s"
                f" or ticket.category = any(%(sight_named_{n})s))"
            )
        return " and ".join(said) or "true", values


NOTHING = Hidden(())


def hidden_from(agent: Agent) -> Hidden:
    """Returns what an agent does not see, by the book in force."""
    if not sight_in_force(agent.desk):
        return NOTHING
    viewer = Viewer(
        frozenset(agent.teams), agent.user.email, agent.role in (Agent.Role.LEAD, Agent.Role.OWNER)
    )
    return hidden_from_viewer(agent.desk, viewer, me=agent.pk)


def is_confined(desk: HelpDesk, case: Case) -> bool:
    """Whether the book in force confines a case to some of the desk."""
    return case.category in sight_in_force(desk).confined


def hidden_from_viewer(desk: HelpDesk, viewer: Viewer, *, me: int | None = None) -> Hidden:
    """Returns what somebody does not see who is described so, as who reads a team's mailbox."""
    return Hidden(limits_of(desk_in_force(desk, language=OWN_WORDS), viewer), me)
