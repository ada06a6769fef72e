"""Webhooks: which programs are told what happens, made, ended, told again; for owners."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from deskbook.bridges.webhooks.hooks import Asked, make_webhook, webhooks_of, with_what_waits
from deskbook.bridges.webhooks.models import Webhook, WebhookCall
from deskbook.bridges.webhooks.replaying import replay
from deskbook.delivery.endpoints import end_connected
from deskbook.engine.events import KINDS
from deskbook.people.access import of_desk, only_who_may, seen_by
from deskbook.people.models import Agent
from deskbook.people.outward import wrong_address
from deskbook.people.refusals import in_words
from deskbook.web.api.entering import Scope, agent_in
from deskbook.web.api.shapes import Cursor, leads_on, place_of, without_nul
from deskbook.web.shared.paging import page_behind

router = Router(tags=["webhooks"])
PAGE = 50


def _an_address(text: str) -> str:
    if wrong := wrong_address(text):
        raise ValueError(wrong)
    return text


def _a_kind(text: str) -> str:
    if text not in KINDS:
        raise ValueError("There is no such kind: docs/algorithms/events.md lists them")
    return text


class NewHook(Schema):
    """A program that is told what happens."""

    model_config = {"extra": "forbid"}

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=60),
        AfterValidator(without_nul),
    ]
    address: Annotated[
        str, Field(max_length=500), AfterValidator(without_nul), AfterValidator(_an_address)
    ]
    kinds: list[Annotated[str, AfterValidator(_a_kind)]] = Field(
        default_factory=list, max_length=len(KINDS)
    )
    """Of events; none: all."""


class HookLine(Schema):
    id: int
    name: str
    address: str
    kinds: list[str]
    made_at: datetime
    trouble: str
    """Why it takes nothing now; empty when all is well."""
    waiting: int
    """Events that are still to be told."""
    next_try_at: datetime | None
    """When they are tried again, where it did not take one."""


class HookMade(HookLine):
    secret: str
    """Shown this once: it signs what the program is told."""


class Call(Schema):
    """One event, as the program was told of it."""

    id: str
    """The webhook-id, the same for each attempt and each replay."""
    entry: int
    kind: str
    ticket: str
    state: str
    """waits, taken, refused (4xx), given up (after three days), not told (the case is confined)."""
    reason: str
    attempts: int
    queued_at: datetime
    tried_at: datetime | None
    status: int | None
    """Of what was answered last."""
    answer: str
    """How its body begins."""


class Since(Schema):
    model_config = {"extra": "forbid"}
    since: AwareDatetime


class Replayed(Schema):
    events: int
    """How many are told again."""


@router.get("/hooks", auth=Scope("hooks"), response=list[HookLine])
def hooks(request: HttpRequest) -> list[HookLine]:
    """Those in use."""
    rows = with_what_waits(webhooks_of(_owner(request).desk))
    return [HookLine(**_line(row, row.waiting)) for row in rows]  # type: ignore[attr-defined]


@router.post("/hooks", auth=Scope("hooks"), response={201: HookMade})
def make_hook(request: HttpRequest, asked: NewHook) -> Status[HookMade]:
    """Makes one. Its name is its own: the same again is refused (409), and makes no second one."""
    agent = _owner(request)
    wanted = Asked(asked.name, asked.address, asked.kinds)
    row, secret = make_webhook(agent, wanted, at=timezone.now())
    return Status(201, HookMade(**_line(row), secret=secret))


@router.post("/hooks/{int:hook}/end", auth=Scope("hooks"), response=HookLine)
def end_hook(request: HttpRequest, hook: int) -> HookLine:
    """From now on it is told nothing."""
    row = _hook(_owner(request), hook)
    end_connected(row, at=timezone.now())
    return HookLine(**_line(row))


@router.post("/hooks/{int:hook}/replay", auth=Scope("hooks"), response=Replayed)
def replay_hook(request: HttpRequest, hook: int, asked: Since) -> Replayed:
    """Tells it again all that was recorded since an instant, under the same webhook-ids."""
    row = _hook(_owner(request), hook)
    return Replayed(events=replay(row, asked.since, at=timezone.now()))


@router.get("/hooks/{int:hook}/calls", auth=Scope("hooks"), response=list[Call])
def calls_of_hook(
    request: HttpRequest, response: HttpResponse, hook: int, after: Cursor = ""
) -> list[Call]:
    """What it was told and answered, the latest first."""
    agent = _owner(request)
    rows = WebhookCall.objects.filter(webhook=_hook(agent, hook))
    rows = seen_by(agent, rows, "ticket__").select_related("entry", "ticket__desk")
    place_of(after)
    found, following = page_behind(rows, "queued_at", after, PAGE)
    leads_on(request, response, following)
    return [_call(one) for one in found]


def _owner(request: HttpRequest) -> Agent:
    agent = agent_in(request)
    only_who_may(agent, "connect gateways")
    return agent


def _hook(agent: Agent, hook: int) -> Webhook:
    return of_desk(agent, Webhook.objects.filter(ended_at=None), hook if hook < 2**63 else 0)


def _line(row: Webhook, waiting: int = 0) -> dict[str, Any]:
    names = ("name", "address", "kinds", "made_at")
    told = {
        "id": row.pk,
        "trouble": in_words(row.trouble) if row.trouble else "",
        "waiting": waiting,
        "next_try_at": row.not_before,
    }
    return told | {name: getattr(row, name) for name in names}


def _call(one: WebhookCall) -> Call:
    names = ("attempts", "queued_at", "tried_at", "status", "answer")
    return Call(
        id=one.told_as,
        entry=one.entry_id,
        kind=one.entry.kind,
        ticket=str(one.ticket),
        state=one.became,
        reason=in_words(one.reason) if one.reason else "",
        **{name: getattr(one, name) for name in names},
    )
