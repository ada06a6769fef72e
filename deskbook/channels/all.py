"""Which folders connect a desk to others: a line each. Whatever else has to know them reads it off
`declared.py` in the folder, `models.py` and what `web/` in it declares.

Named as text: the tables are gathered before anything else may be imported, and what stands on the
web comes after all of it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from deskbook.channels.contract import Channel, ToNumber
from deskbook.delivery.connection import Connection
from deskbook.delivery.left_over import Sort
from deskbook.engine.channels import ChannelKind

FOLDERS = (
    "deskbook.channels.chat",
    "deskbook.channels.email",
    "deskbook.channels.whatsapp",
    "deskbook.channels.sms",
    "deskbook.channels.app",
    "deskbook.channels.digit",
    "deskbook.channels.phone",
    "deskbook.channels.walk_in",
    "deskbook.bridges.jira",
    "deskbook.bridges.webhooks",
)
"""In the order in which they are tried when the person's own way does not reach them."""


def halves(name: str) -> Iterator[ModuleType]:
    """Yields the module of this name of each folder that has one."""
    for folder in FOLDERS:
        if find_spec(f"{folder}.{name}"):
            yield import_module(f"{folder}.{name}")


@cache
def connections() -> tuple[Connection, ...]:
    """Returns what every folder declares, in the order of the list."""
    declared = tuple(half.DECLARED for half in halves("declared"))
    assert all(isinstance(one, Connection) for one in declared)
    return declared


@cache
def sorts_of_left_over() -> Mapping[str, Sort]:
    """Returns what may be left over for a person, by the keys of its sorts."""
    return {sort.key: sort for one in connections() for sort in one.left_over}


@cache
def carrying() -> Mapping[ChannelKind, Channel]:
    """Returns the channels by which the desk writes to people, in the order they are tried."""
    return {one.word: one for one in connections() if isinstance(one, Channel)}


def called(word: str) -> str:
    """Returns a channel's name within a sentence, in the reader's language; what the book calls it
    where it is the book's own.
    """
    return next((str(one.called) for one in connections() if one.called and one.word == word), word)


def to_number() -> ToNumber:
    """Returns the way by which a few words of no case are said to a number."""
    return next(channel.to_number for channel in carrying().values() if channel.to_number)
