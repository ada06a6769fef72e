"""The lists of the console: which tickets, in whose order, page by page; counts that were
maintained.

By hand: Django's ORM takes four times as long over a list's statement as PostgreSQL does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from django.db import connection

from deskbook.people.models import Agent, HelpDesk
from deskbook.people.sight import hidden_from
from deskbook.tickets.folding import prefix_query
from deskbook.tickets.masked import COUNTED_OF_SEEN, masked_lines
from deskbook.tickets.sections import FOLDED, SECTIONS, Day

PAGE = 50
DUE_SOON = timedelta(hours=4)
"""What is due within this is shown with what is late."""
WINDOW = 20_000
"""Among so many of the latest tickets what holds the words of a search is looked for first."""
ENDED = ("closed", "redirected")
"""Queues of what is over: the latest first."""


class Listed(NamedTuple):
    """One ticket of a list, with what a line of it says."""

    id: int
    prefix: str
    number: int
    subject: str
    requester: str
    organisation: str | None
    owner: str | None
    desk_id: int
    book_version: int
    stage: str
    severity: str
    is_verified: bool
    outcome: str
    is_open: bool
    waits_for: str
    requester_waits: bool
    outsider_wrote: bool
    returned: bool
    tags: str | None
    """With commas between them. None, not empty: a value that is there costs fifty times a page."""
    next_due: float | None
    """When, in seconds since the epoch."""
    next_due_clock: str
    said: str | None
    """Who wrote last, and how it begins, in one line; None where nobody wrote."""
    said_when: float | None
    """In seconds since the epoch."""
    section: int
    """Its place among SECTIONS, in a list that has them."""
    version: int
    """How far its log has come."""
    last_activity: float
    changed: float
    """When something happened, and was written to its log, last; in seconds since the epoch."""
    key: str
    """Of its place in the list: a page begins behind it."""

    @property
    def name(self) -> str:
        return f"{self.prefix}-{self.number}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Tickets of a desk: conditions of SQL on `ticket`, their values, and in whose order."""

    conditions: tuple[str, ...]
    values: Mapping[str, Any]
    latest_first: bool = False
    by_words: bool = False
    """Of those only which hold the value `words`, a query of words."""
    sections: tuple[tuple[int, str], ...] = ()
    """Numbers of SECTIONS and what of each is wanted, as SQL, where the list has them."""
    by_change: bool = False
    """What was written to longest ago first, whatever happened: as a copy of them is kept up."""
    seen: str = ""
    """The condition of those of which more is told than number and stage; empty where all is."""

    def where(self, condition: str, **values: Any) -> "Wanted":
        """Returns those of them for which the condition holds as well: of what is told whole, for
        it says more of a ticket than its number and stage.
        """
        if self.seen:
            return replace(self._and(self.seen), seen="")._and(condition, **values)
        return self._and(condition, **values)

    def of_number_or_stage(self, condition: str, **values: Any) -> "Wanted":
        """Returns the same for a condition on what is told of each."""
        return self._and(condition, **values)

    def _and(self, condition: str, **values: Any) -> "Wanted":
        return replace(
            self,
            conditions=(*self.conditions, condition),
            values={**self.values, **values},
        )

    def in_sections(self, day: Day) -> "Wanted":
        """Returns them in the sections of a list, of a day."""
        return replace(self, sections=day.sections(self.seen))

    def behind(self, at: datetime, id_: int, section: int = 0) -> "Wanted":
        """Returns what comes after the ticket with this instant and id in this section, in the
        list's order.
        """
        beyond = f"({self._order(section)}, id) {self._beyond} (%(behind_at)s, %(behind_id)s)"
        place = {"behind_at": at, "behind_id": id_}
        if not self.sections:
            return self._and(beyond, **place)
        left = tuple(
            (n, f"{holds} and {beyond}" if n == section else holds)
            for n, holds in self.sections
            if n >= section
        ) or ((section, "false"),)
        return replace(self, values={**self.values, **place}, sections=left)

    def _order(self, section: int) -> str:
        if self.sections and section < len(SECTIONS):
            return SECTIONS[section].order
        if self.by_change:
            return "changed_at"
        return "last_activity_at" if self.latest_first else "due_order_at"

    @property
    def _beyond(self) -> str:
        return "<" if self.latest_first else ">"

    @property
    def _direction(self) -> str:
        return " desc" if self.latest_first else ""

    def statement(self, most: int) -> tuple[str, dict[str, Any]]:
        """Returns the SQL of the first tickets of the list, and its values."""
        where, direction = " and ".join(self.conditions), self._direction
        picked = _FOUND if self.by_words else _PICKED
        tickets = picked.format(
            where=where,
            order=self._order(0),
            direction=direction,
            sections=" union all ".join(self._in_each_section(most)),
            most=most,
        )
        # A limit that PostgreSQL is not told while planning has it plan anew each time.
        lines = _LISTED.format(picked=tickets, direction=direction, most=most)
        return masked_lines(lines, self.seen, Listed._fields) if self.seen else lines, dict(
            self.values
        )

    def _in_each_section(self, most: int) -> Iterator[str]:
        for section, holds in self.sections or ((0, "true"),):
            order, direction = self._order(section), self._direction
            yield (
                f"(select id, {section}, {order} from ticket where {holds}"
                f" order by 3{direction}, 1{direction} limit {most})"
            )


