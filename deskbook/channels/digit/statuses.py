"""How a case stands, in DIGIT's words: by its stage where the door says so, else by what the book
makes of it. One expression of the database, so that what is asked for is what is shown.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from deskbook.channels.digit.models import DigitDoor
from deskbook.people.books import desk_in_force
from deskbook.tickets.improvement_models import Rating
from deskbook.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Words:
    """The states of one workflow of DIGIT that a case may be in."""

    waiting: str
    owned: str
    solved: str
    rated: str
    refused: str
    refused_and_rated: str
    others: tuple[str, ...] = ()
    """Those no case is in unless a stage is said to be it."""

    @property
    def all(self) -> tuple[str, ...]:
        usual = (self.waiting, self.owned, self.solved, self.rated, self.refused)
        return tuple(dict.fromkeys((*usual, self.refused_and_rated, *self.others)))


OF: Mapping[str, Words] = {
    DigitDoor.Flavour.CAMPAIGN: Words(
        "PENDING_ASSIGNMENT",
        "PENDING_ASSIGNMENT",
        "RESOLVED",
        "RESOLVED",
        "REJECTED",
        "REJECTED",
        ("CANCELLED",),
    ),
    DigitDoor.Flavour.MUNICIPAL: Words(
        "PENDINGFORASSIGNMENT",
        "PENDINGATLME",
        "RESOLVED",
        "CLOSEDAFTERRESOLUTION",
        "REJECTED",
        "CLOSEDAFTERREJECTION",
        ("PENDINGFORREASSIGNMENT", "CANCELLED"),
    ),
}


def known_statuses(flavour: str) -> Collection[str]:
    """Returns what a case of this flavour may be called."""
    return OF[flavour].all


def standing(door: DigitDoor) -> QuerySet[Any]:
    """Returns the desk's cases, each with its `status` as this door tells it."""
    desk, words = desk_in_force(door.desk), OF[door.flavour]
    said = [When(stage=stage, then=Value(status)) for stage, status in door.statuses.items()]
    solved = [stage.key for stage in desk.stages.values() if stage.solved]
    is_solved = Q(outcome="solved") | Q(is_open=True, stage__in=solved)
    # Of how it ended now: one that came back and is solved again waits to be rated anew.
    of_it = Rating.objects.filter(ticket=OuterRef("pk"))
    rated = Exists(of_it.filter(closing__at__gte=OuterRef("closed_at")))
    usual = (
        When(is_solved & Q(rated), then=Value(words.rated)),
        When(is_solved, then=Value(words.solved)),
        When(Q(is_open=False) & Q(rated), then=Value(words.refused_and_rated)),
        When(is_open=False, then=Value(words.refused)),
        When(owner__isnull=False, then=Value(words.owned)),
    )
    status = Case(*said, *usual, default=Value(words.waiting), output_field=CharField())
    return Ticket.objects.filter(desk=door.desk_id).annotate(status=status)


def statuses_of(door: DigitDoor, tickets: Iterable[Ticket]) -> dict[int, str]:
    """Returns how each of these cases stands."""
    rows = standing(door).filter(pk__in=[ticket.pk for ticket in tickets])
    return dict(rows.values_list("pk", "status"))
