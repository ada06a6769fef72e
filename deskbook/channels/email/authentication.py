"""Whether a mail is from whom it says: what the mail server in front found out (RFC 8601), and
nobody else's word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from deskbook.channels.email.mail import ParsedMail
from deskbook.engine.addresses import normal_domain
from deskbook.refusals.kept import kept

HEADER = "Authentication-Results"
LONGEST = 8_000
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*+"|\\.|[^"\\()]++|.', re.DOTALL)
_PARENTHESIS = re.compile(r"[()]")
_PLAIN = re.compile(r"[\w.@-]+", re.ASCII)
_RESULT = re.compile(
    r"([\w-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)(?:\s(.*))?", re.IGNORECASE | re.DOTALL | re.ASCII
)
_PROPERTY = re.compile(r"(?:^|\s)([\w.-]+)\s*=\s*(\S+)", re.ASCII)
_ABOUT = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


class Unreadable(ValueError):
    """The header can be read in more than one way, or in none."""


@dataclass(frozen=True, slots=True)
class Result:
    """One method's verdict and the domain it is about."""

    method: str
    verdict: str
    domain: str = ""


def what_is_not_proven(mail: ParsedMail, trusted: Collection[str]) -> str:
    """Returns what failed, as the server in front says it; empty for a proven sender, and where no
    server is trusted.

    Proven is what passes DMARC (RFC 7489), or, where the domain has no such policy, DKIM or SPF for
    exactly the domain in From: without a list of public suffixes nobody can tell whether
    evil.uk.com may speak for uk.com. Only the topmost header of a trusted server counts: it puts
    its own above all that came with the mail, and takes away what bears its name below (RFC 8601,
    5).
    """
    if not trusted:
        return ""
    try:
        results = _results(mail, {_small(name) for name in trusted})
    except Unreadable:
        return kept("unproven.unreadable")
    if results is None:
        return kept("unproven.silent")
    said = ", ".join(f"{one.method}={one.verdict}" for one in results)
    return "" if _prove(results, mail.from_.domain) else (said[:200] or kept("unproven.no_result"))


def _prove(results: list[Result], sender: str) -> bool:
    policies = [one for one in results if one.method == "dmarc" and _says_something(one)]
    if policies:
        # Of two senders in one From the server may have proven the other.
        return all(one.verdict == "pass" and one.domain == sender for one in policies)
    about_them = [one for one in results if one.domain == sender]
    by_method = [
        {one.verdict for one in about_them if one.method == method} for method in ("dkim", "spf")
    ]
    return {"pass"} in by_method


def _says_something(policy: Result) -> bool:
    """A pass that does not say which From it is about (RFC 8601, 2.7.6: header.from) proves
    nobody.
    """
    return policy.verdict != "none" and not (policy.verdict == "pass" and not policy.domain)


def _results(mail: ParsedMail, trusted: Collection[str]) -> list[Result] | None:
    for value in mail.header_all(HEADER):
        if len(value) > LONGEST:
            # Beyond a limit may stand the verdict that counts: it is not cut off and believed.
            raise Unreadable
        server, *clauses = _without_comments(value).split(";")
        if _small((server.split() or [""])[0]) in trusted:
            return [one for clause in clauses for one in _read(clause.strip())]
    return None


def _small(server: str) -> str:
    """A server takes away what bears its own name: letters beyond ASCII that become it when folded
    are not its own.
    """
    return server.lower() if server.isascii() else server


def _without_comments(value: str) -> str:
    """The header with no comments and no quotes; a quoted text that is no plain word is a `?` (RFC
    8601, 2.2).

    Senders choose what stands in quotes, and some servers repeat it in a comment, where quotes mean
    nothing: where a comment ends elsewhere for who minds them than for who does not, it is
    unreadable.
    """
    bare, depth = [], 0
    for piece in _PIECE.findall(value):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if depth < 0 or piece == '"' or (depth and _hides_a_parenthesis(piece)):
            raise Unreadable
        if not depth:
            bare.append(_unquoted(piece))
    text = "".join(bare)
    if depth or "\\" in text:
        raise Unreadable
    return text


def _hides_a_parenthesis(piece: str) -> bool:
    return piece[0] == '"' and bool(_PARENTHESIS.search(piece))


def _unquoted(piece: str) -> str:
    if piece[0] == '"':
        return piece[1:-1] if _PLAIN.fullmatch(piece[1:-1]) else "?"
    return " " if piece == ")" else piece


def _read(clause: str) -> Iterator[Result]:
    if clause.casefold() in ("", "none"):
        return
    found = _RESULT.fullmatch(clause)
    if not found:
        raise Unreadable
    method = found[1].lower()
    if method in _ABOUT:
        about = [domain for name in _ABOUT[method] for domain in _named(name, found[3] or "")]
        yield Result(method, found[2].lower(), about[0] if about else "")


def _named(name: str, properties: str) -> set[str]:
    """The domain a verdict names under a property, if it does; two of them are unreadable."""
    found = {
        normal_domain(value.rpartition("@")[2])
        for key, value in _PROPERTY.findall(properties)
        if key.lower() == name
    }
    if len(found) > 1:
        raise Unreadable
    return found
