"""The programs a desk tells what happens: made, changed, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from deskbook.bridges.webhooks.models import Webhook, WebhookCall
from deskbook.bridges.webhooks.telling import try_now
from deskbook.delivery.endpoints import new_secret
from deskbook.delivery.states import LEAVES_BY_ITSELF
from deskbook.engine.events import KINDS
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.outward import why_not_called
from deskbook.people.sealing import sealed
from deskbook.people.service_trouble import LONGEST
from deskbook.people.turns import take_turns
from deskbook.refusals.kept import cut
from deskbook.refusals.refusal import Refusal, Refused

MOST = 50
"""Of one desk: each is told everything."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an owner says of a program."""

    name: str
    address: str
    kinds: Sequence[str] = ()
    """Of entries; none: all."""

    @property
    def known_kinds(self) -> list[str]:
        """Returns those that there are, in the order of the catalogue of events."""
        return [kind for kind in KINDS if kind in self.kinds]


def make_webhook(agent: Agent, asked: Asked, *, at: datetime) -> tuple[Webhook, str]:
    """Makes one and returns it with its secret, which is not shown again. Raises Refused for a
    name that there is, and when the desk has MOST. What keeps its address from being called stands
    in its `trouble` at once: it asks the network for that, so nobody calls it in a transaction.
    """
    return _made(agent, asked, _trouble_of(asked), at)


@transaction.atomic
def _made(agent: Agent, asked: Asked, trouble: str, at: datetime) -> tuple[Webhook, str]:
    take_turns(f"webhooks {agent.desk_id}")
    there = webhooks_of(agent.desk)
    _refuse_a_name_of(there, asked.name)
    if there.count() >= MOST:
        raise Refused(Refusal("webhooks.too_many", most=MOST))
    secret = new_secret()
    row = Webhook.objects.create(
        desk=agent.desk,
        name=asked.name,
        address=asked.address,
        kinds=asked.known_kinds,
        secret=sealed(secret),
        trouble=trouble,
        made_at=at,
        made_by=agent,
    )
    return row, secret


def change_webhook(row: Webhook, asked: Asked, *, at: datetime) -> None:
    """From now on it is told these kinds, there; what waits is tried at once. Raises Refused for a
    name that another has. It asks the network first, as `make_webhook` does.
    """
    _change(row, asked, _trouble_of(asked), at)


@transaction.atomic
def _change(row: Webhook, asked: Asked, trouble: str, at: datetime) -> None:
    take_turns(f"webhooks {row.desk_id}")
    _refuse_a_name_of(webhooks_of(row.desk).exclude(pk=row.pk), asked.name)
    row.name, row.address, row.kinds = asked.name, asked.address, asked.known_kinds
    row.trouble = trouble
    row.save(update_fields=["name", "address", "kinds", "trouble"])
    try_now(row, at=at)


def _trouble_of(asked: Asked) -> str:
    return cut(why_not_called(asked.address), LONGEST)


def _refuse_a_name_of(others: QuerySet[Webhook], name: str) -> None:
    if others.filter(name=name).exists():
        raise Refused(Refusal("webhooks.same_name", name=name))


def webhooks_of(desk: HelpDesk) -> QuerySet[Webhook]:
    """Returns the desk's programs in use, the first made first."""
    return Webhook.objects.filter(desk=desk, ended_at=None).order_by("pk")


def with_what_waits(hooks: QuerySet[Webhook]) -> QuerySet[Webhook]:
    """Returns them with `waiting`: how many events are still to be told."""
    waits = WebhookCall.objects.filter(webhook=OuterRef("pk"), state__in=LEAVES_BY_ITSELF)
    counted = waits.order_by().values("webhook").annotate(n=Count("pk")).values("n")
    return hooks.annotate(waiting=Coalesce(Subquery(counted), 0))
