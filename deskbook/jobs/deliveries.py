"""What became of every message of a ticket, by whatever way it went: one question, one
vocabulary.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, reduce
from typing import Any, NamedTuple

from django.db import connection

from deskbook.channels.all import connections
from deskbook.delivery.states import LEAVES_BY_ITSELF, LEFT_OVER, State
from deskbook.delivery.what_became import Delivery
from deskbook.jobs.names_of_before import NAMED_BEFORE
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.refusals.kept import kept
from deskbook.tickets.going_on import absorbed_by
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.named import number_in
from deskbook.tickets.participants import people_of
from deskbook.tickets.what_follows import rows

TO_STAFF = ("held", "notice", "visitor")
"""Purposes of what is written to people of the desk."""


class Row(NamedTuple):
    """A row of one of the channels, as the question gives it."""

    way: str
    """The channel's word, or "" for who was told by no way."""
    id: int
    seq: int
    purpose: str
    contact: int | None
    to: str
    state: str
    """In the channel's own words."""
    hard: bool
    why: str
    queued_at: datetime
    next_try_at: datetime | None
    left_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    ended_at: datetime | None
    is_part: bool
    """The same text leaves in several rows."""
    waits_for_them: bool
    lacks: str
    """What of it this row does not bring, or brings later: "words", "files later" …; apart by
    commas.
    """


def deliveries_on(
    ticket_id: int, seqs: Sequence[int], *, phone: str = "phone"
) -> Mapping[int, list[Delivery]]:
    """Returns seq of an entry → what became of the messages that follow from it, of those entries.

    Whose message has not been written yet has one that waits, to nobody by name; where the job that
    writes it was given up, one that was given up. What was said on the book's `phone` (a key of its
    channels) is written to nobody.
    """
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"ticket": ticket_id, "phone": phone, "seqs": list(seqs)}
        cursor.execute(became("%(seqs)s"), asked)
        return deliveries_of(map(Row._make, cursor.fetchall()))


def deliveries_of(rows: Iterable[Row]) -> Mapping[int, list[Delivery]]:
    """Returns seq of an entry → what became of its messages, by the rows that `became` finds."""
    found: dict[int, list[Delivery]] = defaultdict(list)
    for row in _one_of_each(map(_with_its_reason, rows)):
        found[row.seq].append(delivery_of(row))
    named = {seq: [one for one in all_ if one.to or one.why] for seq, all_ in found.items()}
    return {seq: named[seq] or all_[:1] for seq, all_ in found.items()}


def deliveries_elsewhere(ticket: Ticket, seqs: Sequence[int]) -> Mapping[int, list[Delivery]]:
    """Returns the same of answers that came home with a merge that was taken back: what became of
    them, on the ticket where they were given, for those who take part in this one.
    """
    brought = ticket.log.filter(kind="AnsweredElsewhere", seq__in=seqs)
    people = Contact.objects.filter(pk__in=people_of(ticket).values())
    theirs = {f"contact {pk}" for contact in people for pk in same_person(contact)}
    found: dict[int, list[Delivery]] = {}
    for entry in brought.order_by("seq"):
        number = number_in(entry.data["on"])
        answered = LogEntry.objects.filter(
            ticket__desk=ticket.desk_id,
            ticket__number=number,
            kind="Answered",
            at=entry.data["answered_at"],
        ).first()
        sent = deliveries_on(answered.ticket_id, [answered.seq]) if answered else {}
        found[entry.seq] = [one for all_ in sent.values() for one in all_ if one.person in theirs]
    return found


def _with_its_reason(row: Row) -> Row:
    """Of a job that is to write a message: what it said when it failed, as it is told on the
    case.
    """
    if row.way or row.contact:
        return row
    if row.state == State.GIVEN_UP:
        return row._replace(
            why=kept("untold.given_up_as", words=row.why) if row.why else kept("untold.given_up")
        )
    return row._replace(why=kept("untold.failing", words=row.why) if row.why else "")


def not_reached(failure: LogEntry) -> list[Delivery]:
    """Returns the messages that did not arrive of which `failure`, an entry of the log, speaks.

    These are those with its words, or the last before it.
    """
    numbers = absorbed_by(failure.ticket)
    merged = Ticket.objects.filter(desk=failure.ticket.desk_id, number__in=numbers)
    missed = [
        one
        for ticket in (failure.ticket, *(merged if numbers else ()))
        for all_ in _sent_before(failure, ticket).values()
        for one in all_
        if _missed(one)
    ]
    missed.sort(key=lambda one: one.at)
    return missed if failure.data.get("message") else missed[-1:]


def _sent_before(failure: LogEntry, ticket: Ticket) -> Mapping[int, list[Delivery]]:
    """Returns what became of the messages with its words on its ticket, or on one that was merged
    into it; of all that were sent before, where it has none.
    """
    log, message = LogEntry.objects.filter(ticket=ticket), failure.data.get("message")
    log = (
        log.filter(seq__lt=failure.seq)
        if ticket.pk == failure.ticket_id
        else log.filter(at__lte=failure.at)
    )
    said = log.filter(data__message=message).exclude(kind="DeliveryFailed") if message else log
    seqs = list(said.order_by("-seq").values_list("seq", flat=True)[:_LOOKED_BACK])
    return deliveries_on(ticket.pk, seqs) or deliveries_elsewhere(ticket, seqs)


