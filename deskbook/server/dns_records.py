"""What the DNS says of the domains a desk writes from: where its mail goes, and why others believe
its letters.
"""

from __future__ import annotations

from collections.abc import Iterator

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration, Resolver

from deskbook.config.environment import Environment
from deskbook.engine.addresses import ascii_domain
from deskbook.server.findings import Finding

OF_NO_WORLD = ("localhost", "example", "test", "invalid", "local", "internal")
"""Names under which there is no DNS (RFC 6761, RFC 6762): of a desk that is tried out."""
PATIENCE_S = 5.0
PAGE = "docs/operating/mail.md has the records"


class Unasked(Exception):
    """Nobody answered, which says nothing of the records."""


def records(environment: Environment) -> Iterator[Finding]:
    """Yields a finding for each record that is missing at a domain of a desk's own addresses, or at
    that of DESKBOOK_MAIL_FROM.
    """
    try:
        resolver = Resolver()
    except NoResolverConfiguration:
        return
    yield from findings(_domains(environment), resolver)


def findings(domains: set[str], resolver: Resolver) -> Iterator[Finding]:
    """Yields what is missing at these domains, asked of this resolver."""
    resolver.lifetime = PATIENCE_S
    for domain in sorted(domains):
        try:
            yield from _of(domain, resolver)
        except Unasked as why:
            yield Finding(
                f"The DNS could not be asked about {domain}: {why}.",
                "See that this machine has a resolver that answers, and look again.",
                is_fault=False,
            )
            return


def _domains(environment: Environment) -> set[str]:
    from deskbook.people.books import desk_in_force
    from deskbook.people.models import HelpDesk

    ours = [address for desk in HelpDesk.objects.all() for address in desk_in_force(desk).mail]
    named = {ascii_domain(one.rpartition("@")[2]) for one in (*ours, environment.mail_from)}
    return {domain for domain in named if domain.rpartition(".")[2] not in OF_NO_WORLD}


def _of(domain: str, resolver: Resolver) -> Iterator[Finding]:
    if not _answers(resolver, domain, "MX"):
        yield Finding(
            f"{domain} has no MX record: mail to the desk goes astray.",
            f"Add one that names the server its mail comes to; {PAGE}.",
        )
    spf = [text for text in _answers(resolver, domain, "TXT") if text.startswith("v=spf1")]
    if len(spf) != 1:
        what = "no SPF record" if not spf else f"{len(spf)} SPF records, which count as none"
        yield Finding(
            f"{domain} has {what}: others cannot tell who may send its letters.",
            f"Let one TXT record begin with v=spf1 and name the machines that send; {PAGE}.",
        )
    if not _exists(resolver, f"_domainkey.{domain}"):
        yield Finding(
            f"{domain} has no DKIM key: its letters are not signed, or nobody can check it.",
            f"Let the server that sends sign them, and add its key; {PAGE}.",
        )
    policy = _answers(resolver, f"_dmarc.{domain}", "TXT")
    if not any(text.startswith("v=DMARC1") for text in policy):
        yield Finding(
            f"{domain} has no DMARC record of its own: large providers put its letters aside.",
            f"Add _dmarc.{domain}, with p=none to begin; {PAGE}.",
            is_fault=False,
        )


def _answers(resolver: Resolver, name: str, kind: str) -> list[str]:
    try:
        found = resolver.resolve(name, kind)
    except (NXDOMAIN, NoAnswer):
        return []
    except DNSException as problem:
        raise Unasked(str(problem).rstrip(".")) from problem
    if kind == "TXT":
        return [b"".join(one.strings).decode(errors="replace") for one in found]
    return [one.to_text() for one in found]


def _exists(resolver: Resolver, name: str) -> bool:
    """Keys have names nobody can guess; but below a name that is not there is nothing (RFC
    8020).
    """
    try:
        resolver.resolve(name, "TXT")
    except NXDOMAIN:
        return False
    except NoAnswer:
        return True
    except DNSException as problem:
        raise Unasked(str(problem).rstrip(".")) from problem
    return True
