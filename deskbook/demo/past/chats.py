"""People who wait for a chat at a demo desk: never longer than a quarter of an hour, whenever
somebody looks.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from deskbook.channels.chat import talk
from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.talk import Device, hash_of
from deskbook.demo.desk_files import said_at
from deskbook.people.books import desk_in_force
from deskbook.people.models import Contact, HelpDesk
from deskbook.tickets.messages import Written

WAITED = (timedelta(minutes=6), timedelta(minutes=4), timedelta(minutes=1))
STALE = timedelta(minutes=15)
WAITING = 2
"""So many are in the queue whenever somebody looks."""
MOST = 500
"""Chats of a demo: one that is left running fills no disk."""
LISTENS = timedelta(minutes=30)
"""How long somebody of the demo stays in a chat that was taken."""


def make_chats(helpdesk: HelpDesk, contacts: Sequence[Contact], *, at: datetime) -> None:
    """Puts people into the queue; nothing for a desk whose book has no chat."""
    channel = desk_in_force(helpdesk).channel_of("chat")
    if channel is None:
        return
    for number, (text, waited, contact) in enumerate(
        zip(said_at(helpdesk.key).chats, WAITED, contacts, strict=False)
    ):
        device = Device(_secret(helpdesk, number), contact.language)
        talk.begin(contact, channel, Written(text), device, at=at - waited)
    keep_fresh(at=at)


def keep_fresh(*, at: datetime | None = None) -> None:
    """Keeps the people of the demo at their phones, and puts others into the queue when those were
    taken.
    """
    at = at or datetime.now(UTC)
    for helpdesk in HelpDesk.objects.all():
        ours = ChatSession.objects.filter(desk=helpdesk, token_hash__in=_hashes(helpdesk))
        going_on = ours.exclude(state=ChatSession.State.ENDED)
        going_on.exclude(state=ChatSession.State.OPEN, taken_at__lt=at - LISTENS).update(seen_at=at)
        waiting = ours.filter(state=ChatSession.State.WAITING)
        for chat, waited in zip(
            waiting.filter(queued_at__lt=at - STALE).order_by("queued_at"), WAITED, strict=False
        ):
            ChatSession.objects.filter(pk=chat.pk).update(queued_at=at - waited)
        for _missing in range(WAITING - waiting.count() if ours.exists() else 0):
            _another(helpdesk, at)


def _another(helpdesk: HelpDesk, at: datetime) -> None:
    channel = desk_in_force(helpdesk).channel_of("chat")
    known = set(ChatSession.objects.filter(desk=helpdesk).values_list("token_hash", flat=True))
    number = next(n for n in count() if hash_of(_secret(helpdesk, n)) not in known)
    contact = (
        Contact.objects.filter(desk=helpdesk, named=True)
        .order_by("pk")[number % 8 : number % 8 + 1]
        .first()
    )
    if channel and contact and number < MOST:
        device = Device(_secret(helpdesk, number), contact.language)
        said = said_at(helpdesk.key).chats
        talk.begin(contact, channel, Written(said[number % len(said)]), device, at=at)


def _hashes(helpdesk: HelpDesk) -> list[str]:
    return [hash_of(_secret(helpdesk, number)) for number in range(MOST)]


def _secret(helpdesk: HelpDesk, number: int) -> str:
    return f"demo chat {helpdesk.key} {number}"
