"""What becomes of messages we sent: sent, delivered, read, failed, in whatever order the service
tells it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.channels.whatsapp import window
from deskbook.channels.whatsapp.carrier import last_tried, parts_of
from deskbook.channels.whatsapp.models import WhatsAppOutgoing, WhatsAppStatus
from deskbook.channels.whatsapp.payload import Status
from deskbook.delivery.states import LEFT_OVER, State
from deskbook.people.models import HelpDesk
from deskbook.tickets.reminders import record_came_back, record_left

WINDOW_CLOSED, UNDELIVERABLE = 131047, 131026
ANOTHER_WAY_JOB = "carry_whatsapp_another_way"
_REACHED = {"sent": 1, "delivered": 2, "read": 3}
_SETTLED = (*LEFT_OVER, State.DELIVERED, State.READ)
"""Once it failed it went another way; a phone that has it has it."""
_INSTANTS = {"sent": "sent_at", "delivered": "delivered_at", "read": "read_at"}


@transaction.atomic
def take_in_status(desk: HelpDesk, told: Status, *, at: datetime) -> None:
    """Keeps a status, and shows it on its message if that is known already; else `join` does when
    it is.
    """
    row, made = WhatsAppStatus.objects.get_or_create(
        desk=desk,
        wamid=told.wamid,
        status=told.status,
        defaults={
            "at": told.at or at,
            "code": told.code,
            "reason": told.reason,
            "correlation": told.correlation,
        },
    )
    if not made:
        return
    message = _message_of(desk, told)
    if message is not None:
        _show(message, [row], at=at)


@transaction.atomic
def join(message: WhatsAppOutgoing, *, at: datetime) -> None:
    """Shows on a message what was told of it before we knew its wamid."""
    locked = WhatsAppOutgoing.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=message.pk
    )
    early = WhatsAppStatus.objects.filter(desk=locked.ticket.desk_id, wamid=locked.wamid)
    _show(locked, early.order_by("at", "pk"), at=at)


def correlation_of(message: WhatsAppOutgoing) -> str:
    return f"deskbook-{message.pk}"


def look_for_another_way(message: WhatsAppOutgoing, code: int | None, *, at: datetime) -> None:
    """Keeps what the code says of a message that did not go, and queues the job that looks for
    another way; what of the same text has not left goes with it.
    """
    message.code = code
    message.save(update_fields=["code"])
    if message.form != WhatsAppOutgoing.Form.FILE:  # files are read without each other
        _give_up_what_follows(message, at=at)
    if code == WINDOW_CLOSED:
        window.closed(message.contact, at=at)
    elif code == UNDELIVERABLE:
        window.out_of_reach(message.contact, at=at)
    record_came_back(message.entry, message.purpose, at=at)
    app.configure_task(ANOTHER_WAY_JOB, queue="reactions").defer(outgoing_id=message.pk)


def _give_up_what_follows(message: WhatsAppOutgoing, *, at: datetime) -> None:
    """What follows words that did not go, or waits to follow them, would say nothing without
    them.
    """
    parts = parts_of(message.entry, message.contact, message.purpose)
    tried = last_tried(parts)
    if message.part < tried[0].part:
        tried = parts[: len(parts) - len(tried)]
    follow = [one.pk for one in tried if one.part > message.part]
    WhatsAppOutgoing.objects.filter(pk__in=follow, state=State.WAITING).update(
        state=State.GIVEN_UP, reason=message.reason, ended_at=at, next_try_at=None
    )


def _message_of(desk: HelpDesk, told: Status) -> WhatsAppOutgoing | None:
    ours = WhatsAppOutgoing.objects.select_for_update(no_key=True, of=("self",)).filter(
        ticket__desk=desk
    )
    found = ours.filter(wamid=told.wamid).first()
    number = told.correlation.removeprefix("deskbook-")
    if (
        found is None
        and told.correlation.startswith("deskbook-")
        and number.isdecimal()
        and len(number) < 18
    ):
        found = ours.filter(pk=int(number), wamid="").first()
        if found is not None:
            found.wamid = told.wamid
            found.save(update_fields=["wamid"])
    return found


def _show(message: WhatsAppOutgoing, told: Iterable[WhatsAppStatus], *, at: datetime) -> None:
    """Never goes back: a message that was read stays read when "delivered" comes later."""
    for row in told:
        if row.status == "failed":
            if message.state not in _SETTLED:
                _came_back(message, row, at=at)
            continue
        if row.status not in _REACHED:
            continue
        if message.state == State.IN_HAND:
            # Its call ended without an answer, and this is the answer.
            record_left(
                message.entry,
                message.purpose,
                repeats=message.form != WhatsAppOutgoing.Form.TEMPLATE,
                at=at,
            )
        setattr(message, _INSTANTS[row.status], row.at)
        if _REACHED[row.status] > _REACHED.get(message.state, 0) and message.state not in LEFT_OVER:
            message.state, message.reason, message.next_try_at = State(row.status), "", None
    message.save(
        update_fields=["state", "reason", "next_try_at", "sent_at", "delivered_at", "read_at"]
    )


def _came_back(message: WhatsAppOutgoing, told: WhatsAppStatus, *, at: datetime) -> None:
    message.state = State.BOUNCED
    message.reason = told.reason
    message.ended_at = at
    message.next_try_at = None
    message.save(update_fields=["state", "reason", "ended_at", "next_try_at"])
    look_for_another_way(message, told.code, at=at)
