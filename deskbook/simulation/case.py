"""One case on the production engine: each step is what a person of the desk, its requester or time
does to it, decided by the deciders of the desk that runs.
"""

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from random import Random

from deskbook.engine.apply import apply
from deskbook.engine.coming_round import CHANNEL, case_of
from deskbook.engine.decide_assignment import decide_assign, decide_hand_over, decide_route
from deskbook.engine.decide_conversation import (
    decide_acknowledge,
    decide_answer,
    decide_ask,
    decide_note,
    decide_requester_message,
)
from deskbook.engine.decide_open import Case as Opening
from deskbook.engine.decide_open import decide_open
from deskbook.engine.decide_procedure import decide_tick
from deskbook.engine.decide_reminder import decide_reminder_sent
from deskbook.engine.decide_severity import decide_verify
from deskbook.engine.decide_stage import allowed_moves, decide_close, decide_stage
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk, Stage
from deskbook.engine.events import Event
from deskbook.engine.hops import hops_from, team_above, ways_from
from deskbook.engine.procedures import open_steps
from deskbook.engine.recurring import Recurring
from deskbook.engine.ticket import SYSTEM, Actor, Entry, TicketState
from deskbook.engine.wake import decide_wake, next_wake_at
from deskbook.refusals.refusal import Refusal

REQUESTER = Actor("contact", "requester")


class NotOpened(ValueError):
    """The book does not take a case the load makes up; the text says why."""


class SimulatedCase:
    """A case from its coming on. Texts have no words here, so every message is called "1"."""

    __slots__ = (
        "again",
        "asked",
        "came_at",
        "chosen_at",
        "desk",
        "facets",
        "hops",
        "log",
        "number",
        "place",
        "rng",
        "state",
        "wakes",
    )

    def __init__(
        self, desk: Desk, number: int, facets: dict[str, str], rng: Random, came_at: datetime
    ) -> None:
        self.desk = desk
        self.number = number
        self.facets = facets
        """Its channel and severity too."""
        self.rng = rng
        self.came_at = came_at
        self.chosen_at: datetime | None = None
        """When somebody took it in hand first."""
        self.state: TicketState | None = None
        self.place = 0
        """Grows whenever it goes somewhere: what was planned for where it was is off."""
        self.asked = self.again = False
        self.hops = 0
        self.wakes = wakes(desk)
        self.log: list[Entry] | None = None
        """What happened to it, where that is kept."""

    @property
    def channel(self) -> str:
        return self.facets["channel"]

    def opens(self, *, at: datetime, by: Actor) -> None:
        """Opens it. Raises NotOpened with the book's reason."""
        decision = _opening(self.desk, self.facets, at, by)
        if isinstance(decision, Refusal):
            raise NotOpened(decision.sentence)
        self._record(decision, at, by)

    def comes_round(self, line: Recurring, *, at: datetime) -> None:
        """Opens it by a line of the book: nobody is asked, and nobody comes back. Raises NotOpened
        with the book's reason.
        """
        self.facets["channel"] = CHANNEL
        self.chosen_at, self.asked, self.again = at, True, True
        decision = decide_open(self.desk, case_of(line, "desk"), at=at, by=SYSTEM)
        if isinstance(decision, Refusal):
            raise NotOpened(decision.sentence)
        self._record(decision, at, SYSTEM)

    def acknowledged(self, *, at: datetime) -> None:
        """The desk tells by itself that it came."""
        self.does(decide_acknowledge(self.desk, self.lived, "email", at=at, by=SYSTEM), at, SYSTEM)

    @property
    def lived(self) -> TicketState:
        assert self.state is not None
        return self.state

    def does(self, decision: Decision, at: datetime, by: Actor) -> bool:
        """Records what is decided; returns whether anything was."""
        if isinstance(decision, Refusal) or not decision:
            return False
        self._record(decision, at, by)
        return True

    def _record(self, events: Iterable[Event], at: datetime, by: Actor) -> None:
        for event in events:
            self._happens(Entry(self.state.seq + 1 if self.state else 1, at, by, event))

    def _happens(self, entry: Entry) -> None:
        self.state = apply(self.state, entry)
        if self.log is not None:
            self.log.append(entry)

    def taken(self, *, at: datetime, by: Actor) -> None:
        """Somebody takes it in hand, and looks how grave it is where a promise waits for that."""
        self.does(decide_assign(self.desk, self.lived, by.id, at=at, by=by), at, by)
        severity = self.lived.severity
        if severity and self.lived.verified is None:
            self.does(decide_verify(self.desk, self.lived, severity, at=at, by=by), at, by)

    def answered(self, *, at: datetime, by: Actor) -> None:
        """Its requester is answered; where the next update is as agreed, none is agreed."""
        self.does(decide_answer(self.desk, self.lived, "1", at=at, by=by), at, by)

    def noted(self, *, at: datetime, by: Actor) -> None:
        self.does(decide_note(self.desk, self.lived, "1", at=at, by=by), at, by)

    def waits_for_requester(self, *, at: datetime, by: Actor) -> bool:
        """Asks its requester; returns whether the book has a stage for that."""
        return self.does(decide_ask(self.desk, self.lived, "1", (), at=at, by=by), at, by)

    def requester_writes(self, *, at: datetime) -> bool:
        """Its requester answers, or is back; returns whether the book lets them."""
        decision = decide_requester_message(
            self.desk, self.lived, "1", self.channel, at=at, by=REQUESTER
        )
        return self.does(decision, at, REQUESTER)

    def handed_on(self, *, at: datetime, by: Actor) -> bool:
        """Goes where the rules send it once the first team has sorted it, else to the next level,
        with a note; returns whether a way of the book leads there.
        """
        if self.lived.team == self.desk.first_team:
            routed = decide_route(self.desk, self.lived, at=at, by=by)
            if not isinstance(routed, Refusal) and routed:
                self.noted(at=at, by=by)
                return self.does(routed, at, by)
        team = next_team(self.desk, self.lived.team)
        if team is None:
            return False
        self.noted(at=at, by=by)
        decision = decide_hand_over(
            self.desk, self.lived, team, _way(self.desk, self.lived.team, team), at=at, by=by
        )
        return self.does(decision, at, by)

    def solved(self, *, at: datetime, by: Actor) -> bool:
        """Goes to a solved stage by the moves of the book, its steps ticked; else is closed.
        Returns whether it is over.
        """
        for step in open_steps(self.desk, self.lived):
            self.does(decide_tick(self.desk, self.lived, step.key, at=at, by=by), at, by)
        for stage in way_to_solved(self.desk, self.lived):
            moved = decide_stage(self.desk, self.lived, stage.key, stage.needs, "1", at=at, by=by)
            if not self.does(moved, at, by):
                break
        if not self.over:
            self.does(decide_close(self.desk, self.lived, True, at=at, by=by), at, by)
        return self.over

    @property
    def over(self) -> bool:
        """Whether it is solved, closed or redirected."""
        stage = self.desk.stages[self.lived.stage]
        return stage.solved or stage.closed

    def next_wake_at(self) -> datetime | None:
        """Returns when the engine has something to do that changes what people do; a limit that
        passes is read off the clocks when all is over.
        """
        if self.state is None or self.over:
            return None
        if not self.wakes and self.desk.stages[self.state.stage].ladder is None:
            return None
        return next_wake_at(self.desk, self.state)

    def wake(self, *, at: datetime) -> None:
        """Lets time do what is due; a reminder leaves at once."""
        for entry in decide_wake(self.desk, self.lived, at=at):
            self._happens(entry)
        if out_at := self.lived.reminder_out_at:
            sent = decide_reminder_sent(self.desk, self.lived, self.lived.reminded, out_at)
            self.does(sent, at, SYSTEM)


