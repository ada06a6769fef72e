"""What a ticket's page says of how its end was found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from deskbook.people.prepared import Prepared
from deskbook.tickets.improvement_models import Rating
from deskbook.tickets.ratings import value_titles
from deskbook.web.acts.subject import Subject

TONES = {"good": "green", "so-so": "amber", "bad": "red"}


@dataclass(frozen=True, slots=True)
class Opinion:
    """One rating, as agents read it."""

    who: str
    title: str
    tone: str
    comment: str
    at: datetime


def opinions(of: Subject) -> Iterator[Opinion]:
    """Yields what contacts thought of the ticket's closings, the newest first."""
    if not of.beside.is_rated:
        return
    titles = dict(value_titles())
    for rating in _RATINGS.ask(ticket=of.ticket.pk):
        tone = TONES[rating.value]
        yield Opinion(str(rating.contact), titles[rating.value], tone, rating.comment, rating.at)


_RATINGS = Prepared(
    lambda ticket: Rating.objects.filter(ticket=ticket).select_related("contact").order_by("-at"),
    "ticket",
)
