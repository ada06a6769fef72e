"""What happens on the clock: tickets that are due to wake, jobs a killed worker left, counts to
fold.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event

from django.db import close_old_connections, transaction
from django.utils import timezone
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

from deskbook.channels.email.set_aside import note_older
from deskbook.channels.whatsapp.chat_exports import forget_chats
from deskbook.jobs.alone import QUEUE as SUSPECTS
from deskbook.jobs.on_their_way import words_wait
from deskbook.jobs.sendings import let_leave
from deskbook.people.lists.uploads import forget_old
from deskbook.tickets.log import postpone, wake
from deskbook.tickets.models import Command, Ticket
from deskbook.tickets.queues import fold_counts

TICK_S = 0.5
HEARTBEAT_S = 2.0
STALLED_S = 8.0
"""A worker that has not been heard of for so long is dead. Should it only have slept, its jobs
tolerate a repeat.
"""
AFTER_A_FAILURE = timedelta(minutes=5)
log = logging.getLogger(__name__)


def wake_due_tickets(*, at: datetime) -> int:
    """Does what is due on every ticket by `at` and returns how many woke.

    Each ticket is a transaction of its own, claimed with `skip locked`: any number of workers may
    run this, a killed one leaves the row as it was, and one bad ticket does not hold up the rest.
    """
    woken = 0
    while _wake_one(at):
        woken += 1
    return woken


def _wake_one(at: datetime) -> bool:
    ticket_id: int | None = None
    try:
        with transaction.atomic():
            due = Ticket.objects.select_for_update(skip_locked=True, no_key=True).filter(
                wake_at__lte=at
            )
            ticket_id = due.order_by("wake_at").values_list("pk", flat=True).first()
            if ticket_id is None:
                return False
            wake(ticket_id, at=at, words_wait=words_wait)
    except Exception:
        if ticket_id is None:
            raise
        log.exception("ticket %s could not be woken; again in %s", ticket_id, AFTER_A_FAILURE)
        postpone(ticket_id, at + AFTER_A_FAILURE)
    return True


def wake_until(stopped: Event) -> None:
    """Wakes tickets as they fall due until `stopped` is set; outlives a database that goes away for
    a while.
    """
    while not stopped.wait(TICK_S):
        try:
            close_old_connections()
            wake_due_tickets(at=timezone.now())
            let_leave(at=timezone.now())
        except Exception:
            log.exception("the wake loop could not reach the database; trying again")
            stopped.wait(5)


async def retry_stalled_jobs(jobs: JobManager) -> int:
    """Puts back the jobs of workers that died and returns how many: Procrastinate leaves them
    "doing" for ever.

    Any of them may be what the worker died of: from now on each has a process to itself.
    """
    stalled = list(await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_S))
    for job in stalled:
        with suppress(ConnectorException):  # another worker was first
            await jobs.retry_job(job, queue=SUSPECTS)
    return len(stalled)


async def retry_stalled_jobs_for_ever(jobs: JobManager) -> None:
    """Looks for stalled jobs every few seconds; not a job itself, so it never queues behind the
    work it frees.
    """
    while True:
        try:
            if found := await retry_stalled_jobs(jobs):
                log.warning("%s jobs of a worker that died were put back", found)
        except ConnectorException:
            log.exception("stalled jobs could not be looked for; trying again")
        await asyncio.sleep(HEARTBEAT_S)


def fold() -> None:
    """Keeps the tables of counts and command keys small; reads what was set aside before it was
    searched.
    """
    fold_counts()
    forget_old(at=timezone.now())
    forget_chats(at=timezone.now())
    Command.objects.filter(done_at__lt=timezone.now() - timedelta(days=30)).delete()
    note_older(at=timezone.now())
