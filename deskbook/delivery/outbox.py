"""Handing over what is to leave: taken in hand by one worker, given to the channel, and what came
of it recorded.

No transaction and no lock on a row lasts while a server or service of others is talked to. Whoever
has a row in hand holds an advisory lock of its connection, which ends with the connection: nobody
else takes the row, and nobody waits for a slow service to change it. A worker that dies leaves it
`IN_HAND`: it is taken again, at the end of the channel's lease, by one that is told so. Docs:
docs/decisions/0006 and 0022.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Generic, TypeVar

from django.db import Error, transaction
from django.db.models import Q, QuerySet

from deskbook.delivery.models import Departure
from deskbook.delivery.patience import next_try
from deskbook.delivery.states import LEFT_OVER, State
from deskbook.people.access import actor_of
from deskbook.people.copying import update_row
from deskbook.people.models import Agent
from deskbook.people.prepared import Prepared, among
from deskbook.people.turns import begin_turn, end_turn
from deskbook.refusals.kept import joined, kept, stored
from deskbook.tickets.faults import in_short
from deskbook.tickets.models import LogEntry
from deskbook.tickets.reminders import NOT_WAITED_FOR, is_too_late

_SETTLED = (
    "state",
    "reason",
    "attempts",
    "next_try_at",
    "tried_at",
    "sent_at",
    "ended_at",
    "may_be_there",
)
Row = TypeVar("Row", bound=Departure)
Row_co = TypeVar("Row_co", bound=Departure, covariant=True)


class TryAgain(Exception):
    """It could not be handed over this time; the job is to be tried again, not before `at` where
    that is known.

    The text says why.
    """

    def __init__(self, why: str = "", at: datetime | None = None) -> None:
        super().__init__(why)
        self.at = at


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of handing something over, in the words all channels share."""

    state: State
    why: str = ""
    again_at: datetime | None = None
    """Of what waits: when it is tried again, where that is known."""
    tried_for: timedelta | None = None
    """Of what waits: how long after it was queued it is given up; None where it waits for as long
    as it takes, because it is the desk that is refused and neither the message nor its reader is to
    blame.
    """
    at_last: str = ""
    """What is said once it is given up for that; empty where `why` says all."""
    untried: bool = False
    """It was not given to anybody: that is no attempt."""
    may_be_there: bool = False
    """It was given away, and nobody said whether it was taken."""


@dataclass(frozen=True, slots=True)
class InHand(Generic[Row_co]):
    """A row this worker has."""

    row: Row_co
    at: datetime
    was_left: bool
    """By a worker that died: perhaps it has left."""
    tried_before_at: datetime | None


def in_hand(
    rows: QuerySet[Row], *, at: datetime, lease: timedelta = timedelta()
) -> AbstractContextManager[InHand[Row] | None]:
    """Takes the first of `rows` that waits, and no other worker has, for as long as the block
    lasts; None without. Which of them are due is for `rows` to say.
    """
    return taken_in_hand(partial(_first, rows), at=at, lease=lease)


@contextmanager
def taken_in_hand(
    first: Callable[..., Row | None], *, at: datetime, lease: timedelta = timedelta()
) -> Iterator[InHand[Row] | None]:
    """Does the same with what `first` finds, a question made of `to_take` that is put together
    once: it is asked with `at` and `passed`.

    Should the worker die, the row is taken again when `lease` is over: for so long a service may
    still be at it. What fails otherwise than by an `Outcome` waits, with the failure for a reason.
    """
    taken = _take(first, at, lease)
    if taken is None:
        yield None
        return
    try:
        yield taken
    except TryAgain:
        raise
    except Exception as failure:
        _put_back(taken, failure)
        raise
    finally:
        end_turn(_turn_of(taken.row))


@transaction.atomic
def settle(taken: InHand[Row], outcome: Outcome, *also: str) -> State | None:
    """Records what came of a row in hand, with the columns of its channel that `also` names, and
    returns its state; None where somebody else knew better by then.

    A bounce or a report can be here before we are. What was tried for long enough is given up.
    """
    row, at = taken.row, taken.at
    [now] = _of_now(type(row)).ask(pk=row.pk)
    if now.state != State.IN_HAND:
        for name in _SETTLED:
            setattr(row, name, getattr(now, name))
        return None
    row.state, row.reason, row.next_try_at = outcome.state, outcome.why, None
    row.may_be_there |= outcome.may_be_there
    if outcome.untried:
        row.attempts, row.tried_at = row.attempts - 1, taken.tried_before_at
    if outcome.state == State.WAITING and not _long_enough(row, outcome, at):
        row.next_try_at = outcome.again_at or next_try(row.queued_at, at=at)
    elif outcome.state == State.WAITING:
        row.state, row.reason = State.GIVEN_UP, outcome.at_last or outcome.why
    if row.state == State.HANDED_OVER:
        row.sent_at = at
    elif row.state in (State.GIVEN_UP, State.BOUNCED):
        row.ended_at = at
    update_row(row, *_SETTLED, *also)
    return State(row.state)


