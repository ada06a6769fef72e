"""What waits behind a job is done along with it: to be given a job and to end it costs a worker as
much as a mail does.

Each of them is taken off the queue in the transaction of its own work. One that fails, or whose
worker dies, is where it was, and is tried as any job is.
"""

import json
from datetime import timedelta

from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker
from structlog import get_logger

KINDS = ("receive_mail", "react")
"""Jobs that write to the database alone, and wait for nobody."""
FOR_SO_LONG = timedelta(milliseconds=500)
"""A worker that is told to stop ends what it has in hand first, and others want their turn."""
_log = get_logger(__name__)


def with_what_waits(call_next: SyncCallNext, context: JobContext, worker: Worker) -> None:
    """Run the job, and after one of `KINDS` what is to be done next by this worker, while it is of
    them.
    """
    call_next()
    until = timezone.now() + FOR_SO_LONG
    if context.job.task_name in KINDS:
        while timezone.now() < until and _next_done(list(worker.queues or ())):
            pass


def _next_done(queues: list[str]) -> bool:
    """Does the next job of these queues; False where there is none, it is of another kind, or it
    fails.
    """
    close_old_connections()
    task = ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_TAKE_OFF, {"queues": queues, "kinds": list(KINDS)})
            for task, arguments in cursor.fetchall():
                app.tasks[task](**json.loads(arguments))
    except Exception:
        # Whoever is given it next keeps why, and counts how often it was tried.
        _log.warning("a job done along with another failed, and waits", task=task, exc_info=True)
        return False
    finally:
        close_old_connections()
    return bool(task)


_TAKE_OFF = """
    delete from procrastinate_jobs using (
        select id, task_name, attempts, lock from procrastinate_jobs
        where status = 'todo' and queue_name = any(%(queues)s)
            and (scheduled_at is null or scheduled_at <= now())
        order by priority desc, id limit 1 for update skip locked
    ) next
    where procrastinate_jobs.id = next.id and next.task_name = any(%(kinds)s)
        and next.attempts = 0 and next.lock is null
    returning procrastinate_jobs.task_name, procrastinate_jobs.args
"""
"""What was tried before is a job by itself, which keeps count."""
