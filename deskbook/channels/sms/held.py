"""Texts that wait for a person: those that did not arrive, and those that came and could not be
taken in.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from deskbook.channels.sms.models import IncomingText
from deskbook.people.account_models import TextMessage
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.texts import SEND_JOB
from deskbook.refusals.kept import cut, joined, kept, stored

State = TextMessage.State


def not_delivered(helpdesk: HelpDesk) -> QuerySet[TextMessage]:
    """Returns the texts that failed, the latest first."""
    failed = TextMessage.objects.filter(desk=helpdesk, state=State.FAILED)
    return failed.select_related("ticket__desk").order_by("-queued_at", "-pk")


def not_taken_in(helpdesk: HelpDesk) -> QuerySet[IncomingText]:
    """Returns the texts that came and became nothing, the latest first."""
    held = IncomingText.objects.filter(desk=helpdesk, state=IncomingText.State.HELD)
    return held.select_related("desk").order_by("-came_at", "-pk")


@transaction.atomic
def send_again(text: TextMessage, *, at: datetime) -> bool:
    """Sends a failed text once more, as a new one to the gateway; False when it has not failed (any
    more).
    """
    row = TextMessage.objects.select_for_update(no_key=True, of=("self",)).get(pk=text.pk)
    if row.state != State.FAILED:
        return False
    row.state, row.reason, row.provider_id, row.attempts = State.QUEUED, "", "", 0
    row.retrials, row.queued_at, row.next_try_at, row.ended_at = row.retrials + 1, at, at, None
    row.save()
    app.configure_task(SEND_JOB, queue="services").defer(text_id=row.pk)
    return True


def send_waiting(helpdesk: HelpDesk, *, at: datetime) -> int:
    """Lets all texts of the desk that wait try now, and returns how many."""
    return TextMessage.objects.filter(desk=helpdesk, state=State.QUEUED, next_try_at__gt=at).update(
        next_try_at=at
    )


def drop(text: TextMessage, *, by: Agent) -> bool:
    """Takes a failed text off the list; it stays stored, with who decided it."""
    reason = cut(joined(kept("discarded", who=str(by.user)), stored(text.reason)), 300)
    failed = TextMessage.objects.filter(pk=text.pk, state=State.FAILED)
    return failed.update(state=State.DROPPED, reason=reason) > 0
