"""The jobs, for Procrastinate. Names are stable: rows of the queue outlive a release."""

from collections.abc import Callable, Mapping

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
from deskbook.web.demo import whatsapp_graph


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
    "demo_whatsapp_tell": whatsapp_graph.tell,
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
            "demo_whatsapp_tell",
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


def _job(name: str, job: Callable[..., object]) -> None:
    app.task(name=name, queue=_queue_of(name), retry=_RETRIES.get(name, _AGAIN))(_freshly(job))


for _name, _each in _JOBS.items():
    _job(_name, _each)


@app.periodic(cron="* * * * *")
@app.task(name="fold", queueing_lock="fold", pass_context=False)
@_freshly
def fold(timestamp: int) -> None:
    schedule.fold()


@app.periodic(cron="* * * * *")
@app.task(name="give_waiting", queueing_lock="give_waiting")
@_freshly
def give_waiting(timestamp: int) -> None:
    rosters.give_waiting()


@app.periodic(cron="7 * * * *")
@app.task(name="announce_gaps", queueing_lock="announce_gaps")
@_freshly
def announce_gaps(timestamp: int) -> None:
    rosters.announce_gaps()


@app.periodic(cron="*/5 * * * *")
@app.task(name="switch_off_accounts", queueing_lock="switch_off_accounts")
@_freshly
def switch_off_accounts(timestamp: int) -> None:
    rosters.switch_off_accounts()


@app.periodic(cron="* * * * *")
@app.task(
    name="send_due_texts", queue="services", queueing_lock="send_due_texts", lock="send_due_texts"
)
@_freshly
def due_texts(timestamp: int) -> None:
    take_left_texts()
    sms_send.send_due_texts()


@app.periodic(cron="* * * * *")
@app.task(name="tend_chats", queueing_lock="tend_chats", lock="tend_chats")
@_freshly
def tend_chats(timestamp: int) -> None:
    chats.tend()


@app.periodic(cron="* * * * *")
@app.task(
    name="jira_due_acts", queue="services", queueing_lock="jira_due_acts", lock="jira_due_acts"
)
@_freshly
def due_jira_acts(timestamp: int) -> None:
    jira_outgoing.do_due_acts()


@app.periodic(cron="30 21 * * *")
@app.task(name="clear", queueing_lock="clear", lock="clear")
@_freshly
def clear(timestamp: int) -> None:
    clearing.clear()
