"""What an operator may set, read from environment variables: one table.

Each line of it is explained in docs/operating/settings.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from deskbook.config.providers import (
    HERE,
    directory_of,
    mail_provider_of,
    provider_of,
    rules_of,
)
from deskbook.config.refusals import WrongSetting
from deskbook.config.secret_key import usable
from deskbook.people.people_rules import PeopleRule
from deskbook.people.provider import LdapDirectory, MailProvider, Provider

T = TypeVar("T")
Network = IPv4Network | IPv6Network

#: name → default. The meaning of each is in docs/operating/settings.md; a test compares the two.
DEFAULTS = {
    "DESKBOOK_SETTINGS": "./deskbook.env",
    "DATABASE_URL": "",
    "DESKBOOK_DATA": "./var",
    "DESKBOOK_HOST": "127.0.0.1",
    "DESKBOOK_PORT": "8000",
    "DESKBOOK_SITE_URL": "",
    "DESKBOOK_SECRET_KEY": "",
    "DESKBOOK_OLD_SECRET_KEYS": "",
    "DESKBOOK_WEB_PROCESSES": "1",
    "DESKBOOK_WEB_THREADS": "8",
    "DESKBOOK_WORKER_PROCESSES": "1",
    "DESKBOOK_SMTP_LISTEN": "127.0.0.1:2525",
    "DESKBOOK_LMTP_LISTEN": "127.0.0.1:2424",
    "DESKBOOK_SMTP_URL": "",
    "DESKBOOK_MAIL_FROM": "desk@localhost",
    "DESKBOOK_IMAP_URLS": "",
    "DESKBOOK_MAIL_OAUTH_ISSUER": "",
    "DESKBOOK_MAIL_OAUTH_CLIENT_ID": "",
    "DESKBOOK_MAIL_OAUTH_CLIENT_SECRET": "",
    "DESKBOOK_MAIL_OAUTH_UNTIL": "",
    "DESKBOOK_MAIL_OAUTH_SCOPES": "",
    "DESKBOOK_TRUSTED_MAIL_SERVERS": "",
    "DESKBOOK_TRUSTED_PROXIES": "",
    "DESKBOOK_PRIVATE_HOSTS": "",
    "DESKBOOK_WHATSAPP_URL": "",
    "DESKBOOK_OIDC_ISSUER": "",
    "DESKBOOK_OIDC_CLIENT_ID": "",
    "DESKBOOK_OIDC_CLIENT_SECRET": "",
    "DESKBOOK_OIDC_NAME": "",
    "DESKBOOK_OIDC_GROUPS": "groups",
    "DESKBOOK_OIDC_MAIL_DOMAINS": "",
    "DESKBOOK_LDAP_URL": "",
    "DESKBOOK_LDAP_BASE": "",
    "DESKBOOK_LDAP_PEOPLE": "",
    "DESKBOOK_LDAP_BIND_DN": "",
    "DESKBOOK_LDAP_BIND_PASSWORD": "",
    "DESKBOOK_LDAP_GROUPS": "",
    "DESKBOOK_LDAP_NAME": "",
    "DESKBOOK_LDAP_MAIL_DOMAINS": "",
    "DESKBOOK_PEOPLE_RULES": "",
    "DESKBOOK_SCIM_TOKEN": "",
    "DESKBOOK_CHAT_ORIGINS": "",
    "DESKBOOK_UNDO": "1",
    "DESKBOOK_METRICS_TOKEN": "",
    "DESKBOOK_BACKUP_PASSPHRASE": "",
    "DESKBOOK_LOG_LEVEL": "INFO",
}
WHATSAPP_URL = "https://graph.facebook.com/v26.0"
THIS_MACHINE = "127.0.0.0/8 ::1"
IMAP_KINDS = ("imaps", "imap+starttls", "imap")
IMAP_BY_TOKEN = ("imaps+oauth", "imap+starttls+oauth", "imap+oauth")
SHORTEST_PASSPHRASE = 16
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
YES_OR_NO = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}


@dataclass(frozen=True)
class Environment:
    """The operator's choices, checked. `database_url` is None for the embedded PostgreSQL."""

    database_url: str | None
    data: Path
    host: str
    port: int
    site_url: str
    secret_key: str | None
    old_secret_keys: tuple[str, ...]
    web_processes: int
    web_threads: int
    worker_processes: int
    smtp_listen: tuple[str, int] | None
    lmtp_listen: tuple[str, int] | None
    smtp_url: str | None
    mail_from: str
    imap_urls: tuple[str, ...]
    mail_provider: MailProvider | None
    trusted_mail_servers: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    private_hosts: tuple[str, ...]
    whatsapp_url: str
    provider: Provider | None
    ldap: LdapDirectory | None
    people_rules: tuple[PeopleRule, ...]
    scim_token: str
    chat_origins: tuple[str, ...]
    undo: bool
    metrics_token: str
    backup_passphrase: str
    log_level: str


