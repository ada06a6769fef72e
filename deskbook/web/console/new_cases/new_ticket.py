"""Logging a case for somebody who called, came by, or whose mail could not be read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deskbook.channels.all import sorts_of_left_over
from deskbook.channels.phone.callers import desk_region
from deskbook.delivery.left_over import Beginning, Sort
from deskbook.engine.desk import Desk
from deskbook.people.anonymous import contact_without_a_name, secret_of
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import way_typed
from deskbook.people.models import Agent, Contact
from deskbook.people.moments import zone_name
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import in_hand, recorded_before
from deskbook.tickets.messages import LONGEST_TEXT, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.promises import make_promise
from deskbook.web.acts.act import client_key
from deskbook.web.acts.whom import named_or_typed
from deskbook.web.console.new_cases.kept_words import accepted, typed_at
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.console.shared.typed import Typed, instant_typed, typed
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.told import channel_title, facet_title, severity_word

SUBJECT = 80
"""Characters of what came that a subject begins with."""


class Begun(NamedTuple):
    """One of what is left over, and what a case of it begins with."""

    sort: Sort
    row: Any
    begins: Beginning


class Settled(NamedTuple):
    """Nobody can make a ticket of it any more: somebody has decided about it."""

    ticket: Ticket | None
    """What was made of it, where whoever asks may see that."""


class _TooLate(Exception):
    """A colleague was first: one thing that came is one ticket."""


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    title: str
    options: tuple[tuple[str, str], ...]
    start: str
    required: bool


@require_http_methods(["GET", "POST"])
@for_agents
def new_ticket(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The form, or the case logged from it; what cannot be logged comes back as it was typed."""
    if request.method == "GET":
        begun = _begun(agent, request.GET.get("left", ""))
        return _form(request, agent, _started(agent, begun), begun)
    try:
        ticket = logged(agent, request.POST, client_key(request), at=timezone.now())
    except NotUnderstood as problem:
        return _back(request, agent, typed(request, "new", errors=problem.errors), 422)
    except Refused as refused:
        return _back(request, agent, typed(request, "new", refusal=in_words(refused)), 409)
    except _TooLate:
        return _back(request, agent, typed(request, "new"), 409)
    messages.success(request, _("Logged as %(ticket)s.") % {"ticket": ticket})
    if ticket.requester.anonymous:
        messages.warning(request, _to_be_said(ticket, agent, client_key(request)))
    place = _draft_place(agent, request.POST)
    return accepted(agent, place, HttpResponseRedirect(ticket_url(ticket, {})))


def _back(request: HttpRequest, agent: Agent, form: Typed, status: int) -> HttpResponse:
    return _form(request, agent, form, _begun(agent, form.values["left"]), status)


def _form(
    request: HttpRequest,
    agent: Agent,
    form: Typed,
    begun: Begun | Settled | None,
    status: int = 200,
) -> HttpResponse:
    desk = desk_in_force(agent.desk)
    return screen(
        request,
        agent,
        "new.html",
        current="new",
        status=status,
        desk_key=agent.desk.key,
        form=form,
        choices=tuple(choices_of(desk)),
        zone=zone_name(timezone.localtime()),
        fields=desk.fields,
        takes_nameless=bool(desk.anonymous),
        draft=_draft_place(agent, form.values),
        files=[file.name for file in begun.begins.files] if isinstance(begun, Begun) else [],
        settled=begun if isinstance(begun, Settled) else None,
    )


def choices_of(desk: Desk) -> Iterator[Choice]:
    """Returns what a case is sorted by as it is logged: channel, severity, the book's facets, each
    with its start.
    """
    channels = tuple((c, channel_title(c, desk)) for c in channels_of_new(desk))
    yield Choice("channel", _("How it reached us"), channels, channels[0][0], True)
    if desk.severities:
        options = tuple((s.key, s.title) for s in desk.severities.values())
        yield Choice("severity", severity_word(desk), options, desk.default_severity or "", False)
    for facet in desk.facets.values():
        options = tuple(facet.values.items())
        yield Choice(
            f"facet.{facet.key}", facet_title(facet), options, facet.default or "", facet.required
        )


def channels_of_new(desk: Desk) -> tuple[str, ...]:
    return tuple(dict.fromkeys(["phone", *desk.channels]))


def _started(agent: Agent, begun: Begun | Settled | None) -> Typed:
    """A fresh form; one about something that became no ticket begins with what is known of it."""
    if isinstance(begun, Begun):
        return Typed(values=defaultdict(str, _values(agent, begun)))
    return Typed(values=defaultdict(str, typed_at(agent, _draft_place(agent, {}))))


def _begun(agent: Agent, choice: str, *, alone: bool = False) -> Begun | Settled | None:
    """What is left over, for who makes a ticket of it; None where the choice names nothing.

    `alone`: nobody else makes one of it, or decides about it, until the transaction ends.
    """
    key, _space, number = choice.partition(" ")
    sort, pk = sorts_of_left_over().get(key), _digits(number)
    if sort is None or sort.begins is None or not pk:
        return None
    every = sort.rows(agent).model._default_manager.filter(pk=pk)
    if alone:
        # A statement of its own: those below must see what was done while this one waited.
        every.select_for_update(no_key=True).values_list("pk").first()
    for rows in (sort.rows, sort.left_out if sort.is_mail else None):
        row = rows(agent).filter(pk=pk).first() if rows else None
        if row:
            return Begun(sort, row, sort.begins(row, agent))
    there = every.filter(desk=agent.desk_id).first()
    return Settled(sort.became(there) if there else None)


