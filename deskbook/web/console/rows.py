"""One line of a list of tickets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.people.books import desk_at
from deskbook.tickets.models import Ticket
from deskbook.web.sentences import severity_title

SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class SeverityMark:
    short: str
    title: str
    level: int
    claimed: bool


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    url: str
    subject: str
    requester: str
    organisation: str
    stage: str
    stage_tone: str
    severity: SeverityMark | None
    owner: str
    next_due_at: datetime | None
    due_state: str
    due_what: str
    waits_for_us: bool


def with_what_rows_need(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Leaves out the engine's state and the search text: a list of fifty would be megabytes."""
    return tickets.defer("state", "search").annotate(
        verified=KT("state__verified"),
        wrote_at=KT("state__requester_wrote_at"),
        answered_at=KT("state__last_answer_at"),
    )


def row_of(ticket: Ticket, trail: dict[str, str]) -> Row:
    desk = desk_at(ticket.desk_id, ticket.book_version)
    stage = desk.stages.get(ticket.stage)
    return Row(
        number=str(ticket), url=ticket_url(ticket, trail), subject=ticket.subject, requester=str(ticket.requester),
        organisation=ticket.organisation.name if ticket.organisation else "",
        stage=stage.title if stage else ticket.stage, stage_tone=stage_tone(desk, ticket.stage),
        severity=severity_mark(desk, ticket.severity, verified=bool(getattr(ticket, "verified", None))),
        owner=str(ticket.owner.user) if ticket.owner else "",
        next_due_at=ticket.next_due_at, due_state=due_state(ticket),
        due_what=clock_title(ticket.next_due_clock) if ticket.next_due_at else _("Waiting"),
        waits_for_us=ticket.waits_for == "desk" and _wrote_last(ticket),
    )  # fmt: skip


def ticket_url(ticket: Ticket, trail: dict[str, str]) -> str:
    address = reverse("console-ticket", args=[str(ticket)])
    return f"{address}?{urlencode(trail)}" if trail else address


def severity_mark(desk: Desk, key: str, *, verified: bool) -> SeverityMark | None:
    """Returns how a severity is shown: its key where it is short (S1, P2), its place in the book as level."""
    found = desk.severities.get(key)
    if found is None:
        return None
    short = found.key.upper() if len(found.key) <= 3 else found.title[:2]
    return SeverityMark(short, severity_title(found), list(desk.severities).index(key) + 1, not verified)


def stage_tone(desk: Desk, key: str) -> str:
    """New and freshly updated tickets stand out; solved ones are green; the rest is quiet."""
    stage = desk.stages.get(key)
    if stage is None:
        return ""
    if stage.solved or stage.closed:
        return "green"
    return "accent" if stage is desk.first_stage or "requester writing" in stage.set_by else ""


def due_state(ticket: Ticket) -> str:
    if ticket.next_due_at is None:
        return "paused" if ticket.is_open and ticket.waits_for in ("requester", "third party") else ""
    left = ticket.next_due_at - timezone.now()
    return "late" if left < timedelta(0) else "soon" if left < SOON else "runs"


def clock_title(clock: str) -> str:
    """Returns a clock's name for people: "update:2" is the update."""
    names = {
        "response": _("Response"), "update": _("Update"), "promise": _("Promise"), "team": _("Team"),
        "resolve": _("Solution"), "quiet": _("Closes by itself"),
    }  # fmt: skip
    return names.get(clock.partition(":")[0], clock)


def channel_title(channel: str) -> str:
    """Returns a channel's name for people."""
    names = {
        "email": _("Mail"), "portal": _("Portal"), "phone": _("Phone"), "chat": _("Chat"), "walk-in": _("Walk-in"),
        "whatsapp": "WhatsApp", "sms": "SMS", "visit": _("Visit"),
    }  # fmt: skip
    return names.get(channel, channel.capitalize())


def _wrote_last(ticket: Ticket) -> bool:
    wrote, answered = getattr(ticket, "wrote_at", None), getattr(ticket, "answered_at", None)
    return bool(wrote and (not answered or wrote > answered))
