"""Questions of the ORM that are put together once, and asked again with other values.

To write a statement takes Django several times as long as PostgreSQL takes to answer it; what every
page of a kind asks is written once in the life of a process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import BooleanField, Expression, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable
from psycopg.sql import Literal

Row = TypeVar("Row", bound=Model)


class _Given(Expression):
    """Stands for a value that is known when the question is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


def among(column: str, values: Any) -> RawSQL:
    """Returns the condition that a column (`table.column`) is one of the values, however many: the
    stand-in of a list that is known when the question is asked.
    """
    return RawSQL(f"{column} = any(%s)", [values], BooleanField())


def written_out(sql: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """Returns a statement with the texts that it always has written into it, and the values that
    are left for its places.

    A plan that is kept is made for any value: it finds no partial index, and looks so dear that
    PostgreSQL plans anew with each asking, which took a list longer than its rows.
    """
    left, places = list[Any](), iter(values)

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        if isinstance(value := next(places), str):
            return Literal(str(value)).as_string().replace("%", "%%")
        left.append(value)
        return "%s"

    return re.sub("%%|%s", place, sql), left


def anything(rows: QuerySet[Row]) -> QuerySet[Row, Any]:
    """Returns the question whether there are any such rows (`Prepared.finds`)."""
    return rows.order_by().values_list("pk")[:1]


class Prepared(Generic[Row]):
    """One question. `names` are those of the values it is asked with; `question` is given a
    stand-in for each, and may compare with it (`filter(number=number)`), not compute.
    """

    def __init__(self, question: Callable[..., QuerySet[Row, Any]], *names: str) -> None:
        self._question, self._names = question, names
        self._written: tuple[Any, str, list[Any], Any] | None = None

    def ask(self, **values: Any) -> list[Row]:
        """Returns the rows for these values."""
        rows = self._fetched(values)
        compiler, _sql, _places, converters = self._written or self._write()
        answered: Any = _Answered(compiler, converters, rows)
        return list(ModelIterable(answered))

    def first(self, **values: Any) -> Row | None:
        """Returns the first row for these values, None where there is none."""
        return next(iter(self.ask(**values)), None)

    def columns(self, **values: Any) -> list[tuple[Any, ...]]:
        """Returns what a question of columns (`values_list`) finds for these values."""
        rows = self._fetched(values)
        compiler, _sql, _places, converters = self._written or self._write()
        read = compiler.apply_converters(rows, converters) if converters else rows
        return [tuple(row) for row in read]

    def finds(self, **values: Any) -> bool:
        """Returns whether there is anything for these values; the question is one of `anything`."""
        return bool(self._fetched(values))

    def _fetched(self, values: Mapping[str, Any]) -> list[Any]:
        _compiler, sql, places, _converters = self._written or self._write()
        given = [values[of.name] if isinstance(of, _Given) else of for of in places]
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return list(cursor.fetchall())

    def _write(self) -> tuple[Any, str, list[Any], Any]:
        query = self._question(*map(_Given, self._names)).query
        compiler = query.get_compiler(connection=connection)
        sql, places = written_out(*compiler.as_sql())
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        self._written = compiler, sql, places, converters
        return self._written


class _Answered:
    """What `ModelIterable` reads of a queryset, with the rows there already."""

    db = "default"
    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, compiler: Any, converters: Any, rows: list[Any]) -> None:
        self.query = self
        self._compiler = copy(compiler)  # threads ask at the same time
        self._compiler.execute_sql = lambda *_args, **_options: [rows]
        self._compiler.get_converters = lambda _columns: converters
        self._compiler.has_composite_fields = lambda _columns: False  # asked of each column

    def get_compiler(self, using: str) -> Any:
        return self._compiler
