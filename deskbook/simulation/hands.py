"""What people have in hand: begun, put by when they go home, taken up again, done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from deskbook.simulation.agenda import DONE, Agenda
from deskbook.simulation.case import SimulatedCase
from deskbook.simulation.floor import Floor, Job, Person
from deskbook.simulation.tally import Tally


@dataclass(slots=True)
class Hands:
    floor: Floor
    tally: Tally
    agenda: Agenda
    done: Callable[[Person, Job, datetime], None]
    """What follows when work is done and out of somebody's hands."""
    worked: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    """Who had something in hand, from when until when."""

    def begin(self, person: Person, job: Job, at: datetime) -> None:
        job.since_at = at
        token = job.token
        person.hands.append(job)
        self.floor.idle.pop(person, None)
        self._at_counter(job, 1)
        person.busy_since_at = person.busy_since_at or at
        self.agenda.plan(at + job.left, DONE, lambda at: self._is_done(person, job, token, at))

    def _is_done(self, person: Person, job: Job, token: int, at: datetime) -> None:
        if job.token == token:  # else it was put by meanwhile
            person.hands.remove(job)
            self._at_counter(job, -1)
            self.done(person, job, at)

    def put_by(self, person: Person, at: datetime) -> None:
        """Nobody works outside their hours: what is in hand lies until they are back, and who was
        on the line is called back then.
        """
        for job in person.hands:
            job.left -= at - job.since_at
            job.token += 1
            self._at_counter(job, -1)
            job.kind = None
            person.put_by.append(job)
        person.hands.clear()
        self.rest(person, at)

    def take_up(self, person: Person, at: datetime) -> None:
        """Lets somebody go on with the first thing they put by."""
        self.floor.idle[person] = None
        if person.put_by:
            self.begin(person, person.put_by.pop(0), at)

    def rest(self, person: Person, at: datetime) -> None:
        if person.busy_since_at is None:
            return
        self.worked.append((person.name, person.busy_since_at, at))
        self.tally.works(person.people.label, person.busy_since_at, at)
        person.busy_since_at = None

    def hold(self, case: SimulatedCase) -> bool:
        """Whether somebody has begun with a case, be they here or at home."""
        jobs = (job for person in self.floor.people for job in (*person.hands, *person.put_by))
        return any(job.case is case for job in jobs)

    def _at_counter(self, job: Job, change: int) -> None:
        if job.kind == "walk-in":
            team = job.case.lived.team
            seats = self.floor.at_counters
            seats[team] = seats.get(team, 0) + change
