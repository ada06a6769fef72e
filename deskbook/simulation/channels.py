"""How people wait by each channel."""

from deskbook.engine.channels import ChannelKind

WAITING: tuple[ChannelKind, ...] = ("phone", "chat", "walk-in")
"""Where somebody waits for a person there and then, in the order in which they are served; all else
is read when it is its turn.
"""
LOGGED: tuple[ChannelKind, ...] = ("phone", "walk-in")
"""Where the case begins when somebody of the desk takes it, not when its requester came."""
