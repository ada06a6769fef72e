"""What a program is told of one entry of the log: ids and what of the book's words it holds. What
people typed is asked for by the REST API, by a token that may see it.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from deskbook.bridges.webhooks.models import WebhookCall
from deskbook.delivery.posting import Letter
from deskbook.tickets.models import LogEntry

_LEFT_OUT = {
    "InformationRequested": ("awaited",),
    "StageChanged": ("stated",),
    "Undone": ("before",),
}
"""Kind → what of it is not told: what old logs hold as it was typed, and a case as it stood."""


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
        "facts": _facts(entry),
        "ticket_address": f"{settings.DESKBOOK_SITE_URL}/api/v1/tickets/{ticket}",
    }
    body = {"type": entry.kind, "timestamp": entry.at.isoformat(), "data": data}
    return Letter(call.told_as, json.dumps(body, ensure_ascii=False))


def _facts(entry: LogEntry) -> Mapping[str, Any]:
    left_out = _LEFT_OUT.get(entry.kind, ())
    return {name: fact for name, fact in entry.data.items() if name not in left_out}
