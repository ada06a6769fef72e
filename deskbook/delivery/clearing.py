"""How rows are cleared at night: in parts, by short transactions, so that nobody waits for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

TOLD_KEPT = timedelta(days=90)
"""What services told us, as they told it, after it was understood: long enough to look into a
complaint.
"""
AT_ONCE = 2_000
MOST_PARTS = 200
Row = TypeVar("Row", bound=Model)


def delete(rows: QuerySet[Row]) -> int:
    """Deletes the rows and returns how many went."""
    return _in_parts(rows, lambda part: part.delete())


def empty(rows: QuerySet[Row], **values: Any) -> int:
    """Gives the rows these values instead of what was told, and returns how many it were.

    `rows` are those that do not have them yet.
    """
    return _in_parts(rows, lambda part: part.update(**values))


def _in_parts(rows: QuerySet[Row], do: Callable[[QuerySet[Row]], object]) -> int:
    count = 0
    for _part in range(MOST_PARTS):
        found = list(rows.values_list("pk", flat=True)[:AT_ONCE])
        if not found:
            break
        do(rows.model._default_manager.filter(pk__in=found))
        count += len(found)
    return count
