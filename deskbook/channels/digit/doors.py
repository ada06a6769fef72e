"""The doors DIGIT's apps come by: made by an owner, each with a token of its own."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from django.db.models import QuerySet

from deskbook.channels.digit.models import DigitDoor
from deskbook.delivery.endpoints import OLD_IS_VALID, free_key
from deskbook.engine.channels import Channel
from deskbook.engine.desk import Desk
from deskbook.people.models import Agent
from deskbook.people.tokens import BEGINS, hash_of

TAKES = ("app", "other")
"""Kinds of channels of the book that a door may be."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an owner says of a door."""

    name: str
    channel: str
    flavour: str
    tenant: str


def make_door(agent: Agent, told: Told, *, at: datetime) -> tuple[DigitDoor, str]:
    """Makes a door and returns it with its token, which is not shown again."""
    token = _new_token()
    rows = DigitDoor.objects.filter(desk=agent.desk)
    row = DigitDoor.objects.create(
        desk=agent.desk,
        key=free_key(rows, told.name, nameless="digit"),
        name=told.name,
        channel=told.channel,
        flavour=told.flavour,
        tenant=told.tenant,
        token_hash=hash_of(token),
        made_at=at,
        made_by=agent,
    )
    return row, token


def make_new_token(door: DigitDoor, *, at: datetime) -> str:
    """Gives a door another token and returns it; the one before is valid for OLD_IS_VALID more."""
    token = _new_token()
    door.old_hash, door.old_until = door.token_hash, at + OLD_IS_VALID
    door.token_hash = hash_of(token)
    door.save(update_fields=["token_hash", "old_hash", "old_until"])
    return token


def opens(door: DigitDoor, token: str, *, at: datetime) -> bool:
    """Whether a token is this door's, or was until a while ago."""
    given = hash_of(token)
    is_old = bool(door.old_hash and door.old_until and at < door.old_until)
    was = compare_digest(given, door.old_hash or door.token_hash)
    return compare_digest(given, door.token_hash) or (is_old and was)


def doors_of(desk_id: int) -> QuerySet[DigitDoor]:
    """Returns the desk's doors in use."""
    return DigitDoor.objects.filter(desk=desk_id, ended_at=None).order_by("pk")


def channels_in(desk: Desk) -> list[Channel]:
    """Returns the book's channels that a door may be."""
    return [channel for channel in desk.channels.values() if channel.kind in TAKES]


def _new_token() -> str:
    return f"{BEGINS}digit_{secrets.token_urlsafe(32)}"
