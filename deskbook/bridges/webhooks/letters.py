"""What a program is told of one entry of the log: ids and what of the book's words it holds. What
people typed is asked for by the REST API, by a token that may see it.
"""

import json

from django.conf import settings

from deskbook.bridges.webhooks.facts import facts_told
from deskbook.bridges.webhooks.models import WebhookCall
from deskbook.delivery.posting import Letter


def letter_of(call: WebhookCall) -> Letter:
    """Returns what is told, as docs/operating/webhooks.md describes it."""
    entry, ticket = call.entry, call.entry.ticket
    kind, _colon, who = entry.actor.partition(":")
    data = {
        "entry": entry.pk,
        "seq": entry.seq,
        "desk": ticket.desk.key,
        "ticket": str(ticket),
        "by": {"kind": kind, "id": who},
        "facts": facts_told(entry),
        "ticket_address": f"{settings.DESKBOOK_SITE_URL}/api/v1/tickets/{ticket}",
    }
    body = {"type": entry.kind, "timestamp": entry.at.isoformat(), "data": data}
    return Letter(call.told_as, json.dumps(body, ensure_ascii=False))
