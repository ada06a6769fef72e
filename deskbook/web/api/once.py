"""Doing what is asked once, however often it is sent; and only to what its sender has seen."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Schema
from ninja.responses import NinjaJSONEncoder

from deskbook.people.models import Agent
from deskbook.people.token_models import ApiRequest
from deskbook.people.turns import take_turns
from deskbook.tickets.log import hold
from deskbook.tickets.models import Ticket
from deskbook.tickets.readers import Known, as_known
from deskbook.web.acts.act import How
from deskbook.web.api.entering import agent_in, token_in
from deskbook.web.api.problems import Declined

LONGEST_KEY = 255
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Yours, for this one thing: sent again within a day, it is answered the same"
        " and nothing is done twice.",
        min_length=1,
        max_length=LONGEST_KEY,
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag of the ticket as you saw it: 412 where its log went on since.",
        max_length=400,
    ),
]
Do = Callable[[How], Schema]


def done_once(request: HttpRequest, do: Do, *, status: int = 200) -> HttpResponse:
    """Does what is asked in one transaction and returns what it gave. Under an Idempotency-Key, the
    same request again is answered the same, another one refused (422). What was refused did
    nothing, and is asked anew.
    """
    given, agent = request.headers.get("Idempotency-Key"), agent_in(request)
    with transaction.atomic():
        if given is None:
            return _json(_spelled(do(_how(agent, None))), status)
        return _under(request, given, do, status)


def _under(request: HttpRequest, given: str, do: Do, status: int) -> HttpResponse:
    token, key = token_in(request), sha256(given.encode("utf-8", "replace")).hexdigest()
    take_turns(f"api {token.pk} {key}")
    before = ApiRequest.objects.filter(token=token, key=key).first()
    digest = sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    if before is None:
        how = _how(token.agent, f"api:{token.pk}:{key}"[:64])
        answer = _spelled(do(how))
        ApiRequest.objects.create(
            token=token, key=key, digest=digest, status=status, answer=answer, came_at=how["at"]
        )
        return _json(answer, status)
    if before.digest != digest:
        told = "Something else was sent under this Idempotency-Key: give each request its own."
        raise Declined(422, told, errors=[("Idempotency-Key", told)])
    again = _json(before.answer, before.status)
    again.headers["Idempotency-Replayed"] = "true"
    return again


def _how(agent: Agent, key: str | None) -> How:
    return How(at=timezone.now(), by=agent, key=key)


def _spelled(answer: Schema) -> str:
    """As what is read is spelled: the same instant is the same text."""
    return json.dumps(answer.model_dump(), cls=NinjaJSONEncoder)


def _json(answer: str, status: int) -> HttpResponse:
    return HttpResponse(answer, status=status, content_type="application/json")


@contextmanager
def as_seen(request: HttpRequest, ticket: Ticket) -> Iterator[None]:
    """Holds the ticket while something is done to it that depends on what was seen. Raises Declined
    (412) where its log went on since; without If-Match nothing is asked.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        yield
        return
    seqs = {tag.strip().removeprefix("W/").strip('"').partition(".")[0] for tag in given.split(",")}
    seq = hold(ticket.pk)
    if str(seq) not in seqs:
        told = "The ticket went on since you saw it: read it again, then decide."
        raise Declined(412, told)
    with as_known(ticket.pk, [Known(ticket.pk, seq)]):
        yield
