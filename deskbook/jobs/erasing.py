"""Once a night: what is kept no longer by the book in force is erased, case by case.

Each case is a transaction of its own, with its entry in the log and its share of the numbers on the
screen: a worker that dies has erased whole cases, and one that fails keeps no other.
"""

import logging
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from itertools import islice

from django.db import transaction

from deskbook.channels.all import connections
from deskbook.engine.decide_erase import kept_until
from deskbook.engine.desk import Desk
from deskbook.engine.keeping import Keep
from deskbook.jobs.clearing import unused
from deskbook.knowledge.models import Gap
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.tickets.erasing import (
    OF_CASES,
    Due,
    count_erased,
    due_to_erase,
    forget_people,
    record_erased,
)
from deskbook.tickets.models import Blob
from deskbook.tickets.words_of_cases import ALL, FILES, Words, erase_said_by

MOST_AT_ONCE = 20_000
"""Cases of a desk in one night: what a new line finds goes in some nights, beside the work."""
log = logging.getLogger(__name__)
_KINDS = {"chats": "chat", "call notes": "phone"}


def erase(at: datetime | None = None) -> int:
    """Erases what is kept no longer by `at` (now), and returns of how many cases and mails."""
    at = at or datetime.now(UTC)
    return sum(_of_desk(helpdesk, at) for helpdesk in HelpDesk.objects.order_by("pk"))


def _of_desk(helpdesk: HelpDesk, at: datetime) -> int:
    desk = desk_in_force(helpdesk)
    due = (due for what in OF_CASES for due in due_to_erase(helpdesk, desk, what, at=at))
    done = sum(_erased(helpdesk, desk, one, at) for one in list(islice(due, MOST_AT_ONCE)))
    return done + _mails(helpdesk, desk, at)


def _erased(helpdesk: HelpDesk, desk: Desk, due: Due, at: datetime) -> bool:
    try:
        with transaction.atomic():
            tickets = record_erased(due, desk, at=at)
            if tickets:
                people = forget_people(tickets) if due.line.what == "cases" else 0
                blobs = set(_words_erased(desk, due.line, tickets))
                unused(Blob.objects.filter(pk__in=blobs)).delete()
                count_erased(helpdesk, due.line, desk.version, at=at, cases=1, people=people)
            return bool(tickets)
    except Exception:
        log.exception("ticket %s could not be erased; again tomorrow", due.ticket)
        return False


def _words_erased(desk: Desk, line: Keep, tickets: Collection[int]) -> Iterator[str]:
    """Erases what the line names, and yields the keys of the bytes that it referred to."""
    if line.what in _KINDS:
        kind = _KINDS[line.what]
        channels = [key for key, channel in desk.channels.items() if channel.kind == kind]
        yield from erase_said_by(tickets, channels)
        return
    for words in _files() if line.what == "files" else _all():
        yield from words.erase(tickets)


def _files() -> Iterator[Words]:
    yield from FILES
    for connection in connections():
        yield from connection.files


def _all() -> Iterator[Words]:
    # What refers to messages before the messages themselves.
    for connection in connections():
        yield from connection.words
    yield Words(Gap, emptied={"words": ""})
    yield from ALL


def _mails(helpdesk: HelpDesk, desk: Desk, at: datetime) -> int:
    """Erases mails that became no case and are kept no longer."""
    line = next((one for one in desk.keep if one.what == "mails not taken in"), None)
    if line is None:
        return 0
    erased = 0
    for connection in connections():
        if connection.not_taken_in is not None:
            rows = connection.not_taken_in(helpdesk).filter(received_at__lte=at)
            old = [
                pk
                for pk, came_at in rows.values_list("pk", "received_at")[:MOST_AT_ONCE]
                if kept_until(desk, line, came_at) <= at
            ]
            blobs = Words(rows.model, "pk").erase(old)
            unused(Blob.objects.filter(pk__in=blobs)).delete()
            erased += len(old)
    if erased:
        count_erased(helpdesk, line, desk.version, at=at, cases=erased)
    return erased
