"""Jobs that failed for good: what follows from something that happened, and did not. Owners see them and try again."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, QuerySet
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def given_up() -> QuerySet[ProcrastinateJob]:
    """Returns the failed jobs; not those of the clock, which come again by themselves."""
    by_the_clock = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    return ProcrastinateJob.objects.filter(status="failed").exclude(task_name__in=by_the_clock)


def by_kind() -> Iterable[tuple[str, int]]:
    """Returns each kind of job that failed and how many did, by name."""
    return given_up().order_by("task_name").values_list("task_name").annotate(Count("id"))


def try_again(*, at: datetime) -> int:
    """Puts every failed job back, to be done at `at`; returns how many."""
    numbers = list(given_up().values_list("pk", flat=True))
    for number in numbers:
        app.job_manager.retry_job_by_id(number, at)
    return len(numbers)
