"""What a desk had elsewhere, in the few nouns all systems have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["request", "answer", "note"]
Readers = Literal["public", "requesters", "agents"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wrote there, by the key that system knows them by."""

    key: str
    name: str = ""
    address: str = ""
    phone: str = ""
    organisation: str = ""
    """The key of theirs."""
    works_there: bool = False
    """Answered others, rather than asked."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A customer there."""

    key: str
    name: str
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message. Its bytes may lie in the export under one of these names, or nowhere."""

    name: str
    content_type: str = "application/octet-stream"
    lies_at: tuple[str, ...] = ()
    address: str = ""
    """Where that system has it."""


def attached(id_: object, name: str) -> tuple[str, ...]:
    """Returns where the bytes of an attachment may lie in an export: by its id there, or its
    name.
    """
    return f"attachments/{id_}/{name}", f"attachments/{id_}", f"attachments/{name}"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing somebody wrote."""

    kind: Kind
    by: str
    """The key of a person; empty where nobody is named."""
    at: datetime | None
    text: str = ""
    html: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket as it stood there."""

    number: str
    """What people there called it: by this it is known to have come before."""
    subject: str = ""
    requester: str = ""
    """The key of a person, as `owner`'s and those of `copied` are."""
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    """When it was closed or solved last, where that is known."""
    changed_at: datetime | None = None
    owner: str = ""
    copied: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    channel: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    """"stage", "severity", "team" and whatever else that system says of it, in its own words."""
    said: Sequence[Said] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A how-to as it stood there, in one language."""

    number: str
    """By this, and its language, it is known to have come before."""
    title: str
    html: str = ""
    markdown: str = ""
    """Instead of HTML, where that system writes it."""
    language: str = ""
    """As that system writes it ("en-us"); empty where it has one alone."""
    readers: Readers = "agents"
    keywords: tuple[str, ...] = ()
    is_published: bool = False
    files: tuple[File, ...] = ()
    """Beside its pictures, which its words name."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that did not come along: where it stood, why, as a refusal, and what it was."""

    place: str
    why: str
    """In its written form (refusals/kept.py)."""
    what: str = ""
    ticket: str = ""
    """Its number there."""
