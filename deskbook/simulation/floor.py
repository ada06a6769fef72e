"""Who is there, what waits, and who takes what next."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from deskbook.engine.channels import ChannelKind
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import Actor
from deskbook.simulation.case import SimulatedCase
from deskbook.simulation.load import People

Place = tuple[str | None, ...]
"""Where cases wait that the same people can do: the team, and what of the case skills ask about."""


@dataclass(slots=True)
class Job:
    """Work on one case that somebody has begun."""

    case: SimulatedCase
    left: timedelta
    since_at: datetime
    kind: ChannelKind | None
    """How its requester waits meanwhile; None: they do not."""
    token: int = 0


class Waiting(NamedTuple):
    """A case that waits; `place` is the case's when it came here: later it is somewhere else."""

    key: tuple[datetime, int]
    case: SimulatedCase
    place: int


@dataclass(slots=True)
class Queue:
    """What waits at one place: people who wait there and then, in the order in which they came,
    before what waits to be read, what is due first before the rest.
    """

    people: dict[ChannelKind, deque[Waiting]] = field(default_factory=dict)
    read: list[Waiting] = field(default_factory=list)

    def put(self, waiting: Waiting, kind: ChannelKind | None) -> None:
        if kind is None:
            heappush(self.read, waiting)
        else:
            self.people.setdefault(kind, deque()).append(waiting)

    def first_person(self, kind: ChannelKind) -> Waiting | None:
        line = self.people.get(kind)
        while line and line[0].case.place != line[0].place:
            line.popleft()
        return line[0] if line else None

    def first_read(self) -> Waiting | None:
        while self.read and self.read[0].case.place != self.read[0].place:
            heappop(self.read)
        return self.read[0] if self.read else None


@dataclass(slots=True, eq=False)
class Person:
    """Somebody of the desk."""

    name: str
    people: People
    actor: Actor
    here: bool = False
    hands: list[Job] = field(default_factory=list)
    """What they work at: one case, or several chats."""
    put_by: list[Job] = field(default_factory=list)
    """What they went home over."""
    busy_since_at: datetime | None = None
    busy: timedelta = timedelta()
    places: list[Place] = field(default_factory=list)
    """Where there is something for them."""
    own: Queue = field(default_factory=Queue)
    """What was given to them."""

    def has_a_hand_free(self, kind: ChannelKind | None) -> bool:
        """Whether they can begin something of this kind now: one thing at a time, or several
        chats.
        """
        if not self.here or not self.hands:
            return self.here
        chats = all(job.kind == "chat" for job in self.hands)
        return kind == "chat" and chats and len(self.hands) < self.people.chats

    def does(self, place: Place, skills: tuple[str, ...]) -> bool:
        """Whether what waits at a place is theirs to do."""
        team, *facets = place
        if team is not None and team not in self.people.teams:
            return False
        of_case = dict(zip(skills, facets, strict=True))
        return all(of_case[facet] in values for facet, values in self.people.only.items())


class Floor:
    """The people of a desk and what waits for them."""

    def __init__(self, desk: Desk, people: tuple[People, ...]) -> None:
        everybody = [(group, name) for group in people for name in group.names]
        self.people = [
            Person(name, group, Actor("agent", str(number), group.teams))
            for number, (group, name) in enumerate(everybody, start=1)
        ]
        self.skills = tuple(sorted({facet for group in people for facet in group.only}))
        self.queues: dict[Place, Queue] = {}
        self.idle: dict[Person, None] = {}
        """Who has nothing in hand, the longest so first."""
        self.counters = _counters(desk)
        """Team → how many visitors it can have at a time; any number where the book says none."""
        self.at_counters: dict[str | None, int] = {}

    def place_of(self, team: str | None, facets: Mapping[str, str]) -> Place:
        """Returns where a case of a team waits."""
        return (team, *(facets.get(facet) for facet in self.skills))

    def put(self, waiting: Waiting, place: Place, kind: ChannelKind | None) -> None:
        """Lets a case wait for its team."""
        if place not in self.queues:
            self.queues[place] = Queue()
            for person in self.people:
                if person.does(place, self.skills):
                    person.places.append(place)
        self.queues[place].put(waiting, kind)

    def free_for(self, place: Place, kind: ChannelKind | None) -> Person | None:
        """Returns who can begin now what waits at a place: who has had nothing to do for longest,
        for a chat else who has fewest.
        """
        if kind == "walk-in" and not self._counter_free(place[0]):
            return None
        for person in self.idle:
            if place in person.places:
                return person
        if kind != "chat":
            return None
        chatting = (p for p in self.people if place in p.places and p.has_a_hand_free("chat"))
        return min(chatting, key=lambda person: len(person.hands), default=None)

    def next_for(self, person: Person) -> tuple[Waiting, ChannelKind | None] | None:
        """Returns what somebody takes next: who waits longest there and then, else what is due
        first.
        """
        waiting = min(self._people_for(person), key=lambda found: found[0].key, default=None)
        if waiting is not None or not person.has_a_hand_free(None):
            return waiting
        queues = [person.own, *(self.queues[place] for place in person.places)]
        read = [first for queue in queues if (first := queue.first_read()) is not None]
        return (min(read, key=lambda one: one.key), None) if read else None

    def unowned(self, person: Person) -> Iterator[SimulatedCase]:
        """Yields what waits to be read where there is something for somebody, what is due first
        before the rest of its place.
        """
        for place in person.places:
            for waiting in sorted(self.queues[place].read, key=lambda waiting: waiting.key):
                if waiting.case.place == waiting.place:
                    yield waiting.case

    def _people_for(self, person: Person) -> Iterator[tuple[Waiting, ChannelKind | None]]:
        for place in person.places:
            for kind in self.queues[place].people:
                if not person.has_a_hand_free(kind):
                    continue
                if kind == "walk-in" and not self._counter_free(place[0]):
                    continue
                if first := self.queues[place].first_person(kind):
                    yield first, kind

    def _counter_free(self, team: str | None) -> bool:
        seats = self.counters.get(team)
        return seats is None or self.at_counters.get(team, 0) < seats


def _counters(desk: Desk) -> dict[str | None, int]:
    seats: dict[str | None, int] = {}
    for site in desk.sites.values():
        if site.team and site.counters:
            seats[site.team] = seats.get(site.team, 0) + len(site.counters)
    return seats
