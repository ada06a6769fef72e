"""Handing queued messages to the service: in their order, tried again when it is the service's
fault, never twice.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue
from structlog import get_logger

from deskbook.channels.whatsapp import api
from deskbook.channels.whatsapp.carrier import DELIVER_JOB
from deskbook.channels.whatsapp.models import WhatsAppAccount, WhatsAppIncoming, WhatsAppOutgoing
from deskbook.channels.whatsapp.senders import reached_by
from deskbook.channels.whatsapp.statuses import correlation_of, fail, join, taken_as
from deskbook.people.merging import person
from deskbook.people.models import HelpDesk
from deskbook.people.service_trouble import note_trouble
from deskbook.refusals.kept import kept, stored
from deskbook.tickets.followers import senders_on
from deskbook.tickets.reminders import NOT_WAITED_FOR, is_too_late, record_left

TRIED_FOR = timedelta(hours=24)
"""How long what the service is too busy for is tried. What waits for a token waits until there is
one.
"""
REFUSED_PAUSE = timedelta(minutes=5)
"""Between two messages that find out whether a refused token was put right: thousands of wrong ones
lock an account.
"""
UNKNOWN_FOR = timedelta(minutes=2)
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
State, Form = WhatsAppOutgoing.State, WhatsAppOutgoing.Form
_log = get_logger(__name__)


class TryAgain(Exception):
    """The message could not be handed over this time; the job is tried again later. The text says
    why.
    """


def deliver(outgoing_id: int, *, at: datetime | None = None) -> WhatsAppOutgoing:
    """Sends a queued message and those that follow it in the same text, and returns the first one's
    row.

    What is not queued any more is left alone. Raises TryAgain, with the reason kept, when the
    service cannot take one of them now; the others wait, so that they arrive in their order.
    """
    at = at or datetime.now(UTC)
    first = WhatsAppOutgoing.objects.get(pk=outgoing_id)
    together = WhatsAppOutgoing.objects.filter(
        entry=first.entry_id, contact=first.contact_id, purpose=first.purpose, part__gte=first.part
    ).select_related("ticket__desk", "contact", "attachment__blob")
    for row in together.filter(state__in=(State.QUEUED, State.SENDING)).order_by("part"):
        if not _dropped(row) and not _send(row, at):
            together.filter(part__gt=row.part, state=State.QUEUED).update(
                state=State.REFUSED, reason=row.reason
            )
            break
    first.refresh_from_db()
    return first


def send_waiting(desk: HelpDesk) -> int:
    """Lets all that waits for the desk's account try now, and returns how many do."""
    waiting = WhatsAppOutgoing.objects.filter(ticket__desk=desk, state=State.QUEUED).order_by("pk")
    jobs: list[dict[str, JSONValue]] = [
        {"outgoing_id": pk} for pk in waiting.values_list("pk", flat=True)
    ]
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


def _dropped(row: WhatsAppOutgoing) -> bool:
    if not is_too_late(row.entry, row.purpose, may_be_there=row.state == State.SENDING):
        return False
    row.state, row.reason = State.DROPPED, NOT_WAITED_FOR
    row.save(update_fields=["state", "reason"])
    return True


def _send(row: WhatsAppOutgoing, at: datetime) -> bool:
    """Whether it went; False when it was refused for good. Raises TryAgain."""
    account = WhatsAppAccount.objects.filter(desk=row.ticket.desk_id).first()
    if account is None:
        return _refuse(row, None, kept("whatsapp.no_account"), at)
    if _another_was_refused(account, row, at):
        _later(row, State.QUEUED, account.trouble)
    if not _claim(row, at):
        return True
    try:
        media_id = _uploaded(account, row)
        row.wamid = api.send(account, payload_of(row, media_id))
    except api.NotKnown as unknown:
        _later(row, State.SENDING, str(unknown))
    except (api.NotNow, api.TokenRejected) as later:
        return _not_taken(account, row, later, at)
    except (api.Rejected, api.Gone) as refused:
        return _refuse(row, getattr(refused, "code", None), str(refused), at)
    _sent(account, row, at)
    return True


def _another_was_refused(account: WhatsAppAccount, row: WhatsAppOutgoing, at: datetime) -> bool:
    """Whether another message found out just now that the service refuses the desk."""
    if not account.trouble or row.state != State.QUEUED:
        return False
    lately = WhatsAppOutgoing.objects.filter(state=State.QUEUED, tried_at__gt=at - REFUSED_PAUSE)
    return lately.filter(ticket__desk=account.desk_id).exclude(pk=row.pk).exists()


def _claim(row: WhatsAppOutgoing, at: datetime) -> bool:
    """Takes the row for this worker. One whose handing over ended without an answer waits for a
    status of it first.
    """
    if row.state == State.SENDING:
        row.wamid = taken_as(row)
        if row.wamid:
            row.state = State.SENT
            row.save(update_fields=["wamid", "state"])
            record_left(row.entry, row.purpose, at=at)
            join(row, at=at)
            return False
        if row.tried_at and at < row.tried_at + UNKNOWN_FOR:
            raise TryAgain("Whether the service took it is not known yet.")
    mine = WhatsAppOutgoing.objects.filter(pk=row.pk, state=row.state, tried_at=row.tried_at)
    row.attempts += 1
    return bool(mine.update(state=State.SENDING, tried_at=at, attempts=row.attempts))


def _uploaded(account: WhatsAppAccount, row: WhatsAppOutgoing) -> str:
    if row.form != Form.FILE or row.attachment is None:
        return ""
    file = row.attachment
    return api.upload(account, file.name, file.content_type, bytes(file.blob.data))


def _later(row: WhatsAppOutgoing, state: WhatsAppOutgoing.State, reason: str) -> NoReturn:
    row.state, row.reason = state, reason
    row.save(update_fields=["state", "reason"])
    raise TryAgain(reason)


def _not_taken(
    account: WhatsAppAccount,
    row: WhatsAppOutgoing,
    why: api.NotNow | api.TokenRejected,
    at: datetime,
) -> bool:
    """Waits for the service for a day; for a token however long: neither the message nor its reader
    is to blame.
    """
    if isinstance(why, api.TokenRejected):
        note_trouble(WhatsAppAccount.objects.all(), account, "WhatsApp", str(why), at)
        _later(row, State.QUEUED, str(why))
    if at < row.queued_at + TRIED_FOR:
        _later(row, State.QUEUED, str(why))
    return _refuse(
        row, None, kept("whatsapp.not_taken", days=TRIED_FOR.days, why=stored(str(why))), at
    )


@transaction.atomic
def _refuse(row: WhatsAppOutgoing, code: int | None, reason: str, at: datetime) -> bool:
    fail(row, code, reason, at=at)
    return False


@transaction.atomic
def _sent(account: WhatsAppAccount, row: WhatsAppOutgoing, at: datetime) -> None:
    row.state, row.sent_at, row.reason = State.SENT, at, ""
    row.save(update_fields=["wamid", "state", "sent_at", "reason"])
    record_left(row.entry, row.purpose, at=at)
    join(row, at=at)
    if account.trouble:
        WhatsAppAccount.objects.filter(pk=account.pk).update(trouble="")