def read(variables: Mapping[str, str] = os.environ) -> Environment:
    """Return what the environment says. Raises WrongSetting; empty and absent mean the default."""
    values = {
        name: variables.get(name, "").strip() or default for name, default in DEFAULTS.items()
    }
    host, port = values["DESKBOOK_HOST"], _whole("DESKBOOK_PORT", values["DESKBOOK_PORT"], 65535)
    return Environment(
        database_url=values["DATABASE_URL"] or None,
        data=Path(values["DESKBOOK_DATA"]).absolute(),
        host=host,
        port=port,
        site_url=_site(values["DESKBOOK_SITE_URL"]) or f"http://{host}:{port}",
        secret_key=_key(values["DESKBOOK_SECRET_KEY"]),
        old_secret_keys=tuple(values["DESKBOOK_OLD_SECRET_KEYS"].split()),
        web_processes=_whole("DESKBOOK_WEB_PROCESSES", values["DESKBOOK_WEB_PROCESSES"], 64),
        web_threads=_whole("DESKBOOK_WEB_THREADS", values["DESKBOOK_WEB_THREADS"], 256),
        worker_processes=_whole(
            "DESKBOOK_WORKER_PROCESSES", values["DESKBOOK_WORKER_PROCESSES"], 64
        ),
        smtp_listen=_address("DESKBOOK_SMTP_LISTEN", values["DESKBOOK_SMTP_LISTEN"]),
        lmtp_listen=_address("DESKBOOK_LMTP_LISTEN", values["DESKBOOK_LMTP_LISTEN"]),
        smtp_url=values["DESKBOOK_SMTP_URL"] or None,
        mail_from=_mail_from(values["DESKBOOK_MAIL_FROM"]),
        imap_urls=_mailboxes(values["DESKBOOK_IMAP_URLS"]),
        mail_provider=mail_provider_of(values),
        trusted_mail_servers=tuple(values["DESKBOOK_TRUSTED_MAIL_SERVERS"].lower().split()),
        trusted_proxies=_proxies(values["DESKBOOK_TRUSTED_PROXIES"], values["DESKBOOK_SITE_URL"]),
        private_hosts=tuple(values["DESKBOOK_PRIVATE_HOSTS"].lower().split()),
        whatsapp_url=_whatsapp(values["DESKBOOK_WHATSAPP_URL"]),
        provider=provider_of(values),
        ldap=directory_of(values),
        people_rules=rules_of(values),
        scim_token=_token("DESKBOOK_SCIM_TOKEN", values),
        chat_origins=_origins(values["DESKBOOK_CHAT_ORIGINS"]),
        undo=one_of("DESKBOOK_UNDO", values["DESKBOOK_UNDO"], YES_OR_NO),
        metrics_token=_token("DESKBOOK_METRICS_TOKEN", values),
        backup_passphrase=_passphrase(values["DESKBOOK_BACKUP_PASSPHRASE"]),
        log_level=one_of(
            "DESKBOOK_LOG_LEVEL",
            values["DESKBOOK_LOG_LEVEL"],
            {level: level for level in LOG_LEVELS},
        ),
    )


