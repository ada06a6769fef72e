"""Addresses of others that are told by Standard Webhooks: their secrets, and who signed what."""

import base64
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from deskbook.delivery.models import Connected, Endpoint
from deskbook.people.sealing import sealed, unsealed

OLD_IS_VALID = timedelta(days=3)
"""How long the secret before is still taken, and signed with, after a new one was made."""


class Unproven(Exception):
    """The request is not that of the system; the text says what to look at, and gives nothing
    away.
    """


def new_secret() -> str:
    """Returns a secret of 256 bits, spelled as Standard Webhooks does."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def make_new_secret(row: Endpoint, *, at: datetime) -> str:
    """Gives an endpoint another secret and returns it; the one before is valid for OLD_IS_VALID
    more.
    """
    secret = new_secret()
    row.old_secret, row.old_until = row.secret, at + OLD_IS_VALID
    row.secret = sealed(secret)
    row.save(update_fields=["secret", "old_secret", "old_until"])
    return secret


def free_key(rows: QuerySet[Any], name: str, *, nameless: str) -> str:
    """Returns a key that none of these rows has, made of a name; of `nameless` where no letter of
    that one may stand in an address.
    """
    base = slugify(name)[:30] or nameless
    taken = set(rows.values_list("key", flat=True))
    return next(
        key
        for key in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
        if key not in taken
    )


def end_connected(row: Connected, *, at: datetime) -> None:
    """From now on nothing it sends is taken, and nothing is told to it."""
    row.ended_at = at
    row.save(update_fields=["ended_at"])


def prove(row: Endpoint, body: bytes, headers: Mapping[str, str], *, at: datetime) -> str:
    """Returns the webhook-id of a body that one of the secrets signed within five minutes; raises
    Unproven.
    """
    why = "webhook-signature is not that of the secret of this system."
    for secret in _secrets(row, at):
        try:
            Webhook(secret).verify(body, dict(headers), json_parse=False)
        except WebhookVerificationError as wrong:
            why = _why(str(wrong)) or why
        except ValueError:
            why = "webhook-signature cannot be read: it looks like “v1,” and base64."
        else:
            return headers["webhook-id"]
    raise Unproven(why)


def signatures(row: Endpoint, webhook_id: str, body: str, *, at: datetime) -> str:
    """Returns webhook-signature of what the desk sends: by each secret that is valid, the newest
    first. Raises Unreadable.
    """
    return " ".join(Webhook(secret).sign(webhook_id, at, body) for secret in _secrets(row, at))


def _why(wrong: str) -> str:
    if "timestamp too" in wrong:
        return "webhook-timestamp is more than 5 minutes from now: set the clocks, and sign again."
    if "Missing" in wrong:
        return "webhook-id, webhook-timestamp and webhook-signature are needed (Standard Webhooks)."
    return ""


def _secrets(row: Endpoint, at: datetime) -> Iterator[str]:
    yield unsealed(row.secret)
    if row.old_secret and row.old_until and at < row.old_until:
        yield unsealed(row.old_secret)
