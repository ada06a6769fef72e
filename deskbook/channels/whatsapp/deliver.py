"""Handing queued messages to the service: in their order, tried again when it is the service's
fault, never twice.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue
from structlog import get_logger

from deskbook.channels.whatsapp import api
from deskbook.channels.whatsapp.carrier import DELIVER_JOB
from deskbook.channels.whatsapp.models import WhatsAppAccount, WhatsAppIncoming, WhatsAppOutgoing
from deskbook.channels.whatsapp.senders import ends_of, reached_by
from deskbook.channels.whatsapp.statuses import correlation_of, join, look_for_another_way
from deskbook.delivery.order import send_in_order
from deskbook.delivery.outbox import InHand, Outcome, TryAgain, in_hand, settle, too_late, try_now
from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.people.merging import person
from deskbook.people.models import HelpDesk
from deskbook.people.service_trouble import note_trouble
from deskbook.refusals.kept import kept, stored
from deskbook.tickets.followers import senders_on
from deskbook.tickets.reminders import record_left

TRIED_FOR = timedelta(hours=24)
"""How long what the service is too busy for is tried. What waits for a token waits until there is
one.
"""
REFUSED_PAUSE = timedelta(minutes=5)
"""Between two messages that find out whether a refused token was put right: thousands of wrong ones
lock an account.
"""
LEASE = timedelta(minutes=2)
"""How long a status is waited for that would show that a message was taken, before it is handed
over again.
"""
LARGEST_PICTURE = 5 * 1024 * 1024
_KINDS = {
    "image/jpeg": "image",
    "image/png": "image",
    "video/mp4": "video",
    "audio/mpeg": "audio",
    "audio/ogg": "audio",
}
Form = WhatsAppOutgoing.Form
_log = get_logger(__name__)


def deliver(outgoing_id: int, *, at: datetime | None = None) -> WhatsAppOutgoing:
    """Sends a queued message and those that follow it in the same text, and returns the first one's
    row.

    What is not queued any more, or waits for the person to write, is left alone. Raises TryAgain,
    with the reason kept, when the service cannot take one of them now; the others wait, so that
    they arrive in their order.
    """
    at = at or datetime.now(UTC)
    first = WhatsAppOutgoing.objects.get(pk=outgoing_id)
    together = WhatsAppOutgoing.objects.filter(
        entry=first.entry_id, contact=first.contact_id, purpose=first.purpose, part__gte=first.part
    ).filter(next_try_at__isnull=False, state__in=LEAVES_BY_ITSELF)
    for row in list(together.order_by("part")):
        if not _send(row, at):
            break
    first.refresh_from_db()
    return first


def deliver_in_turn(outgoing_id: int) -> None:
    """Does the same, after those to the same person about what happened on their ticket before."""
    send_in_order(WhatsAppOutgoing, "contact_id", outgoing_id, deliver, at=datetime.now(UTC))


def send_waiting(desk: HelpDesk, *, at: datetime) -> int:
    """Lets all that waits for the desk's account try now, and returns how many do."""
    waiting = try_now(WhatsAppOutgoing.objects.filter(ticket__desk=desk), at=at)
    jobs: list[dict[str, JSONValue]] = [{"outgoing_id": pk} for pk in waiting]
    if jobs:
        app.configure_task(DELIVER_JOB, queue="services").batch_defer(*jobs)
    return len(jobs)


def tell_read(ticket_id: int) -> None:
    """Tells who wrote on a ticket that the desk has read it; a service that cannot be told is told
    the next time.
    """
    unread = WhatsAppIncoming.objects.filter(ticket=ticket_id, read_told_at=None).exclude(
        kind="reaction"
    )
    for row in unread.select_related("desk").order_by("pk"):
        account = WhatsAppAccount.objects.filter(desk=row.desk).first()
        if account is None:
            # Nobody can be told any more: it is not asked for again at each look at the ticket.
            unread.update(read_told_at=datetime.now(UTC))
            return
        try:
            api.tell_read(account, row.wamid)
        except (api.NotNow, api.NotKnown):
            return
        except (api.Gone, api.Rejected) as problem:
            _log.info("a reader's mark was not taken", why=str(problem))
        row.read_told_at = datetime.now(UTC)
        row.save(update_fields=["read_told_at"])


def payload_of(row: WhatsAppOutgoing, media_id: str = "") -> dict[str, Any]:
    """Returns the body of POST …/messages."""
    known = reached_by(person(row.contact), senders_on(row.ticket, row.contact))
    number, user_id = (known.number, known.user_id) if known else ("", "")
    to = {"to": number.lstrip("+")} if number else {"recipient": user_id}
    payload: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **to,
        "biz_opaque_callback_data": correlation_of(row),
        **_content(row, media_id),
    }
    if row.answers and row.form != Form.TEMPLATE:
        payload["context"] = {"message_id": row.answers}
    return payload


