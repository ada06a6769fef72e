"""What happens next on a case, in words for the person who waits: as the clocks say it, late or
paused included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deskbook.engine.campaign import is_over
from deskbook.engine.clocks import Reading, readings
from deskbook.engine.closure import may_come_back
from deskbook.engine.desk import Desk, Stage
from deskbook.engine.ticket import TicketState


@dataclass(frozen=True, slots=True)
class NextStep:
    """One sentence. `tone` is "" (as it should be), "amber" (the reader's turn) or "red" (the desk
    is late).
    """

    sentence: SafeString | str
    """Where it is dated it has a place for that, `{when}`."""
    tone: str = ""
    due_at: datetime | None = None


def next_steps(
    desk: Desk,
    ticket: TicketState,
    *,
    at: datetime,
    outside: SafeString | str = "",
    ended: bool = False,
) -> tuple[NextStep, ...]:
    """Returns what happens next, the most important first: at least one sentence, and a time where
    there is one.

    `outside` is what a desk of a campaign says outside its dates: it stands in place of every
    answer without an agreed time and, where the case's own book has ended, of all the desk does.
    Where either that book or the one in force has `ended`, nothing is promised to who writes.
    """
    return tuple(_steps(desk, ticket, at, outside, ended))


def _steps(
    desk: Desk, ticket: TicketState, at: datetime, outside: SafeString | str, ended: bool
) -> Iterator[NextStep]:
    stage = desk.stages[ticket.stage]
    clocks = readings(desk, ticket)
    over = is_over(desk, at=at) or (ended and stage.next != "desk")
    if ticket.merged_into:
        yield NextStep(
            _("This case was put together with {case}: go on there.").format(
                case=ticket.merged_into
            )
        )
    elif ticket.redirected_to:
        yield _redirected(desk, ticket)
    elif stage.closed:
        yield NextStep(outside, "amber") if ended else _closed(desk, ticket, at)
    elif stage.solved:
        words = _("We think this is solved. Close the case if it is; write if it is not.")
        if stage.choices:
            words = _("We think this is solved. Its requester decides whether it is.")
        yield NextStep(words, "amber")
        yield from _ended(outside, over=ended)
        yield from _closing(clocks, at)
    elif over and not ticket.held_by:  # what is held is dated past the end by the book itself
        yield from _ended(outside, over=over)
        yield from _closing(clocks, at)
    elif stage.next == "requester":
        yield NextStep(_("It is your turn: we go on when you have answered."), "amber")
        yield from _closing(clocks, at)
    else:
        yield from _desks_turn(desk, ticket, stage, clocks, at, outside)
    yield from _promises(clocks, at)


def _ended(outside: SafeString | str, *, over: bool) -> Iterator[NextStep]:
    if over and outside:
        yield NextStep(outside, "amber")


def _closed(desk: Desk, ticket: TicketState, at: datetime) -> NextStep:
    if may_come_back(desk, ticket, at=at):
        return NextStep(
            _("This case is closed. If it is not solved, write below and it opens again.")
        )
    return NextStep(_("This case is closed for good. If you need more help, open a new case."))


def _redirected(desk: Desk, ticket: TicketState) -> NextStep:
    outside = desk.outside.get(ticket.redirected_to or "")
    words = _("This is not for our desk to settle. We passed it to {to}, who goes on with it.")
    if ticket.handed_up_outside:
        words = _("We did not settle this in time. It went to {to}, who goes on with it.")
    return NextStep(words.format(to=outside.title if outside else ticket.redirected_to))


def _desks_turn(
    desk: Desk,
    ticket: TicketState,
    stage: Stage,
    clocks: tuple[Reading, ...],
    at: datetime,
    outside: SafeString | str,
) -> Iterator[NextStep]:
    if ticket.held_by and ticket.pick_up_at:
        yield NextStep(
            _("Changes of this kind rest for now. We pick yours up {when}."),
            due_at=ticket.pick_up_at,
        )
    elif stage.next == "third party":
        yield NextStep(
            _("We wait for somebody outside our desk and go on when they have answered.")
        )
    elif stage.next == "nobody":
        yield NextStep(_("This case rests. Write when you want us to go on."))
    elif ticket.first_answer_at is None:
        yield _response(clocks, at, outside)
    else:
        yield from _update(clocks, at, outside)
    yield from _solution(clocks, at)


def _response(clocks: tuple[Reading, ...], at: datetime, outside: SafeString | str) -> NextStep:
    clock = _last(clocks, "response")
    if clock is None or (clock.due_at is None and clock.paused_since is None):
        return NextStep(
            outside
            or _("We have your case and will answer. No time is agreed for this kind of case.")
        )
    if clock.paused_since:
        return NextStep(_("We have your case. The time for our answer is paused for now."))
    if clock.due_at and clock.due_at <= at and not clock.recommended:
        return NextStep(
            _("We should have answered by {when} and are late. Your case is not forgotten."),
            "red",
            due_at=clock.due_at,
        )
    if clock.recommended:
        return NextStep(_("We aim to answer by {when}."), due_at=clock.due_at)
    return NextStep(_("We answer by {when}."), due_at=clock.due_at)


def _update(
    clocks: tuple[Reading, ...], at: datetime, outside: SafeString | str
) -> Iterator[NextStep]:
    clock = _last(clocks, "update")
    if clock is None or not clock.running or (clock.due_at is None and not clock.undated):
        yield NextStep(outside or _("We are working on it and write as soon as there is news."))
    elif clock.due_at is None:
        yield NextStep(
            _("We are working on it. When we write next is still to be agreed with you.")
        )
    elif clock.due_at <= at and not clock.recommended:
        yield NextStep(
            _("We should have written by {when} and are late. Your case is not forgotten."),
            "red",
            due_at=clock.due_at,
        )
    else:
        yield NextStep(_("We are working on it and write again by {when}."), due_at=clock.due_at)


def _solution(clocks: tuple[Reading, ...], at: datetime) -> Iterator[NextStep]:
    clock = _last(clocks, "resolve")
    if clock is None or clock.met_at or clock.ended_at:
        return
    if clock.paused_since and clock.due_at is None:
        yield NextStep(_("The time to solve it is paused for now."))
    elif clock.due_at is None:
        return
    elif clock.due_at <= at and not clock.recommended:
        yield NextStep(
            _("It should have been solved by {when}: we are late."), "red", due_at=clock.due_at
        )
    else:
        words = (
            _("We aim to solve it by {when}.") if clock.recommended else _("We solve it by {when}.")
        )
        yield NextStep(words, due_at=clock.due_at)


def _closing(clocks: tuple[Reading, ...], at: datetime) -> Iterator[NextStep]:
    clock = _last(clocks, "quiet")
    if clock and clock.due_at and clock.due_at > at:
        yield NextStep(
            _("If you do not write, the case closes by itself: {when}."), due_at=clock.due_at
        )


def _promises(clocks: tuple[Reading, ...], at: datetime) -> Iterator[NextStep]:
    for clock in clocks:
        if clock.kind != "promise" or not clock.running or clock.due_at is None:
            continue
        if clock.due_at <= at - timedelta(minutes=1):
            yield NextStep(
                _("What we promised you for {when} is late."), "red", due_at=clock.due_at
            )
        else:
            yield NextStep(_("Promised to you for {when}."), due_at=clock.due_at)


def _last(clocks: tuple[Reading, ...], kind: str) -> Reading | None:
    return next((clock for clock in reversed(clocks) if clock.kind == kind), None)