def _opening(desk: Desk, facets: dict[str, str], at: datetime, by: Actor) -> Decision:
    sorted_by = {k: v for k, v in facets.items() if k not in ("channel", "severity")}
    case = Opening("requester", facets["channel"], sorted_by, facets.get("severity"), message="1")
    return decide_open(desk, case, at=at, by=by)


def team_of(desk: Desk, facets: dict[str, str], *, at: datetime) -> str | None:
    """Returns the team a case of this sort comes to first. Raises NotOpened with the book's
    reason.
    """
    case = SimulatedCase(desk, 0, facets, Random(0), at)
    case.opens(at=at, by=REQUESTER)
    return case.lived.team


def wakes(desk: Desk) -> bool:
    """Whether time alone changes who has a case that the desk works on, by this book."""
    return bool(desk.freezes) or any(level.hands_up for level in desk.levels.values())


def next_team(desk: Desk, team: str | None) -> str | None:
    """Returns where a case goes on to: the next level, else, where the book has no levels, the
    next team it has a way to.
    """
    if team is None or team not in desk.teams:
        return None
    if desk.levels:
        return team_above(desk, team)
    order = list(desk.teams)
    later = order[order.index(team) + 1 :]
    return next((way.team for way in ways_from(desk, team) if way.team in later), None)


def _way(desk: Desk, leaves: str | None, arrives: str) -> str | None:
    """Returns a channel by which the hop may go."""
    level = desk.teams[arrives].level
    ways = [hop for hop in hops_from(desk, leaves) if hop.arrives in (arrives, level)]
    return next((channel for hop in ways for channel in hop.by), None)


def way_to_solved(desk: Desk, ticket: TicketState) -> tuple[Stage, ...]:
    """Returns the fewest moves of people that lead to a solved stage, or one that ends a case."""
    now = desk.stages[ticket.stage]
    if now.solved or now.closed:
        return ()
    for ends in (_is_solved, _is_closed):
        ways = deque[tuple[Stage, ...]]((stage,) for stage in allowed_moves(desk, ticket))
        seen = {now.key}
        while ways:
            way = ways.popleft()
            if ends(way[-1]):
                return way
            if way[-1].key not in seen and not way[-1].closed:
                seen.add(way[-1].key)
                ways.extend((*way, stage) for stage in _from(desk, way[-1]))
    return ()


def _from(desk: Desk, stage: Stage) -> Iterable[Stage]:
    open_to = stage.moves if stage.moves is not None else frozenset(desk.stages)
    return (s for s in desk.stages.values() if s.key in open_to and s.by_hand)


def _is_solved(stage: Stage) -> bool:
    return stage.solved and not stage.closed


def _is_closed(stage: Stage) -> bool:
    return stage.closed and not stage.redirected
