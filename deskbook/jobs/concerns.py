"""Telling who works at the desk what concerns them: on their screens, and by mail where they want
it; while they are off by the roster not before their next shift begins.
"""

from datetime import UTC, datetime, timedelta

from django.utils import translation
from procrastinate.contrib.django import app

from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.engine.desk import Desk
from deskbook.jobs.addresses import address_at
from deskbook.people.access import sees
from deskbook.people.agents import language_of
from deskbook.people.duty import has_left, is_away, is_on_leave, next_shift
from deskbook.people.models import Agent
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.notification_models import Notification
from deskbook.tickets.notifications import (
    concerned,
    in_one_line,
    keep_notification,
    may_concern,
    tell_screens,
)
from deskbook.tickets.what_follows import only_where

LONGEST_QUOTED = 4_000
READ_FIRST = timedelta(minutes=2)
"""Who is at the screen reads it there: nothing is mailed before."""
ASKED_AGAIN = timedelta(days=1)
"""Of somebody on leave, and whose next shift nobody knows yet."""
MAILED = (Notification.Why.MENTIONED, Notification.Why.WROTE, Notification.Why.ANSWERED)
"""What else concerns an owner is mailed by the alerts already."""


def _may_concern(_desk: Desk, ticket: Ticket, entry: LogEntry) -> bool:
    return may_concern(entry, ticket)


@only_where(_may_concern)
def notify(entry_id: int, *, at: datetime | None = None) -> None:
    """Keeps whom an entry concerns, and tells them; asked twice, once."""
    at = at or datetime.now(UTC)
    entry = _ENTRIES.get(pk=entry_id)
    for agent, why in concerned(entry, at=at):
        kept, _made = keep_notification(agent, entry, why)
        if kept.told_at is None:
            tell_of(kept, at=at)


def tell_notification(notification_id: int, *, at: datetime | None = None) -> None:
    """Tells somebody what concerned them while they were off, unless they read it meanwhile, have
    left, or no longer see the case.
    """
    at = at or datetime.now(UTC)
    kept = _unread(notification_id, at=at)
    if kept is not None and kept.told_at is None:
        tell_of(kept, at=at)


def tell_of(kept: Notification, *, at: datetime) -> None:
    """Tells it now, or has it told when their next shift begins."""
    if begins_at := _back_at(kept.agent, at=at):
        _later("tell_notification", kept, begins_at)
        return
    kept.told_at = at
    kept.save(update_fields=["told_at"])
    tell_screens(kept.agent, kept)
    if kept.agent.mails_concerns and kept.why in MAILED:
        _later("mail_notification", kept, at + READ_FIRST)


def _back_at(agent: Agent, *, at: datetime) -> datetime | None:
    """Returns when somebody who is off is asked about again; None tells them now. Whose shifts are
    all over, as of a roster that was given up, is bound by none.
    """
    if not is_away(agent, at=at):
        return None
    begins_at = next_shift(agent, at=at)
    return begins_at or (at + ASKED_AGAIN if is_on_leave(agent, at=at) else None)


def mail_notification(notification_id: int, *, at: datetime | None = None) -> None:
    """Mails somebody what they have not read and still see; not an owner, whom the alerts mail."""
    at = at or datetime.now(UTC)
    kept = _unread(notification_id, at=at)
    if kept is None:
        return
    agent, is_alerted = kept.agent, kept.why == Notification.Why.WROTE
    if not agent.mails_concerns or (is_alerted and kept.ticket.owner_id == agent.pk):
        return
    with translation.override(language_of(agent)):
        what = in_one_line(kept)
        parts = (what, kept.ticket.subject, _quoted(kept.entry), _where(kept))
        text = "\n\n".join(filter(None, parts))
    post = Post(
        "notice",
        agent.user.email,
        text,
        language_of(agent),
        answered_by=str(agent.pk),
        subject=f"{what}: {kept.ticket.subject}",
        ask_for_answer=False,
    )
    queue_letter(kept.entry, kept.ticket, post, at=at)


def _quoted(entry: LogEntry) -> str:
    said = Message.objects.filter(pk=entry.data.get("message") or 0).first()
    lines = said.text[:LONGEST_QUOTED].splitlines() if said else ()
    return "\n".join(f"> {line}" for line in lines)


def _where(kept: Notification) -> str:
    return address_at(kept.ticket.desk, f"/console/tickets/{kept.ticket}")


def _later(job: str, kept: Notification, at: datetime) -> None:
    app.configure_task(job, queue="reactions", schedule_at=at).defer(notification_id=kept.pk)


_ENTRIES = LogEntry.objects.select_related(
    "ticket__desk", "ticket__owner__user", "ticket__owner__desk"
)


def _unread(notification_id: int, *, at: datetime) -> Notification | None:
    """Returns it while it is not read and its agent is here and sees the case: hours may have gone
    by since it was kept.
    """
    rows = Notification.objects.select_related(
        "agent__user", "agent__desk", "ticket__desk", "entry__ticket"
    )
    kept = rows.filter(pk=notification_id, read_at=None).first()
    if kept is None or has_left(kept.agent, at=at) or not sees(kept.agent, kept.ticket):
        return None
    return kept
