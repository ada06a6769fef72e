"""Where outgoing mail goes: DESKBOOK_SMTP_URL as Django's EMAIL_* settings."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from deskbook.config.refusals import WrongSetting

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def email_settings(url: str | None) -> dict[str, str | int | bool]:
    """Return the EMAIL_* settings for `smtp://`, `smtp+starttls://` or
    `smtps://[user:password@]host[:port]`.

    None means a mail server on this machine. Raises WrongSetting.
    """
    parts = urlsplit(url or "smtp://127.0.0.1")
    if parts.scheme not in PORTS or not parts.hostname:
        raise WrongSetting(
            "DESKBOOK_SMTP_URL must look like smtps://user:password@mail.example.org:465."
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 30,
    }
