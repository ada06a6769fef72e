"""Where DIGIT's apps and gateways call: PGR v2, by the token of a door."""

from datetime import datetime, timedelta
from typing import Any

from django.db import DataError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from deskbook.channels.digit.acting import do_act
from deskbook.channels.digit.answers import Answer, complaints_told, errors_told, response_info
from deskbook.channels.digit.asked import NotTaken, RequestInfo, read_json, request_info
from deskbook.channels.digit.doors import opens
from deskbook.channels.digit.finding import found, page
from deskbook.channels.digit.models import DigitDoor
from deskbook.channels.digit.taking import take_complaint
from deskbook.people.limits import too_often
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused

LARGEST = 500_000
"""Bytes of a request: files stay in DIGIT's file store."""
MOST, WITHIN = 1200, timedelta(minutes=1)
"""Requests by one door: phones that were without a line all day send at once."""


@csrf_exempt
def digit_request(request: HttpRequest, desk: str, door: str, what: str) -> JsonResponse:
    """Answers as DIGIT's pgr-services does, errors in its form too."""
    try:
        return JsonResponse(_answered(request, desk, door, what, timezone.now()))
    except Refused as refused:
        with translation.override("en"):
            said = in_words(refused)
        return _refused(NotTaken("INVALID_ACTION", said))
    except NotTaken as refusal:
        return _refused(refusal)
    except (DataError, UnicodeError, OverflowError):
        return _refused(NotTaken("INVALID_REQUEST", "There are signs in it that no text has."))


def _answered(request: HttpRequest, desk: str, door: str, what: str, at: datetime) -> Answer:
    if request.method != "POST":
        raise NotTaken("METHOD_NOT_ALLOWED", "It is asked by POST.", 405)
    if len(request.body) > LARGEST:
        raise NotTaken("INVALID_REQUEST", f"A request has at most {LARGEST} bytes.", 413)
    row = DigitDoor.objects.select_related("desk").filter(desk__key=desk, key=door).first()
    said, info, wrong = _said(request.body)
    if row is None or row.ended_at or not opens(row, _token(request, info), at=at):
        raise NotTaken("InvalidAccessTokenException", "This is not the token of this door.", 401)
    if wrong:
        raise wrong
    if too_often(f"digit {row.pk}", MOST, WITHIN, at=at):
        raise NotTaken("TOO_MANY_REQUESTS", "Send it again in a minute.", 429)
    DigitDoor.objects.filter(pk=row.pk).update(heard_at=at)
    return _done(request, row, what, said, info, at)


def _said(body: bytes) -> tuple[dict[str, Any], RequestInfo, NotTaken | None]:
    """What is wrong with it is told only to whom the door is open."""
    try:
        said = read_json(body)
        return said, request_info(said), None
    except NotTaken as wrong:
        return {}, RequestInfo(), wrong


def _done(
    request: HttpRequest,
    door: DigitDoor,
    what: str,
    said: dict[str, Any],
    info: RequestInfo,
    at: datetime,
) -> Answer:
    if what in ("_create", "_update"):
        does = take_complaint if what == "_create" else do_act
        row = does(door, said, request.body, at=at)
        return complaints_told(door, info, [row], at=at)
    if what not in ("_search", "_count"):
        raise NotTaken("NOT_FOUND", f"There is no {what[:40]} here.", 404)
    rows = found(door, info, request.GET, at=at)
    if what == "_count":
        return {"responseInfo": response_info(info, at=at), "count": rows.count()}
    return complaints_told(door, info, page(rows, request.GET), at=at)


def _token(request: HttpRequest, info: RequestInfo) -> str:
    """A gateway says it in a header, and leaves the user's own in the body."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else info.auth_token


def _refused(refusal: NotTaken) -> JsonResponse:
    answer = JsonResponse(errors_told(refusal), status=refusal.status)
    if refusal.status == 405:
        answer["Allow"] = "POST"
    if refusal.status == 429:
        answer["Retry-After"] = str(int(WITHIN.total_seconds()))
    return answer
