"""What concerns an agent: cases that are theirs or that they follow, and notes that name them."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.people.access import seen_by, sees
from deskbook.people.agents import language_of
from deskbook.people.duty import has_left
from deskbook.people.models import Agent, Contact
from deskbook.people.open_screens import tell_open_screens
from deskbook.tickets.log import once
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.notification_models import Following, Notification
from deskbook.tickets.what_follows import rows

Why = Notification.Why


@once
def follow_ticket(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> None:
    """Makes an agent one who is told what is written on a case, without owning it."""
    Following.objects.get_or_create(ticket=ticket, agent=by, defaults={"since": at})


@once
def stop_following(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> None:
    """Tells an agent no more of a case that is not theirs."""
    Following.objects.filter(ticket=ticket, agent=by).delete()


def mentioned_in(text: str, agents: Iterable[Agent]) -> list[Agent]:
    """Returns whom `@Name` names in a text: everybody of that whole name, or who alone has that
    first name.
    """
    known = _by_name(agents)
    longest = sorted(map(re.escape, known), key=len, reverse=True)
    if not longest or "@" not in text:
        return []
    found_in = re.finditer(rf"(?<!\w)@({'|'.join(longest)})(?!\w)", text.casefold())
    return list(dict.fromkeys(agent for found in found_in for agent in known[found[1]]))


def _by_name(agents: Iterable[Agent]) -> dict[str, list[Agent]]:
    """Returns name, in small letters → who has it; of first names those that only one has."""
    whole: dict[str, list[Agent]] = {}
    first: dict[str, list[Agent]] = {}
    for agent in agents:
        words = str(agent.user).casefold().split() or [agent.user.email]
        whole.setdefault(" ".join(words), []).append(agent)
        first.setdefault(words[0], []).append(agent)
    alone = {name: found for name, found in first.items() if len(found) == 1}
    return {**alone, **whole}


def may_concern(entry: LogEntry, ticket: Ticket) -> bool:
    """Whether an entry of a ticket may concern somebody else at the desk: someone is named in it,
    given the case, owns it or follows it.
    """
    why = rows()[entry.kind].concerns
    if why == Why.MENTIONED:
        return "@" in _words_of(entry)
    owner = entry.data.get("owner") if why == Why.ASSIGNED else ticket.owner_id
    if owner and entry.actor != f"agent:{owner}":
        return True
    return why != Why.ASSIGNED and Following.objects.filter(ticket=ticket).exists()


def concerned(entry: LogEntry, *, at: datetime) -> Iterator[tuple[Agent, str]]:
    """Yields whom an entry concerns, with why; not who did it, nor who does not see the case."""
    why = rows()[entry.kind].concerns
    for agent in _those(entry, why):
        did_it = entry.actor == f"agent:{agent.pk}"
        if not did_it and not has_left(agent, at=at) and sees(agent, entry.ticket):
            yield agent, why


def _those(entry: LogEntry, why: str) -> Iterable[Agent]:
    ticket = entry.ticket
    if why == Why.MENTIONED:
        return mentioned_in(_words_of(entry), _at_work(entry))
    owner = [ticket.owner] if ticket.owner else []
    if why == Why.ASSIGNED:
        return [agent for agent in owner if entry.data.get("owner") == str(agent.pk)]
    follow = Following.objects.filter(ticket=ticket).select_related("agent__user", "agent__desk")
    return dict.fromkeys([*owner, *(row.agent for row in follow.order_by("pk"))])


def _at_work(entry: LogEntry) -> QuerySet[Agent]:
    there = Agent.objects.filter(desk=entry.ticket.desk_id, is_active=True)
    return there.select_related("user", "desk").order_by("pk")


def _words_of(entry: LogEntry) -> str:
    if entry.kind != "Noted":
        return ""
    noted = Message.objects.filter(pk=entry.data.get("message") or 0).first()
    # A mail that only became a note is somebody else's words.
    return noted.text if noted and noted.author_user_id else ""


def keep_notification(agent: Agent, entry: LogEntry, why: str) -> tuple[Notification, bool]:
    """Returns the row that says that an entry concerns somebody, and whether it was made now."""
    defaults = {"ticket": entry.ticket, "why": why, "at": entry.at}
    return Notification.objects.get_or_create(agent=agent, entry=entry, defaults=defaults)


def notifications_of(agent: Agent) -> QuerySet[Notification]:
    """Returns what concerns an agent on cases they see, the latest first."""
    found = Notification.objects.filter(agent=agent).order_by("-pk")
    return seen_by(agent, found, "ticket__").select_related("ticket__desk", "entry")


def mark_read(
    agent: Agent, *, at: datetime, ticket: Ticket | None = None, only: int | None = None
) -> int:
    """Marks what concerns an agent as read: all of it, what is of one case, or one (id); tells
    their screens. Returns how much that was.
    """
    unread = Notification.objects.filter(agent=agent, read_at=None)
    if ticket is not None:
        unread = unread.filter(ticket=ticket)
    if only is not None:
        unread = unread.filter(pk=only)
    marked = unread.update(read_at=at)
    if marked:
        tell_screens(agent)
    return marked


def tell_screens(agent: Agent, notification: Notification | None = None) -> None:
    """Tells the open screens of an agent how much is unread, and what is new."""
    told = {"desk": agent.desk.key, "unread": _unread(agent)}
    if notification is not None:
        with translation.override(language_of(agent)):
            told["words"] = in_one_line(notification)
        told["href"] = f"/console/tickets/{notification.ticket}"
    tell_open_screens({"user": agent.user_id, "concern": told})


def _unread(agent: Agent) -> int:
    return notifications_of(agent).filter(read_at=None).count()


def in_one_line(notification: Notification) -> str:
    """Returns what happened as a sentence, in the language in force."""
    entry = notification.entry
    return sentence(notification, who_did_each([entry])[entry.pk])


def sentence(notification: Notification, who: str) -> str:
    """Returns the same where it is known who did it."""
    words = str(Why(notification.why).label)
    return words % {"who": who, "number": notification.ticket}


def who_did_each(entries: Iterable[LogEntry]) -> dict[int, str]:
    """Returns entry → the name of who did it; the desk's where it was done by itself."""
    actors = {entry.pk: entry.actor.partition(":")[::2] for entry in entries}
    named = {
        kind: _named(rows, [who for sort, who in actors.values() if sort == kind])
        for kind, rows in (
            ("agent", Agent.objects.select_related("user")),
            ("contact", Contact.objects.all()),
        )
    }
    return {
        entry: named.get(kind, {}).get(who, _("The desk")) for entry, (kind, who) in actors.items()
    }


def _named(rows: QuerySet[Any], ids: list[str]) -> dict[str, str]:
    return {str(row.pk): str(row) for row in rows.filter(pk__in=ids)} if ids else {}
