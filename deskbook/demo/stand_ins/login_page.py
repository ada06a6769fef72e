"""The login page of SPARK in a demo, as another system: it signs what its people write, and brings
it by the door that any system comes by.
"""

import json
from datetime import UTC, datetime
from secrets import token_hex

from django.http import HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve, reverse
from standardwebhooks import Webhook

from deskbook.channels.app.models import AppSystem
from deskbook.people.sealing import unsealed

Answer = dict[str, object]


class NotTaken(Exception):
    """The desk answered that something is wrong; the text says what."""


def ask(system: AppSystem, type_: str, data: dict[str, object]) -> Answer:
    """Sends a signed request and returns how the case stands. Raises NotTaken."""
    body, id_, at = json.dumps({"type": type_, "data": data}), f"demo-{token_hex(8)}", _now()
    door = reverse("app-hook", args=[system.desk.key, system.key])
    signed = {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(unsealed(system.secret)).sign(id_, at, body),
    }
    request = RequestFactory().post(door, body, content_type="application/json", headers=signed)
    found = resolve(door)
    return _read(found.func(request, *found.args, **found.kwargs))


def _read(response: HttpResponseBase) -> Answer:
    answer: Answer = json.loads(getattr(response, "content", b"{}"))
    if response.status_code != 200:
        error = answer["error"]
        raise NotTaken(error["what"] if isinstance(error, dict) else str(error))
    return answer


def _now() -> datetime:
    return datetime.now(UTC)