class Beside(NamedTuple):
    """One value of SQL that has nothing to do with a list, to be asked for with it."""

    sql: str
    values: Mapping[str, Any]


def queue(agent: Agent, name: str) -> Wanted:
    """Returns the open tickets of one queue of the agent's desk, the most urgent first.

    Names: "open", "mine", "teams" (of the agent), "unassigned", "waiting", "breached" (with what is
    due soon), "team:…".
    "closed" and "redirected" hold what has ended, the latest first; redirected ones are in their
    own queue only. What is confined to others stands in "open" and "closed" without its words.
    """
    if name in ENDED:
        ended = at_desk_of(agent, masked=name == "closed", latest_first=True)
        return ended.of_number_or_stage(_ENDED[name])
    still = at_desk_of(agent, masked=name == "open").of_number_or_stage("ticket.is_open")
    kind, _, team = name.partition(":")
    if kind == "team":
        return still.where("ticket.team = %(of_team)s", of_team=team)
    values: dict[str, dict[str, Any]] = {"mine": {"me": agent.pk}, "teams": {"teams": agent.teams}}
    return still.of_number_or_stage(_OPEN.get(name, "false"), **values.get(name, {}))


def at_desk_of(agent: Agent, *, masked: bool = False, **more: Any) -> Wanted:
    """Returns the tickets of the agent's desk that they see; `masked` with those of which they see
    the number and stage, which are listed so.
    """
    wanted = Wanted(("ticket.desk_id = %(desk)s",), {"desk": agent.desk_id}, **more)
    hidden = hidden_from(agent)
    if not hidden:
        return wanted
    seen, values = hidden.sql(masked=False)
    wanted = wanted.of_number_or_stage(hidden.sql(masked=masked)[0], **values)
    return replace(wanted, seen=seen) if masked else wanted


_ENDED = {
    "redirected": "ticket.outcome = 'redirected'",
    "closed": "not ticket.is_open and ticket.outcome <> 'redirected'",
}
LATE = f"(breached and turn not in {FOLDED})"
"""What was late and others are to act on now, or is solved, is nothing the desk can hurry."""
SOON = f"due_order_at <= now() + interval '{DUE_SOON.total_seconds()} seconds'"
_OPEN = {
    "open": "true",
    "mine": "ticket.owner_id = %(me)s",
    "teams": "ticket.team = any(%(teams)s)",
    "unassigned": "ticket.owner_id is null",
    "waiting": "ticket.waits_for <> 'desk'",
    "breached": f"({LATE} or {SOON})",
}
QUEUES = frozenset({*_OPEN, *ENDED})


def of_requester(agent: Agent, contact: int) -> Wanted:
    """Returns the open tickets of a contact (its id) and of those merged into it."""
    return queue(agent, "open").where(
        "ticket.requester_id in"
        " (select id from deskbook_contact where id = %(them)s or merged_into_id = %(them)s)",
        them=contact,
    )


def every(agent: Agent) -> Wanted:
    """Returns all tickets of the agent's desk, the latest activity first."""
    return at_desk_of(agent, latest_first=True)


def these(agent: Agent, ids: Sequence[int]) -> Wanted:
    """Returns those tickets of the agent's desk, by their ids."""
    return at_desk_of(agent).where("ticket.id = any(%(ids)s)", ids=[*ids])


