"""The one way in: what came by any channel becomes an answer on its case, or a new case."""

from dataclasses import replace

from django.db import transaction
from django.db.models import Q

from deskbook.channels.contract import Incoming
from deskbook.people.access import may_open_and_close, may_write_on
from deskbook.people.contacts import address_of, named_contacts
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.refusals.refusal import Refusal, Refused, Word
from deskbook.tickets.asides import is_written_to_aside
from deskbook.tickets.conversation import take_in_message, take_in_outsider_message
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.log import Recorded
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import copy_in

FOLLOWED_BY_A_NEW_CASE = ("closed for good",)
MOST_LOOKED_AT = 5
TOLD_LIVE = frozenset({"CustomerWrote"})


def take_in(incoming: Incoming) -> Recorded:
    """Adds what came to its case, or opens one, and returns what was recorded; the same key again
    returns the same.

    Raises Refused when the sender may not open cases, or the book refuses it.
    """
    recorded = _on_its_case(incoming) if incoming.ticket else None
    return recorded or _new_case(incoming)


def running_case(sender: Contact, channel: str) -> Ticket | None:
    """Returns the open case somebody wrote on last by this channel: where a conversation without
    subjects goes on.

    One of theirs that goes on as another's is not theirs to write on once they left that one or
    were taken out.
    """
    own = Ticket.objects.filter(requester__in=same_person(sender), channel=channel)
    latest = own.filter(Q(is_open=True) | Q(outcome="merged")).order_by("-last_activity_at", "-pk")
    went_on = (goes_on_as(ticket) for ticket in latest.select_related("desk")[:MOST_LOOKED_AT])
    return next(
        (ticket for ticket in went_on if ticket.is_open and may_write_on(sender, ticket)), None
    )


def _on_its_case(incoming: Incoming) -> Recorded | None:
    """What it did there; None when the book lets the case come back no more."""
    ticket = incoming.ticket
    if ticket is None:
        return None
    channel, at, by, key = incoming.channel, incoming.at, incoming.sender, incoming.key
    try:
        with transaction.atomic():
            aside = incoming.aside or _is_of_who_was_written_to(incoming, ticket)
            if incoming.outsider or aside:
                return take_in_outsider_message(
                    ticket,
                    incoming.written,
                    channel=channel,
                    aside=aside,
                    at=at,
                    by=by,
                    key=key,
                )
            seen_to = TOLD_LIVE if incoming.live else frozenset[str]()
            taken = take_in_message(
                ticket, incoming.written, channel=channel, at=at, by=by, key=key, seen_to=seen_to
            )
            if incoming.followers and may_write_on(by, ticket):
                copy_in(ticket, incoming.followers, at=at, by=by)
            return taken
    except Refused as refused:
        if refused.rule == "merged":
            return _on_its_case(_to_where_it_goes_on(incoming, ticket))
        if refused.rule not in FOLLOWED_BY_A_NEW_CASE:
            raise
        return None


def _is_of_who_was_written_to(incoming: Incoming, ticket: Ticket) -> bool:
    """Only what is proven, and no machine's, stands by its sender alone among what the desk wrote
    beside the case. A chat is its requester's, and its row is not read for every line.
    """
    written = incoming.written
    if ticket.state is None or written.unproven or written.automatic:
        return False
    return is_written_to_aside(ticket, incoming.sender)


def _to_where_it_goes_on(incoming: Incoming, merged: Ticket) -> Incoming:
    kept = _where_it_goes_on(merged)
    outsider = incoming.outsider or not may_write_on(incoming.sender, kept)
    written_to = incoming.written.written_to or (merged.pk,)
    written = replace(incoming.written, outsider=outsider, written_to=written_to)
    return replace(incoming, ticket=kept, outsider=outsider, written=written)


def _where_it_goes_on(ticket: Ticket) -> Ticket:
    """The case a merged one goes on as: a channel may know it by what it quotes, or from before."""
    return goes_on_as(Ticket.objects.select_related("desk").get(pk=ticket.pk))


def _new_case(incoming: Incoming) -> Recorded:
    if not may_open_and_close(incoming.sender):
        raise Refused(_whom_to_ask(incoming.sender))
    # On a case of their own nobody is an outsider.
    written = replace(incoming.written, outsider=False)
    case = NewCase(
        incoming.subject,
        written,
        incoming.channel,
        incoming.severity,
        incoming.facets,
        followers=incoming.followers,
        team=incoming.team,
    )
    return open_ticket(
        incoming.sender,
        case,
        at=incoming.at,
        by=incoming.logged_by or incoming.sender,
        key=incoming.key,
    )


def _whom_to_ask(sender: Contact) -> Refusal:
    named = named_contacts(sender.organisation)[:5] if sender.organisation else []
    return Refusal(
        "named contacts: sender",
        sender=address_of(sender) or str(sender),
        organisation=str(sender.organisation),
        named=tuple(named) or Word("none so far"),
    )
