"""Rows past the ORM: a few by a statement that is written once in the life of a process, many by
COPY with ids taken beforehand.

To write the statement of one row takes Django longer than PostgreSQL takes to store it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int8

Column: TypeAlias = "models.Field[Any, Any]"


def insert_rows(*rows: models.Model) -> None:
    """Inserts new rows of one table and gives them their ids; words stand for a search vector, and
    are not kept in the row.
    """
    fields = _fields_of(type(rows[0]))
    with connection.cursor() as cursor:
        values = [_value(row, field) for row in rows for field in fields]
        cursor.execute(_insert_into(type(rows[0]), len(rows)), values)
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding, row._state.db = pk, False, "default"
            for field in fields:
                if isinstance(field, SearchVectorField):
                    del row.__dict__[field.attname]


def insert_new(row: models.Model) -> bool:
    """Inserts a row unless the table has one that may not be there twice; returns whether it did,
    and only then gives it its id.
    """
    fields = _fields_of(type(row))
    statement = _insert_into(type(row), 1).replace(
        " returning id", " on conflict do nothing returning id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [_value(row, field) for field in fields])
        found = cursor.fetchone()
    if found:
        row.pk, row._state.adding, row._state.db = found[0], False, "default"
    return found is not None


def update_row(row: models.Model, *names: str) -> None:
    """Writes the fields of a row that are named; without names every column that was read, and no
    other.
    """
    known = _fields_of(type(row))
    if names:
        fields = [field for field in known if field.name in names]
    else:
        fields = [field for field in known if field.attname in row.__dict__]
    values = [_value(row, field) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_update_of(type(row), tuple(fields)), [*values, row.pk])


@cache
def _fields_of(model: type[models.Model]) -> tuple[Column, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@cache
def _insert_into(model: type[models.Model], count: int) -> str:
    fields = _fields_of(model)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    row = ", ".join(map(_place, fields))
    rows = ", ".join([f"({row})"] * count)
    return f"insert into {model._meta.db_table} ({columns}) values {rows} returning id"


@cache
def _update_of(model: type[models.Model], fields: tuple[Column, ...]) -> str:
    put = ", ".join(f'"{field.column}" = {_place(field)}' for field in fields)
    return f"update {model._meta.db_table} set {put} where id = %s"


def _place(field: Column) -> str:
    return "to_tsvector('simple', %s)" if isinstance(field, SearchVectorField) else "%s"


def _value(row: models.Model, field: Column) -> Any:
    """Whole numbers are all of one size: a statement is prepared anew for each."""
    held, name = row.__dict__, field.attname
    value = held[name] if name in held else getattr(row, name)  # no call where it was read
    if value is None and getattr(field, "auto_now_add", False):
        value = field.pre_save(row, add=True)
    if type(field) is models.JSONField:
        return Jsonb(value)
    return Int8(value) if type(value) is int else value


def take_ids(sequence: str, count: int) -> list[int]:
    """Returns so many next values of a sequence; two loaders at once never get the same one."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(%s::regclass) from generate_series(1, %s)", [sequence, count]
        )
        return [int(value) for (value,) in cursor.fetchall()]


def take_ids_of(model: type[models.Model], count: int) -> list[int]:
    """Returns so many primary keys for new rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        row = cursor.fetchone()
    return take_ids(row[0], count)


def give_ids(rows: Sequence[models.Model]) -> None:
    """Gives new rows of one table their primary keys."""
    if rows:
        for row, pk in zip(rows, take_ids_of(type(rows[0]), len(rows)), strict=True):
            row.pk = pk


def copy_rows(rows: Sequence[models.Model], *, into: str = "") -> None:
    """Writes the rows, primary keys included, into their table or into `into`, which has the same
    columns.
    """
    if not rows:
        return
    fields = rows[0]._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    names = [field.attname for field in fields]
    documents = {field.attname for field in fields if isinstance(field, models.JSONField)}
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy {into or rows[0]._meta.db_table} ({columns}) from stdin") as copy,
    ):
        for row in rows:
            copy.write_row(
                [Jsonb(v) if n in documents else v for n in names for v in (getattr(row, n),)]
            )


def update_by_copy(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Writes these columns of rows that are there already, all in one statement; ids pair
    them up.
    """
    if not rows:
        return
    table = rows[0]._meta.db_table
    put = ", ".join(f'"{column}" = fresh."{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"create temp table fresh_rows (like {table}) on commit drop")
        copy_rows(rows, into="fresh_rows")
        cursor.execute(
            f"update {table} set {put} from fresh_rows fresh where {table}.id = fresh.id"
        )
        cursor.execute("drop table fresh_rows")


def write_by_copy(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Writes rows of one table: new ones whole, with ids of their own; of known ones these
    columns.
    """
    fresh = [row for row in rows if row.pk is None]
    known = [row for row in rows if row.pk is not None]
    give_ids(fresh)
    copy_rows(fresh)
    update_by_copy(known, columns)
