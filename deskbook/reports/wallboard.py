"""What a screen on a wall shows of a desk, in one question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from django.db import connection

from deskbook.engine.sight import Viewer
from deskbook.engine.wall_time import zone_named
from deskbook.people.models import HelpDesk
from deskbook.people.sight import hidden_from_viewer

MOST = 6
WEEKS = 8
"""A usual day is the same weekday of so many weeks before."""
NOBODY = Viewer(frozenset())
"""Sees what everybody at the desk does: what is confined to some is on no wall."""


class Waiting(NamedTuple):
    """Cases of one channel whose requesters wait for an answer."""

    channel: str
    cases: int
    since_at: datetime


class Next(NamedTuple):
    """A case that will be late first."""

    number: str
    severity: str
    team: str
    channel: str
    due_at: datetime


class Against(NamedTuple):
    """How many there are today, and how many there usually are by this time of the day."""

    today: int
    usual: int


@dataclass(frozen=True, slots=True)
class Shown:
    waiting: tuple[Waiting, ...]
    late: int
    next: tuple[Next, ...]
    new: Against
    solved: Against


def shown_of(helpdesk: HelpDesk, zone: str, *, at: datetime) -> Shown:
    """Returns what stands on a desk's wall at `at`, by the clocks of a zone."""
    seen, given = hidden_from_viewer(helpdesk, NOBODY).sql(masked=False)
    starts, ends = _days(at, zone)
    values: Mapping[str, Any] = {
        "desk": helpdesk.pk,
        "most": MOST,
        "from_at": starts,
        "until_at": ends,
        **given,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.replace("{seen}", seen), values)
        found = cursor.fetchone()[0]
    new, solved = zip(*found["days"], strict=True)
    return Shown(
        tuple(Waiting(channel, n, _instant(since)) for channel, n, since in found["waiting"] or ()),
        found["late"],
        tuple(
            Next(f"{helpdesk.prefix}-{number}", severity, team, channel, _instant(due))
            for number, severity, team, channel, due in found["next"] or ()
        ),
        _against(new),
        _against(solved),
    )


def _days(at: datetime, zone: str) -> tuple[list[datetime], list[datetime]]:
    """From the midnight of today until now, and the same of each day it is held against."""
    here = at.astimezone(zone_named(zone))
    ends = [here - timedelta(weeks=n) for n in range(WEEKS + 1)]
    starts = [end.replace(hour=0, minute=0, second=0, microsecond=0) for end in ends]
    return starts, ends


def _against(counts: Sequence[int]) -> Against:
    today, *before = counts
    return Against(today, round(median(before)))


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


# Numbers, and of cases their numbers; no words of anybody.
_SQL = """
select json_build_object(
    'waiting', (
        select json_agg(
            json_build_array(channel, cases, extract(epoch from since)) order by since
        )
        from (
            select channel, count(*) as cases, min(waits_since_at) as since
            from deskbook_ticket ticket
            where desk_id = %(desk)s and waits_since_at is not null and is_open and {seen}
            group by channel
            union all
            select 'live chat', count(*), min(began_at)
            from deskbook_chatsession where desk_id = %(desk)s and state = 'waiting'
            having count(*) > 0
        ) waiting
    ),
    'late', (
        select count(*) from deskbook_ticket ticket
        where desk_id = %(desk)s and is_open and due_order_at <= now() and {seen}
    ),
    'next', (
        select json_agg(
            json_build_array(number, severity, team, channel, extract(epoch from due_order_at))
        )
        from (
            select * from deskbook_ticket ticket
            where desk_id = %(desk)s and is_open and due_order_at > now()
                and next_due_clock not in ('level', 'pick-up', '')
                and turn not in ('snoozed', 'finished') and {seen}
            order by due_order_at, id limit %(most)s
        ) next
    ),
    'days', (
        select json_agg(json_build_array(
            (
                select count(*) from deskbook_course where desk_id = %(desk)s
                    and opened_at >= from_at and opened_at < until_at
            ),
            (
                select count(*) from deskbook_course where desk_id = %(desk)s
                    and solved_at >= from_at and solved_at < until_at
            )
        ) order by day)
        from unnest(%(from_at)s::timestamptz[], %(until_at)s::timestamptz[])
            with ordinality days (from_at, until_at, day)
    )
)
"""
