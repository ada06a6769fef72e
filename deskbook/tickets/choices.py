"""What a requester decides of how their case goes on: on its page, by the link of a letter, or
somebody at the desk for them.
"""

from datetime import datetime

from django.db import transaction

from deskbook.engine.choices import Choice
from deskbook.engine.decide_choice import choices_now, decide_choice
from deskbook.engine.moving_events import BEGINNINGS
from deskbook.people.access import NoAccess, actor_of, may_close
from deskbook.people.books import desk_at
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, hold, once, perform
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.signed_links import link_token, read_link
from deskbook.tickets.state import state_of
from deskbook.tickets.what_follows import rows

_SALT = "deskbook.choice"
WHY_WANTED = "choice: why"


def choices_of(ticket: Ticket, contact: Contact, *, at: datetime) -> tuple[Choice, ...]:
    """Returns what a contact may decide on a case at `at`, as whoever may close it may; in words of
    the language that is active.
    """
    desk = desk_at(ticket.desk_id, ticket.book_version)
    offered = choices_now(desk, state_of(ticket), at=at)
    return offered if offered and may_close(contact, ticket) else ()


@once
def make_choice(
    ticket: Ticket,
    choice: str,
    *,
    words: str = "",
    at: datetime,
    by: Agent | Contact,
    key: str | None = None,
) -> Recorded:
    """Lets the case go where the book leads by what its requester decided, `by` themselves or by
    who says it for them. Raises Refused.
    """
    if isinstance(by, Contact) and not may_close(by, ticket):
        raise Refused("named contacts: decide")
    why = _kept(ticket, words.strip(), at=at, by=by)
    return perform(ticket, decide_choice, choice, why, at=at, by=by, key=key)


@transaction.atomic
def choose_by_link(
    asked: LogEntry, choice: str, *, words: str = "", at: datetime, by: Contact
) -> Recorded:
    """Decides what a letter asked after `asked`. Raises Refused where the case has gone on."""
    hold(asked.ticket_id)
    if not is_asked_still(asked):
        raise Refused("choice: gone on")
    return make_choice(asked.ticket, choice, words=words, at=at, by=by)


def is_asked_still(asked: LogEntry) -> bool:
    """Whether the case is where it was when somebody was asked."""
    return asked.pk == entered_by(asked.ticket).pk


def decided_after(asked: LogEntry, contact: Contact) -> Choice | None:
    """Returns what a contact decided themselves of what was asked; None where they did not."""
    made = asked.ticket.log.filter(
        kind="ChoiceMade", seq__gt=asked.seq, actor=str(actor_of(contact))
    ).first()
    stages = desk_at(asked.ticket.desk_id, asked.ticket.book_version).stages.values()
    offered = (choice for stage in stages for choice in stage.choices)
    return next((one for one in offered if made and one.key == made.data["choice"]), None)


def entered_by(ticket: Ticket) -> LogEntry:
    """Returns the entry that put the case where it is."""
    moving = [kind for kind, row in rows().items() if row.moves]
    moved = LogEntry.objects.filter(ticket=ticket.pk, kind__in=(*BEGINNINGS, *moving))
    return moved.select_related("ticket__desk", "ticket__requester").latest("seq")


def choice_token(asked: LogEntry, contact: Contact) -> str:
    """Returns what lets this contact, and nobody else, decide without signing in, until the case
    goes on.
    """
    return link_token(_SALT, asked.pk, contact.pk)


def read_choice_token(token: str) -> tuple[LogEntry, Contact]:
    """Returns what was asked after, and whom; raises NoAccess for a token that is not ours."""
    entry_pk, contact_pk = read_link(_SALT, token)
    entries = LogEntry.objects.select_related("ticket__desk", "ticket__requester")
    asked = entries.filter(pk=entry_pk).first()
    contact = Contact.objects.select_related("organisation", "desk").filter(pk=contact_pk).first()
    if asked is None or contact is None or asked.ticket.desk_id != contact.desk_id:
        raise NoAccess("no such choice")
    return asked, contact


def _kept(ticket: Ticket, words: str, *, at: datetime, by: Agent | Contact) -> str | None:
    """Stores why, as words of the case where its requester wrote them, and returns its id."""
    if isinstance(by, Agent) or not words:
        return store_reason(ticket, words, at=at, by=by)
    written, kind = Written(words), Message.Kind.REQUEST
    message = store_message(ticket.desk, ticket, kind, written, channel="portal", at=at, by=by)
    return str(message.pk)
