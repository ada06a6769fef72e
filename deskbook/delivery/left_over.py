"""What is left over for a person, of every channel: what did not leave, and what came and could not
be taken in.

A channel declares each sort of its rows that may be: which they are, how they are shown and found,
and what may be done about them. The list, its counts and its acts are made once, for all.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.utils.functional import Promise

from deskbook.engine.channels import ChannelKind
from deskbook.people.access import seen_by
from deskbook.people.models import Agent
from deskbook.people.prepared import written_out
from deskbook.people.sight import hidden_from
from deskbook.tickets.messages import File
from deskbook.tickets.models import Message, Ticket

Rows = Callable[[Agent], QuerySet[Any]]
"""Returns those rows of the desk of an agent that they may see: the same for all of their role."""
Place = tuple[datetime, str, int]
"""Where in the list something stands: since when, the key of its sort, its row."""


_ASKED: dict[tuple[int, str], tuple[str, Mapping[str, Any]]] = {}
"""Desk and role → what `count_of` returns."""


class Shown(NamedTuple):
    """What the list says of one row."""

    who: str
    """Whom it is to, or from; empty where nobody knows."""
    what: str = ""
    words: str = ""
    """How it begins."""
    to: str = ""
    """Which of the desk's own addresses it came to."""


class Beginning(NamedTuple):
    """What the form of a case begins with that a person makes of something left over."""

    requester: str
    text: str
    channel: ChannelKind
    """How it came."""
    subject: str = ""
    """Empty where it has none: then the case is called by how its text begins."""
    files: Sequence[File] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sort:
    """One sort of what may be left over."""

    key: str
    """Stands in addresses: "mail-out"."""
    title: str | Promise
    icon: str
    at: str
    """The field that says since when."""
    rows: Rows
    """What waits for a person."""
    find: Callable[[str, QuerySet[Any]], QuerySet[Any]]
    """Returns those that hold each of some words."""
    shows: Callable[[Any], Shown]
    ticket: Callable[[Any], Any] = lambda row: row.ticket
    path: str = "ticket__"
    """Leads from a row to its ticket, in a question; empty where it never has one."""
    again: Callable[[Any, Agent, datetime], object]
    """Tries one again."""
    drop: Callable[[Any, Agent, datetime, str], object]
    """Decides that one does not leave, or becomes nothing, and why, as typed."""
    take_back: Callable[[QuerySet[Any]], Sequence[int]] | None = None
    """Undoes that, and returns the ids of those it was undone of; None where it is for good."""
    only_leads_try: bool = False
    """It was held so that somebody decides."""
    all_again: Callable[[Agent, datetime], int] | None = None
    """Tries all of them again, after all else that leaves, and returns how many."""
    waiting: Rows | None = None
    """What leaves by itself, and says why it has not yet."""
    try_now: Callable[[Agent, datetime], object] | None = None
    """Lets what waits try at once."""
    left_out: Rows | None = None
    """What needs nobody: rightly nothing for the desk, or dropped by somebody."""
    came_back: Rows | None = None
    """What was refused for good: said on its ticket, and nothing is gained by sending it again."""
    is_mail: bool = False
    """It is a mail that came: it can be looked at, and made a ticket where it was left out too."""
    begins: Callable[[Any, Agent], Beginning] | None = None
    """Of what came and can be made a ticket."""
    became: Callable[[Any], Ticket | None] = lambda row: row.ticket
    """Returns which ticket was made of one of those."""
    file: Callable[[Any, Message, Agent, datetime], None] | None = None
    """Notes of one of those which message somebody made of it."""

    def __post_init__(self) -> None:
        """Whatever a channel names as rows, nobody gets those of tickets they do not see."""
        for name in ("rows", "waiting", "left_out", "came_back"):
            rows = getattr(self, name)
            if rows and self.path:
                object.__setattr__(self, name, _seen(rows, self.path))


def _seen(rows: Rows, path: str) -> Rows:
    return lambda agent: seen_by(agent, rows(agent), path)


class LeftOver(NamedTuple):
    """One row of the list."""

    sort: Sort
    row: Any
    at: datetime


