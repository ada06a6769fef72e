"""Cases that are given to who is on, where the book says so, as the desk that runs gives them
(tickets/duty_assignment.py).
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from deskbook.engine.decide_assignment import decide_assign
from deskbook.engine.decide_owner import decide_relieve
from deskbook.engine.desk import Desk
from deskbook.engine.rosters import given_at, next_for, way_of_giving
from deskbook.engine.routing import facets_of
from deskbook.engine.ticket import SYSTEM
from deskbook.simulation.case import SimulatedCase
from deskbook.simulation.floor import Floor, Person, Place


@dataclass(slots=True)
class Giving:
    desk: Desk
    floor: Floor
    given_at: dict[str, datetime] = field(default_factory=dict)
    """Person → when they were given something last."""
    open_cases: Counter[str] = field(default_factory=Counter)
    """Person → how many open cases are theirs."""
    counted: dict[SimulatedCase, str] = field(default_factory=dict)
    """Case → with whom it is counted."""
    former: dict[SimulatedCase, str] = field(default_factory=dict)
    """Case that went back to its team with nobody on → who had it: they get it again."""
    persons: dict[str, Person] = field(init=False)
    teams: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.persons = {person.actor.id: person for person in self.floor.people}
        self.teams = frozenset(team for team in self.desk.teams if way_of_giving(self.desk, team))

    def owner(self, case: SimulatedCase) -> Person | None:
        """Returns whose a case of a team that gives is."""
        if case.lived.team not in self.teams or case.lived.owner is None:
            return None
        return self.persons.get(case.lived.owner)

    def gives(self, case: SimulatedCase, *, at: datetime) -> Person | None:
        """Gives a case nobody has to who is on; returns who has it then, None while nobody is on,
        or its team leaves it to be taken.
        """
        if (owner := self.owner(case)) or case.lived.team not in self.teams or case.lived.held_by:
            return owner
        chosen = self._who_is_next(case, rather=self.former.pop(case, None))
        if chosen is None:
            return None
        decision = decide_assign(self.desk, case.lived, chosen, at=at, by=SYSTEM)
        if case.does(decision, at, SYSTEM):
            self._note(chosen, at)
        self.count(case)
        return self.owner(case)

    def comes_back(self, case: SimulatedCase, *, at: datetime) -> None:
        """Takes a case that is the desk's turn again from an owner who is not there (decision
        0020).
        """
        self.count(case)
        owner = self.owner(case)
        if owner is None or owner.here:
            return
        chosen = self._who_is_next(case)
        decision = decide_relieve(
            self.desk, case.lived, owner.actor.id, why="off duty", successor=chosen, at=at
        )
        if not case.does(decision, at, SYSTEM):
            return
        if chosen:
            self._note(chosen, at)
        else:
            self.former[case] = owner.actor.id
        self.count(case)

    def count(self, case: SimulatedCase, *, is_open: bool = True) -> None:
        """Counts a case with who has it by now."""
        owner = case.state.owner if is_open and case.state else None
        before = self.counted.pop(case, None)
        if before is not None:
            self.open_cases[before] -= 1
        if owner is not None:
            self.counted[case] = owner
            self.open_cases[owner] += 1

    def _who_is_next(self, case: SimulatedCase, rather: str | None = None) -> str | None:
        how = way_of_giving(self.desk, case.lived.team or "")
        place = self.floor.place_of(case.lived.team, facets_of(case.lived))
        on = [person.actor.id for person in self.floor.people if self._gets(person, place)]
        if how is None or rather in on:
            return rather if how else None
        return next_for(on, how=how, open_tickets=self.open_cases, last_given_at=self.given_at)

    def _note(self, chosen: str, at: datetime) -> None:
        self.given_at[chosen] = given_at(self.given_at.values(), at=at)

    def _gets(self, person: Person, place: Place) -> bool:
        return person.here and person.does(place, self.floor.skills)
