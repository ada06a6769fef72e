"""Tickets in the order in which they were written to, for who keeps a copy of them."""

from dataclasses import replace
from datetime import datetime

from django.db import connection

from deskbook.tickets.queues import Wanted


def since(at: datetime, wanted: Wanted) -> Wanted:
    """Returns those of them that were written to at this instant or later, the earliest change
    first, up to where nothing earlier can be added any more.
    """
    held = "ticket.search @@ to_tsquery('simple', %(words)s)" if wanted.by_words else "true"
    # Before the list and not in it: what is committed between the two is seen by the list.
    written = wanted.where(
        f"ticket.changed_at >= %(since)s and ticket.changed_at < %(settled_at)s and {held}",
        since=at,
        settled_at=_settled_at(),
    )
    return replace(written, by_change=True, by_words=False, latest_first=False)


def _settled_at() -> datetime:
    """The instant before which all that was written is committed."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED)
        settled_at: datetime = cursor.fetchone()[0]
        return settled_at


_SETTLED = """
select least(statement_timestamp(), min(coalesce(xact_start, to_timestamp(0))))
from pg_stat_activity
where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
"""
"""Who writes has an xid before they set an instant (the trigger sees to it) and began before that.
Of who is not ours to see it is not known when they began: nothing is settled until they end.
"""
