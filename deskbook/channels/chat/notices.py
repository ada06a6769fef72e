"""Telling open chat screens that something changed: ids and marks only, never a word of what was
said.
"""

import json
from typing import Any

from django.db import connection

from deskbook.channels.chat.models import ChatSession


def tell(session: ChatSession, **what: Any) -> None:
    """Tells it when the transaction commits. Without `what` it is the chat's state that changed."""
    notice = {"desk": session.desk_id, "chat": session.pk, **(what or {"state": True})}
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify('deskbook', %s)", [json.dumps(notice)])
