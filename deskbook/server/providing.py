"""Whether people can sign in by the provider or the directory, and the rules find their desks."""

from __future__ import annotations

from collections.abc import Iterator

from deskbook.config.environment import Environment
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.people.openid import Silent, metadata_of
from deskbook.people.people_rules import PeopleRule
from deskbook.people.provider import LdapDirectory
from deskbook.server.findings import Finding


def sign_in(environment: Environment) -> Iterator[Finding]:
    """Yields a finding where the provider or the directory does not answer, and for each rule that
    names what no desk has.
    """
    if environment.provider is not None:
        try:
            metadata_of(environment.provider)
        except Silent as failure:
            yield Finding(
                f"The sign-in provider does not answer as it should: {failure}.",
                "Compare DESKBOOK_OIDC_ISSUER with what it calls itself; codes are still mailed.",
            )
    if environment.ldap is not None:
        yield from _directory(environment.ldap)
    for rule in environment.people_rules:
        yield from _of(rule)


def _directory(directory: LdapDirectory) -> Iterator[Finding]:
    from deskbook.people.ldap import Away, refuse_away

    try:
        refuse_away(directory)
    except Away as failure:
        yield Finding(
            f"The directory does not answer as it should: {failure}.",
            "Compare the settings DESKBOOK_LDAP_… with it; codes are still mailed.",
        )


def _of(rule: PeopleRule) -> Iterator[Finding]:
    desk = HelpDesk.objects.filter(key=rule.desk, book_version__gt=0).first()
    do = "Mend DESKBOOK_PEOPLE_RULES: it lets nobody in by this."
    if desk is None:
        yield Finding(f"A rule for {rule.who} names the desk {rule.desk}, which is not there.", do)
        return
    known = desk_in_force(desk).teams
    for team in rule.teams:
        if team not in known:
            what = f"A rule for {rule.who} names the team {team}, which the book of {desk} has not."
            yield Finding(what, do, is_fault=False)
