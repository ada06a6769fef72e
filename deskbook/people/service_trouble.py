"""A service of others that takes nothing because of us (a token, a right, a bill): no message and
nobody it was for is to blame. What is queued waits, leads are told once, and all of it is tried
when an owner has put it right. What may be refused for one number or issue alone (403) is given up
in time: who it was for is told another way.
"""

from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet
from procrastinate.contrib.django import app

from deskbook.refusals.kept import cut

ALERT_JOB = "alert_service_trouble"
LONGEST = 300


class Account(Protocol):
    """What a desk is known by at a service; `trouble` is why nothing goes there now, empty when all
    is well.
    """

    pk: int
    desk_id: int
    trouble: str


def note_trouble(
    accounts: QuerySet[Any], account: Account, service: str, said: str, at: datetime
) -> None:
    """Keeps what the service said; the first time, leads of the desk are told by a job, once a day
    at most.
    """
    of_it = accounts.filter(pk=account.pk)
    if of_it.filter(trouble="").update(trouble=cut(said, LONGEST)):
        job = app.configure_task(ALERT_JOB, queue="reactions")
        job.defer(
            desk_id=account.desk_id, service=service, said=cut(said, LONGEST), on=str(at.date())
        )
    else:
        of_it.update(trouble=cut(said, LONGEST))
