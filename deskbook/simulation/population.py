"""Who takes part in a made-up life of a desk. Ids are opaque, as they are to the engine."""

from dataclasses import dataclass
from random import Random

from deskbook.engine.ticket import Actor


@dataclass(frozen=True, slots=True)
class Requester:
    """A contact who opens cases."""

    id: str
    organisation: str | None = None
    plan: str | None = None
    zone: str | None = None
    language: str = "en"

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

    def worker_for(self, team: str | None, rng: Random) -> Worker:
        """Returns somebody of the team; of the whole desk when the team has nobody."""
        members = [worker for worker in self.workers if team in worker.teams]
        return rng.choice(members or self.workers)

    def worker(self, id_: str | None) -> Worker | None:
        return next((worker for worker in self.workers if worker.id == id_), None)
