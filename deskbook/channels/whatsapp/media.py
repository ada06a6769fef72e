"""Files people sent: fetched from the service, checked, and put on their message."""

from base64 import b64decode
from binascii import Error as BadBase64
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.channels.whatsapp import api
from deskbook.channels.whatsapp.models import WhatsAppAccount, WhatsAppMedia
from deskbook.people.models import HelpDesk
from deskbook.people.service_trouble import note_trouble
from deskbook.refusals.kept import kept
from deskbook.tickets.messages import File, attach

TRIED_FOR = timedelta(hours=24)
MOST_AT_ONCE = 100
State = WhatsAppMedia.State


class TryAgain(Exception):
    """The file could not be fetched this time; the job is tried again later. The text says why."""


def fetch(media_id: int, *, at: datetime | None = None) -> WhatsAppMedia:
    """Fetches one file and returns its row; what cannot be fetched is said on the message.

    Raises TryAgain, with the reason kept for the ticket, while it may still come.
    """
    at = at or datetime.now(UTC)
    row = WhatsAppMedia.objects.select_related("incoming__message", "incoming__desk").get(
        pk=media_id
    )
    account = WhatsAppAccount.objects.filter(desk=row.incoming.desk).first()
    if row.state == State.KEPT or account is None or row.incoming.message is None:
        return row
    try:
        data, _told = api.fetch(account, row.media_id)
        _refuse_other_bytes(row, data)
        _keep(row.pk, data)
        row.refresh_from_db()
    except (api.NotNow, api.NotKnown) as later:
        _say(row, State.WAITING if at < row.asked_at + TRIED_FOR else State.FAILED, str(later))
        if row.state == State.WAITING:
            raise TryAgain(str(later)) from later
    except api.TokenRejected as refused:
        note_trouble(WhatsAppAccount.objects.all(), account, "WhatsApp", str(refused), at)
        _say(row, State.WAITING, str(refused))
        raise TryAgain(str(refused)) from refused
    except api.Gone:
        _say(row, State.FAILED, kept("whatsapp.gone"))
    except api.Rejected as refused:
        _say(row, State.FAILED, str(refused))
    return row


def fetch_again(desk: HelpDesk, *, at: datetime) -> int:
    """Lets the files of a desk that could not be fetched be tried once more, and returns how many
    they are.
    """
    lost = WhatsAppMedia.objects.filter(incoming__desk=desk, state=State.FAILED).order_by("-pk")[
        :MOST_AT_ONCE
    ]
    for row in lost:
        WhatsAppMedia.objects.filter(pk=row.pk).update(state=State.WAITING, asked_at=at)
        app.configure_task("fetch_whatsapp_media", queue="services").defer(media_id=row.pk)
    return len(lost)


def _say(row: WhatsAppMedia, state: WhatsAppMedia.State, reason: str) -> None:
    row.state, row.reason, row.attempts = state, reason, row.attempts + 1
    row.save(update_fields=["state", "reason", "attempts"])


@transaction.atomic
def _keep(pk: int, data: bytes) -> None:
    row = WhatsAppMedia.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    if row.state == State.KEPT or row.incoming.message is None:
        return
    file = File(row.name, row.content_type or "application/octet-stream", data)
    row.attachment = attach(row.incoming.message, file)
    row.state, row.reason = State.KEPT, ""
    row.save(update_fields=["attachment", "state", "reason"])


def _refuse_other_bytes(row: WhatsAppMedia, data: bytes) -> None:
    """The webhook is signed and names the file's SHA-256: other bytes are not what was sent."""
    if row.sha256 and not any(
        compare_digest(sha256(data).digest(), known) for known in _digests(row.sha256)
    ):
        raise api.Rejected(None, kept("whatsapp.other_file"))


def _digests(told: str) -> list[bytes]:
    """The service writes it in base64, its papers in hexadecimal."""
    found = []
    with suppress(ValueError):
        found.append(bytes.fromhex(told))
    with suppress(BadBase64, ValueError):
        found.append(b64decode(told, validate=True))
    return [digest for digest in found if len(digest) == 32] or [b""]
