"""What else is said at a desk of the demo, as its `said.yaml` has it: on the chat, at the counter,
by WhatsApp.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What the desk makes better because of what requesters said."""

    theme: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """What somebody came to the counter for."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation, so many minutes ago."""

    ago: int
    text: str
    by_desk: bool = False
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation by WhatsApp with somebody whose number is written in digits only."""

    number: str
    name: str
    user_id: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One line of a group's chat, so many minutes ago."""

    ago: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    findings: tuple[Finding, ...]
    chats: tuple[str, ...] = ()
    """With which people begin who wait for a chat."""
    visitors: tuple[Visitor, ...] = ()
    talks: tuple[Talk, ...] = ()
    group: tuple[GroupLine, ...] = ()
