"""Who takes part in a made-up life of a desk. Ids are opaque, as they are to the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from deskbook.engine.rosters import Shift, on_duty
from deskbook.engine.ticket import Actor


@dataclass(frozen=True, slots=True)
class Requester:
    """A contact who opens cases."""

    id: str
    organisation: str | None = None
    plan: str | None = None
    zone: str | None = None
    language: str = "en"
    facets: Mapping[str, str] = field(default_factory=dict)
    """What their cases are sorted by because they are theirs: the district of their office."""

    @property
    def actor(self) -> Actor:
        return Actor("contact", self.id)


@dataclass(frozen=True, slots=True)
class Worker:
    """An agent and the teams they belong to."""

    id: str
    teams: tuple[str, ...] = ()

    @property
    def actor(self) -> Actor:
        return Actor("agent", self.id, self.teams)


@dataclass(frozen=True, slots=True)
class Population:
    requesters: tuple[Requester, ...]
    workers: tuple[Worker, ...]
    shifts: tuple[Shift, ...] = ()

    def worker_for(self, team: str | None, rng: Random, at: datetime | None = None) -> Worker:
        """Returns somebody of the team, of those on shift at `at` if any are; of the whole desk
        when it has nobody.
        """
        members = [worker for worker in self.workers if team in worker.teams]
        present = self.on_shift(team, at) if team and at else ()
        return rng.choice(
            [worker for worker in members if worker.id in present] or members or self.workers
        )

    def on_shift(self, team: str, at: datetime) -> tuple[str, ...]:
        """Returns who works for the team at `at` by the roster; nobody where it has none."""
        return on_duty(self.shifts, team, at=at)

    def is_on(self, person: str, team: str | None, at: datetime) -> bool:
        """Whether the person may work on the team's cases at `at`; without a roster anybody may at
        any time.
        """
        if not any(shift.team == team for shift in self.shifts):
            return True
        return team is not None and person in self.on_shift(team, at)

    def worker(self, id_: str | None) -> Worker | None:
        return next((worker for worker in self.workers if worker.id == id_), None)
