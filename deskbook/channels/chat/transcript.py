"""What chat screens are shown, read with one statement each: by pages one at a time, by streams for
many at once.

A line is an entry of the ticket's log, known by the entry's id: within a ticket ids grow in the
order of commits, because whoever writes one holds the ticket's row. So "what came after the last id
I have" misses and repeats nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from deskbook.channels.chat.belonging import MAY_READ, READERS
from deskbook.channels.chat.models import ChatSession
from deskbook.tickets.models import LogEntry
from deskbook.tickets.what_follows import kinds_said, rows

MOST_LINES = 500

#: Parameters: ids of tickets, as many ids of entries to begin after, kinds, how many lines.
LINES = f"""
    select e.id, e.ticket_id, e.kind, e.at, m.text, m.author_contact_id, coalesce(u.name, c.name,
        ''), done.key,
        (select json_agg(json_build_array(a.id, a.name, b.size, a.content_type) order by a.id)
         from deskbook_attachment a join deskbook_blob b on b.sha256 = a.blob_id
         where a.message_id = m.id and a.within_id is null),
        {MAY_READ}
    from unnest(%s::bigint[], %s::bigint[]) as wanted(ticket, after)
    cross join lateral ({READERS}) readers
    join deskbook_logentry e on e.ticket_id = wanted.ticket and e.id > wanted.after
        and e.kind = any(%s)
    join deskbook_message m on m.id = (e.data->>'message')::bigint and not m.outsider
    left join deskbook_user u on u.id = m.author_user_id
    left join deskbook_contact c on c.id = m.author_contact_id
    left join lateral (
        select key from deskbook_command k
        where k.ticket_id = e.ticket_id and e.seq between k.first_seq and k.last_seq limit 1
    ) done on true
    order by e.id limit %s
"""

#: Parameters: ids of desks. Chats that go on, and those that ended lately; `place` counts those
#: waiting for one team.
STATES = """
    select s.id, s.desk_id, s.state, s.ended_by, s.operator_id, coalesce(o.name, ''),
        s.meant_for_id, s.queued_at,
        s.taken_at, s.seen_at, s.visitor_read, s.operator_read, s.ticket_id,
            h.prefix || '-' || t.number, t.subject,
        t.team, t.category, t.owner_id, s.contact_id, c.name,
        case when s.state = 'waiting' then
            row_number() over (partition by s.desk_id, s.state, t.team
                order by s.queued_at, s.id) end
    from deskbook_chatsession s
    join deskbook_ticket t on t.id = s.ticket_id
    join deskbook_helpdesk h on h.id = s.desk_id
    join deskbook_contact c on c.id = s.contact_id
    left join deskbook_agent a on a.id = s.operator_id
    left join deskbook_user o on o.id = a.user_id
    where s.desk_id = any(%s) and (s.state <> 'ended' or s.ended_at > now() - interval '10 minutes')
"""

#: Parameters: ids of desks. Who is at the chats, and how long those taken within the hour had
#: waited, in seconds.
DESKS = """
    select desk.id,
        (select count(*) from deskbook_chatseat seat join deskbook_agent a on a.id = seat.agent_id
         where a.desk_id = desk.id and a.is_active
             and seat.seen_at > now() - interval '60 seconds'),
        waits.count, waits.short, waits.long
    from unnest(%s::bigint[]) as desk(id), lateral (
        select count(*),
            extract(epoch from percentile_disc(0.25) within group (order by taken_at - queued_at))
                as short,
            extract(epoch from percentile_disc(0.9) within group (order by taken_at - queued_at))
                as long
        from deskbook_chatsession where desk_id = desk.id and taken_at > now() - interval '1 hour'
    ) waits
"""
ENOUGH_WAITS = 5
"""Fewer chats taken within the hour tell nothing about the next one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said."""

    id: int
    ticket_id: int
    by_desk: bool
    contact_id: int | None
    who: str
    at: datetime
    text: str
    key: str
    """The client's own, to know its line again."""
    files: tuple[tuple[int, str, int, str], ...]
    """Id of the attachment, name, bytes, type."""
    readers: tuple[int, ...]
    """Ids of the chats whose visitors may read it; people of the desk read all."""


@dataclass(frozen=True, slots=True)
class State:
    """Where one chat is."""

    id: int
    desk_id: int
    state: str
    ended_by: str
    operator_id: int | None
    operator: str
    meant_for_id: int | None
    queued_at: datetime
    taken_at: datetime | None
    seen_at: datetime
    visitor_read: int
    operator_read: int
    ticket_id: int
    number: str
    subject: str
    team: str
    category: str
    owner_id: int | None
    contact_id: int
    name: str
    place: int | None
    """1 is next; only while it waits."""


@dataclass(frozen=True, slots=True)
class Busy:
    """How a desk's chats go: operators there, and how long people waited, where enough did to say
    so.
    """

    operators: int = 0
    waits: tuple[int, int] | None = None
    """Seconds: most waited longer than the first, few longer than the second."""


def said() -> list[str]:
    """Returns the kinds of entries that are lines of a chat."""
    return kinds_said("desk", "requester")


def line_of(row: Sequence[Any]) -> Line:
    id_, ticket_id, kind, at, text, contact_id, who, key, files, readers = row
    by_desk = rows()[kind].said_by == "desk"
    own = (key or "").rpartition(":")[2]
    listed = tuple(tuple(f) for f in files or ())
    return Line(id_, ticket_id, by_desk, contact_id, who, at, text, own, listed, tuple(readers))


def state_of(row: Sequence[Any]) -> State:
    return State(*row)


def busy_of(row: Sequence[Any]) -> tuple[int, Busy]:
    desk_id, operators, count, short, long = row
    waits = (int(short), int(long)) if count >= ENOUGH_WAITS else None
    return desk_id, Busy(operators, waits)


def lines_after(after: Mapping[int, int]) -> list[Line]:
    """Returns what was said on tickets (id → the entry to begin after), the oldest first."""
    given: Any = [list(after), list(after.values()), said(), MOST_LINES]
    with connection.cursor() as cursor:
        cursor.execute(LINES, given)
        return [line_of(row) for row in cursor.fetchall()]


def lines_for(session: ChatSession, *, after: int = 0) -> Iterator[Line]:
    """Returns what a chat's visitor may read of the case it shows now, the oldest first."""
    more = True
    while more:
        lines = lines_after({session.ticket_id: after})
        yield from (line for line in lines if session.pk in line.readers)
        more = len(lines) == MOST_LINES
        after = lines[-1].id if more else after


def line_said(entry: int) -> Line | None:
    """Returns one line by the id of its entry."""
    ticket = LogEntry.objects.filter(pk=entry).values_list("ticket_id", flat=True).first()
    return (
        next((line for line in lines_after({ticket: entry - 1}) if line.id == entry), None)
        if ticket
        else None
    )


def states_of(desk_id: int, *, chat: int | None = None) -> list[State]:
    """Returns the chats of a desk, or one of them."""
    one = "" if chat is None else "where id = %s"
    values: Any = [[desk_id]] if chat is None else [[desk_id], chat]
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ({STATES}) as state {one}", values)
        return [state_of(row) for row in cursor.fetchall()]


def busy_at(desk_ids: Iterable[int]) -> dict[int, Busy]:
    """Returns desk → how its chats go."""
    with connection.cursor() as cursor:
        cursor.execute(DESKS, [list(desk_ids)])
        return dict(busy_of(row) for row in cursor.fetchall())


def is_there(seen_at: datetime, *, at: datetime) -> bool:
    """Whether the visitor's device was heard of lately."""
    return at - seen_at < ChatSession.GONE_AFTER
