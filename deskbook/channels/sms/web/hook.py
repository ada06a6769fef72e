"""Where SMS gateways report what became of texts, and hand over those that come in."""

import json
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from deskbook.channels.sms.incoming import take_text, text_in
from deskbook.channels.sms.models import SmsGateway
from deskbook.channels.sms.reports import report_in, take_report
from deskbook.channels.sms.signature import knows_the_token, signed_by_twilio

LARGEST = 64_000


@csrf_exempt
@require_http_methods(["GET", "POST"])
def sms_hook(request: HttpRequest, key: str, token: str = "") -> HttpResponse:
    """Keeps a delivery report or an incoming text. 403 without the right signature or token, 404
    without a gateway.
    """
    gateway = SmsGateway.objects.select_related("desk").filter(desk__key=key).first()
    if gateway is None:
        return HttpResponse("no gateway here\n", status=404, content_type="text/plain")
    if len(request.body) > LARGEST:
        return HttpResponse("too long\n", status=413, content_type="text/plain")
    if not _is_genuine(request, gateway, token):
        return HttpResponse("wrong signature or token\n", status=403, content_type="text/plain")
    given = _fields(request, signs_fields=gateway.report_check == SmsGateway.Check.TWILIO)
    report = report_in(gateway, given)
    if report:
        take_report(gateway, report, at=timezone.now())
        return HttpResponse("ok\n", content_type="text/plain")
    text = text_in(gateway, given)
    if text is None:
        return HttpResponse("neither a report nor a text\n", status=422, content_type="text/plain")
    take_text(gateway.desk, text, at=timezone.now())
    return _taken(gateway)


def _is_genuine(request: HttpRequest, gateway: SmsGateway, token: str) -> bool:
    if gateway.report_check == SmsGateway.Check.TWILIO:
        # Behind a proxy the address asked for is not the one Twilio called: that one is the desk's
        # own.
        address = settings.DESKBOOK_SITE_URL + request.get_full_path()
        return signed_by_twilio(
            gateway, address, request.POST.dict(), request.headers.get("X-Twilio-Signature", "")
        )
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return knows_the_token(gateway, token or request.GET.get("token", "") or bearer)


def _fields(request: HttpRequest, *, signs_fields: bool) -> Mapping[str, str]:
    """Returns the fields of the query, a form or a flat JSON body; of one inside another,
    "outer.inner".

    Where the signature is of address and form alone, a JSON body is nobody's word and is left out.
    """
    fields = {**request.GET.dict(), **request.POST.dict()}
    if request.content_type == "application/json" and not signs_fields:
        try:
            said = json.loads(request.body)
        except (ValueError, RecursionError):
            said = None
        fields.update(_flat(said) if isinstance(said, dict) else {})
    return {name: value.replace("\x00", "") for name, value in fields.items()}


def _flat(said: Mapping[str, object]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in said.items():
        inner = value.items() if isinstance(value, dict) else ()
        flat.update(
            {f"{name}.{part}": str(kept) for part, kept in inner if isinstance(kept, str | int)}
        )
        if isinstance(value, str | int):
            flat[name] = str(value)
    return flat


def _taken(gateway: SmsGateway) -> HttpResponse:
    """Twilio expects TwiML: an empty one says that nothing is answered by itself."""
    if gateway.report_check == SmsGateway.Check.TWILIO:
        return HttpResponse("<Response></Response>", content_type="text/xml")
    return HttpResponse("ok\n", content_type="text/plain")
