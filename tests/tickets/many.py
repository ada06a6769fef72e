"""Many tickets, and of how many of them a statement looks at the rows."""

from typing import Any

from django.db import connection

from deskbook.tickets.models import Ticket


def multiply(ticket: Ticket, count: int, **own: str) -> None:
    """Copies a ticket under the numbers from 101 on; `own` are columns, as SQL of `n`, 1, 2 …"""
    columns = [field.column for field in Ticket._meta.concrete_fields if not field.primary_key]
    differs = {"number": "100 + n", **own}
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into deskbook_ticket ({', '.join(columns)})"
            f" select {', '.join(differs.get(name, name) for name in columns)}"
            f" from deskbook_ticket, generate_series(1, {count}) n where id = %s",
            [ticket.pk],
        )
        cursor.execute("analyze deskbook_ticket")


def tickets_read(node: dict[str, Any]) -> int:
    """Returns of how many tickets the rows themselves were looked at, of a plan."""
    read = 0
    if node["Node Type"] in ("Seq Scan", "Index Scan", "Bitmap Heap Scan"):
        thrown_away = node.get("Rows Removed by Filter", 0)
        if node["Relation Name"] == "deskbook_ticket":
            read = (node["Actual Rows"] + thrown_away) * node["Actual Loops"]
    return read + sum(tickets_read(below) for below in node.get("Plans", ()))
