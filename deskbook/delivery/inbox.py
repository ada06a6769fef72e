"""Understanding what came: once, held with a sentence where it cannot be, dropped by somebody who
is named.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from structlog import get_logger

from deskbook.delivery.models import Arrival
from deskbook.delivery.states import Taken
from deskbook.people.access import actor_of
from deskbook.people.models import Agent
from deskbook.refusals.kept import kept, stored
from deskbook.refusals.refusal import Refused
from deskbook.tickets.faults import is_of_the_database

NOT_TAKEN = (Taken.NEW, Taken.HELD)
Row = TypeVar("Row", bound=Arrival)
_log = get_logger(__name__)


class NotTakenIn(Exception):
    """What came is held for a person; the text says why and what to do, as it is kept."""


def understand(rows: QuerySet[Row], pk: int, do: Callable[[Row], None]) -> Row:
    """Does what one thing that came asks for and returns its row; what was done already is left
    alone.

    `do` says on the row what became of it. What it cannot understand, or the book refuses, is held
    with the reason, and none of it happened. Only a failing database is raised: then the job tries
    again.
    """
    with transaction.atomic():
        row = rows.select_for_update(no_key=True, of=("self",)).get(pk=pk)
        if row.state not in NOT_TAKEN:
            return row
        row.state, row.reason = Taken.DONE, ""
        try:
            with transaction.atomic():
                do(row)
        except Exception as failure:
            # One poisonous thing must not stop the next, whatever is wrong with it.
            if is_of_the_database(failure):
                raise
            row.state, row.reason = Taken.HELD, why_held(failure)
        row.save()
    return row


def why_held(failure: Exception) -> str:
    """Returns why what failed so is held, as it is kept."""
    if isinstance(failure, Refused):
        return kept(failure.refusal)
    if isinstance(failure, NotTakenIn):
        return stored(str(failure))
    _log.error("what came could not be understood", exc_info=failure)
    return kept("channel.reading_failed", error=type(failure).__name__)


def drop(rows: QuerySet[Row], *, by: Agent, why: str = "") -> list[int]:
    """Decides that those of `rows` that are held become nothing, with what was typed for a reason,
    and returns their ids; the rows stay.
    """
    dropped = {"state": Taken.DROPPED, "dropped_by": str(actor_of(by)), "dropped_why": why}
    return _decide(rows.filter(state=Taken.HELD), dropped)


def take_back(rows: QuerySet[Row]) -> list[int]:
    """Holds again those of `rows` that somebody dropped, and returns their ids."""
    held_again = {"state": Taken.HELD, "dropped_by": "", "dropped_why": ""}
    return _decide(rows.filter(state=Taken.DROPPED), held_again)


@transaction.atomic
def _decide(rows: QuerySet[Row], decided: Mapping[str, str]) -> list[int]:
    """Of two people who decide, the second finds nothing: `rows` says which it is still to be
    decided of.
    """
    locked = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    found = list(locked.values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=found).update(**decided)
    return found
