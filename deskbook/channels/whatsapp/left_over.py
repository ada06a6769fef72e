"""Webhooks of WhatsApp that are left over for a person. A message that does not leave goes another
way, and where there is none its case says so: it is never left over.
"""

from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from deskbook.channels.whatsapp.models import WhatsAppPayload
from deskbook.channels.whatsapp.receive import retry
from deskbook.delivery import inbox
from deskbook.delivery.left_over import Shown, Sort, holding
from deskbook.delivery.states import Taken
from deskbook.people.models import Agent

_SHOWN_BYTES = 300
"""Of 3 MB each."""


def _payloads(agent: Agent, state: Taken) -> QuerySet[WhatsAppPayload]:
    of_desk = WhatsAppPayload.objects.filter(desk=agent.desk_id, state=state)
    return of_desk.annotate(begin=Substr("raw__data", 1, _SHOWN_BYTES, output_field=BinaryField()))


LEFT_OVER = (
    Sort(
        key="whatsapp-in",
        title=_("WhatsApp not taken in"),
        icon="whatsapp",
        at="received_at",
        rows=lambda agent: _payloads(agent, Taken.HELD),
        find=holding("reason"),
        shows=lambda payload: Shown(
            "WhatsApp", words=bytes(payload.begin).decode(errors="replace")
        ),
        ticket=lambda payload: None,
        again=lambda payload, agent, at: retry(payload),
        drop=lambda payload, agent, at, why: inbox.drop(
            WhatsAppPayload.objects.filter(pk=payload.pk), by=agent, why=why
        ),
        take_back=inbox.take_back,
        left_out=lambda agent: _payloads(agent, Taken.DROPPED),
    ),
)
