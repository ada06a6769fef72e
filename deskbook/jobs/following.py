"""Open tickets follow a book that was put into force at a screen: a worker carries them over, and
begins again where it was killed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from deskbook.engine.renaming import Renaming
from deskbook.people.access import actor_of
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.carrying_over import carry_all_over


def follow_book(desk_id: int, version: int, agent_id: int, renaming: Mapping[str, Any]) -> None:
    """Carries the open tickets of a desk over to the version in force, unless that is another by
    now: then it was asked for what nobody looked at.
    """
    helpdesk = HelpDesk.objects.get(pk=desk_id)
    if helpdesk.book_version == version:
        by = actor_of(Agent.objects.get(pk=agent_id))
        carry_all_over(helpdesk, Renaming(**renaming), at=datetime.now(UTC), by=by)
