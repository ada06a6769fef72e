"""Where outgoing mail goes: DESKBOOK_SMTP_URL as Django's EMAIL_* settings."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from deskbook.config.providers import HERE
from deskbook.config.refusals import WrongSetting

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
BY_PASSWORD = "django.core.mail.backends.smtp.EmailBackend"
BY_TOKEN = "deskbook.channels.email.mail_backend.EmailBackend"


def email_settings(url: str | None) -> dict[str, str | int | bool]:
    """Return the EMAIL_* settings for `smtp://`, `smtp+starttls://` or
    `smtps://[user:password@]host[:port]`; with `+oauth` behind the scheme and no password it is
    signed in to by a token.

    None means a mail server on this machine. Raises WrongSetting.
    """
    parts = urlsplit(url or "smtp://127.0.0.1")
    scheme, by_token = parts.scheme.removesuffix("+oauth"), parts.scheme.endswith("+oauth")
    # A token is said over TLS alone, but on this machine.
    odd = by_token and (
        not parts.username or parts.password or (scheme == "smtp" and parts.hostname not in HERE)
    )
    if scheme not in PORTS or not parts.hostname or odd:
        raise WrongSetting(
            "DESKBOOK_SMTP_URL must look like smtps://user:password@mail.example.org:465, or"
            " without a password smtp+starttls+oauth://user@mail.example.org:587."
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": scheme == "smtp+starttls",
        "EMAIL_USE_SSL": scheme == "smtps",
        "EMAIL_TIMEOUT": 30,
        "EMAIL_BACKEND": BY_TOKEN if by_token else BY_PASSWORD,
        "DESKBOOK_SMTP_BY_TOKEN": by_token,
    }
