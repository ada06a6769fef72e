"""What becomes of messages we sent: sent, delivered, read, failed, in whatever order the service
tells it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.channels.whatsapp import window
from deskbook.channels.whatsapp.models import WhatsAppOutgoing, WhatsAppStatus
from deskbook.channels.whatsapp.payload import Status
from deskbook.people.models import HelpDesk
from deskbook.tickets.reminders import record_came_back

State = WhatsAppOutgoing.State
WINDOW_CLOSED, UNDELIVERABLE = 131047, 131026
ANOTHER_WAY_JOB = "carry_whatsapp_another_way"
_REACHED = {"sent": 1, "delivered": 2, "read": 3}
_SETTLED = (State.FAILED, State.REFUSED, State.DELIVERED, State.READ)
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


def taken_as(message: WhatsAppOutgoing) -> str:
    """Returns the wamid of a message whose handing over ended without an answer, if a status names
    it; else empty.
    """
    desk = message.ticket.desk_id
    found = WhatsAppStatus.objects.filter(
        desk=desk, correlation=correlation_of(message)
    ).values_list("wamid", flat=True)
    return found.first() or ""


def correlation_of(message: WhatsAppOutgoing) -> str:
    return f"deskbook-{message.pk}"


def fail(message: WhatsAppOutgoing, code: int | None, reason: str, *, at: datetime) -> None:
    """Says on a message why it did not go, and queues the job that looks for another way; the
    caller saves nothing.
    """
    message.state = State.REFUSED if code == WINDOW_CLOSED else State.FAILED
    message.code, message.reason = code, reason
    message.save(update_fields=["state", "code", "reason", "wamid", "attempts"])
    if code == WINDOW_CLOSED:
        window.closed(message.contact, at=at)
    elif code == UNDELIVERABLE:
        window.out_of_reach(message.contact, at=at)
    record_came_back(message.entry, message.purpose, at=at)
    app.configure_task(ANOTHER_WAY_JOB, queue="reactions").defer(outgoing_id=message.pk)


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
                fail(message, row.code, row.reason, at=at)
            continue
        if row.status not in _REACHED:
            continue
        setattr(message, _INSTANTS[row.status], row.at)
        if _REACHED[row.status] > _REACHED.get(message.state, 0) and message.state not in (
            State.FAILED,
            State.REFUSED,
        ):
            message.state = State(row.status)
    message.save(update_fields=["state", "sent_at", "delivered_at", "read_at"])
