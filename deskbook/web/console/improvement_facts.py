"""What a ticket's page says of how its end was found and of what it makes better."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from deskbook.tickets.improvement_models import FindingTicket, Rating
from deskbook.tickets.ratings import value_titles
from deskbook.web.console.facts import Fact, Form, Subject

TONES = {"good": "green", "so-so": "amber", "bad": "red"}


@dataclass(frozen=True, slots=True)
class Opinion:
    """One rating, as agents read it."""

    who: str
    title: str
    tone: str
    comment: str
    at: datetime


def with_improvements(of: Subject, told: list[Fact]) -> list[Fact]:
    """Returns the facts with the findings the ticket shows, and the form to add one, before those
    that stand fixed.
    """
    links = (
        FindingTicket.objects.filter(ticket=of.ticket)
        .select_related("finding")
        .order_by("-at", "-pk")
    )
    shown = "; ".join(link.finding.title for link in links)
    form = Form(**of.values("improvements"), source=reverse("console-finding-titles"))  # type: ignore[arg-type]
    fact = of.fact("improvements", _("Improvements"), shown, form, "z")
    fixed = next((n for n, other in enumerate(told) if other.key == "channel"), len(told))
    return [*told[:fixed], fact, *told[fixed:]]


def opinions(of: Subject) -> Iterator[Opinion]:
    """Yields what contacts thought of the ticket's closings, the newest first."""
    stages = (of.desk.stages.get(stay.stage) for stay in of.state.stays)
    if not any(stage and stage.closed for stage in stages):
        return  # never closed: nothing to ask the database for
    titles = dict(value_titles())
    for rating in Rating.objects.filter(ticket=of.ticket).select_related("contact").order_by("-at"):
        tone = TONES[rating.value]
        yield Opinion(str(rating.contact), titles[rating.value], tone, rating.comment, rating.at)