@cache
def _of_now(table: type[Departure]) -> Prepared[Departure]:
    """The row as it is now, nobody else's till the transaction ends."""
    rows = table._default_manager.select_for_update(no_key=True, of=("self",))
    return Prepared(lambda pk: rows.filter(pk=pk), "pk")


def too_late(row: Departure, entry: LogEntry | None, purpose: str) -> Outcome | None:
    """Returns what becomes of a letter with this purpose, which follows from this entry, where
    nobody waits for it any more: it is dropped; else None.

    One that may be there, or that a person asked for, goes on: only what left is
    in the log (docs/decisions/0006).
    """
    if row.may_be_there or row.wanted or not is_too_late(entry, purpose):
        return None
    return Outcome(State.DROPPED, NOT_WAITED_FOR)


def _long_enough(row: Departure, outcome: Outcome, at: datetime) -> bool:
    return outcome.tried_for is not None and at >= row.queued_at + outcome.tried_for


@transaction.atomic
def try_now(rows: QuerySet[Row], *, at: datetime) -> list[int]:
    """Lets those of `rows` that wait for their next try be due, and returns their ids."""
    waiting = rows.filter(state=State.WAITING, next_try_at__isnull=False)
    found = list(waiting.order_by("queued_at", "pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=found, next_try_at__gt=at).update(next_try_at=at)
    return found


@transaction.atomic
def send_again(rows: QuerySet[Row], *, at: datetime, **more: Any) -> list[int]:
    """Queues those of `rows` that are left over, with `more` changed, and returns their ids.

    Of two people who send the same again, the second finds nothing left over.
    """
    found = list(_left_over(rows).values_list("pk", flat=True))
    fresh = {"state": State.WAITING, "reason": "", "attempts": 0, "ended_at": None, "wanted": True}
    fresh |= more
    rows.model._default_manager.filter(pk__in=found).update(queued_at=at, next_try_at=at, **fresh)
    return found


@transaction.atomic
def drop(rows: QuerySet[Row], *, at: datetime, by: Agent, why: str = "") -> list[int]:
    """Decides that those of `rows` that are left over do not leave, with what was typed for a
    reason, and returns their ids; the rows stay.
    """
    found = dict(_left_over(rows).values_list("pk", "reason"))
    who = str(by.user)
    discarded = kept("discarded.why", who=who, why=why) if why else kept("discarded", who=who)
    for pk, reason in found.items():
        rows.model._default_manager.filter(pk=pk).update(
            state=State.DROPPED,
            reason=joined(discarded, stored(reason)),
            dropped_by=str(actor_of(by)),
            ended_at=at,
            next_try_at=None,
        )
    return list(found)


def _left_over(rows: QuerySet[Row]) -> QuerySet[Row]:
    return (
        rows.filter(state__in=LEFT_OVER).select_for_update(no_key=True, of=("self",)).order_by("pk")
    )


def to_take(rows: QuerySet[Row], *, at: datetime, passed: list[int]) -> QuerySet[Row]:
    """Returns the question which of `rows` a worker takes by `at`: one that waits, or that another
    had in hand for longer than its lease; none of those `passed` over (ids).
    """
    waits = Q(state=State.WAITING) | Q(state=State.IN_HAND, next_try_at__lte=at)
    left = rows.filter(waits).exclude(among(f"{rows.model._meta.db_table}.id", passed))
    in_order = left if left.ordered else left.order_by("pk")
    return in_order.select_for_update(skip_locked=True, no_key=True, of=("self",))[:1]


def _take(first: Callable[..., Row | None], at: datetime, lease: timedelta) -> InHand[Row] | None:
    passed: list[int] = []
    with transaction.atomic():
        while row := first(at=at, passed=passed):
            if begin_turn(_turn_of(row)):
                break
            passed.append(row.pk)  # its worker lives, and needs longer than the lease
        else:
            return None
        taken = InHand(row, at, row.state == State.IN_HAND, row.tried_at)
        row.state, row.tried_at, row.next_try_at = State.IN_HAND, at, at + lease
        row.attempts, row.may_be_there = row.attempts + 1, row.may_be_there or taken.was_left
        update_row(row, "state", "attempts", "tried_at", "next_try_at", "may_be_there")
    return taken


def _first(rows: QuerySet[Row], *, at: datetime, passed: list[int]) -> Row | None:
    return next(iter(to_take(rows, at=at, passed=passed)), None)


def _put_back(taken: InHand[Row], failure: Exception) -> None:
    """Keeps of a failure that is no answer of a server's why the row waits, while the job is tried
    again.
    """
    with suppress(Error):
        # The database itself may be what failed: then the row is taken again as of a dead worker.
        why = kept("held.failing", words=in_short(failure))
        settle(taken, Outcome(State.WAITING, why, may_be_there=True))


def _turn_of(row: Departure) -> str:
    return f"{row._meta.db_table} {row.pk}"
