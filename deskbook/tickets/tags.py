"""Putting tags on a case and taking them off, and those that are in use."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deskbook.engine.decide_tags import decide_tag
from deskbook.people.access import visible_to_agent
from deskbook.people.models import Agent
from deskbook.tickets.log import Recorded, perform
from deskbook.tickets.models import Ticket

LOOKED_AT = 2_000
"""Among so many of the latest tagged cases: what nobody uses any more is not offered for ever."""


def tag_ticket(
    ticket: Ticket,
    put: Sequence[str],
    off: Sequence[str] = (),
    *,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Puts tags on a ticket and takes others off. Raises Refused."""
    return perform(ticket, decide_tag, put, off, at=at, by=by, key=key)


def known_tags(agent: Agent, begins: str, *, most: int) -> list[tuple[str, int]]:
    """Returns tags that begin so, those used most first, and how often each was used of late."""
    tagged = visible_to_agent(agent, Ticket.objects.exclude(tags=[]))
    latest = tagged.order_by("-last_activity_at").values_list("tags", flat=True)[:LOOKED_AT]
    used = Counter(tag for tags in latest for tag in tags if tag.startswith(begins.casefold()))
    return sorted(used.items(), key=lambda one: (-one[1], one[0]))[:most]


def tagged_with(tag: str, name: str) -> tuple[str, dict[str, Any]]:
    """Returns the condition of SQL on `ticket` that it has a tag, and the value, called `name`."""
    # The second half is what the index is about.
    condition = f"ticket.tags @> array[%({name})s]::varchar[] and not ticket.tags = '{{}}'"
    return condition, {name: " ".join(tag.casefold().split())}
