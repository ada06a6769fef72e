"""Telling open screens that the agents of a desk changed: each asks again whether it may go on."""

import json

from django.db import connection


def tell_agents_changed(desk_id: int) -> None:
    """Tells it when the transaction commits; who was switched off is told nothing more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_notify('deskbook', %s)", [json.dumps({"desk": desk_id, "agents": True})]
        )
