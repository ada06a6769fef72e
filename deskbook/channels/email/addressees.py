"""Who is named in an address header (RFC 5322 3.4), also where its sender forgot quotes, commas or
brackets.

Own reader, not the standard library's: that takes a name with an `@` in it for the address, gives
the one in brackets away, and makes two people of a name with a comma.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from deskbook.channels.email.charset import storable
from deskbook.channels.email.headers import MAX_HEADER, NO_LETTERS, words
from deskbook.channels.email.mail import Address
from deskbook.engine.addresses import normal_address
from deskbook.refusals.kept import kept

MAX_ADDRESSES = 1_000
MAX_LENGTH = 254
"""Of an address that a mail server takes (RFC 5321 4.5.3.1.3)."""

# A quoted text, a comment, an address in brackets, a separator, or what is between them.
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.){0,300}+"|\((?:[^()\\]|\\.){0,300}+\)|<[^<>]*+>|[,;]|[^"(<,;]++|.',
    re.DOTALL,
)
_GROUP = re.compile(r"\A[^:@\"<]{1,100}:(?=[^;]*;)")
_BEFORE_ADDRESS = re.compile(r"(?i)\A(?:mailto:|@[^:]*:)")
_LABEL = r"[^\s@<>()\[\],;:\"\\.?=/!*&%|{}]+"
_SHAPE = re.compile(
    rf"[^\s@<>()\[\],;:\"\\]+@(?:(?:{_LABEL}\.)*{_LABEL}|\[[0-9A-Fa-f:.]{{3,60}}\])"
)
_BETWEEN_WORDS = re.compile(r"[\s:]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class Named:
    """Who is named, in the order of the header, and what has an `@` but is no address of
    anybody.
    """

    people: list[Address] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)


def named_in(values: Sequence[str], longest: int = MAX_HEADER) -> Named:
    """Who stands in the first `longest` characters of address headers, names decoded."""
    read = _beginning(values, longest)
    found = _together(read)
    if not found.people:  # some programs encode the address with the name
        decoded = _together([words(value) for value in read])
        return decoded if decoded.people else found
    return found


def why_unanswerable(address: str) -> str:
    """Returns why nobody can be written to at an address, to stand after it; empty when one can."""
    if not _SHAPE.fullmatch(address):
        return kept("address.none")
    length = max(len(address), len(normal_address(address)))
    if length > MAX_LENGTH:
        return kept("address.long", length=length, most=MAX_LENGTH)
    return ""


def _beginning(values: Sequence[str], longest: int) -> list[str]:
    read = []
    for value in values:
        if longest > 0:
            read.append(value[:longest])
        longest -= len(value)
    return read


def _together(values: Sequence[str]) -> Named:
    found = Named()
    for value in values:
        _Reader(found).read(_GROUP.sub("", value))
    del found.people[MAX_ADDRESSES:]
    return found


class _Reader:
    """Reads one header. A piece between commas that names no address is the beginning of the name
    after it.
    """

    def __init__(self, found: Named) -> None:
        self.found = found
        self.pending: list[str] = []
        self.segment: list[str] = []
        self.after_brackets = False

    def read(self, value: str) -> None:
        for token in _TOKEN.findall(value):
            address = _shaped(token[1:-1]) if token[0] == "<" else None
            if token in (",", ";"):
                self._end_segment(token)
            elif address:
                self._add(Address(_label([*self.pending, *self.segment]), address))
                self.pending, self.segment, self.after_brackets = [], [], True
            else:
                self.segment.append(token)
        self._end_segment("")
        self._drop_pending()

    def _end_segment(self, separator: str) -> None:
        bare = _bare(self.segment)
        if bare:
            self._drop_pending()
            for address in bare:
                self._add(address)
        elif self.after_brackets:
            self._name_after_address()
        else:
            self.pending += [*self.segment, separator]
        self.segment, self.after_brackets = [], False

    def _add(self, address: Address) -> None:
        self.found.people.append(address)

    def _name_after_address(self) -> None:
        """`<chitra@x> (Chitra)`, as old programs write it."""
        last = self.found.people[-1]
        self.found.people[-1] = Address(last.name or _label(self.segment), last.addr)

    def _drop_pending(self) -> None:
        left = "".join(self.pending).strip(" ,;")
        if "@" in left:
            self.found.unusable.append(words(left)[:100])
        self.pending = []


def _plain_addresses(segment: list[str]) -> list[str]:
    """The words in no quotes, from a bracket that was begun on, that have the shape of an
    address.
    """
    begun = segment[segment.index("<") :] if "<" in segment else segment
    text = "".join(" " if len(token) > 1 and token[0] in '"(' else token for token in begun)
    return [word for word in _BETWEEN_WORDS.split(text) if word and _shaped(word)]


def _bare(segment: list[str]) -> list[Address]:
    """The addresses in a piece that has none in brackets: what a bracket was begun for, else what
    is not in quotes.
    """
    found = _plain_addresses(segment) or [t for t in segment if t[0] == '"' and _shaped(t)]
    addresses = [shaped for word in found if (shaped := _shaped(word))]
    if len(addresses) != 1:
        return [Address("", address) for address in addresses]
    comment = [token for token in segment if token[0] == "(" and len(token) > 1]
    before = "".join(segment).partition(found[0])[0].strip(" <:")
    return [Address(_label(comment) or _label([before.removeprefix("mailto")]), addresses[0])]


def _shaped(text: str) -> str | None:
    """The address in a text that is nothing else; None when it is none."""
    if "@" not in text or "=?" in text:
        return None
    text = _BEFORE_ADDRESS.sub("", NO_LETTERS.sub("", storable(text)).strip(" \t<>,'\""))
    local, _, domain = text.rpartition("@")
    address = f"{local.strip().strip(chr(34))}@{domain.strip().rstrip('.')}"
    return address if _SHAPE.fullmatch(address) else None


def _label(tokens: list[str]) -> str:
    """A name as people write it: quotes and escapes gone, a comment that stands alone without its
    brackets.
    """
    text = "".join(_unquoted(token) for token in tokens).strip(" ,;")
    alone = text[1:-1] if text[:1] == "(" and text.find(")") == len(text) - 1 else text
    return words(alone)


def _unquoted(token: str) -> str:
    quoted = len(token) > 1 and token[0] == token[-1] == '"'
    return _ESCAPED.sub(r"\1", token[1:-1]) if quoted else token
