"""Jobs that failed for good: what follows from something that happened, and did not. Owners see
them and try again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.all import connections
from deskbook.jobs.failure_models import JobFailure
from deskbook.moving.models import Move
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.people.upload_models import Upload
from deskbook.people.what_if_models import WhatIf
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.notification_models import Notification

_OF_DESKS: Mapping[str, tuple[type[Model], str]] = {
    "agent_id": (Agent, "desk"),
    "contact_id": (Contact, "desk"),
    "desk_id": (HelpDesk, "pk"),
    "entry_id": (LogEntry, "ticket__desk"),
    "move_id": (Move, "desk"),
    "notification_id": (Notification, "agent__desk"),
    "ticket_id": (Ticket, "desk"),
    "upload_id": (Upload, "desk"),
    "what_if_id": (WhatIf, "desk"),
}
OF_NO_DESK = ("asked_id", "user_id", "trouble_id")
"""Sign-in codes, notices of accounts, the mail server: every desk's, and its owners'."""


def of_desks() -> Mapping[str, tuple[type[Model], str]]:
    """Returns what a job is about, by the name of its argument → where that says its desk."""
    found = dict(_OF_DESKS)
    for connection in connections():
        found |= connection.of_desk
    return found


def given_up(agent: Agent) -> QuerySet[ProcrastinateJob]:
    """Returns the failed jobs, of the agent's desk and of none; not those of the clock, which come
    again anyway.
    """
    by_the_clock = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    failed = ProcrastinateJob.objects.filter(status="failed").exclude(task_name__in=by_the_clock)
    for name, (model, desk) in of_desks().items():
        failed = failed.alias(**{name: Cast(KT(f"args__{name}"), BigIntegerField())})
        there = model._default_manager.filter(
            ~Q(**{desk: agent.desk_id}), **{f"{desk}__isnull": False}
        )
        failed = failed.exclude(Exists(there.filter(pk=OuterRef(name))))
    return failed


def by_kind(agent: Agent) -> Iterable[tuple[str, str, int]]:
    """Returns each kind of job that failed, what it said, and how many did so, by name; "" where
    that is not known.
    """
    said = Subquery(JobFailure.objects.filter(job=OuterRef("pk")).values("words"))
    failed = given_up(agent).annotate(words=Coalesce(said, Value(""), output_field=TextField()))
    return (
        failed.order_by("task_name", "words")
        .values_list("task_name", "words")
        .annotate(Count("id"))
    )


def try_again(agent: Agent, *, at: datetime) -> int:
    """Puts every failed job the agent sees back, to be done at `at`; returns how many."""
    numbers = list(given_up(agent).values_list("pk", flat=True))
    for number in numbers:
        app.job_manager.retry_job_by_id(number, at)
    return len(numbers)
