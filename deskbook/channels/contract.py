"""What every channel has in common: one way in, one way out. Channels do not know each other.

In: a channel finds out who wrote and what, and hands it over as `Incoming`; `way_in.take_in` makes
it a case or an answer. Out: `jobs/carriers.py` offers an `Outgoing` to the carriers of the ways a
person may be reached, until one takes it. What else there is to know of a channel it declares in
its `declared.py`: a `Channel` where it carries what the desk writes, else a `Connection`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from deskbook.delivery.connection import Connection
from deskbook.engine.channels import ChannelKind
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.people.stopped_models import StoppedNumber
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import LogEntry, Message, Ticket


@dataclass(frozen=True, slots=True)
class Incoming:
    """What somebody said to the desk, by whatever way."""

    sender: Contact
    channel: str
    """The book's key of the channel."""
    written: Written
    at: datetime
    key: str
    """The channel's own name for it ("whatsapp:wamid.A"): the same key again does nothing."""
    subject: str = ""
    ticket: Ticket | None = None
    """The case it belongs to, where the channel can tell; a case that may not come back is followed
    by a new one.
    """
    outsider: bool = False
    """The sender takes no part in that case."""
    aside: bool = False
    """It answers what was said beside that case, or another: whoever sends it."""
    facets: Mapping[str, str] = field(default_factory=dict)
    severity: str | None = None
    followers: tuple[Contact, ...] = ()
    """Whom the sender copied in: they follow the case, where the sender may let them."""
    team: str | None = None
    """Team of the place the sender came to: a new case begins there, unless the book's rules say
    otherwise.
    """
    logged_by: Agent | None = None
    """Who of the desk wrote down what the sender said: the case says so."""
    live: bool = False
    """Somebody of the desk is in the conversation: nobody has to be told by mail that it goes on.
    """


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands beside the words of a letter where its way has room for that."""

    author: str = ""
    """Name of who of the desk wrote them."""
    question: str = ""
    """What the reader had written, which they answer."""
    steps: tuple[str, ...] = ()
    """What happens next on the case, in the reader's language."""


NOTHING_BESIDE = Surroundings()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the desk tells one person, as it follows from one entry of a log."""

    entry: LogEntry
    ticket: Ticket
    contact: Contact
    purpose: str
    """"answer", "acknowledgement", "reminder", "closing", "severity", "notice" …: told a person
    once for an entry, by whatever way and to whichever of their addresses.
    """
    text: str
    """The whole text, as a letter."""
    language: str = "en"
    message: Message | None = None
    """What somebody wrote, when this carries it on; its text is the short form of `text`."""
    ask_for_answer: bool = True
    files: tuple[File, ...] = ()
    """Files that go with it where the way takes files: a calendar entry."""
    only_files: bool = False
    """The words have left by another way: it is of use only by one that takes the files."""
    around: Surroundings = NOTHING_BESIDE


class Untold(Protocol):
    def __call__(self, *, at: datetime) -> None:
        """Records that no way was left."""
        ...


Elsewhere = tuple[Outgoing, bool] | tuple[Outgoing, bool, Untold | None]


class Where(Protocol):
    def __call__(
        self, ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
    ) -> str | None:
        """Returns the address or number this way reaches the person by now, empty where it needs
        none, None if not.
        """
        ...


class Carrier(Protocol):
    def __call__(self, outgoing: Outgoing, *, at: datetime) -> bool:
        """Queues the message once, however often asked; False when this way does not reach the
        person now.
        """
        ...


class Bounds(Protocol):
    def __call__(
        self, ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
    ) -> int | None:
        """Returns how many characters of what somebody wrote this way carries to the person by now,
        and no files; None where it carries all.
        """
        ...


class WhereAll(Protocol):
    def __call__(
        self, ticket: Ticket, people: Sequence[Contact], *, at: datetime
    ) -> Sequence[str | None]:
        """Returns for each person what `Where` returns of an answer, asked for all of them at
        once.
        """
        ...


class ToNumber(Protocol):
    """A way to say a few words to a number, which are of no case: a code, a token."""

    def is_there(self, helpdesk: HelpDesk) -> bool:
        """Whether anything leaves by it from this desk."""
        ...

    def say(
        self,
        helpdesk: HelpDesk,
        number: str,
        purpose: str,
        values: Mapping[str, str],
        *,
        language: str,
        key: str,
        at: datetime,
    ) -> None:
        """Queues the book's words for the purpose, once for a key. Raises NoText where this number
        gets none.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Connection):
    """A way by which the desk writes to people."""

    word: ChannelKind
    carry: Carrier
    where: Where
    bounds: Bounds | None = None
    """None where it carries whatever is written."""
    rest_follows: bool = False
    """What it has no room for leaves when the person writes again."""
    where_all: WhereAll | None = None
    """Asked instead where several people are asked about at once."""
    needs_address: bool = True
    """It reaches people by an address or number; one that does not reaches who wrote on a case by
    it.
    """
    always: bool = False
    """It is there whether or not the book names it."""
    to_number: ToNumber | None = None
    at_last: Carrier | None = None
    """Asked where no way reaches the person now: whether they find it here when they are back."""
    ends: Callable[[Contact], Mapping[str, StoppedNumber]] | None = None
    """Of one that heeds who writes by it that they want nothing more by it (people/stopped.py):
    by which of somebody's numbers they did. None where no word ends it.
    """
    another_way: Callable[..., Elsewhere] | None = None
    """What one of its rows was to carry, of which it turned out later that it does not, whether
    that is for good and, where the channel does so itself, how it is recorded that no other way
    takes it: it is offered to them by the job "carry_<word>_another_way".
    """
