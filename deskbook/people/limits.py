"""How often somebody may try something; counted in the database, since web processes are several."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

FORGOTTEN_AFTER = timedelta(days=1)
_COUNT = """
    insert into deskbook_tries (key, since_at, count) values (%(key)s, %(at)s, 1)
    on conflict (key) do update set
        count = case when deskbook_tries.since_at < %(from_at)s then 1 else deskbook_tries.count + 1 end,
        since_at = case when deskbook_tries.since_at < %(from_at)s then %(at)s else deskbook_tries.since_at end
    returning count
"""


def too_often(what: str, most: int, within: timedelta, *, at: datetime) -> bool:
    """Counts one more try of `what` and returns whether it is past `most` of them `within` a stretch of time.

    `what` may hold an address: it is kept as a hash, and for a day.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT, {"key": salted_hmac("deskbook tries", what).hexdigest(), "at": at, "from_at": at - within}
        )
        count = int(cursor.fetchone()[0])
        if count == 1:
            cursor.execute("delete from deskbook_tries where since_at < %s", [at - FORGOTTEN_AFTER])
    return count > most
