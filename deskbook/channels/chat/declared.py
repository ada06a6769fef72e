"""What the chat is to the rest of the desk."""

from deskbook.channels.chat.carrier import carry, stays_for, where
from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.waits import waits
from deskbook.channels.contract import Channel
from deskbook.tickets.words_of_cases import Words

DECLARED = Channel(
    word="chat",
    carry=carry,
    where=where,
    needs_address=False,
    at_last=stays_for,
    words=(Words(ChatSession, emptied={"came_as": ""}),),
    waits=waits,
)
