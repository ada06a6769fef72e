"""Telling who works at the desk what concerns them: on their screens, and by mail where they want
it; while they are off by the roster not before their next shift begins.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.people.agents import language_of
from deskbook.people.duty import has_left, is_away, next_shift
from deskbook.tickets.models import LogEntry, Message
from deskbook.tickets.notification_models import Notification
from deskbook.tickets.notifications import (
    concerned,
    in_one_line,
    keep_notification,
    tell_screens,
)

LONGEST_QUOTED = 4_000
READ_FIRST = timedelta(minutes=2)
"""Who is at the screen reads it there: nothing is mailed before."""
ASKED_AGAIN = timedelta(days=1)
"""Of somebody who is off, and whose next shift nobody knows yet."""
MAILED = (Notification.Why.MENTIONED, Notification.Why.WROTE, Notification.Why.ANSWERED)
"""What else concerns an owner is mailed by the alerts already."""


def notify(entry_id: int, *, at: datetime | None = None) -> None:
    """Keeps whom an entry concerns, and tells them; asked twice, once."""
    at = at or datetime.now(UTC)
    entry = _ENTRIES.get(pk=entry_id)
    for agent, why in concerned(entry, at=at):
        kept, _made = keep_notification(agent, entry, why)
        if kept.told_at is None:
            tell_of(kept, at=at)


def tell_notification(notification_id: int, *, at: datetime | None = None) -> None:
    """Tells somebody what concerned them while they were off, unless they read it meanwhile."""
    kept = _of(notification_id)
    if kept is not None and kept.told_at is None and kept.read_at is None:
        tell_of(kept, at=at or datetime.now(UTC))


def tell_of(kept: Notification, *, at: datetime) -> None:
    """Tells it now, or has it told when their next shift begins."""
    if is_away(kept.agent, at=at):
        begins_at = next_shift(kept.agent, at=at) or at + ASKED_AGAIN
        _later("tell_notification", kept, begins_at)
        return
    kept.told_at = at
    kept.save(update_fields=["told_at"])
    tell_screens(kept.agent, kept)
    if kept.agent.mails_concerns and kept.why in MAILED:
        _later("mail_notification", kept, at + READ_FIRST)


def mail_notification(notification_id: int, *, at: datetime | None = None) -> None:
    """Mails somebody what they have not read; not an owner, whom the alerts mail."""
    kept, at = _of(notification_id), at or datetime.now(UTC)
    if kept is None or kept.read_at is not None or has_left(kept.agent, at=at):
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
    return f"{settings.DESKBOOK_SITE_URL}/console/tickets/{kept.ticket}"


def _later(job: str, kept: Notification, at: datetime) -> None:
    app.configure_task(job, queue="reactions", schedule_at=at).defer(notification_id=kept.pk)


_ENTRIES = LogEntry.objects.select_related(
    "ticket__desk", "ticket__owner__user", "ticket__owner__desk"
)


def _of(notification_id: int) -> Notification | None:
    rows = Notification.objects.select_related(
        "agent__user", "agent__desk", "ticket__desk", "entry__ticket"
    )
    return rows.filter(pk=notification_id).first()
