"""The form in which a visit becomes a ticket: who came, what about, what they brought."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from deskbook.channels.phone.callers import desk_region
from deskbook.channels.walk_in.cases import WalkIn, command_of, log_walk_in, place_of
from deskbook.channels.walk_in.models import Token
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.engine.desk import Desk
from deskbook.people.contacts import address_of, way_typed
from deskbook.people.models import Agent, ContactIdentity
from deskbook.tickets.kept_files import KeptFile, as_files
from deskbook.tickets.log import recorded_before
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Draft, Ticket
from deskbook.web.acts.whom import named_or_typed
from deskbook.web.console.shared.typed import Typed, refuse_too_long, typed
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.told import facet_title
from deskbook.web.uploads import OF_AGENTS, take_uploads


def choices(desk: Desk) -> list[tuple[str, str, tuple[tuple[str, str], ...], str, bool]]:
    """Returns name, title, options, start and whether it must be chosen, of each facet."""
    return [
        (
            f"facet.{facet.key}",
            facet_title(facet),
            tuple(facet.values.items()),
            facet.default or "",
            facet.required,
        )
        for facet in desk.facets.values()
    ]


def visit_started(site: WalkInSite, token: Token | None) -> Typed:
    """Returns the form with what is known already: who gave a number at the token, what the service
    says.
    """
    values: defaultdict[str, str] = defaultdict(str)
    if token:
        service = site.services.get(token.service)
        values["requester"] = _known_as(token)
        values["subject"] = service.title if service else ""
        facets = {**place_of(site), **(service.facets if service else {})}
        values.update({f"facet.{key}": value for key, value in facets.items()})
    return Typed(values=values)


def _known_as(token: Token) -> str:
    if token.contact is None:
        return token.phone or token.pen
    address = address_of(token.contact)
    if address:
        return address
    first = ContactIdentity.objects.filter(contact=token.contact).order_by("pk").first()
    return first.identifier if first else token.phone


def visit_place(token: Token) -> str:
    """Returns under which the papers of a visit wait while its form is corrected."""
    return f"visit {token.pk}"


def visit_logged(
    request: HttpRequest, site: WalkInSite, token: Token, agent: Agent, *, at: datetime
) -> Ticket:
    """Opens the ticket of a visit from the form; raises NotUnderstood, Refused."""
    given, place = request.POST, visit_place(token)
    uploads = take_uploads(request, agent.user, place, OF_AGENTS, key=command_of(token))
    problems = dict(_missing(site.desk, {name: str(value) for name, value in given.items()}))
    if uploads.error:
        problems["files"] = uploads.error
    if problems:
        raise NotUnderstood(**problems)
    refuse_too_long(given.get("text", ""))
    ticket = _opened(site, token, given, as_files(uploads.kept), at=at, by=agent)
    Draft.objects.filter(user=agent.user, place=place).delete()
    return ticket


@transaction.atomic
def _opened(
    site: WalkInSite,
    token: Token,
    given: Mapping[str, Any],
    files: Sequence[File],
    *,
    at: datetime,
    by: Agent,
) -> Ticket:
    who = given.get("requester", "")
    # A form sent twice makes nobody known by name a second time.
    before = recorded_before(command_of(token))
    requester = (
        before.ticket.requester if before else named_or_typed(by, who, given.get("name", ""))
    )
    facets = {key: given.get(f"facet.{key}", "") for key in site.desk.facets}
    text = given["text"].replace("\r\n", "\n").strip()
    came_by = way_typed(requester, token.pen, token.phone, who, region=desk_region(site.helpdesk))
    written = Written(text, files=files, sender=came_by)
    return log_walk_in(
        site, token, WalkIn(requester, given.get("subject", ""), written, facets), at=at, by=by
    )


@dataclass(frozen=True, slots=True)
class UnloggedVisit:
    """What was written of a visitor who is not with this counter any more."""

    code: str
    values: Mapping[str, str]
    files: Sequence[KeptFile]


def unlogged_visit(
    request: HttpRequest, site: WalkInSite, agent: Agent, token_id: int
) -> UnloggedVisit | None:
    """Returns what a refused form says of a visit, its papers kept; None where it says nothing, or
    the visit is a ticket already.
    """
    here = Token.objects.filter(day__desk=site.helpdesk, day__site=site.site.key, ticket=None)
    token = here.filter(pk=token_id).first()
    if token is None or "text" not in request.POST:
        return None
    place = visit_place(token)
    files = take_uploads(request, agent.user, place, OF_AGENTS, key=command_of(token)).kept
    return UnloggedVisit(token.code, typed(request, "visit").values, files)


def _missing(desk: Desk, given: dict[str, str]) -> Iterator[tuple[str, str]]:
    if not given.get("requester", "").strip() and not given.get("name", "").strip():
        yield "requester", _("Say who came: a name, an address or a number.")
    if not given.get("text", "").strip():
        yield "text", _("Say what it is about.")
    for facet in desk.facets.values():
        if facet.required and not given.get(f"facet.{facet.key}"):
            yield f"facet.{facet.key}", _("Choose one: the book asks for it.")
