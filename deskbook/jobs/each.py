"""Telling several people one thing: what fails for one is no reason that the others are not
told.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction

from deskbook.tickets.faults import is_of_the_database

Person = TypeVar("Person")


def tell_each(people: Iterable[Person], tell: Callable[[Person], object]) -> None:
    """Calls `tell` for everybody, each in a transaction of their own, and raises what failed only
    when all were told.

    The job is then tried again for those who were not: what `tell` queues must be unique. A
    database that goes away fails for all at once.
    """
    failures: list[Exception] = []
    for person in people:
        try:
            with transaction.atomic():
                tell(person)
        except Exception as failure:
            if is_of_the_database(failure):
                raise
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"{len(failures)} were not told", failures)
