"""Webhooks of WhatsApp that are left over for a person. A message that does not leave goes another
way, and where there is none its case says so: it is never left over.
"""

from collections.abc import Sequence

from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from deskbook.channels.whatsapp.models import WhatsAppIncoming, WhatsAppPayload
from deskbook.channels.whatsapp.payload import Arrived, NotAWebhook, parse
from deskbook.channels.whatsapp.receive import file_by_hand, not_taken_in, retry
from deskbook.channels.whatsapp.wording import words_of
from deskbook.delivery import inbox
from deskbook.delivery.left_over import Beginning, Shown, Sort, holding
from deskbook.delivery.states import Taken
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket

_SHOWN_BYTES = 300
_READ_BYTES = 20_000
"""Of 3 MB each: a webhook with one message has some hundred."""


def _payloads(agent: Agent, state: Taken) -> QuerySet[WhatsAppPayload]:
    of_desk = WhatsAppPayload.objects.filter(desk=agent.desk_id, state=state)
    return of_desk.annotate(begin=Substr("raw__data", 1, _READ_BYTES, output_field=BinaryField()))


def _shown(payload: WhatsAppPayload) -> Shown:
    begin = bytes(payload.begin)  # type: ignore[attr-defined]
    try:
        arrived = parse(begin).arrived
    except NotAWebhook:
        return Shown("WhatsApp", words=begin[:_SHOWN_BYTES].decode(errors="replace"))
    return Shown(_who(arrived) or "WhatsApp", words=" · ".join(words_of(one) for one in arrived))


def _who(arrived: Sequence[Arrived]) -> str:
    told = [" ".join(filter(None, (one.sender.name, one.sender.number))) for one in arrived]
    return ", ".join(dict.fromkeys(filter(None, told)))


def _begins(payload: WhatsAppPayload, agent: Agent) -> Beginning:
    """With what was not taken in of its batch."""
    arrived = not_taken_in(payload)
    numbers = dict.fromkeys(one.sender.number for one in arrived if one.sender.number)
    return Beginning(next(iter(numbers), ""), "\n\n".join(map(words_of, arrived)), "whatsapp")


def _became(payload: WhatsAppPayload) -> Ticket | None:
    """The latest, where its messages became several."""
    known = WhatsAppIncoming.objects.filter(payload=payload, ticket__isnull=False)
    latest = known.select_related("ticket__desk").order_by("-pk").first()
    return latest.ticket if latest else None


LEFT_OVER = (
    Sort(
        key="whatsapp-in",
        title=_("WhatsApp not taken in"),
        icon="whatsapp",
        at="received_at",
        rows=lambda agent: _payloads(agent, Taken.HELD),
        find=holding("reason"),
        shows=_shown,
        ticket=lambda payload: None,
        path="",
        again=lambda payload, agent, at: retry(payload),
        drop=lambda payload, agent, at, why: inbox.drop(
            WhatsAppPayload.objects.filter(pk=payload.pk), by=agent, why=why
        ),
        take_back=inbox.take_back,
        begins=_begins,
        became=_became,
        file=lambda payload, message, agent, at: file_by_hand(payload, message, at),
        left_out=lambda agent: _payloads(agent, Taken.DROPPED),
    ),
)
