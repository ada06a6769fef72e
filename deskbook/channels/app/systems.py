"""The systems a desk speaks with: made by an owner, each with a secret of its own."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from deskbook.channels.app.models import AppSystem
from deskbook.delivery.endpoints import new_secret
from deskbook.engine.channels import Channel
from deskbook.engine.desk import Desk
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.sealing import sealed


@dataclass(frozen=True, slots=True)
class Told:
    """What an owner says of a system."""

    name: str
    channel: str
    address: str = ""


@transaction.atomic
def make_system(agent: Agent, told: Told, *, at: datetime) -> tuple[AppSystem, str]:
    """Makes a system and returns it with its secret, which is not shown again."""
    secret = new_secret()
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


def systems_of(desk_id: int) -> QuerySet[AppSystem]:
    """Returns the desk's systems in use."""
    return AppSystem.objects.filter(desk=desk_id, ended_at=None).order_by("pk")


def channels_in(desk: Desk) -> list[Channel]:
    """Returns the book's channels that are systems."""
    return [channel for channel in desk.channels.values() if channel.kind == "app"]


def _free_key(desk: HelpDesk, name: str) -> str:
    base = slugify(name)[:30] or "system"
    taken = set(AppSystem.objects.filter(desk=desk).values_list("key", flat=True))
    return next(
        key
        for key in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
        if key not in taken
    )