def _missed(one: Delivery) -> bool:
    return bool(one.to) and not one.to_desk and one.state in _MISSED


def delivery_of(row: Row) -> Delivery:
    """Returns what a channel's row means in the words that all of them share."""
    state = State.WAITING if row.state == State.IN_HAND else State(row.state)
    at = {
        State.HANDED_OVER: row.left_at,
        State.DELIVERED: row.delivered_at,
        State.READ: row.read_at,
        State.BOUNCED: row.ended_at,
        State.GIVEN_UP: row.ended_at,
    }.get(state)
    staff = row.contact is None and row.way == "email" and row.purpose in TO_STAFF
    return Delivery(
        row.seq,
        f"contact {row.contact}" if row.contact else row.to,
        row.to,
        row.way,
        row.purpose,
        state,
        at or row.queued_at,
        row.why,
        row.next_try_at if state is State.WAITING else None,
        waits_for_them=row.waits_for_them,
        to_desk=staff,
        id=row.id,
        lacks=frozenset(filter(None, row.lacks.split(", "))),
    )


_MISSED = frozenset({State.BOUNCED, State.GIVEN_UP, State.NO_WAY, State.DROPPED})
_LOOKED_BACK = 50
"""Entries before a failure among which the letter is looked for that failed."""
_HOW_FAR = (
    *LEFT_OVER,
    State.DROPPED,
    *LEAVES_BY_ITSELF,
    State.HANDED_OVER,
    State.DELIVERED,
    State.READ,
)


def _one_of_each(rows: Iterable[Row]) -> Iterable[Row]:
    """WhatsApp carries one text in parts, and again as a registered wording: of the last time, the
    part that is least far counts. What waits for the person to write again follows by itself: it
    counts where nothing else went, and else is what the others lack.
    """
    parts: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = (row.way, row.seq, row.purpose, row.contact, "" if row.is_part else row.id)
        before = parts.get(key)
        if before is None or row.queued_at > before.queued_at:
            parts[key] = row
            continue
        lacks = ", ".join(filter(None, (before.lacks, row.lacks)))
        parts[key] = min(before, row, key=_how_far)._replace(lacks=lacks)
    return parts.values()


def _how_far(row: Row) -> int:
    return len(_HOW_FAR) if row.waits_for_them else _HOW_FAR.index(State(row.state))


_UNTOLD_AND_UNWRITTEN = """
    select '' as way, u.id, e.seq, u.purpose, u.contact_id,
        coalesce(nullif(c.name, ''), '#' || c.id), replace(u.state, 'given up', 'failed'), false,
        u.reason, u.at, null::timestamptz, null::timestamptz, null::timestamptz,
        null::timestamptz, u.at, false, false, ''
    from deskbook_untold u join deskbook_logentry e on e.id = u.entry_id
        join deskbook_contact c on c.id = u.contact_id
    where u.ticket_id = %(ticket)s and e.seq = any(%(seqs)s)
    union all
    select '', j.id, e.seq, '', null, '', case j.status when 'failed' then 'failed'
        else 'queued' end, false,
        coalesce(f.words, ''), e.at, j.scheduled_at, null, null, null, e.at,
        false, false, ''
    from deskbook_logentry e
        cross join lateral (
            select id, status, scheduled_at from procrastinate_jobs
            where status in ('todo', 'doing', 'failed') and task_name = any(%(jobs)s)
                and (args ->> 'entry_id')::bigint = e.id
            union all
            select id, status, scheduled_at from procrastinate_jobs
            where status in ('todo', 'doing', 'failed') and task_name = 'react'
                and (args ->> 'ticket_id')::bigint = e.ticket_id
                and e.seq between (args ->> 'first_seq')::bigint and (args ->> 'last_seq')::bigint
        ) j
        left join deskbook_jobfailure f on f.job = j.id
        left join deskbook_message said on said.id = (e.data ->> 'message')::bigint
    where e.ticket_id = %(ticket)s and e.seq = any(%(seqs)s)
        and (j.status in ('todo', 'doing') and e.kind = any(%(kinds)s)
            or j.status = 'failed' and e.kind = any(%(letters)s))
        and (e.kind <> 'Answered' or said.channel is distinct from %(phone)s)
"""
"""The jobs are found by the indexes of migration 0057: the queue is as long as the desk is busy."""


@cache
def became(seqs: str) -> str:
    """Returns the statement whose rows are those of `Row`, for the entries that `seqs` says, of a
    `ticket` whose book calls the `phone` so.
    """
    writers = {job.__name__ for row in rows().values() for job in row.letters}
    said = {
        "%(seqs)s": seqs,
        "%(jobs)s": _listed([*writers, *NAMED_BEFORE.values()]),
        "%(letters)s": _listed(kind for kind, row in rows().items() if row.letters),
        "%(kinds)s": _listed(kind for kind, row in rows().items() if row.is_always_told),
    }
    of_ways = (connection.became for connection in connections() if connection.became)
    question = " union all ".join((_UNTOLD_AND_UNWRITTEN, *of_ways)) + " order by 10, 1, 2"
    return reduce(lambda sql, one: sql.replace(*one), said.items(), question)


def _listed(names: Iterable[str]) -> str:
    return f"'{{{','.join(names)}}}'"
