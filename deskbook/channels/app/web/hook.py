"""Where other systems open and follow cases: signed JSON, answered in JSON."""

from datetime import timedelta

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from structlog import get_logger

from deskbook.channels.app.asked import PAGE, NotUnderstood
from deskbook.channels.app.models import AppSystem
from deskbook.channels.app.taking import answer_to
from deskbook.delivery.endpoints import Unproven, prove
from deskbook.people.limits import too_often
from deskbook.people.sealing import Unreadable
from deskbook.web.shared.bodies import TooLarge, body_of

LARGEST = 5_000_000
"""Bytes of a request, files and all."""
LONGEST_ID = 100
MOST, WITHIN = 300, timedelta(minutes=1)
"""Requests of one system."""
_log = get_logger(__name__)


@csrf_exempt
def app_hook(request: HttpRequest, desk: str, system: str) -> JsonResponse:
    """Answers how the case stands, or what is wrong with the request, where, and what to do."""
    if request.method != "POST":
        refusal = NotUnderstood("Cases are brought by POST.", "method", "Send it by POST.", 405)
        return _refused(refusal)
    try:
        return JsonResponse(_answered(request, desk, system))
    except NotUnderstood as refusal:
        return _refused(refusal)
    except Unreadable as problem:
        _log.warning("a system could not be proved", system=system, why=str(problem))
        unwell = "The desk cannot read the secret of this system."
        return _refused(NotUnderstood(unwell, "", "An owner of the desk makes a new one.", 503))


def _answered(request: HttpRequest, desk: str, system: str) -> dict[str, object]:
    at = timezone.now()
    row = AppSystem.objects.select_related("desk").filter(desk__key=desk, key=system).first()
    body = _body(request)
    try:
        if row is None or row.ended_at:
            raise Unproven("No system of this name is connected to this desk.")
        webhook_id = prove(row, body, request.headers, at=at)
    except Unproven as unproven:
        do = f"Nothing was kept. How it is signed: {PAGE}."
        raise NotUnderstood(str(unproven), "webhook-signature", do, 401) from None
    if len(webhook_id) > LONGEST_ID:
        longest = f"webhook-id has more than {LONGEST_ID} characters."
        raise NotUnderstood(longest, "webhook-id", "Make it shorter.")
    if too_often(f"app {row.pk}", MOST, WITHIN, at=at):
        many = f"More than {MOST} requests came within a minute."
        raise NotUnderstood(many, "", "Send it again in a minute.", 429)
    answer = answer_to(row, webhook_id, body, at=at)
    AppSystem.objects.filter(pk=row.pk).update(heard_at=at)
    return answer


def _body(request: HttpRequest) -> bytes:
    try:
        return body_of(request, LARGEST)
    except TooLarge:
        large = f"A request has at most {LARGEST // 1_000_000} MB."
        raise NotUnderstood(large, "body", "Send fewer or smaller files.", 413) from None


def _refused(refusal: NotUnderstood) -> JsonResponse:
    error = {"what": refusal.what, "where": refusal.where, "do": refusal.do}
    answer = JsonResponse({"error": error}, status=refusal.status)
    if refusal.status == 405:
        answer["Allow"] = "POST"
    if refusal.status == 429:
        answer["Retry-After"] = str(int(WITHIN.total_seconds()))
    return answer
