"""Where what was written of a case stands, and who it was: what goes once it is kept no longer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.improvement_models import FindingTicket, Rating
from deskbook.tickets.models import (
    Attachment,
    Blob,
    ContactChange,
    Draft,
    Message,
    Participant,
    Ticket,
)
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.untold_models import Untold
from deskbook.tickets.visit_models import DatedVisit


@dataclass(frozen=True, slots=True)
class Words:
    """Rows of a case that hold words of people, or say who they are."""

    model: type[Model]
    by: str = "ticket"
    """The way to the ticket, as queries write it."""
    emptied: Mapping[str, Any] = field(default_factory=dict)
    """Column → what stands there afterwards; none: the rows go, with the bytes they refer to."""

    def rows(self, tickets: Collection[int]) -> QuerySet[Any]:
        """Returns those of these tickets."""
        return self.model._default_manager.filter(**{f"{self.by}__in": tickets})

    def erase(self, tickets: Collection[int]) -> Collection[str]:
        """Erases them, and returns the keys of the bytes that they referred to."""
        if self.emptied:
            self.rows(tickets).update(**self.emptied)
            return ()
        columns = [f.attname for f in self.model._meta.concrete_fields if f.related_model is Blob]
        rows = self.rows(tickets)
        blobs = [blob for row in rows.values_list(*columns) for blob in row] if columns else []
        rows.delete()
        return blobs


NOTHING_SAID: Mapping[str, Any] = {
    "text": "",
    "html": "",
    "quoted": "",
    "to": [],
    "cc": [],
    "sender": "",
    "forwarded_from": "",
    "mail_id": "",
    "match_reason": "",
    "unproven": "",
    "automatic": "",
    "mended": [],
}
"""A message without what was said in it."""
FILES = (Words(Attachment, "message__ticket"),)
ALL = (
    *FILES,
    Words(Ticket, "pk", {"subject": "–", "search": None}),
    Words(Message, emptied={**NOTHING_SAID, "author_contact": None}),
    Words(Rating, emptied={"comment": ""}),
    Words(FindingTicket, emptied={"text": ""}),
    Words(CallBack, emptied={"number": ""}),
    Words(DatedVisit, emptied={"place": ""}),
    Words(Untold, emptied={"reason": ""}),
    Words(ContactChange),
    Words(Participant),
    Words(Sending),
)
"""Of the tickets themselves; what else brings words to a case declares where they stand."""


def erase_drafts(ticket: Ticket) -> None:
    """Erases what somebody was writing on it."""
    Draft.objects.filter(place__in=(f"ticket {ticket.pk}", f"answer {ticket}")).delete()


def erase_said_by(tickets: Collection[int], channels: Collection[str]) -> Collection[str]:
    """Erases what was said on these channels, with its files; returns the keys of their bytes."""
    said = Message.objects.filter(ticket__in=tickets, channel__in=channels)
    files = Attachment.objects.filter(message__in=said)
    blobs = list(files.values_list("blob_id", flat=True))
    files.delete()
    said.update(**NOTHING_SAID)
    return blobs