def in_use(helpdesk: HelpDesk) -> Mapping[str, Sequence[str]]:
    """Returns what open tickets have of what lists are narrowed by (a column → its values), as it
    was within the last minute. Nothing on the first version of a book, which has them all.
    """
    if helpdesk.book_version < 2:
        return {}
    return _in_use(helpdesk.pk, helpdesk.book_version, int(monotonic() // 60))


@lru_cache(maxsize=64)
def _in_use(desk: int, _version: int, _minute: int) -> Mapping[str, Sequence[str]]:
    # Every open ticket is read for it: too much for each page, and a minute late it is as good.
    columns = ("team", "severity", "stage", "category")
    found = ", ".join(f"array_agg(distinct {column})" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {found} from deskbook_ticket where desk_id = %s and is_open", [desk]
        )
        return {name: used or () for name, used in zip(columns, cursor.fetchone(), strict=True)}


def find(agent: Agent, words: str) -> Wanted:
    """Returns the tickets that hold every word typed, the latest activity first.

    Newest first, not by rank: ranking all matches of a common word costs a hundred times more.
    """
    query = prefix_query(words)
    if not query:
        return Wanted(("false",), {}, latest_first=True)
    found = at_desk_of(agent, latest_first=True, by_words=True)
    told = {"words": query, "window": WINDOW, "behind_at": None}
    return replace(found, values={**found.values, **told})


def listed(wanted: Wanted, most: int = PAGE + 1) -> list[Listed]:
    """Returns the first tickets of a list: usually one more than a page, which says whether there
    is a next one without counting.
    """
    with connection.cursor() as cursor:
        cursor.execute(*statement_of(wanted, most))
        return [Listed(*row) for row in cursor.fetchall()]


def count(wanted: Wanted, *, most: int) -> int:
    """Returns how many tickets there are, counted up to `most`."""
    held = "ticket.search @@ to_tsquery('simple', %(words)s)" if wanted.by_words else "true"
    where = " and ".join((*wanted.conditions, held))
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) from (select from deskbook_ticket ticket where {where} limit {most})"
            " counted",
            dict(wanted.values),
        )
        return int(cursor.fetchone()[0])


def listed_beside(wanted: Wanted, beside: Beside) -> tuple[list[Listed], Any]:
    """Returns what `listed` does, and what else its page shows, in one question."""
    statement, values = statement_of(wanted)
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE.format(beside.sql, statement), {**values, **beside.values})
        rows = cursor.fetchall()
    return [Listed(*row[2:]) for row in rows if row[1]], rows[0][0]


def statement_of(wanted: Wanted, most: int = PAGE + 1) -> tuple[str, dict[str, Any]]:
    """Returns the SQL that `listed` asks, and its values."""
    return wanted.statement(most)


_BESIDE = (
    "select beside.value, page.* from (select 1 as place, {} as value) beside"
    " full join (select row_number() over () as place, line.* from ({}) line) page using (place)"
    " order by place"
)
"""The value stands in the first row alone, and has one where the list is empty."""
_LISTED, _PICKED, _FOUND = (
    Path(__file__).with_name(name).read_text() for name in ("listed.sql", "picked.sql", "found.sql")
)


def counts(agent: Agent) -> dict[str, int]:
    """Returns how many open tickets each queue of the agent's desk holds, "mine" and "teams"
    included.
    """
    asked = counted(agent)
    with connection.cursor() as cursor:
        cursor.execute(f"select {asked.sql}", asked.values)
        return counts_for(agent, cursor.fetchone()[0])


def counted(agent: Agent) -> Beside:
    """Returns the SQL that counts the queues as an agent has them: those of the desk as they were
    kept, and one by one where something is hidden from them.
    """
    hidden, desk = hidden_from(agent), {"desk": agent.desk_id}
    if not hidden:
        return Beside(COUNTED, desk)
    (seen, values), (listed, _more) = hidden.sql(masked=False), hidden.sql(masked=True)
    mine = {"sight_me": agent.pk, "sight_own": agent.teams}
    return Beside(
        COUNTED_OF_SEEN.format(seen=seen, listed=listed, late=LATE, soon=SOON),
        {**desk, **values, **mine},
    )


def counts_for(agent: Agent, counted: Mapping[str, int]) -> dict[str, int]:
    """Returns what `counts` does, of what `COUNTED` came to in a larger question."""
    found = {name: max(n, 0) for name, n in counted.items()}
    found["breached"] = found.get("breached", 0) + found.pop("due soon", 0)
    found["redirected"] = found.get("outcome:redirected", 0)
    found["mine"] = found.get(f"owner:{agent.pk}", 0)
    found.setdefault("teams", sum(found.get(f"team:{team}", 0) for team in agent.teams))
    return found


COUNTED = f"""
    (select json_object_agg(queue, n) from (
        select queue, sum(change)::bigint as n from deskbook_queuechange where desk_id = %(desk)s
        group by queue
        union all
        select 'due soon', count(*) from deskbook_ticket
        where desk_id = %(desk)s and is_open and not {LATE} and {SOON}) counts)
"""
"""SQL that counts the queues of a desk, whose id it is given. What is late was counted when
it became so. What is due soon becomes so by time alone, and is counted where the index begins.
"""


def fold_counts() -> None:
    """Replaces the changes gathered so far by one row a queue; counts stay as they were."""
    with connection.cursor() as cursor:
        cursor.execute("""
            with gone as (delete from deskbook_queuechange returning desk_id, queue, change)
            insert into deskbook_queuechange (desk_id, queue, change)
            select desk_id, queue, sum(change)
                from gone group by desk_id, queue having sum(change) <> 0
            """)
