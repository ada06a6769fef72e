"""Telling systems of their cases: Standard Webhooks, in order for each case, as often as it takes.

A worker that dies after a system took something and before that was recorded sends it again, under
the same webhook-id: the other side knows that it has it.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from procrastinate.contrib.django import app

from deskbook.channels.app.carrier import JOB
from deskbook.channels.app.models import AppEvent, AppSystem
from deskbook.channels.app.taking import state_of
from deskbook.delivery import outbox
from deskbook.delivery.outbox import InHand, Outcome, in_hand, settle, too_late
from deskbook.delivery.posting import Letter, Told, post
from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.people.service_trouble import note_trouble
from deskbook.tickets.models import Attachment
from deskbook.tickets.reminders import (
    record_came_back,
    record_left,
)

LEASE = timedelta(minutes=3)
TRIED_FOR = timedelta(hours=24)
MOST_AT_ONCE = 200
LARGEST_FILES = 3_000_000
"""Bytes of files that go along; the names of all do."""
ANOTHER_WAY_JOB = "carry_app_another_way"


def tell(app_case_id: int, *, at: datetime | None = None) -> int:
    """Tells what is due of one case, in order, until one has to wait; returns how many were
    taken.
    """
    told = 0
    while told < MOST_AT_ONCE and _tell_next(app_case_id, at or datetime.now(UTC)):
        told += 1
    return told


def tell_due(*, at: datetime | None = None) -> int:
    """Tells what waits for another try, or was left by a worker that died; returns how many were
    taken.
    """
    now = at or datetime.now(UTC)
    due = AppEvent.objects.filter(state__in=LEAVES_BY_ITSELF, next_try_at__lte=now)
    cases = due.order_by("case").values_list("case", flat=True).distinct()
    return sum(tell(case, at=at) for case in list(cases[:MOST_AT_ONCE]))


def tell_again(event: AppEvent, *, at: datetime) -> bool:
    """Puts one that was given up back; False when it was not (any more)."""
    put_back = outbox.send_again(AppEvent.objects.filter(pk=event.pk), at=at)
    if put_back:
        app.configure_task(JOB, queue="services").defer(app_case_id=event.case_id)
    return bool(put_back)


def send_waiting(system: AppSystem, *, at: datetime) -> int:
    """Lets all that waits for a system be tried now, and returns how many."""
    return len(outbox.try_now(AppEvent.objects.filter(case__system=system), at=at))


def _tell_next(app_case_id: int, at: datetime) -> bool:
    with in_hand(_next(app_case_id, at), at=at, lease=LEASE) as taken:
        if taken is None:
            return False
        event, system = taken.row, taken.row.case.system
        late = too_late(event, event.entry, event.purpose)
        if late:
            _record(taken, late)
            return True
        told = _said(taken)
        outcome = told.outcome
        if told.is_ours:
            note_trouble(AppSystem.objects.all(), system, system.name, outcome.why, at)
        elif outcome.state == State.HANDED_OVER and system.trouble:
            AppSystem.objects.filter(pk=system.pk).update(trouble="")
        _record(taken, outcome)
        return outcome.state == State.HANDED_OVER


def _next(app_case_id: int, at: datetime) -> QuerySet[AppEvent]:
    """An event waits for those before it: nobody hears of the closing before the answer."""
    earlier = AppEvent.objects.filter(case=OuterRef("case"), pk__lt=OuterRef("pk"))
    due = AppEvent.objects.filter(
        ~Exists(earlier.filter(state__in=LEAVES_BY_ITSELF)),
        case=app_case_id,
        next_try_at__lte=at,
        case__system__ended_at=None,
    )
    return due.select_related(
        "case__system", "case__ticket__desk", "entry__ticket__desk", "message"
    ).order_by("pk")


def _said(taken: InHand[AppEvent]) -> Told:
    event = taken.row
    body = json.dumps(_body(event), ensure_ascii=False)
    letter = Letter(event.webhook_id, body, "application/cloudevents+json")
    return post(event.case.system, letter, taken, tried_for=TRIED_FOR)


@transaction.atomic
def _record(taken: InHand[AppEvent], outcome: Outcome) -> None:
    event, state = taken.row, settle(taken, outcome)
    if state == State.HANDED_OVER:
        record_left(event.entry, event.purpose, at=taken.at)
    elif state in (State.GIVEN_UP, State.BOUNCED) and event.contact_id:
        record_came_back(event.entry, event.purpose, at=taken.at)
        app.configure_task(ANOTHER_WAY_JOB, queue="reactions").defer(app_event_id=event.pk)


def _body(event: AppEvent) -> dict[str, object]:
    """A CloudEvent (1.0.2, structured)."""
    case = event.case
    data = {**state_of(event.entry.ticket, case), "at": event.entry.at.isoformat()}
    if event.contact_id:
        data |= {"purpose": event.purpose, "text": _words(event), "files": list(_files(event))}
    else:
        data |= {"became": event.entry.data.get("stage"), "cause": event.entry.data.get("cause")}
    return {
        "specversion": "1.0",
        "id": event.webhook_id,
        "source": f"{settings.DESKBOOK_SITE_URL}/desk/{case.ticket.desk.key}",
        "type": event.type,
        "subject": str(case.ticket),
        "time": event.entry.at.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


def _words(event: AppEvent) -> str:
    return event.message.text if event.message and event.purpose == "answer" else event.letter


def _files(event: AppEvent) -> Iterator[dict[str, object]]:
    rows = Attachment.objects.filter(message=event.message_id, within=None, inline=False)
    room = LARGEST_FILES
    for file in rows.select_related("blob").order_by("pk") if event.message_id else ():
        told = {"name": file.name, "type": file.content_type, "size": file.blob.size}
        room -= file.blob.size
        yield {**told, "base64": b64encode(file.blob.data).decode()} if room >= 0 else told
