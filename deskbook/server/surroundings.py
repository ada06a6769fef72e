"""What a desk stands on: its disk, the key it signs with, its backups, the certificate people
see.
"""

from __future__ import annotations

import shutil
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from deskbook.config.environment import Environment
from deskbook.server.findings import Finding, lasting

LEAST_FREE = 2_000_000_000
"""Bytes: a night's mail with its attachments, and what PostgreSQL writes before it takes it in."""
LAST_BACKUP = "last_backup"
"""The file of DESKBOOK_DATA that `deskbook backup` touches."""
BACKED_UP_WITHIN = timedelta(days=2)
RENEWED_BEFORE = timedelta(days=14)
PATIENCE_S = 10.0


def disk(environment: Environment) -> Iterator[Finding]:
    """Yields a finding where the disk of DESKBOOK_DATA is nearly full."""
    folder = environment.data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield Finding(
            f"{free / 1e9:.1f} GB are free where {environment.data} lies.",
            "Make room: a full disk stops the database, and mail is refused.",
            is_fault=free < LEAST_FREE / 4,
        )


def secret_key(environment: Environment) -> Iterator[Finding]:
    """Yields a finding where others on the machine can read the key that signs."""
    file = environment.data / "secret_key"
    if not environment.secret_key and file.exists() and file.stat().st_mode & 0o077:
        yield Finding(f"{file} can be read by others on this machine.", f"Run `chmod 600 {file}`.")


def backups(environment: Environment) -> Iterator[Finding]:
    """Yields a finding where the last backup is old, or the embedded database was never backed up;
    a server of the operator's own may be looked after otherwise.
    """
    file = environment.data / LAST_BACKUP
    began = environment.data / "secret_key"
    if not file.exists():
        old = began.exists() and _age(began.stat().st_mtime) > BACKED_UP_WITHIN
        if old and environment.database_url is None:
            yield Finding(
                "No backup was ever made of this desk.",
                "Let `deskbook backup` run each night: docs/operating/backup.md.",
            )
    elif (age := _age(file.stat().st_mtime)) > BACKED_UP_WITHIN:
        yield Finding(
            f"The last backup was made {lasting(age)} ago.",
            "See why `deskbook backup` does not run: `systemctl list-timers`, for example.",
        )


def _age(seconds: float) -> timedelta:
    return datetime.now(UTC) - datetime.fromtimestamp(seconds, UTC)


def certificate(environment: Environment) -> Iterator[Finding]:
    """Yields a finding where the site's certificate is not trusted, or ends soon."""
    site = urlsplit(environment.site_url)
    if site.scheme != "https" or not site.hostname:
        return
    try:
        left = _valid_for(site.hostname, site.port or 443)
    except ssl.SSLCertVerificationError as refused:
        yield Finding(
            f"Browsers refuse the certificate of {site.hostname}: {refused.verify_message}.",
            "Renew it at the proxy in front of the desk.",
        )
    except OSError as failure:
        yield Finding(
            f"{environment.site_url} cannot be reached from here: {failure}.",
            "Look at the proxy in front of the desk, or at DESKBOOK_SITE_URL.",
        )
    else:
        if left < RENEWED_BEFORE:
            yield Finding(
                f"The certificate of {site.hostname} ends in {lasting(left)}.",
                "See why the proxy has not renewed it.",
                is_fault=False,
            )


def _valid_for(host: str, port: int) -> timedelta:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=PATIENCE_S) as line,
        context.wrap_socket(line, server_hostname=host) as secured,
    ):
        ends = ssl.cert_time_to_seconds(str((secured.getpeercert() or {})["notAfter"]))
    return datetime.fromtimestamp(ends, UTC) - datetime.now(UTC)


LOOKS: Mapping[str, Callable[[Environment], Iterator[Finding]]] = {
    "disk": disk,
    "key": secret_key,
    "backups": backups,
    "certificate": certificate,
}
