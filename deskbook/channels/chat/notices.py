"""Telling open chat screens that something changed: ids and marks only, never a word of what was
said.
"""

from typing import Any

from deskbook.channels.chat.models import ChatSession
from deskbook.people.open_screens import tell_open_screens


def tell(session: ChatSession, **what: Any) -> None:
    """Tells it when the transaction commits. Without `what` it is the chat's state that changed."""
    tell_open_screens({"desk": session.desk_id, "chat": session.pk, **(what or {"state": True})})
