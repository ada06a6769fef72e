"""Whether a mail is from whom it says: what the mail server in front found out (RFC 8601), and nobody else's word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from deskbook.channels.email.mail import ParsedMail

HEADER = "Authentication-Results"
MOST_RESULTS = 50
LONGEST = 8_000
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"^(dmarc|dkim|spf)(?:/\d+)?\s*=\s*([a-z]+)\b(.*)$", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Result:
    """One method's verdict and the domain it is about."""

    method: str
    verdict: str
    domain: str = ""


def what_is_not_proven(mail: ParsedMail, trusted: Collection[str]) -> str:
    """Returns what failed, as the server in front says it; empty for a proven sender, and where no server is trusted.

    Proven is what passes DMARC (RFC 7489), or, where the domain has no such policy, DKIM or SPF for the domain in
    From. Only the topmost header of a trusted server counts: it puts its own above all that came with the mail, and
    takes away what bears its name below (RFC 8601, 5).
    """
    if not trusted:
        return ""
    results = _results(mail, {name.casefold() for name in trusted})
    if results is None:
        return "the mail server says nothing about it"
    by_policy = next((one for one in results if one.method == "dmarc"), None)
    if by_policy and by_policy.verdict != "none":
        # Of two senders in one From the server may have proven the other.
        about_them = not by_policy.domain or _is_of(by_policy.domain, mail.from_.domain)
        proven = by_policy.verdict == "pass" and about_them
    else:
        proven = any(one.verdict == "pass" and _is_of(one.domain, mail.from_.domain) for one in results)
    said = ", ".join(f"{one.method}={one.verdict}" for one in results)
    return "" if proven else (said or "no result")[:200]


def _results(mail: ParsedMail, trusted: Collection[str]) -> list[Result] | None:
    for value in mail.header_all(HEADER):
        server, _semicolon, rest = _COMMENT.sub(" ", value[:LONGEST]).partition(";")
        name = (server.split() or [""])[0].casefold()
        if name in trusted:
            return list(_read(rest))
    return None


def _read(rest: str) -> Iterator[Result]:
    for part in rest.split(";")[:MOST_RESULTS]:
        found = _RESULT.match(part.strip())
        if found:
            of = {key.lower(): value for key, value in _PROPERTY.findall(found[3])}
            domain = of.get("header.from") or of.get("header.d") or of.get("header.i") or of.get("smtp.mailfrom") or ""
            yield Result(found[1].lower(), found[2].lower(), domain.rpartition("@")[2].casefold())


def _is_of(domain: str, sender: str) -> bool:
    """Whether a domain that passed is the sender's, or one above or below it (relaxed alignment)."""
    if not domain or not sender or "." not in domain:
        return False
    return domain == sender or sender.endswith(f".{domain}") or domain.endswith(f".{sender}")
