"""The account a desk sends and receives with."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from deskbook.channels.whatsapp.models import WhatsAppAccount
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.sealing import sealed, unsealed


@dataclass(frozen=True, slots=True)
class Entered:
    """What an owner typed; an empty secret leaves the one there is."""

    phone_number_id: str
    display_number: str
    app_secret: str = ""
    token: str = ""
    verify_token: str = ""


SECRETS = ("app_secret", "token", "verify_token")


def account_of(desk: HelpDesk) -> WhatsAppAccount | None:
    return WhatsAppAccount.objects.filter(desk=desk).first()


def keep_account(
    desk: HelpDesk, entered: Entered, *, at: datetime, by: Agent | None
) -> WhatsAppAccount:
    """Keeps what was entered, the secrets sealed, and returns the row."""
    row = account_of(desk) or WhatsAppAccount(desk=desk)
    row.phone_number_id, row.display_number = entered.phone_number_id, entered.display_number
    for name in SECRETS:
        if getattr(entered, name):
            setattr(row, name, sealed(getattr(entered, name)))
    row.changed_at, row.changed_by, row.trouble = at, by, ""
    row.save()
    return row


def is_signed(account: WhatsAppAccount, body: bytes, signature: str) -> bool:
    """Whether the raw body carries the account's signature (X-Hub-Signature-256), compared in
    constant time.
    """
    secret = unsealed(account.app_secret)
    expected = hmac.new(secret.encode(), body, sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(
        f"sha256={expected}".encode(), signature.encode("utf-8", "replace")
    )


def is_verify_token(account: WhatsAppAccount, given: str) -> bool:
    kept = unsealed(account.verify_token)
    return bool(kept) and hmac.compare_digest(kept.encode(), given.encode("utf-8", "replace"))
