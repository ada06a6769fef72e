"""What somebody sent and what leaves later: after the seconds to undo it, or when they said. It is
recorded when it leaves, so that until then no clock, report or requester knows of it
(docs/decisions/0034).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from deskbook.engine.clocks import running_out
from deskbook.engine.decide_later import too_late_to_leave
from deskbook.engine.decide_undo import UNDO_FOR
from deskbook.people.books import desk_at
from deskbook.people.copying import insert_rows
from deskbook.people.models import Agent
from deskbook.people.open_screens import tell_open_screens
from deskbook.people.prepared import Prepared, anything
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import answer_ticket, ask_requester, may_answer, may_ask
from deskbook.tickets.drafts import draft_at, keep_draft
from deskbook.tickets.kept_files import as_files, files_in
from deskbook.tickets.log import Recorded, hold, recorded_before
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.readers import Known, as_known
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.state import state_of


def say(
    ticket: Ticket, fields: Mapping[str, Any], *, at: datetime, by: Agent, key: str | None
) -> Recorded:
    """Answers or asks as it was typed (`Sending.fields`). Raises Refused."""
    formatted = bool(fields.get("formatted"))
    written = Written(fields["text"], files=as_files(files_in(fields)), formatted=formatted)
    if fields["act"] == "question":
        return ask_requester(ticket, written, fields["awaited"], at=at, by=by, key=key)
    return answer_ticket(ticket, written, then_stage=fields["stage"] or None, at=at, by=by, key=key)


def _allowed(ticket: Ticket, fields: Mapping[str, Any], *, at: datetime, by: Agent) -> int:
    if fields["act"] == "question":
        return may_ask(ticket, fields["awaited"], at=at, by=by)
    return may_answer(ticket, fields["stage"] or None, at=at, by=by)


_WITH_KEY = Prepared(
    lambda ticket, key: anything(Sending.objects.filter(ticket=ticket, key=key)), "ticket", "key"
)


def is_put_off(ticket: Ticket, key: str | None) -> bool:
    """Whether what has this key was sent already and waits to leave."""
    return bool(key) and _WITH_KEY.finds(ticket=ticket.pk, key=key)


def undone_until(ticket: Ticket, *, at: datetime) -> datetime | None:
    """Returns when what is said at `at` leaves, which may be undone until then; None for at once:
    where nothing is undone, and where a clock of the case would run out before it left.
    """
    if not settings.DESKBOOK_UNDO:
        return None
    desk = desk_at(ticket.desk_id, ticket.book_version)
    runs_out = running_out(desk, state_of(ticket), after=at, until=at + UNDO_FOR)
    return None if runs_out else at + UNDO_FOR


def say_soon(
    ticket: Ticket, fields: Mapping[str, Any], *, at: datetime, by: Agent, key: str | None
) -> Sending | None:
    """Keeps what was typed for as long as it may be undone, or says it at once and returns None.
    Sent again with its key nothing is said again. Raises Refused.
    """
    if recorded_before(key):
        return None
    if is_put_off(ticket, key):
        return Sending.objects.get(ticket=ticket, key=key)
    leaves_at = undone_until(ticket, at=at)
    if leaves_at is not None:
        return put_off(ticket, fields, leaves_at, at=at, by=by, key=key)
    say(ticket, fields, at=at, by=by, key=key)
    return None


@transaction.atomic
def put_off(
    ticket: Ticket,
    fields: Mapping[str, Any],
    leaves_at: datetime,
    *,
    at: datetime,
    by: Agent,
    key: str | None,
) -> Sending:
    """Keeps what was sent until it leaves. Raises Refused for what would be refused now."""
    sending = Sending(
        ticket=ticket,
        agent=by,
        fields=dict(fields),
        known_seq=_allowed(ticket, fields, at=at, by=by),
        key=key or "",
        said_at=at,
        leaves_at=leaves_at,
    )
    insert_rows(sending)
    return sending


def put_off_until(
    ticket: Ticket,
    fields: Mapping[str, Any],
    leaves_at: datetime,
    *,
    at: datetime,
    by: Agent,
    key: str | None,
) -> Sending:
    """Keeps what was sent until the instant its writer chose. Raises Refused for one that is past,
    or past a clock that it should meet.
    """
    _in_time(ticket, leaves_at, at)
    return put_off(ticket, fields, leaves_at, at=at, by=by, key=key)


@transaction.atomic
def move_sending(
    ticket: Ticket, number: int, leaves_at: datetime, *, at: datetime, by: Agent
) -> Sending:
    """Lets it leave at another instant. Raises Refused as `put_off_until`."""
    sending = _theirs(ticket, number, by)
    _in_time(ticket, leaves_at, at)
    sending.leaves_at = leaves_at
    sending.save(update_fields=["leaves_at"])
    return sending


def _in_time(ticket: Ticket, leaves_at: datetime, at: datetime) -> None:
    desk = desk_at(ticket.desk_id, ticket.book_version)
    if refusal := too_late_to_leave(desk, state_of(ticket), leaves_at, at=at):
        raise Refused(refusal)


@transaction.atomic
def withdraw(ticket: Ticket, number: int, *, by: Agent) -> Sending:
    """Keeps it from leaving; its words stand in the box of who wrote it again, before what they
    have begun since. Raises Refused where it has left, and for somebody else's.
    """
    sending = _theirs(ticket, number, by)
    place = f"ticket {ticket.pk}"
    begun = draft_at(by.user_id, place)
    since = begun.fields if begun else {}
    texts = (sending.fields["text"], since.get("text", ""))
    files = [*sending.fields.get("files", ()), *since.get("files", ())]
    words = {"text": "\n\n".join(filter(None, texts)), "files": files}
    chosen = {name: sending.fields[name] for name in ("act", "stage", "awaited_else")}
    keep_draft(by.user, place, {**chosen, **words})
    sending.delete()
    return sending


@transaction.atomic
def send_now(ticket: Ticket, number: int, *, at: datetime, by: Agent) -> Recorded:
    """Lets it leave, whatever it was held for: who wrote it has read that. Raises Refused."""
    sending = _theirs(ticket, number, by)
    recorded = say(ticket, sending.fields, at=at, by=by, key=sending.key or None)
    sending.delete()
    return recorded


def _theirs(ticket: Ticket, number: int, by: Agent) -> Sending:
    hold(ticket.pk)
    sending = Sending.objects.select_for_update().filter(ticket=ticket, pk=number).first()
    if sending is None:
        raise Refused("sending: left")
    if sending.agent_id != by.pk:
        raise Refused("sending: theirs", who=str(sending.agent.user))
    return sending


@transaction.atomic
def leave(number: int, *, at: datetime) -> Sending | None:
    """Lets what is due leave, once; returns it where it is held from now on, since something was
    said that its writer may not have read, or since it is refused by now.
    """
    found = Sending.objects.filter(pk=number, held="")
    ticket = found.values_list("ticket", flat=True).first()
    seq = hold(ticket) if ticket else 0
    # Read once nobody else can have it: of two workers the second finds it gone.
    sending = found.select_related("ticket__desk", "agent__user").first()
    if sending is None:
        return None
    if said_since(sending).exists():
        return _held(sending, kept("sending: overtaken"))
    if sending.leaves_at > at:
        Sending.objects.filter(pk=number).update(known_seq=seq)
        return None
    known = [Known(sending.ticket_id, sending.known_seq)]
    try:
        with transaction.atomic(), as_known(sending.ticket_id, known):
            say(sending.ticket, sending.fields, at=at, by=sending.agent, key=sending.key or None)
    except Refused as refused:
        return _held(sending, kept("sending: refused", why=kept(refused.refusal)))
    sending.delete()
    return None


def said_since(sending: Sending) -> Any:
    """Returns what was said to or by the requester since its writer sent it, but by themselves."""
    later = LogEntry.objects.filter(ticket=sending.ticket_id, seq__gt=sending.known_seq)
    said = later.filter(kind__in=("CustomerWrote", "OutsiderWrote", "Answered"))
    return said.exclude(actor=f"agent:{sending.agent_id}").order_by("seq")


def _held(sending: Sending, why: str) -> Sending:
    sending.held = why
    sending.save(update_fields=["held"])
    return sending


def tell_its_page(sending: Sending) -> None:
    """Tells screens on which its ticket is open: they say still when it leaves."""
    tell_open_screens({"desk": sending.ticket.desk_id, "ticket": sending.ticket_id})
