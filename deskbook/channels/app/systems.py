"""The systems a desk speaks with: made by an owner, each with a secret of its own."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from deskbook.channels.app.models import AppSystem
from deskbook.delivery.endpoints import free_key, new_secret
from deskbook.engine.channels import Channel
from deskbook.engine.desk import Desk
from deskbook.people.models import Agent
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
    rows = AppSystem.objects.filter(desk=agent.desk)
    row = AppSystem.objects.create(
        desk=agent.desk,
        key=free_key(rows, told.name, nameless="system"),
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
