"""What the chat is to the rest of the desk."""

from deskbook.channels.chat.carrier import carry, stays_for, where
from deskbook.channels.contract import Channel

DECLARED = Channel(word="chat", carry=carry, where=where, needs_address=False, at_last=stays_for)
