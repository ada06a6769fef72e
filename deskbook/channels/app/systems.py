"""The systems a desk speaks with, and how each proves that it is one: Standard Webhooks, signed
with a secret of its own.
"""

import base64
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from deskbook.channels.app.models import AppSystem
from deskbook.engine.channels import Channel
from deskbook.engine.desk import Desk
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.sealing import sealed, unsealed

OLD_IS_VALID = timedelta(days=3)
"""How long the secret before is still taken, and signed with, after a new one was made."""


class Unproven(Exception):
    """The request is not that of the system; the text says what to look at, and gives nothing
    away.
    """


@dataclass(frozen=True, slots=True)
class Told:
    """What an owner says of a system."""

    name: str
    channel: str
    address: str = ""


@transaction.atomic
def make_system(agent: Agent, told: Told, *, at: datetime) -> tuple[AppSystem, str]:
    """Makes a system and returns it with its secret, which is not shown again."""
    secret = _new_secret()
    row = AppSystem.objects.create(
        desk=agent.desk,
        key=_free_key(agent.desk, told.name),
        name=told.name,
        channel=told.channel,
        address=told.address,
        secret=sealed(secret),
        made_at=at,
        made_by=agent,
    )
    return row, secret


def make_new_secret(row: AppSystem, *, at: datetime) -> str:
    """Gives a system another secret and returns it; the one before is valid for OLD_IS_VALID
    more.
    """
    secret = _new_secret()
    row.old_secret, row.old_until = row.secret, at + OLD_IS_VALID
    row.secret = sealed(secret)
    row.save(update_fields=["secret", "old_secret", "old_until"])
    return secret


def end_system(row: AppSystem, *, at: datetime) -> None:
    """From now on nothing it sends is taken, and nothing is told to it."""
    row.ended_at = at
    row.save(update_fields=["ended_at"])


def systems_of(desk_id: int) -> QuerySet[AppSystem]:
    """Returns the desk's systems in use."""
    return AppSystem.objects.filter(desk=desk_id, ended_at=None).order_by("pk")


def channels_in(desk: Desk) -> list[Channel]:
    """Returns the book's channels that are systems."""
    return [channel for channel in desk.channels.values() if channel.kind == "app"]


def prove(row: AppSystem, body: bytes, headers: Mapping[str, str], *, at: datetime) -> str:
    """Returns the webhook-id of a body that one of the system's secrets signed within five minutes;
    raises Unproven.
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


def signatures(row: AppSystem, webhook_id: str, body: str, *, at: datetime) -> str:
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


def _secrets(row: AppSystem, at: datetime) -> Iterator[str]:
    yield unsealed(row.secret)
    if row.old_secret and row.old_until and at < row.old_until:
        yield unsealed(row.old_secret)


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _free_key(desk: HelpDesk, name: str) -> str:
    base = slugify(name)[:30] or "system"
    taken = set(AppSystem.objects.filter(desk=desk).values_list("key", flat=True))
    return next(
        key
        for key in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
        if key not in taken
    )
