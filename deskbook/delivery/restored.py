"""What was on its way out of a desk when its backup was made: nobody knows whether it left
since.
"""

from typing import Any

from psycopg import Connection, sql

from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.refusals.kept import kept

_TABLES = ("deskbook_outboundmail", "deskbook_textmessage")
"""Those whose rows a person can send or discard: what would be held elsewhere is in no list
(messages of WhatsApp, and what programs are told).
"""
_NEEDED = {"state", "reason", "next_try_at", "desk_id"}
_HOLD = """
update {table} set state = %s, reason = %s, next_try_at = null
where state = any(%s) and desk_id is not null
"""
"""A notice of before its desk was kept may be in nobody's list: it leaves."""


def hold_what_waited(connection: Connection[Any]) -> int:
    """Holds the letters and texts of a restored database that wait to leave, or were in hand, for a
    person to decide, and returns how many. By SQL: its tables may be those of an older version.
    """
    held = 0
    why = str(kept("held.restored"))
    waits = [str(state.value) for state in LEAVES_BY_ITSELF]
    for table in _TABLES:
        if _has_what_is_needed(connection, table):
            question = sql.SQL(_HOLD).format(table=sql.Identifier(table))
            held += connection.execute(question, [State.HELD.value, why, waits]).rowcount
    return held


def _has_what_is_needed(connection: Connection[Any], table: str) -> bool:
    columns = connection.execute(
        "select column_name from information_schema.columns"
        " where table_schema = 'public' and table_name = %s",
        [table],
    )
    return {str(name) for (name,) in columns} >= _NEEDED
