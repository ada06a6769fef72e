"""The sign-in provider, and whom it lets in, as an operator sets them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from deskbook.config.refusals import WrongSetting
from deskbook.people.people_rules import PeopleRule, WrongRule, read_rules
from deskbook.people.provider import LdapDirectory, MailProvider, Provider, Security

HERE = ("localhost", "127.0.0.1", "::1")
"""What no network lies between."""
PEOPLE = "(|(uid={name})(mail={name})(sAMAccountName={name})(userPrincipalName={name}))"
"""By which of their names somebody of a directory is found, unsaid."""
MAIL_SCOPES = {
    "login.microsoftonline.com": (
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"
        " offline_access"
    ),
    "accounts.google.com": "https://mail.google.com/",
}
"""What is asked for, unsaid, by the host of the issuer."""
BY_TOKEN = "+oauth://"
"""Ends the scheme of a mailbox or mail server that is signed in to by a token."""
_SECURITY: Mapping[str, Security] = {"ldaps": "tls", "ldap+starttls": "starttls", "ldap": "none"}


def provider_of(values: Mapping[str, str]) -> Provider | None:
    """Returns the provider of the settings, None where none is named. Raises WrongSetting."""
    issuer, client_id = values["DESKBOOK_OIDC_ISSUER"], values["DESKBOOK_OIDC_CLIENT_ID"]
    if not issuer and not client_id:
        return None
    host = _issuer_host("DESKBOOK_OIDC", issuer, client_id)
    return Provider(
        issuer,
        client_id,
        values["DESKBOOK_OIDC_CLIENT_SECRET"],
        values["DESKBOOK_OIDC_NAME"][:60] or host,
        values["DESKBOOK_OIDC_GROUPS"],
        tuple(values["DESKBOOK_OIDC_MAIL_DOMAINS"].lower().replace("@", "").split()),
    )


def _issuer_host(setting: str, issuer: str, client_id: str) -> str:
    """Returns the host of an issuer. Raises WrongSetting."""
    parts = urlsplit(issuer)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    if not safe or not parts.hostname or parts.query or parts.username:
        raise WrongSetting(
            f"{setting}_ISSUER is “{issuer[:200]}”; it must look like"
            " https://login.example.org/realms/ours, as the provider itself writes its issuer."
        )
    if not client_id:
        raise WrongSetting(
            f"{setting}_CLIENT_ID is missing: by which id does the provider know this desk?"
        )
    return parts.hostname


def mail_provider_of(values: Mapping[str, str]) -> MailProvider | None:
    """Returns the provider of mailboxes, None where none is named. Raises WrongSetting, also where
    a mailbox waits for one.
    """
    issuer = values["DESKBOOK_MAIL_OAUTH_ISSUER"]
    client_id = values["DESKBOOK_MAIL_OAUTH_CLIENT_ID"]
    if not issuer and not client_id:
        mailboxes = f"{values['DESKBOOK_IMAP_URLS']} {values['DESKBOOK_SMTP_URL']}"
        if BY_TOKEN in mailboxes:
            raise WrongSetting(
                "A mailbox of the settings is opened by a token (…+oauth://): name its provider by"
                " DESKBOOK_MAIL_OAUTH_ISSUER and DESKBOOK_MAIL_OAUTH_CLIENT_ID."
            )
        return None
    host = _issuer_host("DESKBOOK_MAIL_OAUTH", issuer, client_id)
    scopes = values["DESKBOOK_MAIL_OAUTH_SCOPES"] or MAIL_SCOPES.get(host, "")
    if not scopes:
        raise WrongSetting(
            f"DESKBOOK_MAIL_OAUTH_SCOPES is missing: what does {host} call reading and sending?"
        )
    client = Provider(issuer, client_id, values["DESKBOOK_MAIL_OAUTH_CLIENT_SECRET"], host)
    return MailProvider(client, scopes, _day(values["DESKBOOK_MAIL_OAUTH_UNTIL"]))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise WrongSetting(
            f"DESKBOOK_MAIL_OAUTH_UNTIL is “{written[:40]}”; it must be a day like 2027-05-31."
        ) from None


def directory_of(values: Mapping[str, str]) -> LdapDirectory | None:
    """Returns the directory of the settings, None where none is named. Raises WrongSetting."""
    url, base = values["DESKBOOK_LDAP_URL"], values["DESKBOOK_LDAP_BASE"]
    people = values["DESKBOOK_LDAP_PEOPLE"] or PEOPLE
    if not url:
        return None
    host, port, security = _ldap_server(url)
    if not base or "{name}" not in people:
        raise WrongSetting(
            "Whom does DESKBOOK_LDAP_URL know? DESKBOOK_LDAP_BASE must say where in it people"
            " stand, like ou=people,dc=example,dc=org, and DESKBOOK_LDAP_PEOPLE be a filter that"
            " has {name} in it, like (uid={name})."
        )
    return LdapDirectory(
        host,
        port,
        security,
        base,
        people,
        values["DESKBOOK_LDAP_BIND_DN"],
        values["DESKBOOK_LDAP_BIND_PASSWORD"],
        values["DESKBOOK_LDAP_GROUPS"],
        values["DESKBOOK_LDAP_NAME"][:60] or host,
        tuple(values["DESKBOOK_LDAP_MAIL_DOMAINS"].lower().replace("@", "").split()),
    )


def _ldap_server(url: str) -> tuple[str, int, Security]:
    """Returns host, port and how it is spoken to. Plain LDAP would tell the network everybody's
    password.
    """
    parts = urlsplit(url)
    security = _SECURITY.get(parts.scheme)
    try:
        host, port = parts.hostname, parts.port or (636 if security == "tls" else 389)
    except ValueError:
        host, port = None, 0
    odd = parts.username or parts.query or parts.path.strip("/")
    if security is None or not host or odd or (security == "none" and host not in HERE):
        raise WrongSetting(
            f"DESKBOOK_LDAP_URL is “{url[:200]}”; it must look like ldaps://ldap.example.org or"
            " ldap+starttls://ldap.example.org. ldap:// is for a server on this machine alone."
        )
    return host, port, security


def rules_of(values: Mapping[str, str]) -> tuple[PeopleRule, ...]:
    """Returns who is let in although nobody added them. Raises WrongSetting."""
    try:
        return read_rules(values["DESKBOOK_PEOPLE_RULES"])
    except WrongRule as wrong:
        raise WrongSetting(f"DESKBOOK_PEOPLE_RULES: {wrong}") from None
