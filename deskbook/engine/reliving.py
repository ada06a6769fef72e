"""A case that happened, lived again by another book in a made-up time: pure, so that nothing
can be sent or written.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as otherwise
from datetime import datetime, timedelta

from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine.apply import apply
from deskbook.engine.decide_choice import decide_choice
from deskbook.engine.decide_reminder import decide_reminder_sent
from deskbook.engine.decide_stage import allowed_moves
from deskbook.engine.desk import Desk, Trigger
from deskbook.engine.events import Event
from deskbook.engine.routing import facets_of, route
from deskbook.engine.ticket import SYSTEM, Actor, Entry, TicketState
from deskbook.engine.wake import decide_wake, next_wake_at
from deskbook.engine.work_events import ChoiceMade
from deskbook.refusals.refusal import Refusal

_JUST_BEFORE = timedelta(microseconds=1)
_MOST_WAKES = 10_000
_OF_PEOPLE = ("person", "requester", "reached")


@dataclass(frozen=True, slots=True)
class Relived:
    """What became of a case by another book."""

    ticket: TicketState
    refused: tuple[str, ...]
    """Stages somebody moved it to that the book does not have, or not from where it was."""


Books = Callable[[int], Desk]
"""Version of a book → the desk as it says."""


def relive(desk: Desk, books: Books, log: Sequence[Entry], *, until_at: datetime) -> Relived:
    """Returns the case that `log` tells, which followed `books`, lived by the book of `desk`.

    Acts of people and what came from outside happen at their instants. What time did, breaches,
    reminders, handing up, closing for silence, is left to the engine, and so are the first stage,
    the team by the rules and stages that something moves a case to.
    """
    lived = _Lived(desk)
    for was, entry in _without_what_time_did(books, log):
        lived.go_on_until(entry.at - _JUST_BEFORE)
        lived.take(entry, was)
    lived.go_on_until(until_at)
    assert lived.ticket is not None
    return Relived(lived.ticket, tuple(lived.refused))


def _without_what_time_did(books: Books, log: Sequence[Entry]) -> Iterator[tuple[Desk, Entry]]:
    """Yields the entries that the engine did not write of itself, each with the book it followed:
    what the engine would have written is known by asking it.
    """
    ticket: TicketState | None = None
    expected: list[Event] = []
    for entry in log:
        by_itself = entry.by.kind == "system"
        if ticket and by_itself and not expected:
            followed = books(ticket.book_version)
            expected = [due.event for due in decide_wake(followed, ticket, at=entry.at)]
        before, ticket = ticket, apply(ticket, entry)
        if by_itself and _alike(entry.event, expected):
            expected = expected[1:]
            continue
        expected = []
        if not isinstance(entry.event, ladder.ReminderSent | happened.CarriedOver):
            yield books((before or ticket).book_version), entry


def _alike(event: Event, expected: list[Event]) -> bool:
    return bool(expected) and type(event) is type(expected[0])


Move = happened.StageChanged | happened.Closed | happened.Reopened


@dataclass(slots=True)
class _Lived:
    desk: Desk
    ticket: TicketState | None = None
    refused: list[str] = field(default_factory=list)
    chosen_at: datetime | None = None
    """When the requester decided last: what followed is the book's, and is asked anew."""

    def go_on_until(self, at: datetime) -> None:
        """Lets time do what it does by then; a reminder leaves when it is due."""
        for _ in range(_MOST_WAKES):
            wake_at = next_wake_at(self.desk, self.ticket) if self.ticket else None
            if self.ticket is None or wake_at is None or wake_at > at:
                return
            for entry in decide_wake(self.desk, self.ticket, at=wake_at):
                self.ticket = apply(self.ticket, entry)
            if out_at := self.ticket.reminder_out_at:
                sent = decide_reminder_sent(self.desk, self.ticket, self.ticket.reminded, out_at)
                for event in () if isinstance(sent, Refusal) else sent:
                    self._record(event, wake_at, SYSTEM)

    def take(self, entry: Entry, was: Desk) -> None:
        """Records what happened as it is by this book, or keeps the stage that was refused."""
        if isinstance(entry.event, ChoiceMade):
            self._choose(entry.event, entry, was)
        elif entry.at != self.chosen_at:
            event = self._by_this_book(entry.event, was)
            if event is not None:
                self._record(event, entry.at, entry.by)

    def _choose(self, made: ChoiceMade, entry: Entry, was: Desk) -> None:
        """Lets a decision lead where this book says; one it does not offer moves nothing."""
        assert self.ticket is not None
        self.chosen_at, said = entry.at, (made.choice, made.message)
        led = decide_choice(self.desk, self.ticket, *said, at=entry.at, by=entry.by)
        if isinstance(led, Refusal):
            offered = (one for stage in was.stages.values() for one in stage.choices)
            titles = (one.title for one in offered if one.key == made.choice)
            self.refused.append(next(titles, made.choice))
            led = (made,)
        for event in led:
            self._record(event, entry.at, entry.by)

    def _record(self, event: Event, at: datetime, by: Actor) -> None:
        seq = self.ticket.seq + 1 if self.ticket else 1
        self.ticket = apply(self.ticket, Entry(seq, at, by, event))

    def _by_this_book(self, event: Event, was: Desk) -> Event | None:
        if isinstance(event, happened.Opened):
            return self._opened(event, was)
        if isinstance(event, happened.TeamArrived):
            return self._arrived(event, was)
        if isinstance(event, happened.StageChanged | happened.Closed | happened.Reopened):
            return self._moved(event, was)
        return event

    def _opened(self, event: happened.Opened, was: Desk) -> Event:
        begins = (was.stage_set_by("opening") or was.first_stage).key
        stage = (self.desk.stage_set_by("opening") or self.desk.first_stage).key
        pair = (event.facets.get("impact", ""), event.facets.get("urgency", ""))
        by_matrix = event.severity == was.matrix.get(pair, "")
        severity = self.desk.matrix.get(pair, event.severity) if by_matrix else event.severity
        if event.stage != begins and event.stage in self.desk.stages:
            stage = event.stage
        return otherwise(event, stage=stage, severity=severity, book_version=self.desk.version)

    def _arrived(self, event: happened.TeamArrived, was: Desk) -> Event | None:
        """A rule is asked again; people send a case where they sent it."""
        assert self.ticket is not None
        facets = facets_of(self.ticket)
        before = route(was, facets)
        if not self.ticket.visits and event.team == was.first_team and self.desk.first_team:
            return otherwise(event, team=self.desk.first_team)
        if event.cause != "rule" or before is None or before.to != event.team:
            return event
        rule = route(self.desk, facets)
        return otherwise(event, team=rule.to, rule=rule.line) if rule else None

    def _moved(self, event: Move, was: Desk) -> Event | None:
        assert self.ticket is not None
        stage = self._stage_of(event, was)
        if stage is None:
            self.refused.append(was.stages[event.stage].title)
            return None
        if not stage:
            return None
        if isinstance(event, happened.Reopened):
            return otherwise(event, stage=stage, clocks=self.desk.reopening.clocks)
        return otherwise(event, stage=stage)

    def _stage_of(self, event: Move, was: Desk) -> str | None:
        """Where it goes by this book: by what moves it, or as somebody said if they may; "" where
        nothing moves it.
        """
        assert self.ticket is not None
        if event.cause not in _OF_PEOPLE:
            trigger: Trigger = event.cause  # type: ignore[assignment]
            by_book, by_this = was.stage_set_by(trigger), self.desk.stage_set_by(trigger)
            if by_book and by_book.key == event.stage:
                return by_this.key if by_this else ""
            return event.stage if event.stage in self.desk.stages else None
        if event.stage not in self.desk.stages:
            return None
        same = self.desk.stages[self.ticket.stage] == was.stages.get(self.ticket.stage)
        may = {stage.key for stage in allowed_moves(self.desk, self.ticket)}
        free = isinstance(event, happened.Closed) and event.cause != "person"
        return event.stage if same or free or event.stage in may else None
