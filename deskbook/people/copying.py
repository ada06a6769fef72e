"""Rows by COPY: many at once, with ids taken beforehand, past the ORM's one statement a batch."""

from collections.abc import Sequence

from django.db import connection, models
from psycopg.types.json import Jsonb


def take_ids(sequence: str, count: int) -> list[int]:
    """Returns so many next values of a sequence; two loaders at once never get the same one."""
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
