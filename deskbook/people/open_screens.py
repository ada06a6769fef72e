"""The word to open screens, by way of PostgreSQL: what changed, for whoever listens to it."""

import json
from collections.abc import Mapping

from django.db import connection

CHANNEL = "deskbook"
"""Where it is said and listened for."""


def tell_open_screens(notice: Mapping[str, object]) -> None:
    """Says a notice when the transaction commits; which screens it is about follows from its keys
    (web/hub.py).
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps(notice)])
