"""Where the Cloud API tells what people wrote: verified once, then signed on every delivery."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from structlog import get_logger

from deskbook.channels.whatsapp.accounts import is_signed, is_verify_token
from deskbook.channels.whatsapp.models import WhatsAppAccount
from deskbook.channels.whatsapp.receive import ingest
from deskbook.people.sealing import Unreadable

LARGEST = 3 * 1024 * 1024
"""Bytes of a webhook; the service's own limit."""
_log = get_logger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def whatsapp_hook(request: HttpRequest, desk: str) -> HttpResponse:
    """Answers the verification, or stores a signed delivery and answers 200 before anything is
    understood of it.

    Without an account, 404; with a wrong token or signature, 403; too large, 413. What is stored
    already is 200.
    """
    account = WhatsAppAccount.objects.filter(desk__key=desk).first()
    if account is None:
        return _said(404, "No WhatsApp account is entered for this desk.")
    try:
        return (
            _verified(request, account) if request.method == "GET" else _delivered(request, account)
        )
    except Unreadable as problem:
        _log.warning("a webhook could not be checked", desk=desk, why=str(problem))
        return _said(503, "The account's secrets cannot be read. An owner enters them again.")


def _verified(request: HttpRequest, account: WhatsAppAccount) -> HttpResponse:
    given = request.GET
    right = is_verify_token(account, given.get("hub.verify_token", ""))
    if given.get("hub.mode") != "subscribe" or not right:
        return _said(403, "The verify token is not the one entered at the desk.")
    return _said(200, given.get("hub.challenge", "")[:1_000])


def _delivered(request: HttpRequest, account: WhatsAppAccount) -> HttpResponse:
    told = request.headers.get("Content-Length", "")
    if not told.isdecimal() or int(told) > LARGEST:
        return _said(413, f"A webhook has at most {LARGEST // 1_048_576} MB.")
    body = request.body
    if not is_signed(account, body, request.headers.get("X-Hub-Signature-256", "")):
        _log.warning(
            "a webhook with a wrong signature was refused", desk=account.desk_id, bytes=len(body)
        )
        return _said(403, "The signature is not that of the app secret entered at the desk.")
    ingest(account, body, at=timezone.now())
    return _said(200, "Stored.")


def _said(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
