"""The jobs, for Procrastinate. Names are stable: rows of the queue outlive a release."""

from collections.abc import Callable

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from deskbook.channels.email import deliver, receive
from deskbook.jobs import alerts, letters, reactions, schedule

_AGAIN = RetryStrategy(max_attempts=12, exponential_wait=2)


def _job(name: str, queue: str, work: Callable[..., None]) -> None:
    def run(**arguments: int) -> None:
        close_old_connections()  # threads of a worker live longer than a database connection may
        try:
            work(**arguments)
        finally:
            close_old_connections()

    app.task(name=name, queue=queue, retry=_AGAIN)(run)


_job("react", "reactions", reactions.react)
_job("acknowledge", "reactions", letters.acknowledge)
_job("mail_acknowledgement", "reactions", letters.mail_acknowledgement)
_job("mail_answer", "reactions", letters.mail_answer)
_job("mail_reminder", "reactions", letters.mail_reminder)
_job("mail_closing", "reactions", letters.mail_closing)
_job("mail_severity", "reactions", letters.mail_severity)
_job("mail_promise", "reactions", letters.mail_promise)
_job("alert_owner", "reactions", alerts.alert_owner)
_job("alert_team", "reactions", alerts.alert_team)
_job("receive_mail", "mail", receive.receive)
_job("deliver_mail", "mail", deliver.deliver)


@app.periodic(cron="* * * * *")
@app.task(name="fold", queueing_lock="fold", pass_context=False)
def fold(timestamp: int) -> None:
    close_old_connections()
    schedule.fold()


@app.periodic(cron="* * * * * */10")
@app.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> None:
    await schedule.retry_stalled_jobs()
