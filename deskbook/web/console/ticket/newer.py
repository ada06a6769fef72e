"""What colleagues answered while somebody was writing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from deskbook.tickets.thread import said_on

MOST_NEWER = 20
"""Answers shown beside one that was written meanwhile; the others are in the timeline."""


@dataclass(frozen=True, slots=True)
class Newer:
    author: str
    at: datetime
    text: str


def newer_answers(ticket: Ticket, last_seen: int, agent: Agent) -> tuple[Newer, ...]:
    """Returns the newest public answers others gave after the person had last seen the ticket."""
    since = ticket.log.filter(seq__gt=last_seen, kind="Answered").exclude(actor=f"agent:{agent.pk}")
    ids = [
        int(data["message"])
        for data in since.order_by("-seq").values_list("data", flat=True)[:MOST_NEWER]
    ]
    return tuple(
        Newer(said.author or _("The desk"), said.at, said.text) for said in said_on(ticket.pk, ids)
    )
