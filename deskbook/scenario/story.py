"""One case played in a made-up time on the production engine: decide, record, wake."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from deskbook.engine.apply import apply
from deskbook.engine.clocks import Reading, readings
from deskbook.engine.decide_owner import brings_back, decide_relieve
from deskbook.engine.decide_reminder import decide_reminder_sent
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.rosters import Leave, Shift, next_for, off_duty, on_duty, way_of_giving
from deskbook.engine.ticket import SYSTEM, Actor, Entry, TicketState
from deskbook.engine.wake import decide_wake, next_wake_at
from deskbook.refusals.refusal import Refusal

CHITRA = Actor("contact", "chitra")
MOST_WAKES = 10_000
Kind = TypeVar("Kind", bound=Event)


class CannotBe(ValueError):
    """A sentence that says something the book or the story has no room for; the message says
    what.
    """


@dataclass(frozen=True, slots=True)
class Recorded:
    """A log entry, and when it was written: a breach may bear an earlier time."""

    at: datetime
    entry: Entry


@dataclass(slots=True)
class Story:
    """What has happened so far."""

    desk: Desk
    given: dict[str, str] = field(default_factory=dict)
    ticket: TicketState | None = None
    log: list[Recorded] = field(default_factory=list)
    refusals: list[tuple[datetime, Refusal]] = field(default_factory=list)
    down_until: datetime | None = None
    promises: int = 0
    shifts: list[Shift] = field(default_factory=list)
    """The roster, when the scenario has one."""
    leave: list[Leave] = field(default_factory=list)
    name: str = ""
    """Of its case, where the scenario tells of several."""
    others: "list[Story]" = field(default_factory=list)
    """All of them then, this one too."""

    @property
    def case(self) -> TicketState:
        if self.ticket is None:
            raise CannotBe("no case is open yet: begin with “a contact opens a case”")
        return self.ticket

    def agent(self, team: str | None = None) -> Actor:
        """Returns Asha, of the named team, else of the team that has the case."""
        held = team or (self.ticket.team if self.ticket else None)
        return Actor("agent", "asha", (held,) if held else ())

    def away(self, person: str, from_at: datetime, until_at: datetime) -> None:
        """Puts somebody on leave."""
        self.leave.append(Leave(person, from_at, until_at))

    def run_until(self, at: datetime) -> None:
        """Wakes the case at every instant it asks for, up to `at`. A server that is down wakes when
        it is back.
        """
        for _ in range(MOST_WAKES):
            wake_at = next_wake_at(self.desk, self.ticket) if self.ticket else None
            if wake_at is None:
                return
            wake_at = max(wake_at, self.down_until) if self.down_until else wake_at
            if wake_at > at:
                return
            entries = decide_wake(self.desk, self.case, at=wake_at)
            for entry in entries:
                self._append(wake_at, entry)
            if any(brings_back(entry.event) for entry in entries):
                self._relieve(wake_at)
            if out_at := self.case.reminder_out_at:  # in a story the mail leaves at once
                sent = decide_reminder_sent(self.desk, self.case, self.case.reminded, out_at)
                self.take(sent, at=wake_at, by=SYSTEM)
        raise CannotBe(
            "the case wakes without end: the engine has a fault, please report this scenario"
        )

    def take(self, decision: Decision, *, at: datetime, by: Actor) -> None:
        """Records what was decided; keeps a refusal for the lines that expect it."""
        if isinstance(decision, Refusal):
            self.refusals.append((at, decision))
            return
        for event in decision:
            self.record(event, at=at, by=by)
        if any(brings_back(event) for event in decision):
            self._relieve(at)

    def _relieve(self, at: datetime) -> None:
        """Gives a case that came back to who is on, or to its team, when its owner is off by the
        story's roster.
        """
        case = self.case
        if case.owner is None or not off_duty(self.shifts, case.owner, at=at, leave=self.leave):
            return
        how = way_of_giving(self.desk, case.team) if case.team else None
        present = on_duty(
            self.shifts, case.team or "", at=at, place=case.facets.get("site"), leave=self.leave
        )
        chosen = next_for(present, how=how, open_tickets={}, last_given_at={}) if how else None
        relieved = decide_relieve(
            self.desk, case, case.owner, why="off duty", successor=chosen, at=at
        )
        self.take(relieved, at=at, by=SYSTEM)

    def record(self, event: Event, *, at: datetime, by: Actor) -> None:
        self._append(at, Entry((self.ticket.seq if self.ticket else 0) + 1, at, by, event))

    def _append(self, at: datetime, entry: Entry) -> None:
        self.ticket = apply(self.ticket, entry)
        self.log.append(Recorded(at, entry))

    def events_at(self, at: datetime, kind: type[Kind]) -> list[Kind]:
        """Returns the events of a kind that bear this very instant."""
        events = [r.entry.event for r in self.log if r.entry.at == at]
        return [event for event in events if isinstance(event, kind)]

    def beside(self, name: str) -> "Story":
        """Returns the story of another case of the same desk: of one roster, with the same people
        away.
        """
        other = Story(self.desk, self.given, shifts=self.shifts, leave=self.leave, name=name)
        other.others = self.others
        self.others.append(other)
        return other

    def as_of(self, at: datetime) -> "Story":
        """Returns the story as it stood at `at`, everything of that instant included."""
        earlier = Story(self.desk, self.given)
        for recorded in self.log:
            if recorded.at <= at:
                earlier._append(recorded.at, recorded.entry)
        return earlier

    def clock(self, kind: str, number: str | None = None) -> Reading | None:
        """Returns the clock of a kind (`team`, number 2), the latest without a number."""
        found = [r for r in readings(self.desk, self.case) if r.kind == kind]
        if number:
            found = [r for r in found if r.clock.partition(":")[2] == number]
        return found[-1] if found else None
