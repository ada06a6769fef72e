"""Telling a program again: one entry, or all the log holds since an instant."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from deskbook.bridges.webhooks.models import Webhook, WebhookCall
from deskbook.bridges.webhooks.telling import try_now
from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.people.books import sight_in_force
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.models import LogEntry

MOST = 20_000
"""Entries that are told again at once."""
_AT_ONCE = 2_000


@transaction.atomic
def tell_again(call: WebhookCall, *, at: datetime) -> bool:
    """Queues one that was told, or given up, again, and has all that waits for the program tried
    now; False for one that waits anyway.
    """
    found = _queued_again(WebhookCall.objects.filter(pk=call.pk), at, replayed=False)
    if found:
        try_now(call.webhook, at=at)
    return bool(found)


@transaction.atomic
def replay(hook: Webhook, since: datetime, *, at: datetime) -> int:
    """Queues all that was recorded at the desk since an instant and is of the program's kinds,
    whether it was told before or not, has it tried now, and returns how many entries they are.
    Raises Refused for more than MOST.
    """
    entries = _entries(hook, since, at)
    found = list(entries.order_by("pk").values_list("pk", "ticket")[: MOST + 1])
    if len(found) > MOST:
        raise Refused(Refusal("webhooks.too_much", most=MOST))
    fresh: dict[str, Any] = {"queued_at": at, "next_try_at": at, "replayed": True}
    calls = [
        WebhookCall(webhook=hook, entry_id=entry, ticket_id=ticket, **fresh)
        for entry, ticket in found
    ]
    WebhookCall.objects.bulk_create(calls, batch_size=_AT_ONCE, ignore_conflicts=True)
    again = WebhookCall.objects.filter(webhook=hook, entry__in=entries.values("pk"))
    _queued_again(again, at, replayed=True)
    Webhook.objects.filter(pk=hook.pk).update(trouble="")
    try_now(hook, at=at)
    return len(found)


def _entries(hook: Webhook, since: datetime, at: datetime) -> QuerySet[LogEntry]:
    """What may still be undone is not told yet: its own job will. What came by an import with its
    ticket was of another system, and nobody is told of it.
    """
    confined = sight_in_force(hook.desk).confined
    entries = LogEntry.objects.filter(
        ticket__desk=hook.desk_id, recorded_at__gte=since, recorded_at__lte=at
    ).exclude(ticket__category__in=confined)
    coming = LogEntry.objects.filter(
        ticket=OuterRef("ticket"), seq=1, kind="Imported", recorded_at=OuterRef("recorded_at")
    )
    entries = entries.filter(~Exists(coming))
    return entries.filter(kind__in=hook.kinds) if hook.kinds else entries


def _queued_again(calls: QuerySet[WebhookCall], at: datetime, *, replayed: bool) -> int:
    """Those that leave by themselves are left to do so."""
    fresh: dict[str, Any] = {"state": State.WAITING, "reason": "", "attempts": 0, "wanted": True}
    fresh["replayed"] = replayed
    over = calls.filter(~Q(state__in=LEAVES_BY_ITSELF))
    return over.update(**fresh, queued_at=at, next_try_at=at, ended_at=None, sent_at=None)
