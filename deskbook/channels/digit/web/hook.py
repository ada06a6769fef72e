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
from deskbook.web.shared.bodies import TooLarge, body_of

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
    body = _body(request)
    row = DigitDoor.objects.select_related("desk").filter(desk__key=desk, key=door).first()
    if row is None or row.ended_at:
        raise _shut()
    said, info = _said(request, body, row, at)
    if too_often(f"digit {row.pk}", MOST, WITHIN, at=at):
        raise NotTaken("TOO_MANY_REQUESTS", "Send it again in a minute.", 429)
    DigitDoor.objects.filter(pk=row.pk).update(heard_at=at)
    return _done(request, row, what, said, info, at)


def _body(request: HttpRequest) -> bytes:
    try:
        return body_of(request, LARGEST)
    except TooLarge:
        large = f"A request has at most {LARGEST} bytes."
        raise NotTaken("INVALID_REQUEST", large, 413) from None


def _said(
    request: HttpRequest, body: bytes, door: DigitDoor, at: datetime
) -> tuple[dict[str, Any], RequestInfo]:
    """What is wrong with it is told only to whom the door is open. A gateway says the token in a
    header, and is known before any of it is read; the app says it within.
    """
    token = _in_the_header(request)
    if token is not None and not opens(door, token, at=at):
        raise _shut()
    try:
        said = read_json(body)
        info = request_info(said)
    except NotTaken:
        if token is None:
            raise _shut() from None
        raise
    if token is None and not opens(door, info.auth_token, at=at):
        raise _shut()
    return said, info


def _shut() -> NotTaken:
    return NotTaken("InvalidAccessTokenException", "This is not the token of this door.", 401)


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


def _in_the_header(request: HttpRequest) -> str | None:
    """A gateway says it there, and leaves the user's own in the body."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _refused(refusal: NotTaken) -> JsonResponse:
    answer = JsonResponse(errors_told(refusal), status=refusal.status)
    if refusal.status == 405:
        answer["Allow"] = "POST"
    if refusal.status == 429:
        answer["Retry-After"] = str(int(WITHIN.total_seconds()))
    return answer
