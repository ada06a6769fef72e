"""The jobs, for Procrastinate. Names are stable: rows of the queue outlive a release.

An application on top of the desk adds its own in a module of the same name (`add_job`,
`by_the_clock`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import close_old_connections
from procrastinate import BaseRetryStrategy, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

from deskbook.bridges.jira import incoming as jira_incoming
from deskbook.bridges.jira import outgoing as jira_outgoing
from deskbook.channels.email import deliver as mail_deliver
from deskbook.channels.email import held
from deskbook.channels.email import receive as mail_receive
from deskbook.channels.sms import send as sms_send
from deskbook.channels.sms.incoming import take_left_texts
from deskbook.channels.whatsapp import deliver as whatsapp_deliver
from deskbook.channels.whatsapp import media as whatsapp_media
from deskbook.channels.whatsapp import receive as whatsapp_receive
from deskbook.jobs import chats, clearing, reactions, rosters, schedule, sign_in, uploads, whatsapp
from deskbook.jobs.alone import GivenUp
from deskbook.jobs.mail_trouble import alert_mail_trouble
from deskbook.jobs.service_trouble import alert_service_trouble


class Again(RetryStrategy):
    """As Procrastinate's, but what killed every process it ran in is not tried again, and what only
    failed is innocent of the death it was suspected of: it goes back to its own queue.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        decision = super().get_retry_decision(exception=exception, job=job)
        return None if isinstance(exception, GivenUp) else at_home(decision, job)


def at_home(decision: RetryDecision | None, job: Job) -> RetryDecision | None:
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

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
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


_AGAIN = Again(max_attempts=12, exponential_wait=2)
_RETRIES: dict[str, BaseRetryStrategy] = dict.fromkeys(
    (
        "deliver_mail",
        "deliver_whatsapp",
        "fetch_whatsapp_media",
        "receive_mail",
        "receive_whatsapp",
        "jira_event",
    ),
    Patience(),  # what arrived waits for a database that is full or away: nobody sends it again
)
_RETRIES["mail_code"] = Haste()
_JOBS: Mapping[str, Callable[..., object]] = {
    "react": reactions.react,
    **{job.__name__: job for jobs in reactions.REACTIONS.values() for job in jobs},
    "return_cases": rosters.return_cases,
    "read_upload": uploads.read_upload,
    "write_upload": uploads.write_upload,
    "receive_whatsapp": whatsapp_receive.receive,
    "deliver_whatsapp": whatsapp_deliver.deliver,
    "fetch_whatsapp_media": whatsapp_media.fetch,
    "tell_whatsapp_read": whatsapp_deliver.tell_read,
    "carry_whatsapp_another_way": whatsapp.carry_another_way,
    "receive_mail": mail_receive.receive,
    "mail_code": sign_in.mail_code,
    "mail_security_notice": sign_in.mail_security_notice,
    "mail_way_notice": sign_in.mail_way_notice,
    "deliver_mail": mail_deliver.deliver,
    "send_waiting_mail": held.send_kept_back,
    "alert_service_trouble": alert_service_trouble,
    "alert_mail_trouble": alert_mail_trouble,
    "send_text": sms_send.send_text,
    "jira_acts": jira_outgoing.do_acts,
    "jira_event": jira_incoming.take_event,
}
_QUEUES = {
    **dict.fromkeys(("receive_mail", "receive_whatsapp", "jira_event"), "intake"),
    **dict.fromkeys(
        (
            "deliver_mail",
            "mail_code",
            "mail_security_notice",
            "mail_way_notice",
            "send_waiting_mail",
        ),
        "mail",
    ),
    **dict.fromkeys(
        (
            "deliver_whatsapp",
            "fetch_whatsapp_media",
            "tell_whatsapp_read",
            "send_text",
            "jira_acts",
        ),
        "services",
    ),
}
"""What waits for servers of others has slots of its own (jobs/worker.py); jobs without a line are
"reactions".
"""


def _queue_of(name: str) -> str:
    return _QUEUES.get(name, "reactions")


def _freshly(job: Callable[..., object]) -> Callable[..., None]:
    """Leaves no connection that is too old, before and after: the threads of a worker live longer
    than one may.
    """

    def run(**arguments: int) -> None:
        close_old_connections()
        try:
            job(**arguments)
        finally:
            close_old_connections()

    return run


def add_job(name: str, job: Callable[..., object], *, queue: str) -> None:
    """Makes it a job that waits in the queue."""
    _QUEUES[name] = queue
    _job(name, job)


def _job(name: str, job: Callable[..., object]) -> None:
    app.task(name=name, queue=_queue_of(name), retry=_RETRIES.get(name, _AGAIN))(_freshly(job))


for _name, _each in _JOBS.items():
    _job(_name, _each)


@dataclass(frozen=True, slots=True)
class ByTheClock:
    """Done again and again, at the times of a line of cron (UTC); one that waits still is not asked
    for twice.
    """

    cron: str
    job: Callable[[], object]
    queue: str = "default"
    is_alone: bool = False
    """It does not begin while it still runs."""


def _texts_due() -> None:
    take_left_texts()
    sms_send.send_due_texts()


_BY_THE_CLOCK: Mapping[str, ByTheClock] = {
    "fold": ByTheClock("* * * * *", schedule.fold),
    "give_waiting": ByTheClock("* * * * *", rosters.give_waiting),
    "announce_gaps": ByTheClock("7 * * * *", rosters.announce_gaps),
    "switch_off_accounts": ByTheClock("*/5 * * * *", rosters.switch_off_accounts),
    "send_due_texts": ByTheClock("* * * * *", _texts_due, "services", is_alone=True),
    "tend_chats": ByTheClock("* * * * *", chats.tend, is_alone=True),
    "jira_due_acts": ByTheClock("* * * * *", jira_outgoing.do_due_acts, "services", is_alone=True),
    "clear": ByTheClock("30 21 * * *", clearing.clear, is_alone=True),
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


for _name, _clocked in _BY_THE_CLOCK.items():
    by_the_clock(_name, _clocked)
