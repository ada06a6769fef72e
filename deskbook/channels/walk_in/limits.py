"""How often somebody may try something; counted in the database, since web processes are several."""

from datetime import datetime, timedelta

from django.db import connection

_COUNT = """
    insert into deskbook_tries (key, since_at, count) values (%(key)s, %(at)s, 1)
    on conflict (key) do update set
        count = case when deskbook_tries.since_at < %(from_at)s then 1 else deskbook_tries.count + 1 end,
        since_at = case when deskbook_tries.since_at < %(from_at)s then %(at)s else deskbook_tries.since_at end
    returning count
"""


def too_often(what: str, most: int, within: timedelta, *, at: datetime) -> bool:
    """Counts one more try of `what` and returns whether it is past `most` of them `within` a stretch of time."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": what[:120], "at": at, "from_at": at - within})
        return bool(cursor.fetchone()[0] > most)


def forget_tries(*, before_at: datetime) -> None:
    """Drops counts nobody asks for any more."""
    with connection.cursor() as cursor:
        cursor.execute("delete from deskbook_tries where since_at < %s", [before_at])
