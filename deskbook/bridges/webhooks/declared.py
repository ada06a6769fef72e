"""What webhooks are to the rest of the desk."""

from datetime import datetime

from deskbook.bridges.webhooks import telling
from deskbook.bridges.webhooks.models import Webhook, WebhookCall
from deskbook.delivery.clearing import TOLD_KEPT, delete
from deskbook.delivery.connection import ByTheClock, Connection, Job
from deskbook.delivery.states import LEAVES_BY_ITSELF
from deskbook.tickets.words_of_cases import Words


def _clear_calls(at: datetime) -> int:
    """What was told is in the log, and told again from there."""
    old = WebhookCall.objects.filter(queued_at__lt=at - TOLD_KEPT)
    return delete(old.exclude(state__in=LEAVES_BY_ITSELF))


DECLARED = Connection(
    jobs=(Job(telling.JOB, telling.tell, "services"),),
    by_the_clock={
        "webhooks_due": ByTheClock("* * * * *", telling.tell_due, "services", is_alone=True)
    },
    of_desk={"webhook_id": (Webhook, "desk")},
    clearing={"webhook calls": _clear_calls},
    mirror=telling,
    of_every_kind=True,
    words=(Words(WebhookCall, emptied={"answer": ""}),),
)