def listed(
    asked: Mapping[Sort, QuerySet[Any]],
    *,
    words: str = "",
    most: int,
    after: Place | None = None,
) -> list[LeftOver]:
    """Returns at most `most` of the rows asked for, the latest first, and of these what comes
    `after` a place in the list.

    With `words`, only what holds each of them.
    """
    first, *others = (_places(sort, rows, words, after, most) for sort, rows in asked.items())
    if others:
        whole = first.union(*others, all=True).order_by("-left_at", "-left_sort", "-left_row")
        first = whole[:most]
    places: list[Place] = list(first)
    rows = {
        sort.key: (sort, asked[sort].in_bulk([row for _at, key, row in places if key == sort.key]))
        for sort in asked
        if any(key == sort.key for _at, key, _row in places)
    }
    found = [(*rows[key], row, at) for at, key, row in places]
    return [LeftOver(sort, there[row], at) for sort, there, row, at in found if row in there]


def counted(asked: Mapping[Sort, QuerySet[Any]]) -> Mapping[str, int]:
    """Returns how many rows of each sort there are, in one question."""
    counts, given = _counts(asked.values())
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(counts)}", given)
        return dict(zip((sort.key for sort in asked), cursor.fetchone(), strict=True))


def count_of(sorts: Iterable[Sort], agent: Agent) -> tuple[str, Mapping[str, Any]]:
    """Returns SQL that counts what is left over, and what it is asked with, by names: it is part of
    a larger question.
    """
    alike = agent.desk_id, agent.role
    # Every page asks it, and to put it together takes three milliseconds. It is kept as long as the
    # process: rows of the last days are told by the database's `Now()`, not by an instant of ours.
    if alike not in _ASKED or hidden_from(agent):
        counts, given = _counts(sort.rows(agent) for sort in sorts)
        names = {value: str(n) for n, value in enumerate(dict.fromkeys(given))}
        places, sql = iter(given), " + ".join(counts).replace('"', "")
        named = re.sub("%s", lambda _: f"%({names[next(places)]})s", sql)
        asked = named, {name: value for value, name in names.items()}
        if hidden_from(agent):
            return asked
        _ASKED[alike] = asked
    return _ASKED[alike]


def _counts(asked: Iterable[QuerySet[Any]]) -> tuple[Sequence[str], Sequence[Any]]:
    counts, given = [], list[Any]()
    for rows in asked:
        count = rows.order_by().values(of=Value(1)).annotate(n=Count("*")).values("n").query
        sql, values = written_out(*count.get_compiler(connection=connection).as_sql())
        counts.append(f"({sql})")
        given += values
    return counts, given


def holding(*fields: str) -> Callable[[str, QuerySet[Any]], QuerySet[Any]]:
    """Returns what finds rows each word is in one of whose `fields`."""

    def find(words: str, rows: QuerySet[Any]) -> QuerySet[Any]:
        for word in words.split():
            holds = Q(pk__in=[])
            for field in fields:
                holds |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(holds)
        return rows

    return find


def _places(
    sort: Sort, rows: QuerySet[Any], words: str, after: Place | None, most: int
) -> QuerySet[Any, Any]:
    """The first places of one sort: a list of all sorts begins with some of these."""
    rows = sort.find(words, rows) if words else rows
    rows = rows.filter(_behind(sort, after)) if after else rows
    named = rows.annotate(
        left_at=F(sort.at), left_sort=Value(sort.key, TextField()), left_row=F("pk")
    )
    places: QuerySet[Any, Any] = named.order_by(f"-{sort.at}", "-pk").values_list(
        "left_at", "left_sort", "left_row"
    )[:most]
    return places


def _behind(sort: Sort, after: Place) -> Q:
    """Exactly what comes behind a place: a thousand that were sent again together have one
    instant.
    """
    at, key, row = after
    before = Q(**{f"{sort.at}__lt": at})
    if sort.key > key:
        return before
    at_once = Q(**{sort.at: at})
    return before | (at_once & Q(pk__lt=row) if sort.key == key else at_once)
