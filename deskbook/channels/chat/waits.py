"""How long visitors of the chat waited, for who plans how many people answer."""

from collections.abc import Iterator
from datetime import datetime

from deskbook.channels.chat.models import ChatSession
from deskbook.engine.desk import Desk
from deskbook.people.models import HelpDesk
from deskbook.simulation.patience import Waited

_LEFT = {ChatSession.Ended.VISITOR: "ended_at", ChatSession.Ended.GONE: "seen_at"}
"""By whom a chat was ended that its visitor left → when they did."""


def waits(
    helpdesk: HelpDesk, desk: Desk, from_at: datetime, until_at: datetime
) -> Iterator[Waited]:
    """Yields each chat that began between two instants and was taken, or left before that: one
    whose line was cut, when it was last heard of.
    """
    chats = ChatSession.objects.filter(
        desk=helpdesk, channel__in=desk.channels, began_at__gte=from_at, began_at__lt=until_at
    )
    for chat in chats.values("channel", "began_at", "taken_at", "ended_by", *_LEFT.values()):
        ends_at = chat["taken_at"] or chat.get(_LEFT.get(chat["ended_by"], ""))
        if ends_at:
            yield Waited(chat["channel"], ends_at - chat["began_at"], chat["taken_at"] is None)
