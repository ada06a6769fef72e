"""Columns a list does not know and a desk keeps: with each person, with each place."""

from typing import Any

from django.db.models import F, Func, QuerySet, TextField


def kept_columns(rows: QuerySet[Any], field: str = "attributes") -> list[str]:
    """Returns the headings under which something is kept in the `field` of these rows, in their
    order.
    """
    heading = Func(F(field), function="jsonb_object_keys", output_field=TextField())
    return sorted(
        rows.order_by().annotate(heading=heading).values_list("heading", flat=True).distinct()
    )
