"""Why a job failed is kept with it: whoever sees what is left over, or a case, reads it there and
not in a log.
"""

from contextlib import suppress

from django.db import Error, close_old_connections
from django.utils import timezone
from procrastinate.job_context import JobContext
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

from deskbook.jobs.failure_models import JobFailure
from deskbook.tickets.faults import in_short


def keep_why(call_next: SyncCallNext, context: JobContext, worker: Worker) -> None:
    """Run the job; keep in short why it failed, and forget that of one that is done after all."""
    try:
        call_next()
    except Exception as failure:
        _note(context.job.id, failure)
        raise
    if context.job.attempts:
        _note(context.job.id, None)


def _note(job: int | None, failure: Exception | None) -> None:
    """A database that is away keeps nothing: the job is tried again all the same."""
    if job is None:
        return
    with suppress(Error):
        close_old_connections()
        if failure is None:
            JobFailure.objects.filter(job=job).delete()
        else:
            said = {"words": in_short(failure), "at": timezone.now()}
            JobFailure.objects.update_or_create(job=job, defaults=said)
    close_old_connections()
