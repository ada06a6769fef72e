"""Lists by key: a page begins behind the last row of the one before, however many there are."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


def page_behind(
    rows: QuerySet[Row], field: str, after: str, size: int, *, first: bool = False
) -> tuple[list[Row], str]:
    """Returns one page in the order of an instant and the id, the latest first (or the `first`),
    and the key the next page begins behind; "" where there is none.
    """
    back = "" if first else "-"
    ordered = behind(rows, field, after, first=first).order_by(f"{back}{field}", f"{back}pk")
    return cut(ordered[: size + 1], field, size)


def behind(rows: QuerySet[Row], field: str, after: str, *, first: bool = False) -> QuerySet[Row]:
    """Returns the rows behind that of the key, in either order; all of them where it is none."""
    key, beyond = key_typed(after), "gt" if first else "lt"
    if key is None:
        return rows
    at, id_ = key
    return rows.filter(Q(**{f"{field}__{beyond}": at}) | Q(**{field: at, f"pk__{beyond}": id_}))


def cut(rows: Iterable[Row], field: str, size: int) -> tuple[list[Row], str]:
    """Returns the page of rows asked for with one more than it holds, and the key of the next."""
    found = list(rows)
    return found[:size], key_of(found[size - 1], field) if len(found) > size else ""


def key_of(row: Any, field: str) -> str:
    """Returns what a page that begins behind this row is asked for by."""
    return f"{getattr(row, field).isoformat()}_{row.pk}"


def key_typed(after: str) -> tuple[datetime, int] | None:
    """Returns the instant and the id of a key; None for what is none."""
    at, _separator, id_ = after.rpartition("_")
    try:
        found, number = datetime.fromisoformat(at), int(id_)
    except ValueError:
        return None
    return (found, number) if found.tzinfo and abs(number) < 2**63 else None