def _content(row: WhatsAppOutgoing, media_id: str) -> dict[str, Any]:
    if row.form == Form.TEMPLATE:
        variables = [{"type": "text", "text": text} for text in row.template["variables"]]
        components = [{"type": "body", "parameters": variables}] if variables else []
        language = {"code": row.template["language"]}
        return {
            "type": "template",
            "template": {
                "name": row.template["name"],
                "language": language,
                "components": components,
            },
        }
    if row.form == Form.FILE and row.attachment:
        kind = _kind(row)
        named = {"filename": row.attachment.name} if kind == "document" else {}
        return {"type": kind, kind: {"id": media_id, **named}}
    return {"type": "text", "text": {"body": row.text, "preview_url": False}}


def _kind(row: WhatsAppOutgoing) -> str:
    file = row.attachment
    if file is None or (
        file.content_type.startswith("image/") and file.blob.size > LARGEST_PICTURE
    ):
        return "document"
    return _KINDS.get(file.content_type.lower(), "document")


def _send(row: WhatsAppOutgoing, at: datetime) -> bool:
    """Whether those after it may go; False when words were refused for good. Raises TryAgain."""
    rows = WhatsAppOutgoing.objects.select_related(
        "ticket__desk", "entry", "contact", "attachment__blob"
    )
    with in_hand(rows.filter(pk=row.pk), at=at, lease=LEASE) as taken:
        if taken:
            _hand_over(taken)
    row.refresh_from_db()
    if row.state in LEAVES_BY_ITSELF:
        raise TryAgain(
            row.reason or "Whether the service took it is not known yet.", row.next_try_at
        )
    return row.form == Form.FILE or row.state not in (State.GIVEN_UP, State.BOUNCED)


def _hand_over(taken: InHand[WhatsAppOutgoing]) -> None:
    row, at = taken.row, taken.at
    account = WhatsAppAccount.objects.filter(desk=row.ticket.desk_id).first()
    late = too_late(row, row.entry, row.purpose)
    if late:
        _end(taken, late)
    elif ends_of(row.contact):
        _end(taken, Outcome(State.GIVEN_UP, kept("whatsapp.stopped")))
    elif account is None:
        _end(taken, Outcome(State.GIVEN_UP, kept("whatsapp.no_account")))
    elif not taken.was_left and _another_was_refused(account, row, at):
        _end(taken, Outcome(State.WAITING, account.trouble, untried=True))
    else:
        _call(account, taken)


def _call(account: WhatsAppAccount, taken: InHand[WhatsAppOutgoing]) -> None:
    """Waits for the service for a day; for a token however long: neither the message nor its reader
    is to blame.
    """
    row = taken.row
    try:
        row.wamid = api.send(account, payload_of(row, _uploaded(account, row)))
    except api.NotKnown as unknown:  # it stays in hand for the lease: a status may tell
        WhatsAppOutgoing.objects.filter(pk=row.pk, state=State.IN_HAND).update(reason=str(unknown))
    except api.TokenRejected as refused:
        note_trouble(WhatsAppAccount.objects.all(), account, "WhatsApp", str(refused), taken.at)
        _end(taken, Outcome(State.WAITING, str(refused)))
    except api.NotNow as busy:
        at_last = kept("whatsapp.not_taken", days=TRIED_FOR.days, why=stored(str(busy)))
        _end(taken, Outcome(State.WAITING, str(busy), None, TRIED_FOR, at_last))
    except (api.Rejected, api.Gone) as refused:
        _end(taken, Outcome(State.GIVEN_UP, str(refused)), getattr(refused, "code", None))
    else:
        _took(account, taken)


@transaction.atomic
def _end(taken: InHand[WhatsAppOutgoing], outcome: Outcome, code: int | None = None) -> None:
    if settle(taken, outcome) == State.GIVEN_UP:
        look_for_another_way(taken.row, code, at=taken.at)


@transaction.atomic
def _took(account: WhatsAppAccount, taken: InHand[WhatsAppOutgoing]) -> None:
    row = taken.row
    row.save(update_fields=["wamid"])
    if settle(taken, Outcome(State.HANDED_OVER)):
        record_left(row.entry, row.purpose, repeats=row.form != Form.TEMPLATE, at=taken.at)
    join(row, at=taken.at)
    if account.trouble:
        WhatsAppAccount.objects.filter(pk=account.pk).update(trouble="")


def _another_was_refused(account: WhatsAppAccount, row: WhatsAppOutgoing, at: datetime) -> bool:
    """Whether another message found out just now that the service refuses the desk."""
    if not account.trouble:
        return False
    lately = WhatsAppOutgoing.objects.filter(state=State.WAITING, tried_at__gt=at - REFUSED_PAUSE)
    return lately.filter(ticket__desk=account.desk_id).exclude(pk=row.pk).exists()


def _uploaded(account: WhatsAppAccount, row: WhatsAppOutgoing) -> str:
    if row.form != Form.FILE or row.attachment is None:
        return ""
    file = row.attachment
    return api.upload(account, file.name, file.content_type, bytes(file.blob.data))
