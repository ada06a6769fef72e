"""The jobs, for Procrastinate. Names are stable: rows of the queue outlive a release."""

from importlib import import_module

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from deskbook.jobs import schedule

_AGAIN = RetryStrategy(max_attempts=12, exponential_wait=2)
_JOBS = {
    "react": "deskbook.jobs.reactions:react",
    "acknowledge": "deskbook.jobs.letters:acknowledge",
    "mail_acknowledgement": "deskbook.jobs.letters:mail_acknowledgement",
    "mail_answer": "deskbook.jobs.letters:mail_answer",
    "mail_reminder": "deskbook.jobs.letters:mail_reminder",
    "mail_closing": "deskbook.jobs.letters:mail_closing",
    "mail_severity": "deskbook.jobs.letters:mail_severity",
    "mail_promise": "deskbook.jobs.letters:mail_promise",
    "alert_owner": "deskbook.jobs.alerts:alert_owner",
    "alert_team": "deskbook.jobs.alerts:alert_team",
    "receive_mail": "deskbook.channels.email.receive:receive",
    "deliver_mail": "deskbook.channels.email.deliver:deliver",
}
_MAIL = ("receive_mail", "deliver_mail")


def _job(name: str, place: str) -> None:
    module, function = place.split(":")

    def run(**arguments: int) -> None:
        close_old_connections()  # threads of a worker live longer than a database connection may
        try:
            getattr(import_module(module), function)(**arguments)
        finally:
            close_old_connections()

    app.task(name=name, queue="mail" if name in _MAIL else "reactions", retry=_AGAIN)(run)


for _name, _place in _JOBS.items():
    _job(_name, _place)


@app.periodic(cron="* * * * *")
@app.task(name="fold", queueing_lock="fold", pass_context=False)
def fold(timestamp: int) -> None:
    close_old_connections()
    schedule.fold()
