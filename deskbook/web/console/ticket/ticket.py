"""One ticket: what was said, what is due, the answer box, the facts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from deskbook.channels.all import carrying
from deskbook.engine.decide_owner import taking
from deskbook.engine.decide_stage import allowed_moves
from deskbook.engine.decision import hindrance
from deskbook.engine.desk import Desk, Stage
from deskbook.engine.ticket import TicketState
from deskbook.engine.wall_time import zone_named
from deskbook.jobs.carriers import Reached, reached_at
from deskbook.people.access import actor_of, may, may_open_and_close, sees
from deskbook.people.contacts import addresses_of
from deskbook.people.merging import person, ways_of
from deskbook.people.models import Agent, Contact, Organisation
from deskbook.people.sight import hidden_from
from deskbook.people.unmerging import may_unmerge
from deskbook.people.words import Words
from deskbook.tickets import queues
from deskbook.tickets.awaited import ASKED_FOR_MOST, awaited_on
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.kept_files import KeptFile, files_in
from deskbook.tickets.masked import masked_words
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.named import number_in
from deskbook.tickets.relations import merged_by
from deskbook.web.acts.act import Act
from deskbook.web.acts.later import choices_of
from deskbook.web.acts.subject import Follower, Subject
from deskbook.web.console.shared import rows
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.improvement_facts import opinions
from deskbook.web.console.shared.listing import listing_beside
from deskbook.web.console.shared.trail import next_ticket, trail_of
from deskbook.web.console.shared.typed import Errors
from deskbook.web.console.ticket import checklist, held, jira
from deskbook.web.console.ticket.addressed import addressed, bounded, ended_texts
from deskbook.web.console.ticket.clocks import cards
from deskbook.web.console.ticket.facts import Fact, facts, folded_away
from deskbook.web.console.ticket.folded import in_threads, laid_out
from deskbook.web.console.ticket.newer import Newer
from deskbook.web.console.ticket.recordings import recorded_calls
from deskbook.web.console.ticket.sendings import shown_sendings
from deskbook.web.console.ticket.story_pages import before_in
from deskbook.web.console.ticket.timeline import timeline
from deskbook.web.console.ticket.whatsapp_facts import on_ticket, read_by_the_desk, with_marks
from deskbook.web.jinja import url
from deskbook.web.shared.entering import on_a_ticket
from deskbook.web.times import clock_time, clock_times, instants


@dataclass(frozen=True, slots=True)
class Composer:
    """The answer box, as fresh or as it came back."""

    to: str
    """The requester, with the address or number an answer goes to."""
    followers: tuple[Follower, ...]
    """Who gets a copy of it."""
    bounds: tuple[str, ...]
    """What of an answer would not go, or goes elsewhere, of each of them."""
    unproven: bool
    """Only a mail that was not proven says that this requester wrote."""
    draft_key: str
    stages: tuple[Stage, ...]
    awaitable: tuple[tuple[str, str], ...]
    placeholder: str
    takes: bool = False
    """Whoever answers now becomes the owner: the button says so before."""
    client_key: str = field(default_factory=lambda: uuid4().hex)
    act: str = "answer"
    text: str = ""
    stage: str = ""
    openings: tuple[tuple[str, Words], ...] = ()
    """When an answer may leave, beside now."""
    later: str = ""
    later_at: str = ""
    """When it was to leave: which of them, or the time that was typed."""
    awaited: tuple[str, ...] = ()
    awaited_else: str = ""
    then_next: bool = False
    formatted: bool = True
    """Read as Markdown."""
    kept: tuple[KeptFile, ...] = ()
    """Files of a sending that was refused."""
    errors: Errors = field(default_factory=dict)
    refusal: str = ""
    newer: tuple[Newer, ...] = ()


@require_safe
@on_a_ticket
def ticket(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    page = ticket_page(request, agent, ticket)
    # Afterwards: what came while the page was made is on it, or will be asked for again.
    read_by_the_desk(ticket)
    return page


def ticket_page(
    request: HttpRequest,
    agent: Agent,
    ticket: Ticket,
    *,
    again: Act | None = None,
    composer: Composer | None = None,
    status: int = 200,
) -> HttpResponse:
    """Returns the ticket's page; `again` and `composer` show a form that was not accepted as it was
    typed.
    """
    subject = Subject(ticket, agent)
    desk, state, trail = subject.desk, subject.state, trail_of(request)
    composer = composer or fresh_composer(subject)
    subject.followers = composer.followers
    shown_facts = facts(subject, again)
    if again and not _is_told_beside(shown_facts, again):
        # The act is not offered here, so no form of it can say why it was refused.
        composer = replace(composer, refusal=again.refusal)
    following = next_ticket(agent, ticket, trail)
    story = timeline(ticket, desk, before=before_in(request.GET.get("before", "")))
    answers_at = any(item.answers_at for item in story)
    whatsapp = on_ticket(ticket, desk, at=timezone.now())
    return screen(
        request,
        agent,
        "ticket.html",
        status=status,
        current=trail.get("queue", ""),
        ticket=shown(subject),
        timeline=laid_out(in_threads(with_marks(story, whatsapp))),
        when=instants(),
        clock=clock_times(),
        whatsapp=whatsapp,
        clocks=cards(subject),
        checklist=checklist.checklist(ticket, desk, state, again),
        may_add_followers=answers_at and may(agent, "change followers"),
        following=_addresses_following(ticket) if answers_at else frozenset(),
        freeze=held.on_ticket(desk, state),
        may_release=may(agent, "settle left over"),
        jira=jira.on_ticket(ticket),
        beside=folded_away(shown_facts),
        composer=composer,
        last_seen=state.seq,
        sendings=shown_sendings(subject),
        opinions=list(opinions(subject)),
        unanswered=vars(ticket).get("unanswered", False),
        recorded=recorded_calls(ticket, desk, story),
        related=related(ticket, state, agent, trail),
        trail=trail,
        back=f"{url('console')}?{urlencode({'queue': 'mine', **trail})}",
        next_url=rows.url_of(following, trail) if following else "",
        **listing_beside(request, agent, trail),
    )


def _is_told_beside(panel: Sequence[Fact | Act], again: Act) -> bool:
    """Whether a form of the page says why an act was refused."""
    return again.told_in in checklist.ACTS or any(one.is_open and one.refusal for one in panel)


def _addresses_following(ticket: Ticket) -> frozenset[str]:
    follow = [row.contact for row in ticket.participants.select_related("contact")]
    return frozenset(
        address for one in (ticket.requester, *follow) for address in addresses_of(one)
    )


def fresh_composer(of: Subject) -> Composer:
    """Returns the answer box with the draft that was kept, if there is one."""
    ticket, desk, state, fields = of.ticket, of.desk, of.state, of.beside.draft or {}
    act = fields.get("act") or ("note" if hindrance(desk, state, "answer") else "answer")
    told = _who_is_told(of)
    first, *copies = told
    return Composer(
        to=addressed(*first),
        followers=tuple(Follower(one.pk, str(one), addressed(one, way)) for one, way in copies),
        bounds=_bounds(desk, told),
        unproven=vars(ticket).get("unproven", False),
        draft_key=draft_place(ticket),
        act=act,
        stages=tuple(
            stage for stage in allowed_moves(desk, state) if not stage.needs and not stage.closed
        ),
        takes=bool(taking(desk, state, actor_of(of.viewer))),
        awaitable=tuple((key, str(title)) for key, title in ASKED_FOR_MOST.items()),
        openings=tuple(choices_of(of)),
        placeholder=_("Write to %(who)s…") % {"who": ticket.requester},
        text=fields.get("text", ""),
        stage=fields.get("stage", ""),
        awaited_else=fields.get("awaited_else", ""),
        kept=tuple(files_in(fields)),
    )


def _who_is_told(of: Subject) -> Sequence[tuple[Contact, Reached | None]]:
    """Returns whom an answer goes to, the requester first, and where each is reached."""
    ticket = of.ticket
    people = who_is_answered(ticket) if of.beside.is_followed else [person(ticket.requester)]
    return list(zip(people, reached_at(ticket, people, at=timezone.now()), strict=True))


def _bounds(desk: Desk, told: Sequence[tuple[Contact, Reached | None]]) -> tuple[str, ...]:
    """Returns what an answer would not carry to somebody, and who ended a way."""
    ends = any(way.ends for kind, way in carrying().items() if desk.channel_of(kind))
    ends = ends or any(template.channel == "sms" for template in desk.templates)
    says = (bounded, ended_texts) if ends else (bounded,)
    return tuple(filter(None, (say(*one) for one in told for say in says)))


def returned(composer: Composer, request: HttpRequest, **more: Any) -> Composer:
    """Returns the answer box with everything that was typed in it."""
    given = request.POST
    typed = {
        name: str(given.get(name, ""))
        for name in ("act", "text", "stage", "awaited_else", "client_key", "later", "later_at")
    }
    awaited = tuple(map(str, given.getlist("awaited")))
    ticked = {"then_next": "then" in given, "formatted": "formatted" in given}
    return replace(composer, **{**typed, **ticked, "awaited": awaited, **more})


def draft_place(ticket: Ticket) -> str:
    return f"ticket {ticket.pk}"


def shown(of: Subject) -> dict[str, Any]:
    ticket, desk, state = of.ticket, of.desk, of.state
    stage = desk.stages[state.stage]
    state_of_due = rows.due_state(ticket.next_due_at, ticket.waits_for, is_open=ticket.is_open)
    what = (
        rows.clock_title(ticket.next_due_clock)
        if ticket.next_due_at
        else _waits(ticket, desk, stage, state)
    )
    return {
        "number": str(ticket),
        "subject": ticket.subject,
        "tags": state.tags,
        "is_closed": not ticket.is_open,
        "merged_into": _kept(ticket, state),
        "severity": rows.severity_mark(desk, ticket.severity, verified=state.verified is not None),
        "stage": dict(
            zip(("title", "tone"), rows.stage_shown(desk, stage.key, ticket.outcome), strict=True)
        ),
        "due": {"at": ticket.next_due_at, "state": state_of_due, "what": what},
        "owned_by_viewer": ticket.owner_id == of.viewer.pk,
        "requester": _requester(of),
    }


def _kept(ticket: Ticket, state: TicketState) -> dict[str, str] | None:
    """Returns where a merged ticket goes on: at the end, should that one have been merged as
    well.
    """
    into = goes_on_as(ticket) if state.merged_into else None
    return (
        {"number": str(into), "subject": into.subject, "url": rows.ticket_url(into, {})}
        if into
        else None
    )


def _waits(ticket: Ticket, desk: Desk, stage: Stage, state: TicketState) -> str:
    awaited = awaited_on(ticket, desk, state)
    if awaited:
        return _("Awaited: %(what)s") % {"what": ", ".join(awaited)}
    return {
        "requester": _("Waits for the requester"),
        "third party": _("Waits for a third party"),
    }.get(stage.next, "")


def _requester(of: Subject) -> dict[str, Any]:
    ticket, desk = of.ticket, of.desk
    contact, organisation = ticket.requester, ticket.organisation
    ways = {way.channel: way.identifier for way in reversed(ways_of(contact))}  # the first counts
    told = [
        (_("Address"), ways.get("email", "")),
        ("WhatsApp", ways.get("whatsapp", "")),
        (_("Sender"), _("not an official address") if _is_unofficial(ticket, desk) else ""),
        *_of_organisation(organisation, desk),
        (_("Their time"), _their_time(contact.zone or (organisation.zone if organisation else ""))),
        (_("Contact"), "" if may_open_and_close(contact) else _("of the community: may not close")),
    ]
    url = reverse("console-organisation", args=[organisation.pk]) if organisation else ""
    return {
        "name": str(contact),
        "organisation": organisation.name if organisation else "",
        "organisation_url": url,
        "facts": [(label, value) for label, value in told if value],
        "others": _others(of),
        "wrote_it": vars(ticket).get("forwarded_from") or "",
        "url": reverse("console-contact-card", args=[contact.person_id]),
    }


def _of_organisation(organisation: Organisation | None, desk: Desk) -> list[tuple[str, str]]:
    if organisation is None:
        return []
    plan = desk.plans.get(organisation.plan)
    return [(_("Organisation"), organisation.name), (_("Plan"), plan.title if plan else "")]


def _is_unofficial(ticket: Ticket, desk: Desk) -> bool:
    return (
        bool(desk.official_mail) and Message.objects.filter(ticket=ticket, unofficial=True).exists()
    )


def _their_time(zone: str) -> str:
    if not zone:
        return ""
    with timezone.override(zone_named(zone)):
        return clock_time(timezone.now())


def _others(of: Subject) -> dict[str, str] | None:
    root, count = of.ticket.requester.person_id, of.beside.other_cases
    if count and hidden_from(of.viewer):
        others = queues.of_requester(of.viewer, root).where("id <> %(this)s", this=of.ticket.pk)
        count = len(queues.listed(others, most=count))
    if not count:
        return None
    text = ngettext("%(n)s other open ticket", "%(n)s other open tickets", count) % {"n": count}
    return {"url": f"{reverse('console-search')}?requester={root}", "text": text}


def related(
    ticket: Ticket, state: TicketState, agent: Agent, trail: dict[str, str]
) -> list[dict[str, Any]]:
    names = _linked(ticket, state) | {name: _("merged in") for name in state.absorbed}
    if state.merged_into:
        names[state.merged_into] = _("merged into")
    if not names:
        return []
    numbers = [number_in(name) for name in names]
    tickets = Ticket.objects.filter(desk=ticket.desk_id, number__in=numbers)
    found = tickets.select_related("desk").defer("search")
    hidden = hidden_from(agent)
    shown = [one for one in found if not hidden.hides(one) or hidden.masks(one)]
    return [_relation(ticket, one, names[str(one)], state, agent, trail) for one in shown]


def _linked(ticket: Ticket, state: TicketState) -> dict[str, str]:
    """Returns linked ticket → how it belongs to this one."""
    if not state.linked:
        return {}
    words = {"incident of": _("the problem"), "problem behind": _("an incident")}
    entries = ticket.log.filter(kind="Linked").values_list("data", flat=True)
    how = {data["ticket"]: words.get(data.get("relation", ""), _("linked")) for data in entries}
    return {name: how.get(name, _("linked")) for name in state.linked}


def _relation(
    ticket: Ticket,
    other: Ticket,
    relation: str,
    state: TicketState,
    agent: Agent,
    trail: dict[str, str],
) -> dict[str, Any]:
    undo = None
    if str(other) in state.linked:
        undo = {
            "action": reverse("console-links", args=[str(ticket)]),
            "text": _("Remove the link"),
        }
    elif str(other) in state.absorbed and may_unmerge(agent, merged_by(other)):
        undo = {
            "action": reverse("console-unmerging", args=[str(other)]),
            "text": _("Take the merge back"),
        }
    subject = other.subject if sees(agent, other) else masked_words(other)
    shown = {"url": rows.ticket_url(other, trail), "number": str(other), "subject": subject}
    return {**shown, "relation": relation, "undo": undo}