def _mailboxes(value: str) -> tuple[str, ...]:
    """Never repeats the address: there is a password in it."""
    for number, url in enumerate(value.split(), start=1):
        try:
            parts = urlsplit(url)
            usable = _is_mailbox(parts)
        except ValueError:
            usable = False
        if not usable:
            raise WrongSetting(
                f"DESKBOOK_IMAP_URLS cannot be used: its address number {number} must look like "
                "imaps://user:password@mail.example.org/INBOX, or without a password"
                " imaps+oauth://user@mail.example.org/INBOX."
            )
    return tuple(value.split())


def _is_mailbox(parts: SplitResult) -> bool:
    """A token is said over TLS alone, but on this machine."""
    by_token = parts.scheme in IMAP_BY_TOKEN and parts.password is None
    plain_elsewhere = parts.scheme == "imap+oauth" and parts.hostname not in HERE
    known = parts.scheme in IMAP_KINDS or (by_token and not plain_elsewhere)
    return bool(known and parts.hostname and parts.username and parts.port != 0)


def _whole(name: str, value: str, largest: int) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= largest:
        raise WrongSetting(f"{name} is “{value}”; it must be a whole number from 1 to {largest}.")
    return int(value)


def one_of(name: str, value: str, meanings: Mapping[str, T]) -> T:
    """Return what a word means as the value of a setting. Raises WrongSetting for any other
    word.
    """
    if value not in meanings:
        raise WrongSetting(f"{name} is “{value}”; it must be one of {', '.join(meanings)}.")
    return meanings[value]


def _site(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise WrongSetting(
            f"DESKBOOK_SITE_URL is “{value}”; it must look like https://desk.example.org."
        )
    return value.rstrip("/")


def _whatsapp(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise WrongSetting(f"DESKBOOK_WHATSAPP_URL is “{value}”; it must look like {WHATSAPP_URL}.")
    return value or WHATSAPP_URL


def _origins(value: str) -> tuple[str, ...]:
    """Each is a scheme and a host, no path: that is all a browser compares."""
    for origin in value.split():
        parts = urlsplit(origin)
        if (
            parts.scheme not in ("http", "https")
            or not parts.netloc
            or origin != f"{parts.scheme}://{parts.netloc}"
        ):
            raise WrongSetting(
                f"DESKBOOK_CHAT_ORIGINS names “{origin}”; each must look like"
                " https://www.example.org, without a path."
            )
    return tuple(value.split())


def _proxies(value: str, site: str) -> tuple[Network, ...]:
    """A desk that is called by https has a proxy before it, since it speaks no TLS itself: on this
    machine, unsaid.
    """
    found: list[Network] = []
    for written in (value or (THIS_MACHINE if site.startswith("https://") else "")).split():
        try:
            found.append(ip_network(written, strict=False))
        except ValueError:
            raise WrongSetting(
                f"DESKBOOK_TRUSTED_PROXIES names “{written}”; each must be an address or a network"
                " like 10.1.0.0/16."
            ) from None
    return tuple(found)


def _key(value: str) -> str | None:
    return (
        usable(value.encode("utf-8", "surrogateescape"), "DESKBOOK_SECRET_KEY") if value else None
    )


def _token(name: str, values: Mapping[str, str]) -> str:
    if values[name] and len(values[name]) < 20:
        raise WrongSetting(
            f"{name} is too short to be a secret: it must have 20 characters or more, from"
            " `openssl rand -hex 20` for example."
        )
    return values[name]


def _passphrase(value: str) -> str:
    if value and len(value) < SHORTEST_PASSPHRASE:
        raise WrongSetting(
            f"DESKBOOK_BACKUP_PASSPHRASE is too short: it must have {SHORTEST_PASSPHRASE} letters"
            " or more, four or five words for example."
        )
    return value


def _mail_from(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not (local and at and domain) or any(character.isspace() for character in value):
        raise WrongSetting(
            f"DESKBOOK_MAIL_FROM is “{value}”; it must be an address like desk@example.org."
        )
    return value


def _address(name: str, value: str) -> tuple[str, int] | None:
    if value == "off":
        return None
    host, colon, port = value.rpartition(":")
    if not colon or not host:
        raise WrongSetting(
            f"{name} is “{value}”; it must look like 127.0.0.1:2525, or be the word off."
        )
    return host.strip("[]"), _whole(name, port, 65535)
