"""How far a long piece of work is, for who watches it from outside its transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

_TELL = """
    insert into deskbook_uploadprogress (upload_id, done, total) values (%s, %s, %s)
    on conflict (upload_id) do update set done = excluded.done, total = excluded.total
"""


@contextmanager
def progress_line(upload_id: int, total: int) -> Iterator[Callable[[int], None]]:
    """Gives a function that tells how many lines are done. Over a connection of its own: the work
    may be one transaction, and what it writes is not seen before its end.
    """
    line = connection.copy()
    try:

        def told(done: int) -> None:
            with line.cursor() as cursor:
                cursor.execute(_TELL, [upload_id, done, max(total, done)])

        told(0)
        yield told
    finally:
        line.close()
