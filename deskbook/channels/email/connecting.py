"""Connecting a mailbox to its provider: by a browser (the code flow with PKCE) or by a code that is
typed in elsewhere (RFC 8628). Nothing is kept before the mail server let us in by it.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from imaplib import IMAP4
from time import monotonic
from typing import Any

from django.conf import settings
from imap_tools.errors import ImapToolsError
from pydantic import BaseModel, ValidationError

from deskbook.channels.email.imap_account import account, connect_by
from deskbook.channels.email.mail_backend import EmailBackend
from deskbook.channels.email.mailboxes import addresses_of, only_desk
from deskbook.channels.email.tokens import grants_ending, keep_grant, mail_provider, new_grant
from deskbook.engine.addresses import normal_address
from deskbook.people.models import HelpDesk
from deskbook.people.openid import (
    Asked,
    Silent,
    address_to_ask_at,
    answer_of,
    metadata_of,
    token_answer,
    tokens_for,
)
from deskbook.people.sealing import unsealed

_OF_GOOGLE = {"access_type": "offline", "prompt": "consent"}
"""It gives a refresh token to who asks for it so, and each time for a new consent alone."""
_OF_OTHERS = {"prompt": "select_account"}
"""Who is signed in there is rarely the mailbox; and where an administrator consented, to ask for
consent would be refused.
"""
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class NotLetIn(Exception):
    """The mail server does not take the token; the text is its own words."""


class Typed(BaseModel):
    """What a device flow begins with (RFC 8628, 3.2)."""

    device_code: str
    user_code: str
    verification_uri: str
    expires_in: int
    interval: int = 5


def users_by_token() -> tuple[str, ...]:
    """Returns the mailboxes of the settings that are signed in to by a token, each once."""
    read = [account(url) for url in settings.DESKBOOK_IMAP_URLS]
    users = [one.user for one in read if one.is_by_token]
    if settings.DESKBOOK_SMTP_BY_TOKEN:
        users.append(settings.EMAIL_HOST_USER)
    return tuple(dict.fromkeys(map(normal_address, users)))


def users_of(desk: HelpDesk) -> tuple[str, ...]:
    """Returns those an owner of the desk connects: its own addresses, and all where it is the only
    desk.
    """
    users = users_by_token()
    if only_desk() == desk:
        return users
    its_own = {normal_address(address) for address in addresses_of(desk)}
    return tuple(user for user in users if user in its_own)


def ends_for(desk: HelpDesk) -> bool:
    """Whether a mailbox that an owner of the desk connects lets nobody in, or will not for long."""
    users = users_of(desk)
    return any(grant.user in users for grant in grants_ending(at=datetime.now(UTC)))


def address_to_connect_at(user: str, asked: Asked, back: str) -> str:
    """Returns where a browser goes to let the desk into a mailbox. Raises Silent, NoToken."""
    provider = mail_provider()
    named = {"scope": provider.scopes, "login_hint": user}
    more = _OF_GOOGLE if "accounts.google.com" in provider.client.issuer else _OF_OTHERS
    return address_to_ask_at(provider.client, asked, back, **named, **more)


def connect_by_code(
    user: str, asked: Asked, answer: Mapping[str, str], back: str, *, at: datetime
) -> None:
    """Keeps what the provider gives for the `answer` a browser came back with, whose state was
    compared. Raises Silent, NotLetIn, NoToken.
    """
    _keep(user, tokens_for(mail_provider().client, asked, answer, back), at)


def begin_by_device() -> Typed:
    """Returns what somebody types in at which address. Raises Silent, NoToken."""
    provider = mail_provider()
    where = metadata_of(provider.client).device_authorization_endpoint
    if not where:
        raise Silent(f"{provider.client.issuer} has no device flow")
    form = {"scope": provider.scopes}
    try:
        return Typed.model_validate(answer_of(where, form, client=provider.client))
    except ValidationError:
        raise Silent(f"{where} answers something else than RFC 8628") from None


def connect_by_device(
    user: str, typed: Typed, *, wait: Callable[[float], None], clock: Callable[[], datetime]
) -> None:
    """Asks until somebody has typed the code in, and keeps what comes of it; `wait` is given the
    seconds between. Raises Silent, NotLetIn, NoToken.
    """
    client = mail_provider().client
    form = {"grant_type": DEVICE, "device_code": typed.device_code}
    for seconds in _pauses(typed):
        wait(seconds)
        try:
            answer = token_answer(client, form)
        except Silent as failure:
            if failure.error in ("", "slow_down"):
                typed.interval += 5  # RFC 8628, 3.5: slower, also where nobody answered
            elif failure.error != "authorization_pending":
                raise
        else:
            _keep(user, answer, clock())
            return
    raise Silent("nobody typed the code in while it was good", error="expired_token")


def _pauses(typed: Typed) -> Iterator[float]:
    until = monotonic() + typed.expires_in
    while monotonic() < until:
        yield typed.interval


def _keep(user: str, answer: Mapping[str, Any], at: datetime) -> None:
    """What was consented to may be another mailbox: the servers say whether it is this one."""
    row = new_grant(user, answer, at=at)
    token = unsealed(row.access)
    _refuse_kept_out(user, token)
    keep_grant(row)


def _refuse_kept_out(user: str, token: str) -> None:
    try:
        for one in map(account, settings.DESKBOOK_IMAP_URLS):
            if one.is_by_token and normal_address(one.user) == user:
                with connect_by(one, token):
                    pass
        if settings.DESKBOOK_SMTP_BY_TOKEN and normal_address(settings.EMAIL_HOST_USER) == user:
            _greet(token)
    except (OSError, ImapToolsError, IMAP4.error, smtplib.SMTPException) as failure:
        raise NotLetIn(str(failure)[:300] or type(failure).__name__) from None


def _greet(token: str) -> None:
    backend = EmailBackend(token=token)
    backend.open()
    with suppress(OSError, smtplib.SMTPException):
        backend.close()