def _values(agent: Agent, begun: Begun) -> dict[str, str]:
    begins = begun.begins
    channel = desk_in_force(agent.desk).channel_of(begins.channel)
    words = " ".join(begins.text.split())
    named = words if len(words) <= SUBJECT else words[: SUBJECT - 1].rstrip() + "…"
    return {
        "left": f"{begun.sort.key} {begun.row.pk}",
        "channel": channel.key if channel else "phone",
        "subject": begins.subject or named,
        "requester": begins.requester,
        "text": begins.text[:LONGEST_TEXT],
    }


def _timeline(given: Mapping[str, Any], at: datetime) -> datetime | None:
    text = str(given.get("timeline", ""))
    timeline = instant_typed(text, "timeline") if text else None
    if timeline and timeline <= at:
        raise NotUnderstood(timeline=_("This time is over: give a later one."))
    return timeline


@transaction.atomic
def logged(agent: Agent, given: Mapping[str, Any], key: str | None, *, at: datetime) -> Ticket:
    """Opens the case that was typed, as the form's fields are called, and returns it; with its key
    again nothing is opened again. Raises NotUnderstood, Refused.
    """
    desk = desk_in_force(agent.desk)
    problems = dict(_missing(desk, given))
    if problems:
        raise NotUnderstood(**problems)
    if before := recorded_before(key):
        # Sent twice: nobody known by name is made a second time.
        return before.ticket
    begun = _begun(agent, given.get("left", ""), alone=True)
    if isinstance(begun, Settled):
        raise _TooLate
    requester = _requester(agent, given, key)
    case, timeline = _case_typed(desk, given, requester, begun), _timeline(given, at)
    with in_hand(key):
        ticket = open_ticket(requester, case, at=at, by=agent, key=key).ticket
    if timeline:
        # Given at triage, it is a promise like any other: it has a clock, and the requester reads
        # it.
        with translation.override(requester.language or "en"):
            words = _("Tentative timeline")
        promised = f"{key}timeline"[-64:] if key else None
        make_promise(ticket, words, timeline, at=at, by=agent, key=promised)
    if begun and begun.sort.file:
        begun.sort.file(begun.row, ticket.messages.order_by("pk")[0], agent, at)
    return ticket


def _requester(agent: Agent, given: Mapping[str, Any], key: str | None) -> Contact:
    """Whom it is for; nobody known, where the form says that no name is given."""
    if given.get("nameless") and key:
        return contact_without_a_name(agent.desk, _key_of(agent, key))
    return named_or_typed(agent, given.get("requester", ""), given.get("name", ""))


def _key_of(agent: Agent, key: str) -> str:
    return f"console {agent.pk} {key}"


def _to_be_said(ticket: Ticket, agent: Agent, key: str | None) -> str:
    words = _(
        "Say both now, the number %(ticket)s and the secret %(secret)s: they follow the case by"
        " them at %(address)s. The secret is not shown again."
    )
    address = reverse("portal-anonymous-follow", args=[ticket.desk.key])
    return words % {
        "ticket": ticket,
        "secret": secret_of(_key_of(agent, key or "")),
        "address": f"{settings.DESKBOOK_SITE_URL}{address}",
    }


def _case_typed(desk: Desk, given: Any, requester: Contact, begun: Begun | None) -> NewCase:
    """The case as it was typed, with the files of what it is made of."""
    sender = way_typed(requester, given.get("requester", ""), region=desk_region(requester.desk))
    files = begun.begins.files if begun else ()
    return NewCase(
        given.get("subject", ""),
        Written(text_typed(desk, given), files=files, sender=sender),
        given.get("channel", "phone"),
        severity=given.get("severity") or None,
        facets={
            key: str(given[f"facet.{key}"]) for key in desk.facets if given.get(f"facet.{key}")
        },
    )


def _missing(desk: Desk, given: Any) -> Iterator[tuple[str, str]]:
    yield from _who_is_missing(given)
    if not given.get("text", "").strip() and not given.get("subject", "").strip():
        yield "text", _("Say what it is about.")
    if given.get("channel", "phone") not in channels_of_new(desk):
        yield "channel", _("Choose one of the answers.")
    for facet in desk.facets.values():
        if facet.required and not given.get(f"facet.{facet.key}"):
            yield f"facet.{facet.key}", _("Choose one: the book asks for it.")
    for field in desk.fields:
        if field.required and not given.get(f"field.{field.key}", "").strip():
            yield f"field.{field.key}", _("The book asks for this.")


def _who_is_missing(given: Any) -> Iterator[tuple[str, str]]:
    named = given.get("requester", "").strip() or given.get("name", "").strip()
    if given.get("nameless") and named:
        yield "requester", _("Leave this empty, or take away “Gives no name”.")
    elif not named and not given.get("nameless"):
        yield "requester", _("Say who it is for: a name, an address or a number.")


def text_typed(desk: Desk, given: Any) -> str:
    """Returns the text with what was typed in the book's own fields under it."""
    told = [(field.title, given.get(f"field.{field.key}", "").strip()) for field in desk.fields]
    more = "\n".join(f"{title}: {text}" for title, text in told if text)
    return "\n\n".join(
        part for part in (given.get("text", "").replace("\r\n", "\n").strip(), more) if part
    )


def _draft_place(agent: Agent, made_of: Mapping[str, str]) -> str:
    """Returns where its words are kept: those of what is left over are not those of another."""
    left = quote(made_of.get("left", ""), safe="").replace("%", "-")
    return f"new ticket {agent.desk_id} {left}".strip()[:80]


def _digits(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
