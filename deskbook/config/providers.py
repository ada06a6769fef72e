"""The sign-in provider, and whom it lets in, as an operator sets them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from deskbook.config.refusals import WrongSetting
from deskbook.people.people_rules import PeopleRule, WrongRule, read_rules
from deskbook.people.provider import Provider

HERE = ("localhost", "127.0.0.1", "::1")
"""What no network lies between."""


def provider_of(values: Mapping[str, str]) -> Provider | None:
    """Returns the provider of the settings, None where none is named. Raises WrongSetting."""
    issuer, client_id = values["DESKBOOK_OIDC_ISSUER"], values["DESKBOOK_OIDC_CLIENT_ID"]
    if not issuer and not client_id:
        return None
    parts = urlsplit(issuer)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    if not safe or not parts.hostname or parts.query or parts.username:
        raise WrongSetting(
            f"DESKBOOK_OIDC_ISSUER is “{issuer[:200]}”; it must look like"
            " https://login.example.org/realms/ours, as the provider itself writes its issuer."
        )
    if not client_id:
        raise WrongSetting(
            "DESKBOOK_OIDC_CLIENT_ID is missing: by which id does the provider know this desk?"
        )
    return Provider(
        issuer,
        client_id,
        values["DESKBOOK_OIDC_CLIENT_SECRET"],
        values["DESKBOOK_OIDC_NAME"][:60] or str(parts.hostname),
        values["DESKBOOK_OIDC_GROUPS"],
        tuple(values["DESKBOOK_OIDC_MAIL_DOMAINS"].lower().replace("@", "").split()),
    )


def rules_of(values: Mapping[str, str]) -> tuple[PeopleRule, ...]:
    """Returns who is let in although nobody added them. Raises WrongSetting."""
    try:
        return read_rules(values["DESKBOOK_PEOPLE_RULES"])
    except WrongRule as wrong:
        raise WrongSetting(f"DESKBOOK_PEOPLE_RULES: {wrong}") from None
