"""What the page of a case shows of its papers, estimates, work, deliveries and how its end was
found.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from deskbook.people.access import may_sign
from deskbook.people.contacts import named_contacts
from deskbook.tickets.choices import choices_of
from deskbook.tickets.models import Ticket
from deskbook.tickets.papers import papers_sent
from deskbook.tickets.work import orders_of
from deskbook.web.acts.own_case import OwnCase
from deskbook.web.acts.registry import on_own_case
from deskbook.web.acts.requesters import Choosing, OfRequester
from deskbook.web.portal.choices import ChoicesShown
from deskbook.web.portal.rating_form import rating_on_case
from deskbook.web.portal.visit import visit_on_case


def work_context(of: OwnCase, again: OfRequester | None = None) -> Mapping[str, Any]:
    """Returns what the page of a case shows of papers, estimates, deliveries and of rating its end,
    `again` as it was typed.
    """
    ticket, contact, since, ended = of.ticket, of.contact, of.since, of.ended
    decides = not ended and bool(of.state.estimates or of.state.delivered)
    return {
        "act": on_own_case(of, again),
        "papers": papers_sent(ticket, since),
        "may_send": not ended and of.may_write,
        "orders": [
            order for order in orders_of(ticket) if since is None or order.offered_at >= since
        ],
        "ended": ended,
        "delivered": of.state.delivered if since is None or of.read("Delivered").exists() else None,
        "may_sign": decides and of.may_sign,
        "decides_alone": _decides_alone(ticket),
        "rating": rating_on_case(contact, ticket),
        "choices": _choices(of, again),
        "visit": visit_on_case(of, at=timezone.now()),
    }


def _choices(of: OwnCase, again: OfRequester | None) -> ChoicesShown | None:
    """What the reader may decide here; None where there is nothing to."""
    offered = choices_of(of.ticket, of.contact, at=timezone.now())
    if not offered:
        return None
    action = reverse("portal-choose", args=[of.contact.desk.key, str(of.ticket)])
    form = on_own_case(of, again)("choose")
    assert isinstance(form, Choosing)
    return ChoicesShown(action, offered, form)


def _decides_alone(ticket: Ticket) -> str:
    """Who decides where no named contact of an organisation does."""
    named = named_contacts(ticket.organisation) if ticket.organisation else []
    return str(ticket.requester) if not named and may_sign(ticket.requester, ticket) else ""
