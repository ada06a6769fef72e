"""The acts of the registry: what is offered on a ticket now, and each of them done."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from ninja import Router, Schema
from pydantic import Field, RootModel

from deskbook.people.access import NoAccess, of_desk, only_who_may
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.visit_models import DatedVisit
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.registry import ACTS, on_visit, panel
from deskbook.web.acts.subject import Subject
from deskbook.web.api.entering import Scope
from deskbook.web.api.once import IdempotencyKey, IfMatch, as_seen, done_once
from deskbook.web.api.problems import Declined, wrong
from deskbook.web.api.tickets import ticket_in
from deskbook.web.shared.fields import Files

router = Router(tags=["acts"])
_PART = re.compile(r"<\w+:(\w+)>")
DOABLE = {key: act for key, act in ACTS.items() if not act.page}
"""All but those that lead to a page."""


class Option(Schema):
    value: str
    title: str


class Asked(Schema):
    """A field of an act's form."""

    name: str
    label: str
    sort: str
    """text, area, choice, ways, known, tick, datetime-local, number, several …"""
    required: bool
    hint: str
    value: str
    """How it stands now."""
    options: list[Option]


class Offered(Schema):
    """An act that can be done on the ticket now."""

    key: str
    label: str
    stands: str
    """How what it changes stands now."""
    about: str
    parts: dict[str, str]
    """To be sent along: which of several it is about (a visit)."""
    fields: list[Asked]


class Done(Schema):
    """What an act came to."""

    ticket: str
    version: int
    """How far the ticket's log has come."""
    done: str
    """In a sentence; empty where there is nothing to say."""
    not_done: str = ""
    """What of it was refused, where it was done in part."""


class Typed(RootModel[dict[str, str | bool | int | float | list[str] | None]]):
    """The fields of the act's form by their names, with the parts of its address (promise …)."""

    root: dict[str, str | bool | int | float | list[str] | None] = Field(
        default_factory=dict, max_length=60
    )


@router.get("/tickets/{number}/acts", auth=Scope("read"), response=list[Offered], url_name="acts")
def acts_offered(request: HttpRequest, number: str) -> list[Offered]:
    """What the token's agent may do with the ticket now, each with its form. An act that is not
    offered may be sent all the same: the book refuses it with its reason.
    """
    of = ticket_in(request, number)
    return [_offered(act) for act in (*panel(of), *_on_visits(of)) if act.key in DOABLE]


def _on_visits(of: Subject) -> Iterator[Act]:
    if of.visits_rule is None:
        return
    yield from on_visit(of, None).values()
    for row in DatedVisit.objects.filter(ticket=of.ticket).order_by("from_at", "pk"):
        yield from on_visit(of, None, row).values()


def _offered(act: Act) -> Offered:
    return Offered(
        key=act.key,
        label=str(act.label),
        stands=str(act.stands()),
        about=str(act.about),
        parts=act.parts,
        fields=[_asked(act, name, act.fields[name]) for name in _typed(act)],
    )


def _typed(act: Act) -> list[str]:
    """Returns the fields that are words: a file is sent by the form of a page alone."""
    return [name for name, field in act.fields.items() if not isinstance(field, Files)]


def _asked(act: Act, name: str, field: Any) -> Asked:
    options = act.choices.get(name) or getattr(field, "options", None) or ()
    return Asked(
        name=name,
        label=str(field.label or ""),
        sort=field.drawn,
        required=field.required,
        hint=str(act.hints.get(name) or field.help_text or ""),
        value=str(act.shown(name)),
        options=[Option(value=str(one[0]), title=str(one[1])) for one in options],
    )


@router.post("/tickets/{number}/acts/{key}", auth=Scope("write"), response=Done)
def act_on_ticket(
    request: HttpRequest,
    number: str,
    key: str,
    typed: Typed,
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Does one act of the registry on a ticket, with the fields of its form."""
    of, kind = ticket_in(request, number), DOABLE.get(key)
    if kind is None:
        raise NoAccess("no such act")
    only_who_may(of.viewer, kind.who_may)

    def do(how: How) -> Done:
        with as_seen(request, of.ticket):
            return _done(_form(kind, of, typed.root), how)

    return done_once(request, do)


def _form(kind: type[Act], of: Subject, given: Mapping[str, Any]) -> Act:
    names = _PART.findall(kind.address)
    missing = [(name, "Say which one.") for name in names if not given.get(name)]
    if missing:
        raise Declined(422, "Say which one.", errors=missing)
    parts = {name: str(given[name]) for name in names}
    if kind.on == "call-back":
        of.call_back = _call_back(of, parts["row"])
    form = kind(of, _as_sent({n: v for n, v in given.items() if n not in names}), **parts)
    fields = (*names, *_typed(form))
    unknown = [name for name in given if name not in fields]
    if unknown:
        known = ", ".join(fields)
        told = [(name[:80], f"This act has no such field. It has: {known}.") for name in unknown]
        raise Declined(422, told[0][1], errors=told)
    return form


def _call_back(of: Subject, row: str) -> CallBack:
    rows = CallBack.objects.select_related("ticket__desk", "ticket__requester")
    if not row.isdecimal() or len(row) > 18:
        raise NoAccess("no such call")
    return of_desk(of.viewer, rows.filter(ticket=of.ticket), int(row))


def _as_sent(given: Mapping[str, Any]) -> QueryDict:
    """What a browser would have sent: a tick that is not set is not there."""
    sent = QueryDict(mutable=True)
    for name, texts in given.items():
        sent.setlist(name, list(_texts(texts)))
    return sent


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, list):
        yield from given
    elif isinstance(given, bool):
        yield from ("yes",) if given else ()
    elif given is not None:
        yield str(given)


def _done(form: Act, how: How) -> Done:
    form.sent_key = how["key"]
    if not form.is_valid():
        raise wrong(form.errors)
    with transaction.atomic():
        said = str(form.perform(how))
    ticket = form.of.ticket
    ticket.refresh_from_db(fields=["seq"])
    return Done(ticket=str(ticket), version=ticket.seq, done=said, not_done=form.refusal)
