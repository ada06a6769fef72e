"""How often somebody may try something, and how much they may send; counted in the database for all
processes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

FORGOTTEN_AFTER = timedelta(days=1)
_COUNT = """
    insert into deskbook_tries (key, since_at, count) values (%(key)s, %(at)s, 1)
    on conflict (key) do update set
        count = case when deskbook_tries.since_at < %(from_at)s then 1
            else deskbook_tries.count + 1 end,
        since_at = case when deskbook_tries.since_at < %(from_at)s then %(at)s
            else deskbook_tries.since_at end
    returning count
"""
_COUNT_IN_A_ROW = """
    insert into deskbook_tries (key, since_at, count) values (%(key)s, %(at)s, 1)
    on conflict (key) do update set
        count = case when deskbook_tries.since_at < %(from_at)s then 1
            else deskbook_tries.count + 1 end,
        since_at = case when deskbook_tries.since_at < %(from_at)s
                or deskbook_tries.count < %(most)s then %(at)s
            else deskbook_tries.since_at end
    returning count
"""
_MAKE_ROOM = """
    insert into deskbook_tries (key, since_at, count) values (%(key)s, %(at)s, %(amount)s)
    on conflict (key) do update set
        count = %(amount)s + case when deskbook_tries.since_at < %(from_at)s then 0
            else deskbook_tries.count end,
        since_at = case when deskbook_tries.since_at < %(from_at)s then %(at)s
            else deskbook_tries.since_at end
    where deskbook_tries.since_at < %(from_at)s or deskbook_tries.count + %(amount)s <= %(most)s
    returning count
"""


def too_often(what: str, most: int, within: timedelta, *, at: datetime) -> bool:
    """Counts one more try of `what` and returns whether it is past `most` of them `within` a
    stretch of time.

    `what` may hold an address: it is kept as a hash, and for a day.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "key": salted_hmac("deskbook tries", what).hexdigest(),
                "at": at,
                "from_at": at - within,
            },
        )
        count = int(cursor.fetchone()[0])
        if count == 1:
            cursor.execute("delete from deskbook_tries where since_at < %s", [at - FORGOTTEN_AFTER])
    return count > most


def too_often_in_a_row(what: str, most: int, within: timedelta, *, at: datetime) -> bool:
    """Counts one more try of `what` and returns whether it is past `most` of them in any stretch
    of `within`: they are forgotten once the last one that was let through is so long ago.
    """
    given: dict[str, Any] = {
        "key": salted_hmac("deskbook tries", what).hexdigest(),
        "at": at,
        "from_at": at - within,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_IN_A_ROW, given)
        return int(cursor.fetchone()[0]) > most


def there_is_room(
    wanted: Iterable[tuple[str, int]], amount: int, within: timedelta, *, at: datetime
) -> bool:
    """Counts `amount` for each (what, most of it `within` a stretch of time) and returns whether
    all had room for it.

    Where one had none nothing is counted: who was refused something large may still send something
    small.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for what, most in wanted:
            key = salted_hmac("deskbook tries", what).hexdigest()
            given: dict[str, Any] = {
                "key": key,
                "at": at,
                "from_at": at - within,
                "amount": amount,
                "most": most,
            }
            if amount <= most:
                cursor.execute(_MAKE_ROOM, given)
            if amount > most or cursor.fetchone() is None:
                transaction.set_rollback(True)
                return False
    return True


def forget(*whats: str) -> None:
    """Begins to count again: whoever tried has shown to be right."""
    keys = [salted_hmac("deskbook tries", what).hexdigest() for what in whats]
    with connection.cursor() as cursor:
        cursor.execute("delete from deskbook_tries where key = any(%s)", [keys])
