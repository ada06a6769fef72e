"""Texts that wait for a person: those that did not arrive, and those that came and could not be
taken in.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from procrastinate.contrib.django import app

from deskbook.channels.sms.models import IncomingText, TextMessage
from deskbook.channels.sms.writing import SEND_JOB
from deskbook.delivery import outbox
from deskbook.delivery.states import LEAVES_BY_ITSELF, LEFT_OVER, Taken
from deskbook.people.models import HelpDesk


def not_delivered(helpdesk: HelpDesk) -> QuerySet[TextMessage]:
    """Returns the texts that failed, the latest first."""
    failed = TextMessage.objects.filter(desk=helpdesk, state__in=LEFT_OVER)
    return failed.select_related("ticket__desk").order_by("-queued_at", "-pk")


def not_taken_in(helpdesk: HelpDesk) -> QuerySet[IncomingText]:
    """Returns the texts that came and became nothing, the latest first."""
    held = IncomingText.objects.filter(desk=helpdesk, state=Taken.HELD)
    return held.select_related("desk", "ticket__desk").order_by("-came_at", "-pk")


@transaction.atomic
def send_again(text: TextMessage, *, at: datetime) -> bool:
    """Sends a failed text once more, as a new one to the gateway; False when it has not failed (any
    more).
    """
    texts = TextMessage.objects.filter(pk=text.pk)
    found = outbox.send_again(texts, at=at, retrials=F("retrials") + 1, provider_id="")
    if found:
        app.configure_task(SEND_JOB, queue="services").defer(text_id=text.pk)
    return bool(found)


def waiting_texts(helpdesk: HelpDesk) -> QuerySet[TextMessage]:
    """Returns the texts that were tried, or put off, and leave by themselves."""
    waiting = TextMessage.objects.filter(desk=helpdesk, state__in=LEAVES_BY_ITSELF)
    return waiting.exclude(reason="").select_related("ticket__desk")


def send_waiting(helpdesk: HelpDesk, *, at: datetime) -> int:
    """Lets all texts of the desk that wait try now, and returns how many."""
    return len(outbox.try_now(TextMessage.objects.filter(desk=helpdesk), at=at))
