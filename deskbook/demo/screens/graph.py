"""The Cloud API of the demo: what the desk sends arrives on the phones of the demo, and what they
write at the desk.

The same stand-in serves the tests; here its messages are rows, because a demo may have several
processes.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from procrastinate.contrib.django import app

from deskbook.channels.whatsapp.models import WhatsAppAccount
from deskbook.demo.models import PhoneMessage
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.contacts import contact_by
from deskbook.people.sealing import unsealed

WROTE, DELIVERED, READ = 0, 1, 2
TELL_JOB = "demo_whatsapp_tell"
SECONDS = 10
View = Callable[..., HttpResponse]


def graph(view: View) -> View:
    """A call of the Cloud API: it comes without our token of forms, and with the account's own."""

    @csrf_exempt
    @wraps(view)
    def called(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        bearer = request.headers.get("Authorization", "").encode()
        known = [
            f"Bearer {unsealed(account.token)}".encode()
            for account in WhatsAppAccount.objects.all()
        ]
        if not any(compare_digest(bearer, one) for one in known):
            return JsonResponse(
                cloud_api.Refusal(190, "Invalid OAuth access token.").body(), status=401
            )
        try:
            return view(request, *args, **kwargs)
        except cloud_api.Refusal as refused:
            return JsonResponse(refused.body(), status=refused.status)

    return called


@graph
@require_POST
def graph_messages(request: HttpRequest, phone_number_id: str) -> HttpResponse:
    """Takes a message for a phone, or the news that one was read."""
    account = _account(phone_number_id)
    payload = json.loads(request.body)
    if payload.get("status") == "read":
        PhoneMessage.objects.filter(wamid=payload.get("message_id", ""), read_at=None).update(
            read_at=timezone.now()
        )
        return JsonResponse({"success": True})
    number = str(payload.get("to") or payload.get("recipient") or "")
    wrote = (
        PhoneMessage.objects.filter(desk=account.desk.key, number=number, from_desk=False)
        .order_by("-at")
        .first()
    )
    answer, wamid = cloud_api.accept(
        payload, wrote_at=wrote.at if wrote else None, at=timezone.now()
    )
    row = _arrived(account, number, payload, wamid)
    app.configure_task(TELL_JOB, queue="services").defer(message_id=row.pk, what=DELIVERED)
    return JsonResponse(answer)


@graph
@require_POST
def graph_media(request: HttpRequest, phone_number_id: str) -> HttpResponse:
    """Keeps a file until a message names it."""
    account, file = _account(phone_number_id), request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise cloud_api.Refusal(100, "The parameter file is required.")
    media = str(uuid4().int)[:16]
    PhoneMessage.objects.create(
        wamid=f"media.{media}",
        desk=account.desk.key,
        number="",
        from_desk=True,
        form="media",
        data=file.read(),
        content_type=file.content_type or "",
        name=file.name or "",
        media=media,
        at=timezone.now(),
    )
    return JsonResponse({"id": media})


@graph
@require_safe
def graph_media_told(request: HttpRequest, media: str) -> HttpResponse:
    """Says where a file is and what it is."""
    row = _media(media)
    url = f"{settings.DESKBOOK_WHATSAPP_URL.rstrip('/')}/file/{media}"
    return JsonResponse(cloud_api.media_told(media, url, row.content_type, bytes(row.data or b"")))


@graph
@require_safe
def graph_file(request: HttpRequest, media: str) -> HttpResponse:
    row = _media(media)
    return HttpResponse(
        bytes(row.data or b""), content_type=row.content_type or "application/octet-stream"
    )


def tell(message_id: int, what: int) -> None:
    """Tells the desk by its webhook what a phone did: wrote, got or read a message. The demo's
    worker does it.
    """
    row = PhoneMessage.objects.get(pk=message_id)
    account = WhatsAppAccount.objects.select_related("desk").filter(desk__key=row.desk).first()
    if account is None:
        return
    secret = unsealed(account.app_secret)
    business = cloud_api.Business(account.phone_number_id, account.display_number, secret)
    for webhook in _webhooks(row, business, what):
        body = cloud_api.body_of(webhook)
        signed = {
            "X-Hub-Signature-256": cloud_api.signature(secret, body),
            "Content-Type": "application/json",
        }
        httpx.post(
            _own(f"/hooks/whatsapp/{row.desk}/"),
            content=body,
            headers=signed,
            timeout=SECONDS,
            trust_env=False,
        )


def user_of_phone(row: PhoneMessage) -> cloud_api.User:
    """Returns who has the phone, by the name the desk knows them by."""
    from deskbook.people.models import HelpDesk

    desk = HelpDesk.objects.filter(key=row.desk).first()
    known = contact_by(desk, "whatsapp", f"+{row.number}") if desk else None
    return cloud_api.User(row.number, known.name if known else row.name or f"+{row.number}")


def _webhooks(row: PhoneMessage, business: cloud_api.Business, what: int) -> list[cloud_api.Json]:
    user, at = user_of_phone(row), datetime.now(UTC)
    if what == WROTE:
        content: cloud_api.Json = {"body": row.text}
        if row.form != "text":
            told = {"caption": row.text} if row.text else {}
            content = cloud_api.file_content(
                row.media, row.content_type, bytes(row.data or b""), **told
            )
        return [cloud_api.message(business, user, row.form, content, at=row.at, wamid=row.wamid)]
    words = ("sent", "delivered") if what == DELIVERED else ("read",)
    return [cloud_api.status(business, user, row.wamid, word, at=at) for word in words]


def _arrived(
    account: WhatsAppAccount, number: str, payload: dict[str, Any], wamid: str
) -> PhoneMessage:
    """The message as the phone shows it."""
    form = str(payload["type"])
    content = payload[form]
    row = PhoneMessage(
        wamid=wamid,
        desk=account.desk.key,
        number=number,
        from_desk=True,
        form=form,
        at=timezone.now(),
    )
    if form == "text":
        row.text = str(content["body"])
    elif form == "template":
        row.text = _worded(account, content)
    elif media := PhoneMessage.objects.filter(
        media=str(content.get("id", "")), data__isnull=False
    ).first():
        row.data, row.content_type, row.name = media.data, media.content_type, media.name
        row.text = str(content.get("caption", ""))
    row.save()
    return row


def _worded(account: WhatsAppAccount, template: dict[str, Any]) -> str:
    """The registered wording of the book with its variables in it, as the service would show it."""
    from deskbook.people.books import desk_in_force

    variables = cloud_api.variables_of(template)
    for known in desk_in_force(account.desk).templates:
        if known.registered.partition("/")[0] == template["name"] and len(known.variables) == len(
            variables
        ):
            return known.text.format(**dict(zip(known.variables, variables, strict=True)))
    return " ".join([str(template["name"]), *variables])


def _account(phone_number_id: str) -> WhatsAppAccount:
    found = (
        WhatsAppAccount.objects.select_related("desk")
        .filter(phone_number_id=phone_number_id)
        .first()
    )
    if found is None:
        raise cloud_api.Refusal(100, "Unsupported post request. Object does not exist.", status=404)
    return found


def _media(media: str) -> PhoneMessage:
    found = PhoneMessage.objects.filter(media=media, data__isnull=False).first()
    if found is None:
        raise cloud_api.Refusal(100, "Unsupported get request. Object does not exist.", status=404)
    return found


def _own(path: str) -> str:
    """The demo's own address as its worker reaches it: where the stand-in itself is."""
    parts = urlsplit(settings.DESKBOOK_WHATSAPP_URL)
    return f"{parts.scheme}://{parts.netloc}{path}"
