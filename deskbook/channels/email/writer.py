"""Who wrote a mail, where its From is nobody who could be answered: a robot, a list, or the desk
itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from deskbook.channels.email.addressees import named_in, why_unanswerable
from deskbook.channels.email.mail import Address, ParsedMail
from deskbook.channels.email.ours import Ours
from deskbook.engine.addresses import normal_domain
from deskbook.refusals.kept import kept

_MOST_NAMED = 10
_LONGEST = 2_000
"""Characters read of one header."""
_MAILTO_QUERY = re.compile(r"\?[^>]*")
_MACHINES = re.compile(
    r"mailer-daemon|postmaster|listserv|majordomo|.*-request|owner-.*|.*-owner|"
    r".*-bounces?|bounces?[+-].*|(do)?[-_.]?not?[-_.]?reply.*|.*[-_.]no-?reply"
)
_WEB_SERVERS = re.compile(
    r"wordpress|www(-data)?|apache|httpd|nginx|nobody|mailer|"
    r"web-?(form|server|mailer)|contact-?form"
)
"""Accounts that the programs behind web forms send as, where nobody set them up to say who."""


@dataclass(frozen=True, slots=True)
class Writer:
    """The person whom a mail is from. `claimed` says where it stands that they are, for nothing
    proves it; it is empty where they are the From, which a server in front can prove.
    """

    address: Address
    claimed: str = ""


def writer_of(mail: ParsedMail, ours: Ours) -> Writer:
    """From; or whom Reply-To or X-Original-From names, where From is a robot's, a list's or the
    desk's own address.

    A person's own From is never overruled: whoever wants answers elsewhere is not somebody else for
    it.
    """
    if not _speaks_for_others(mail, ours):
        return Writer(mail.from_)
    # A list that puts itself into From keeps who was there in the first of these (Google Groups).
    said = {"X-Original-From": _named(mail, "X-Original-From"), "Reply-To": mail.reply_to}
    lists = _lists(mail)
    for header, people in said.items():
        for one in people[:_MOST_NAMED]:
            if one.key != mail.from_.key and not _is_nobody(one, lists, ours):
                return Writer(
                    one, kept("unproven.claimed", header=header, sender=mail.from_.addr[:100])
                )
    return Writer(mail.from_)


def is_machine(address: Address) -> bool:
    """Whether an address is by its name one that nobody reads."""
    return _MACHINES.fullmatch(address.key.partition("@")[0]) is not None


def _speaks_for_others(mail: ParsedMail, ours: Ours) -> bool:
    is_web_server = _WEB_SERVERS.fullmatch(mail.from_.key.partition("@")[0]) is not None
    return (
        is_web_server
        or is_machine(mail.from_)
        or ours.wrote(mail.from_.addr)
        or _is_list(mail.from_, _lists(mail))
    )


def _is_nobody(one: Address, lists: frozenset[str], ours: Ours) -> bool:
    """Whether an address is no person's either."""
    return (
        bool(why_unanswerable(one.addr))
        or is_machine(one)
        or ours.wrote(one.addr)
        or _is_list(one, lists)
    )


def _is_list(one: Address, lists: frozenset[str]) -> bool:
    return not lists.isdisjoint((one.key, one.key.replace("@", ".")))


def _lists(mail: ParsedMail) -> frozenset[str]:
    """The lists a mail came through: List-Post names one (RFC 2369), List-Id is one with a dot for
    the @ (RFC 2919).
    """
    posts = named_in(
        [_MAILTO_QUERY.sub("", value) for value in _beginnings(mail, "List-Post")]
    ).people
    ids = (value.rpartition("<")[2].strip("> ") for value in _beginnings(mail, "List-Id"))
    return frozenset((*(post.key for post in posts), *map(normal_domain, ids)))


def _named(mail: ParsedMail, header: str) -> Sequence[Address]:
    return named_in(_beginnings(mail, header)).people


def _beginnings(mail: ParsedMail, header: str) -> list[str]:
    """The first of what may be thousands of headers, each as far as it may name one person or one
    list.
    """
    return [value[:_LONGEST] for value in mail.header_all(header)[:_MOST_NAMED]]
