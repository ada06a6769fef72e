"""How people reach a desk, and how it reaches them: channels, the directory, sites with counters,
fixed wordings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from deskbook.engine.addresses import normal_domain

ChannelKind = Literal[
    "email", "portal", "phone", "chat", "walk-in", "on-site", "whatsapp", "sms", "app", "other"
]
KNOWN: Mapping[str, ChannelKind] = {
    "email": "email",
    "e-mail": "email",
    "mail": "email",
    "portal": "portal",
    "online cases": "portal",
    "phone": "phone",
    "call": "phone",
    "calls": "phone",
    "telephone": "phone",
    "chat": "chat",
    "live chat": "chat",
    "walk-in": "walk-in",
    "walk in": "walk-in",
    "visit": "walk-in",
    "counter": "walk-in",
    "on-site": "on-site",
    "on-site visit": "on-site",
    "on-site training": "on-site",
    "whatsapp": "whatsapp",
    "sms": "sms",
    "text message": "sms",
    "app": "app",
}
"""What Deskbook connects a channel to, by the words books use for it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way people reach the desk."""

    key: str
    title: str
    kind: ChannelKind = "other"
    """What it is connected to; "other" is recorded only."""
    hours: str | None = None
    """Calendar it is open on; None is the desk's."""
    asks: tuple[str, ...] = ()
    """Keys of the directory's fields a requester states here, checked against the directory."""
    means: str = ""
    when_closed: str = ""
    """What people are told out of its hours, in the book's words."""


@dataclass(frozen=True, slots=True)
class DirectoryField:
    """What is known of each requester."""

    key: str
    title: str
    means: str = ""
    identifies: bool = False
    """No two people have the same."""
    required: bool = False
    called: str = field(default="", compare=False)
    """The title in the book's own words, whatever language this is read in."""

    @property
    def known_as(self) -> tuple[str, str]:
        """What lists call it, in no other language than the book's own."""
        return self.key, self.called or self.title


@dataclass(frozen=True, slots=True)
class Service:
    """What visitors come for; each has a queue of its own at each site."""

    key: str
    title: str
    means: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    """What a visit for it is sorted by at once."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place people call or go to."""

    key: str
    title: str
    means: str = ""
    team: str | None = None
    phone: str = ""
    hours: str | None = None
    """Calendar visitors are received on; None is the walk-in channel's."""
    counters: tuple[str, ...] = ()
    """Names of its counters; empty: visitors are not received by token here."""
    services: tuple[str, ...] = ()
    """Keys of the services it offers."""


@dataclass(frozen=True, slots=True)
class Template:
    """A wording registered with a carrier: an SMS under DLT, an approved WhatsApp template."""

    purpose: str
    """What it tells: "acknowledgement", "answer", "reminder", "closing", "code", "call back",
    "token" …
    """
    channel: Literal["sms", "whatsapp"]
    language: str
    text: str
    """With {ticket}, {text}, {code}, {link} … where the variables stand."""
    registered: str = ""
    """DLT template id, or the name of the WhatsApp template."""

    @property
    def variables(self) -> tuple[str, ...]:
        """The names in braces, in their order."""
        from string import Formatter

        return tuple(
            name for _text, name, _spec, _conversion in Formatter().parse(self.text) if name
        )


@dataclass(frozen=True, slots=True)
class SiteVisits:
    """Cases of some sort end in people going somewhere: who decides it, who goes."""

    when: Mapping[str, frozenset[str]]
    decided_by: str
    """Team."""
    carried_out_by: str
    """Team whose people with free days are proposed."""
    line: int = 0


def is_official(address: str, ends: Iterable[str]) -> bool:
    """Whether a mail address ends as the book's official ones do: in one of these domains, or below
    one.

    "gov.in" takes x.kerala.gov.in and not evilgov.in.
    """
    domain = normal_domain(address.rpartition("@")[2])
    known = [normal_domain(end.strip().lstrip("@.")) for end in ends]
    return any(end and (domain == end or domain.endswith(f".{end}")) for end in known)


def usual_channel(word: str) -> Channel:
    """Returns the channel a bare name in a book means."""
    key = " ".join(word.split()).casefold()
    return Channel(key, word[:1].upper() + word[1:], KNOWN.get(key, "other"))
