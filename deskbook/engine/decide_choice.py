"""What the requester decides in a stage, as the book offers it, and where that leads the case."""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.choices import Choice
from deskbook.engine.closure import may_come_back
from deskbook.engine.decide_conversation import goes_up_by_coming_back
from deskbook.engine.decide_promise import falling_away
from deskbook.engine.decide_site_visit import calling_off
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.ticket import Actor, TicketState
from deskbook.engine.work_events import ChoiceMade
from deskbook.refusals.refusal import Refusal


def choices_now(desk: Desk, ticket: TicketState, *, at: datetime) -> tuple[Choice, ...]:
    """Returns what the requester may decide at `at`, in the book's order: nothing on a case that
    goes on as another, or is closed for good.
    """
    if ticket.merged_into or not may_come_back(desk, ticket, at=at):
        return ()
    return desk.stages[ticket.stage].choices


def decide_choice(
    desk: Desk,
    ticket: TicketState,
    choice: str,
    words: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `ChoiceMade`, by the requester or by who says it for them, and where it leads:
    `Closed`, `Reopened`, which goes up where the level says so, or `StageChanged`.

    Refuses what the stage does not offer ("choice"), and one that wants a reason without it
    (semantics §4.11).
    `words` is the id of the message that says why.
    """
    if ticket.merged_into:
        return Refusal("merged: write", into=ticket.merged_into)
    offered = choices_now(desk, ticket, at=at)
    chosen = next((one for one in offered if one.key == choice), None)
    if chosen is None:
        stage = desk.stages[ticket.stage]
        titles = tuple(f"“{one.title}”" for one in offered)
        return Refusal("choice", stage=stage.title, choices=titles or ("–",))
    if chosen.why and words is None:
        return Refusal("choice: why", choice=chosen.title)
    return (ChoiceMade(chosen.key, words), *_led(desk, ticket, chosen, by))


def _led(desk: Desk, ticket: TicketState, chosen: Choice, by: Actor) -> tuple[Event, ...]:
    now, target = desk.stages[ticket.stage], desk.stages[chosen.to]
    if target.closed:
        cause = "requester" if by.kind == "contact" else "person"
        return (
            *calling_off(ticket),
            *falling_away(ticket),
            happened.Closed(target.key, cause=cause),
        )
    if (now.solved or now.closed) and not target.solved:
        back = happened.Reopened(target.key, desk.reopening.clocks, cause="choice")
        return (back, *goes_up_by_coming_back(desk, ticket))
    return (happened.StageChanged(target.key, cause="choice"),)
