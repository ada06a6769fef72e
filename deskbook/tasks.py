"""The jobs, for Procrastinate. Names are stable: rows of the queue outlive a release.

An application on top of the desk adds its own in a module of the same name (`add_job`,
`by_the_clock`).
"""

from collections.abc import Callable, Iterator, Mapping

from django.db import close_old_connections
from django.db import connection as database
from procrastinate import BaseRetryStrategy, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job as Waiting
from procrastinate.retry import RetryDecision

from deskbook.channels.all import carrying, connections
from deskbook.channels.contract import Channel
from deskbook.delivery.connection import ByTheClock, Job, Queue
from deskbook.jobs import (
    chats,
    clearing,
    day_sheets,
    erasing,
    moving,
    promised_reports,
    reactions,
    recurring,
    rosters,
    schedule,
    sign_in,
    uploads,
)
from deskbook.jobs.alone import GivenUp
from deskbook.jobs.another_way import carry_another_way
from deskbook.jobs.concerns import mail_notification, tell_notification
from deskbook.jobs.following import follow_book
from deskbook.jobs.mail_grants import tend_mail_grants
from deskbook.jobs.mail_trouble import alert_mail_trouble
from deskbook.jobs.mirroring import mirror_every_kind
from deskbook.jobs.names_of_before import NAMED_BEFORE
from deskbook.jobs.service_trouble import alert_service_trouble
from deskbook.jobs.what_if import live_what_if


class Again(RetryStrategy):
    """As Procrastinate's, but what killed every process it ran in is not tried again, and what only
    failed is innocent of the death it was suspected of: it goes back to its own queue.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Waiting) -> RetryDecision | None:
        decision = super().get_retry_decision(exception=exception, job=job)
        return None if isinstance(exception, GivenUp) else at_home(decision, job)


def at_home(decision: RetryDecision | None, job: Waiting) -> RetryDecision | None:
    """Return the decision with the queue that jobs of this kind wait in."""
    if decision is not None:
        decision.queue = _queue_of(job.task_name)
    return decision


class Patience(BaseRetryStrategy):
    """Waits longer each time, half an hour at most: a mail server that is back is not kept waiting.

    `deliver` itself gives up; the number of attempts (some six weeks of them) ends only what fails
    in another way.
    """

    longest = 1_800
    most = 2_000

    def get_retry_decision(self, *, exception: BaseException, job: Waiting) -> RetryDecision | None:
        if job.attempts >= self.most or isinstance(exception, GivenUp):
            return None
        known_at = getattr(exception, "at", None)
        if known_at is not None:
            return at_home(RetryDecision(retry_at=known_at), job)
        pause = min(2 ** min(job.attempts + 1, 11), self.longest)
        return at_home(RetryDecision(retry_in={"seconds": pause}), job)


class Haste(Patience):
    """Waits a minute at most, for an hour: a sign-in code is of use to somebody who sits and
    waits.
    """

    longest = 60
    most = 80


_AGAIN, _PATIENCE = Again(max_attempts=12, exponential_wait=2), Patience()
_OF_THE_DESK = (
    Job("react", reactions.react),
    *(
        Job(job.__name__, job, was=NAMED_BEFORE.get(job.__name__, ""))
        for row in reactions.FOLLOWS.values()
        for job in row.jobs
    ),
    Job("tell_notification", tell_notification),
    Job("mail_notification", mail_notification),
    Job("mirror_every_kind", mirror_every_kind),
    Job("follow_book", follow_book),
    Job("return_cases", rosters.return_cases),
    Job("read_upload", uploads.read_upload),
    Job("write_upload", uploads.write_upload),
    Job("live_what_if", live_what_if, "default"),
    Job("look_at_move", moving.look_at_move, "moves"),
    Job("take_move_in", moving.take_move_in, "moves"),
    Job("mail_code", sign_in.mail_code, "mail"),
    Job("mail_security_notice", sign_in.mail_security_notice, "mail"),
    Job("mail_way_notice", sign_in.mail_way_notice, "mail"),
    Job("alert_service_trouble", alert_service_trouble),
    Job("alert_mail_trouble", alert_mail_trouble),
)
_RETRIES: dict[str, BaseRetryStrategy] = {"mail_code": Haste()}
_QUEUES: dict[str, Queue] = {}


def _other_way(channel: Channel) -> Iterator[Job]:
    """Yields the job that offers what the channel did not carry in the end to the other ways."""
    if what := channel.another_way:
        yield Job(
            f"carry_{channel.word}_another_way",
            lambda **arguments: carry_another_way(*what(**arguments)),
        )


def _jobs() -> Iterator[Job]:
    """Yields the jobs of the desk, and those of each way to others."""
    yield from _OF_THE_DESK
    for connection in connections():
        yield from connection.jobs
    for channel in carrying().values():
        yield from _other_way(channel)


def _queue_of(name: str) -> str:
    return _QUEUES[name]


def _freshly(job: Callable[..., object]) -> Callable[..., None]:
    """Leaves no connection that is too old, before and after: the threads of a worker live longer
    than one may. One in the middle of a transaction (jobs/along.py) is whoever's began it.
    """

    def run(**arguments: int) -> None:
        if database.in_atomic_block:
            job(**arguments)
            return
        close_old_connections()
        try:
            job(**arguments)
        finally:
            close_old_connections()

    return run


def add_job(job: Job) -> None:
    """Makes it a job of the queue."""
    names = [job.was] if job.was else []
    _QUEUES.update(dict.fromkeys((job.name, *names), job.queue))
    retry = _RETRIES.get(job.name, _PATIENCE if job.is_patient else _AGAIN)
    app.task(name=job.name, aliases=names, queue=job.queue, retry=retry)(_freshly(job.run))


JOBS: Mapping[str, Job] = {job.name: job for job in _jobs()}
for _each in JOBS.values():
    add_job(_each)


_BY_THE_CLOCK: Mapping[str, ByTheClock] = {
    "fold": ByTheClock("* * * * *", schedule.fold),
    "give_waiting": ByTheClock("* * * * *", rosters.give_waiting),
    "announce_gaps": ByTheClock("7 * * * *", rosters.announce_gaps),
    "mail_day_sheets": ByTheClock("*/5 * * * *", day_sheets.mail_day_sheets, is_alone=True),
    "open_recurring": ByTheClock("* * * * *", recurring.open_recurring, is_alone=True),
    "mail_promised_reports": ByTheClock(
        "*/5 * * * *", promised_reports.mail_promised_reports, is_alone=True
    ),
    "switch_off_accounts": ByTheClock("*/5 * * * *", rosters.switch_off_accounts),
    "tend_chats": ByTheClock("* * * * *", chats.tend, is_alone=True),
    "tend_mail_grants": ByTheClock("11 * * * *", tend_mail_grants, is_alone=True),
    "clear": ByTheClock("30 21 * * *", clearing.clear, is_alone=True),
    "erase": ByTheClock("0 22 * * *", erasing.erase, is_alone=True),
}


def by_the_clock(name: str, what: ByTheClock) -> None:
    """Makes it a job of the clock."""

    @_freshly
    def run(timestamp: int) -> None:
        what.job()

    lock = name if what.is_alone else None
    task = app.task(name=name, queue=what.queue, queueing_lock=name, pass_context=False, lock=lock)(
        run
    )
    app.periodic(cron=what.cron)(task)


for _clocks in (_BY_THE_CLOCK, *(connection.by_the_clock for connection in connections())):
    for _name, _clocked in _clocks.items():
        by_the_clock(_name, _clocked)
