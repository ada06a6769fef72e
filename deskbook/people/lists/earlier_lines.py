"""Which line of a list said something first, of lists longer than memory holds.

Of what was said the database keeps a number of 64 bits for as long as the transaction lasts. That
two of some millions have the same by chance is one case in a million lists.
"""

from collections.abc import Hashable, Iterable

from django.db import connection


class EarlierLines:
    """What the lines judged so far said, and where; in memory is only what was looked up last, and
    what was said since.
    """

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}
        self._new: dict[int, int] = {}
        with connection.cursor() as cursor:
            cursor.execute(_KEPT)

    def line(self, what: Hashable) -> int | None:
        """Returns the line that said it; it is among what was looked up last."""
        return self._lines.get(hash(what))

    def say(self, what: Hashable, line: int) -> None:
        """Notes that a line said it."""
        self._lines[hash(what)] = self._new[hash(what)] = line

    def look_up(self, what: Iterable[Hashable]) -> None:
        """Keeps what was said since the last time, and looks up what of this was said before."""
        with connection.cursor() as cursor:
            cursor.execute(_SAID, [list(self._new), list(self._new.values())])
            cursor.execute(_FOUND, [list(map(hash, what))])
            self._lines, self._new = dict(cursor.fetchall()), {}


_KEPT = """
    create temp table if not exists said_in_list (what bigint primary key, line int) on commit drop;
    truncate said_in_list
"""
_SAID = """
    insert into said_in_list select * from unnest(%s::bigint[], %s::int[])
    on conflict (what) do update set line = excluded.line
"""
_FOUND = "select what, line from said_in_list where what = any(%s)"
