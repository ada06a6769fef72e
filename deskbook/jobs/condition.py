"""In what condition the desk is: what waits, for how long, and whether the workers are there. For
who watches the server; people read the same on the screens it concerns.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.db.models import Model

from deskbook.delivery.models import Arrival, Departure
from deskbook.delivery.states import LEFT_OVER, State, Taken


class Reading(NamedTuple):
    """One number, and of what: `about` has a value for each label of its measure."""

    measure: str
    about: tuple[str, ...]
    value: float


class Measure(NamedTuple):
    """What a number says, and what tells several of it apart."""

    says: str
    labels: tuple[str, ...] = ()


MEASURES = {
    "worker_silent_seconds": Measure("Since when no worker has been heard of."),
    "jobs": Measure("Jobs that wait, are done now, or failed for good.", ("queue", "status")),
    "mail_not_read_seconds": Measure("How long the oldest mail that came waits to be read."),
    "wake_lag_seconds": Measure("How late the clock of a ticket is that time should have moved."),
    "arrivals": Measure("What came and was not taken in: a person decides.", ("what",)),
    "departures": Measure("What is to leave, or did not, by where and why.", ("what", "state")),
    "departure_waits_seconds": Measure("How long the oldest that is to leave waits.", ("what",)),
    "tickets_open": Measure("Open tickets of each desk.", ("desk",)),
    "database_bytes": Measure("What the database takes on its disk."),
}
"""By name, without the `deskbook_` before it."""
WAITS = (State.WAITING,)
"""Not what a worker has in hand for a moment: no index of some channels has it."""


def condition() -> Iterator[Reading]:
    """Yields every reading, in one statement of which no part grows with what was done long ago.
    Raises a database error where the database cannot be asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_asked())
        found = cursor.fetchall()
    for measure, first, second, value in found:
        labels = MEASURES[measure].labels
        yield Reading(measure, (first, second)[: len(labels)], float(value))


def _asked() -> str:
    leaving, came = Departure.__subclasses__(), Arrival.__subclasses__()
    return " union all ".join(
        [
            _ONCE,
            *(_departures(table) for table in leaving),
            *(_counted("arrivals", table, (Taken.HELD,)) for table in came),
        ]
    )


def _departures(of: type[Model]) -> str:
    waits = (
        f"select 'departure_waits_seconds', '{of._meta.model_name}', '',"
        " coalesce(extract(epoch from now() - min(queued_at)), 0)"
        f" from {of._meta.db_table} where state in ({_listed(WAITS)})"
    )
    # Two questions, as each has an index of its own.
    sorts = (_counted("departures", of, states) for states in (WAITS, LEFT_OVER))
    return " union all ".join([*sorts, waits])


def _counted(measure: str, of: type[Model], states: tuple[str, ...]) -> str:
    return (
        f"select '{measure}', '{of._meta.model_name}', state, count(*) from {of._meta.db_table}"
        f" where state in ({_listed(states)}) group by state"
    )


def _listed(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in map(str, states))


_ONCE = Path(__file__).with_name("condition.sql").read_text()
