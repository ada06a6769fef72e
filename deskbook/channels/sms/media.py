"""Pictures that come with texts (MMS): fetched from the gateway, or said to be missing."""

import mimetypes
from datetime import UTC, datetime, timedelta

import httpx
from django.db import transaction

from deskbook.channels.sms.gateway import gateway_of, media_request
from deskbook.channels.sms.models import IncomingText, SmsGateway
from deskbook.delivery.outbox import TryAgain
from deskbook.people.outward import NotAllowed, outward_client
from deskbook.people.sealing import Unreadable
from deskbook.refusals.kept import kept
from deskbook.tickets.messages import File, attach

TRIED_FOR = timedelta(hours=24)


class _Refused(Exception):
    """It will not be given to us."""


def fetch_media(incoming_text_id: int, *, at: datetime | None = None) -> None:
    """Puts the pictures of a text on its message; of those that cannot be had the message says so.

    Raises TryAgain while one may still come.
    """
    at = at or datetime.now(UTC)
    row = IncomingText.objects.select_related("desk", "message").get(pk=incoming_text_id)
    gateway, later = gateway_of(row.desk), False
    for number, address in enumerate(list(row.media), start=1):
        try:
            _keep(row.pk, address, _fetched(gateway, address, number))
        except _Refused:
            continue
        except (httpx.HTTPError, OSError):
            later = True
    if later and at < row.came_at + TRIED_FOR:
        raise TryAgain("The gateway does not give a picture of this text now.")
    _say_what_is_missing(row.pk)


def _fetched(gateway: SmsGateway | None, address: str, number: int) -> File:
    try:
        request = media_request(gateway, address) if gateway else None
        if request is None:
            raise _Refused
        with outward_client() as client:
            answer = client.send(request)
            if answer.is_redirect and answer.next_request:
                answer = client.send(_without_credentials(answer.next_request))
    except (NotAllowed, Unreadable, httpx.InvalidURL) as refused:
        raise _Refused from refused
    if answer.status_code == 429 or answer.status_code >= 500:
        answer.raise_for_status()
    if not answer.is_success:
        raise _Refused
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip()
    ending = mimetypes.guess_extension(content_type) or ""
    return File(f"mms-{number}{ending}", content_type or "application/octet-stream", answer.content)


def _without_credentials(request: httpx.Request) -> httpx.Request:
    """Gateways keep pictures elsewhere: their host is not to learn the gateway's secret."""
    if request.url.scheme != "https":
        raise _Refused
    return httpx.Request("GET", request.url)


@transaction.atomic
def _keep(pk: int, address: str, file: File) -> None:
    row = IncomingText.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    if row.message is None or address not in row.media:
        return
    attach(row.message, file)
    row.media = [one for one in row.media if one != address]
    row.save(update_fields=["media"])


@transaction.atomic
def _say_what_is_missing(pk: int) -> None:
    row = IncomingText.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    missing = kept("sms.media", count=len(row.media))
    if row.message and row.media and missing not in row.message.mended:
        row.message.mended = [*row.message.mended, missing]
        row.message.save(update_fields=["mended"])
