"""Taking chats from the queue, passing them on, and who is there to take them."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from deskbook.channels.chat.models import ChatSeat, ChatSession
from deskbook.channels.chat.notices import tell
from deskbook.people.access import seen_by
from deskbook.people.models import Agent
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import assign_ticket, hand_over_ticket
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import Written

MEANT_FOR = timedelta(minutes=2)
"""How long a chat passed on to somebody waits for them alone."""


def be_there(agent: Agent, *, at: datetime) -> None:
    """Keeps that the agent is at the chat screen."""
    ChatSeat.objects.update_or_create(agent=agent, defaults={"seen_at": at})


def is_there(agent: Agent, *, at: datetime) -> bool:
    return ChatSeat.objects.filter(agent=agent, seen_at__gt=at - ChatSeat.LASTS).exists()


def others_there(agent: Agent, *, at: datetime) -> QuerySet[Agent]:
    """Returns the desk's other people at the chat screen, by name."""
    there = Agent.objects.filter(
        desk=agent.desk_id, is_active=True, chat_seat__seen_at__gt=at - ChatSeat.LASTS
    )
    return there.exclude(pk=agent.pk).select_related("user").order_by("user__name")


@transaction.atomic
def take(session: ChatSession, *, at: datetime, by: Agent) -> ChatSession:
    """Gives a waiting chat and its ticket to the agent; Refused when somebody else was first."""
    row = (
        ChatSession.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ticket__desk")
        .get(pk=session.pk)
    )
    if row.state == ChatSession.State.OPEN and row.operator_id == by.pk:
        return row
    if row.state != ChatSession.State.WAITING:
        raise Refused("taken: chat")
    return _taken(row, at, by)


@transaction.atomic
def take_next(*, at: datetime, by: Agent) -> ChatSession | None:
    """Gives the agent the chat that waits longest: one passed on to them, then those of their
    teams; None: none waits.

    Who belongs to no team takes any.
    """
    waiting = ChatSession.objects.filter(desk=by.desk_id, state=ChatSession.State.WAITING)
    theirs = Q(ticket__team__in=["", *by.teams]) if by.teams else Q()
    free = Q(meant_for=None) | Q(passed_at__lt=at - MEANT_FOR)
    mine_first = F("meant_for").asc(nulls_last=True)
    found = waiting.filter(Q(meant_for=by) | (theirs & free)).select_for_update(
        no_key=True, skip_locked=True, of=("self",)
    )
    seen = seen_by(by, found, "ticket__").select_related("ticket__desk")
    row = seen.order_by(mine_first, "queued_at", "pk").first()
    return _taken(row, at, by) if row else None


@transaction.atomic
def pass_to_person(session: ChatSession, to: Agent, note: str, *, at: datetime, by: Agent) -> None:
    """Puts the chat into the queue, at the place it had, for one colleague, who has to be there.
    Raises Refused.
    """
    row = _own(session, by)
    if to.desk_id != by.desk_id or not is_there(to, at=at):
        raise Refused("not there")
    if note.strip():
        note_on_ticket(row.ticket, Written(note.strip()), at=at, by=by)
    _back_to_queue(row, at, meant_for=to)


@transaction.atomic
def pass_to_team(session: ChatSession, team: str, reason: str, *, at: datetime, by: Agent) -> None:
    """Hands the ticket to a team, on a way of the book, and puts the chat into its queue, at the
    place it had.

    Raises Refused.
    """
    row = _own(session, by)
    hand_over_ticket(row.ticket, team, reason=reason, at=at, by=by)
    _back_to_queue(row, at, meant_for=None)


def _own(session: ChatSession, by: Agent) -> ChatSession:
    rows = ChatSession.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "ticket__desk"
    )
    row = rows.get(pk=session.pk)
    if row.state != ChatSession.State.OPEN or row.operator_id != by.pk:
        raise Refused("not yours: passed on")
    return row


def _taken(row: ChatSession, at: datetime, by: Agent) -> ChatSession:
    row.state, row.operator, row.meant_for, row.taken_at = ChatSession.State.OPEN, by, None, at
    row.save(update_fields=["state", "operator", "meant_for", "taken_at"])
    if row.ticket.owner_id != by.pk and row.ticket.is_open:
        with suppress(Refused):
            # The book lets nobody own such a ticket; the chat goes on all the same.
            assign_ticket(row.ticket, by, at=at, by=by)
    tell(row)
    return row


def _back_to_queue(row: ChatSession, at: datetime, *, meant_for: Agent | None) -> None:
    row.state = ChatSession.State.WAITING
    row.operator = None
    row.meant_for = meant_for
    row.taken_at = None
    row.passed_at = at
    row.save(update_fields=["state", "operator", "meant_for", "taken_at", "passed_at"])
    tell(row)
