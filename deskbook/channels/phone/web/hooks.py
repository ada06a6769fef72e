"""Where telephone systems tell of calls. Each address answers in a sentence; what is not proven
changes nothing.
"""

import json
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from deskbook.channels.phone.models import CallSource
from deskbook.channels.phone.presets import read_exotel, read_twilio
from deskbook.channels.phone.sources import Unproven, prove_standard, prove_token, prove_twilio
from deskbook.channels.phone.taking_in import take_in_event
from deskbook.channels.phone.told import Malformed, Told, UnknownType, read_cloud_event
from deskbook.people.models import HelpDesk

LARGEST = 64 * 1024
"""Bytes of an event; the largest known ones have two thousand."""
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class TooLarge(Exception):
    """The body is larger than any event is."""


@csrf_exempt
@require_POST
def standard(request: HttpRequest, key: str) -> HttpResponse:
    """A CloudEvent, signed as Standard Webhooks are."""

    def read(desk: HelpDesk, body: bytes, at: datetime) -> tuple[CallSource, Told]:
        source = prove_standard(desk.pk, body, request.headers)
        return source, read_cloud_event(body, at=at)

    return _taken(request, key, read)


@csrf_exempt
@require_POST
def twilio(request: HttpRequest, key: str) -> HttpResponse:
    """A status callback of Twilio, signed with the account's token; answered in TwiML, as it
    wants.
    """

    def read(desk: HelpDesk, body: bytes, at: datetime) -> tuple[CallSource, Told]:
        form = {name: value for name, value in request.POST.items() if isinstance(value, str)}
        url = settings.DESKBOOK_SITE_URL + request.get_full_path()
        source = prove_twilio(desk.pk, url, form, request.headers.get("X-Twilio-Signature", ""))
        return source, read_twilio({**request.GET.dict(), **form}, at=at)

    answer = _taken(request, key, read)
    return (
        HttpResponse(TWIML, content_type="text/xml") if answer.status_code in (200, 202) else answer
    )


@csrf_exempt
@require_http_methods(["GET", "POST"])
def exotel(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """A notification, callback or applet of Exotel; it signs nothing, so its address holds a
    secret.
    """

    def read(desk: HelpDesk, body: bytes, at: datetime) -> tuple[CallSource, Told]:
        source = prove_token(desk.pk, token)
        return source, read_exotel({**request.GET.dict(), **_fields(request, body)}, at=at)

    return _taken(request, key, read)


def _taken(
    request: HttpRequest,
    key: str,
    read: Callable[[HelpDesk, bytes, datetime], tuple[CallSource, Told]],
) -> HttpResponse:
    at = timezone.now()
    try:
        body = _body(request)
        desk = HelpDesk.objects.filter(key=key).first()
        if desk is None:
            raise Unproven("The signature is not that of a telephone system of this desk.")
        source, told = read(desk, body, at)
    except TooLarge:
        return _said(f"An event has at most {LARGEST // 1024} kB: this is more.", 413)
    except Unproven as unproven:
        return _said(f"{unproven} Nothing was kept.", 401)
    except Malformed as malformed:
        return _said(f"{malformed} Nothing was kept.", 422)
    except UnknownType as unknown:
        return _said(str(unknown), 202)
    _call, new = take_in_event(desk, told, at=at)
    CallSource.objects.filter(pk=source.pk).update(heard_at=at)
    return _said("Taken." if new else "Known already.", 200)


def _body(request: HttpRequest) -> bytes:
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > LARGEST:
        raise TooLarge
    if len(request.body) > LARGEST:
        raise TooLarge
    return request.body


def _fields(request: HttpRequest, body: bytes) -> dict[str, str]:
    if request.content_type != "application/json":
        return {name: value for name, value in request.POST.items() if isinstance(value, str)}
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("The body is no JSON.") from None
    if not isinstance(given, dict):
        raise Malformed("The body must be an object.")
    return {
        str(name): str(value)
        for name, value in given.items()
        if isinstance(value, str | int | float)
    }


def _said(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence + "\n", status=status, content_type="text/plain; charset=utf-8")
