"""One run: a desk lived through in virtual time, event after event."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from deskbook.engine.channels import ChannelKind
from deskbook.engine.clocks import next_due
from deskbook.engine.coming_round import coming as coming_round
from deskbook.engine.desk import Desk
from deskbook.engine.recurring import Recurring
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.sorts import level_key
from deskbook.simulation.agenda import ARRIVES, COMES, GIVES_UP, LEAVES, WAKES, WRITES, Agenda
from deskbook.simulation.arrivals import Arrival, arrivals
from deskbook.simulation.case import REQUESTER, SimulatedCase
from deskbook.simulation.doors import Doors
from deskbook.simulation.event_logs import Case
from deskbook.simulation.floor import Floor, Job, Person, Waiting
from deskbook.simulation.giving import Giving
from deskbook.simulation.hands import Hands
from deskbook.simulation.load import Handling, Load
from deskbook.simulation.stretches import at_work
from deskbook.simulation.tally import Counted, Tally, Within

_NEVER_DUE = datetime(9000, 1, 1, tzinfo=UTC)
_MOST_HOPS = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run: a desk, its load, and which lots are drawn."""

    desk: Desk
    load: Load
    seed: int = 1
    within: tuple[Within, ...] = ()


def run(plan: Plan, number: int, progress: Callable[[float], None] = lambda share: None) -> Counted:
    """Returns what run `number` of a plan came to: the same for the same plan and number. Tells
    `progress` how much is done, from 0 to 1. Raises NotOpened where the book refuses the load.
    """
    return Run(plan, number, progress).lived()


def logged(plan: Plan, number: int = 1) -> Iterator[Case]:
    """Yields the cases of run `number` with what happened to each, in the order in which they
    opened.
    """
    lived = Run(plan, number, lambda share: None, kept=[])
    lived.lived()
    for case in lived.kept or ():
        yield Case(f"{plan.desk.key}-{case.number}", case.lived, case.log or [])


@dataclass(slots=True)
class Run:
    plan: Plan
    number: int
    progress: Callable[[float], None]
    kept: list[SimulatedCase] | None = None
    """Cases whose log is kept; none where nobody asks."""
    floor: Floor = field(init=False)
    tally: Tally = field(init=False)
    agenda: Agenda = field(init=False)
    hands: Hands = field(init=False)
    giving: Giving = field(init=False)
    cases: Iterator[int] = field(default_factory=lambda: count(1))
    doors: Doors = field(init=False)
    open_cases: dict[SimulatedCase, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        load = self.plan.load
        self.floor = Floor(self.plan.desk, load.people)
        self.doors = Doors(self.plan.desk, load)
        self.tally = Tally(self.plan.desk, load.counted_from_at, load.until_at, self.plan.within)
        self.agenda = Agenda(load.until_at)
        self.hands = Hands(self.floor, self.tally, self.agenda, self._done)
        self.giving = Giving(self.plan.desk, self.floor)

    @property
    def desk(self) -> Desk:
        return self.plan.desk

    @property
    def seed(self) -> str:
        return f"{self.plan.seed} run {self.number}"

    def lived(self) -> Counted:
        """Lives all of it; returns what it came to."""
        until_at = self.plan.load.until_at
        self._people_come_and_go()
        self._days_end()
        coming = arrivals(self.plan.load, self.desk.zone, self.seed)
        self._next_arrival(coming)
        self._the_book_opens()
        self.agenda.live()
        for person in self.floor.people:
            self.hands.rest(person, until_at)
        for case in self.open_cases:
            if case.state:
                self.tally.ends(case.state, until_at)
        self.progress(1.0)
        return self.tally.counted()

    def _days_end(self) -> None:
        load, zone = self.plan.load, ZoneInfo(self.desk.zone)
        day = load.from_at.astimezone(zone).date()
        length = (load.until_at - load.from_at).total_seconds()

        def ends(at: datetime) -> None:
            if at > load.counted_from_at:
                self.tally.days.append(self.tally.open_cases)
            self.progress((at - load.from_at).total_seconds() / length)

        while (at := _midnight(day, zone)) < load.until_at:
            self.agenda.plan(at, WAKES, ends)
            day += timedelta(days=1)

    # People come and go.

    def _people_come_and_go(self) -> None:
        load = self.plan.load
        for person in self.floor.people:
            own = at_work(person.people, self.desk.zone, load.from_at, load.until_at)
            self.tally.there(person.people.label, own)
            comes, leaves = partial(self._comes, person), partial(self._leaves, person)
            for from_at, until_at in own:
                self.agenda.plan(from_at, COMES, comes)
                self.agenda.plan(until_at, LEAVES, leaves)

    def _comes(self, person: Person, at: datetime) -> None:
        person.here = True
        self.hands.take_up(person, at)
        self._looks_for_work(person, at)
        if not self.giving.teams.isdisjoint(person.people.teams):
            # Once everybody of the shift is there: else who comes first would get all.
            self.agenda.plan(at, WAKES, partial(self._gives_what_waits, person))

    def _gives_what_waits(self, person: Person, at: datetime) -> None:
        for case in list(self.floor.unowned(person)):
            if self.giving.gives(case, at=at):
                self._queues(case, case.lived.team, None, at)

    def _leaves(self, person: Person, at: datetime) -> None:
        self.hands.put_by(person, at)
        person.here = False
        self.floor.idle.pop(person, None)

    # Cases come.

    def _next_arrival(self, coming: Iterator[Arrival]) -> None:
        arrival = next(coming, None)
        if arrival is not None:
            self.agenda.plan(arrival.at, ARRIVES, lambda at: self._arrives(arrival, coming))

    def _arrives(self, arrival: Arrival, coming: Iterator[Arrival]) -> None:
        self._next_arrival(coming)
        at, number = arrival.at, next(self.cases)
        case = SimulatedCase(
            self.desk, number, arrival.facets, Random(f"{self.seed} case {number}"), at
        )
        self.tally.came(case.channel, at)
        kind = self.doors.waits_by(case.channel)
        if kind is not None and self.doors.closes_at(case.channel, at) is None:
            if not self.doors.takes_words(case.channel):
                self.tally.went(case.channel, "closed", at)
                return
            kind = None
        if self.doors.begins_when_taken(kind):
            self._queues(case, self.doors.team_of(arrival.facets, at), kind, at)
        else:
            self._opens(case, at)
            self._queues(case, case.lived.team, kind, at)
        if kind is not None and (goes_at := self.doors.goes_at(case, at)):
            place = case.place
            self.agenda.plan(goes_at, GIVES_UP, lambda at: self._gives_up(case, place, at))

    def _opens(self, case: SimulatedCase, at: datetime, person: Person | None = None) -> None:
        if self.kept is not None:
            case.log = []
            self.kept.append(case)
        case.opens(at=at, by=person.actor if person else REQUESTER)
        self.open_cases[case] = None
        self.tally.opens(1, at)
        if person is None:
            case.acknowledged(at=at)

    def _the_book_opens(self) -> None:
        """What the book opens by itself is work as well; nobody waits for it at a door."""
        load = self.plan.load
        for line in self.desk.recurring:
            for one in coming_round(self.desk, line.when, load.from_at, load.until_at):
                self.agenda.plan(one.at, ARRIVES, partial(self._comes_round, line))

    def _comes_round(self, line: Recurring, at: datetime) -> None:
        lots = Random(f"{self.seed} {line.key} {at.isoformat()}")
        case = SimulatedCase(self.desk, next(self.cases), dict(line.facets), lots, at)
        if self.kept is not None:
            case.log = []
            self.kept.append(case)
        case.comes_round(line, at=at)
        self.open_cases[case] = None
        self.tally.opens(1, at)
        self._queues(case, case.lived.team, None, at)

    def _gives_up(self, case: SimulatedCase, place: int, at: datetime) -> None:
        if case.place != place or case.chosen_at:
            return
        case.place += 1
        self.tally.went(case.channel, "gave up", case.came_at)
        if case in self.open_cases:
            self._forget(case, at)

    def _forget(self, case: SimulatedCase, at: datetime) -> None:
        """Nobody waits for it any more: no promise of it is counted."""
        del self.open_cases[case]
        self.giving.count(case, is_open=False)
        self.tally.opens(-1, at)

    # Somebody works.

    def _queues(
        self, case: SimulatedCase, team: str | None, kind: ChannelKind | None, at: datetime
    ) -> None:
        """Lets a case wait for its team, or be begun at once where somebody is free."""
        case.place += 1
        facets = facets_of(case.state) if case.state else case.facets
        place = self.floor.place_of(team, facets)
        given = self.giving.gives(case, at=at) if kind is None and case.state else None
        waiting = Waiting((self._first(case, kind, at), case.number), case, case.place)
        if given:
            given.own.put(waiting, None)
        else:
            self.floor.put(waiting, place, kind)
        self._plans_wake(case)
        person = given if given else self.floor.free_for(place, kind)
        if person and person.has_a_hand_free(kind):
            self._takes(person, case, kind, at)

    def _first(self, case: SimulatedCase, kind: ChannelKind | None, at: datetime) -> datetime:
        """Returns what orders it among those that wait: who came first, else what is due first."""
        if kind is not None or case.state is None:
            return at
        reading = next_due(self.desk, case.state)
        return reading.due_at if reading and reading.due_at else _NEVER_DUE

    def _looks_for_work(self, person: Person, at: datetime) -> None:
        while found := self.floor.next_for(person):
            waiting, kind = found
            self._takes(person, waiting.case, kind, at)

    def _takes(
        self, person: Person, case: SimulatedCase, kind: ChannelKind | None, at: datetime
    ) -> None:
        case.place += 1
        if case.chosen_at is None:
            case.chosen_at = at
            self.tally.waited(case.channel, case.came_at, at)
        if case.state is None:
            self._opens(case, at, person)
        case.taken(at=at, by=person.actor)
        self.giving.count(case)
        if kind is not None:
            self.tally.answers(case.lived, at)
            case.answered(at=at, by=person.actor)
        job = Job(case, self._line(case).takes.drawn(case.rng), at, kind)
        self.hands.begin(person, job, at)
        self._plans_wake(case)

    def _line(self, case: SimulatedCase) -> Handling:
        team = case.lived.team or ""
        facets = {**facets_of(case.lived), "team": team, "level": level_key(self.desk, team)}
        return next(line for line in self.plan.load.handling if matches(line.when, facets))

    def _done(self, person: Person, job: Job, at: datetime) -> None:
        self._goes_on(job.case, person, at, answered=job.kind is not None)
        if not person.hands:
            self.hands.rest(person, at)
            self.hands.take_up(person, at)
        self._looks_for_work(person, at)
        if job.kind == "walk-in":
            self._counter_is_free(at)

    def _counter_is_free(self, at: datetime) -> None:
        """A visitor may have waited for the counter alone, with people free."""
        for person in list(self.floor.idle):
            self._looks_for_work(person, at)

    def _goes_on(
        self, case: SimulatedCase, person: Person, at: datetime, *, answered: bool
    ) -> None:
        """What becomes of a case once the work on it is done."""
        line, lot = self._line(case), case.rng.random()
        if case.over:
            self._is_over(case, at)
            return
        if lot < line.hands_on and self._hands_on(case, person, at):
            return
        self.tally.answers(case.lived, at)
        if lot >= 1 - line.asks and not case.asked and self._asks(case, person, at):
            return
        if not answered:
            case.answered(at=at, by=person.actor)
        case.solved(at=at, by=person.actor)
        self._is_over(case, at)

    def _hands_on(self, case: SimulatedCase, person: Person, at: datetime) -> bool:
        case.hops += 1
        if case.hops > _MOST_HOPS or not case.handed_on(at=at, by=person.actor):
            return False
        self._queues(case, case.lived.team, None, at)
        return True

    def _asks(self, case: SimulatedCase, person: Person, at: datetime) -> bool:
        case.asked = True
        if not case.waits_for_requester(at=at, by=person.actor):
            return False
        own = self.plan.load.requesters
        silent = case.rng.random() < own.never_answer
        writes_at = at + own.answer_after.drawn(case.rng)
        case.place += 1
        place = case.place
        if not silent:
            self.agenda.plan(writes_at, WRITES, lambda at: self._writes(case, place, at))
        self._plans_wake(case)
        return True

    def _writes(self, case: SimulatedCase, place: int, at: datetime) -> None:
        if case.place != place or not case.requester_writes(at=at):
            return
        if case not in self.open_cases:
            self.open_cases[case] = None
            self.tally.opens(1, at)
        self.giving.comes_back(case, at=at)
        self._queues(case, case.lived.team, None, at)

    def _is_over(self, case: SimulatedCase, at: datetime) -> None:
        """It is solved; a few come back, once."""
        self.tally.opens(-1, at)
        del self.open_cases[case]
        self.giving.count(case, is_open=False)
        own = self.plan.load.requesters
        back_at = at + own.come_back_after.drawn(case.rng)
        comes_back = not case.again and case.rng.random() < own.come_back
        case.place += 1
        place = case.place
        if comes_back and back_at < self.plan.load.until_at:
            case.again = True
            self.agenda.plan(back_at, WRITES, lambda at: self._back(case, place, at))
        else:
            self.tally.ends(case.lived, at)

    def _back(self, case: SimulatedCase, place: int, at: datetime) -> None:
        self._writes(case, place, at)
        if case not in self.open_cases:  # the book's time for coming back is over
            self.tally.ends(case.lived, at)

    # Time acts.

    def _plans_wake(self, case: SimulatedCase) -> None:
        wake_at = case.next_wake_at()
        if wake_at is not None and wake_at < self.plan.load.until_at:
            seq = case.lived.seq
            self.agenda.plan(wake_at, WAKES, lambda at: self._wakes(case, seq, at))

    def _wakes(self, case: SimulatedCase, seq: int, at: datetime) -> None:
        if case.lived.seq != seq:
            return
        team = case.lived.team
        case.wake(at=at)
        if case.lived.seq == seq:
            return
        if case.over:
            self._ends_by_itself(case, at)
        elif case.lived.team != team and not self.hands.hold(case):
            self._queues(case, case.lived.team, None, at)
        else:
            self._plans_wake(case)

    def _ends_by_itself(self, case: SimulatedCase, at: datetime) -> None:
        """Closed for silence, or handed up to somebody outside."""
        if case in self.open_cases and not self.hands.hold(case):
            case.place += 1
            self.tally.ends(case.lived, at)
            self._forget(case, at)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
