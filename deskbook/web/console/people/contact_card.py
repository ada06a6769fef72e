"""One person a desk helps, whole: how they are reached, their cases, and whether two contacts are
one person.
"""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.all import called, carrying
from deskbook.channels.chat.talk import bring_home
from deskbook.channels.phone.callers import callers_like, lately_in_touch, shown_callers
from deskbook.people.access import (
    NotOfTheRole,
    contact_for_agent,
    may,
    newest_visible,
    of_desk,
    visible_to_agent,
)
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import take_ways_away
from deskbook.people.merge_models import ContactMerge
from deskbook.people.merging import (
    NotOnePerson,
    merge_contacts,
    merges_of,
    notes_of,
    of_two_organisations,
    perhaps_the_same,
    person,
    same_person,
)
from deskbook.people.models import Agent, Contact
from deskbook.people.refusals import in_words
from deskbook.people.unmerging import may_unmerge
from deskbook.people.words import Words
from deskbook.tickets.models import Ticket
from deskbook.tickets.taking_apart import take_people_apart
from deskbook.web.console.people.people import contacts_found, page_start
from deskbook.web.console.people.ways import WayForm, way_title
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import stage_shown
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Flag, Id, Line
from deskbook.web.shared.forms import Form, saved, sent
from deskbook.web.shared.languages import language_name
from deskbook.web.shared.paging import behind, cut

PAGE = 25


class ChosenForm(Form):
    """A way to reach somebody that is taken away, or a contact to merge into theirs."""

    remove, other, across = Id(), Id(), Flag()


class NewWayForm(WayForm):
    identifier = Line(
        _("Address or number"),
        _("Choose how they are reached, and give the address or number."),
        most=254,
    )


@require_safe
@for_agents
def contacts(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Finds people of the desk by the beginning of anything known of them; before anything is
    typed, those it had to do with last; or everybody by name, a page at a time.
    """
    words = request.GET.get("q", "").strip()[:100]
    everybody, start, more = "all" in request.GET and not words, page_start(request), False
    if everybody:
        rows = contacts_found(agent.desk, "").values_list("pk", flat=True)
        ids = list(rows[start : start + PAGE + 1])
        found, more = shown_callers(agent, ids[:PAGE]), len(ids) > PAGE
    else:
        known = callers_like(agent, words, most=PAGE) if words else None
        found = lately_in_touch(agent, most=PAGE) if known is None else known
    return screen(
        request,
        agent,
        "calls/contacts.html",
        current="contacts",
        words=words,
        everybody=everybody,
        found=found,
        plans=desk_in_force(agent.desk).plans,
        start=start if everybody else 0,
        next_start=start + PAGE if more else None,
    )


@require_safe
@for_agents
def contact_card(request: HttpRequest, agent: Agent, contact: int) -> HttpResponse:
    """Shows the contact; one that was merged is shown as the person it became."""
    known = contact_for_agent(agent, contact)
    if known.merged_into_id is not None:
        return HttpResponseRedirect(reverse("console-contact-card", args=[known.merged_into_id]))
    return _page(request, agent, known)


@require_POST
@for_agents
def contact_ways(request: HttpRequest, agent: Agent, contact: int) -> HttpResponse:
    """Adds a way to reach somebody, or takes one away."""
    known, removed = person(contact_for_agent(agent, contact)), ChosenForm(sent(request))
    if removed.is_valid() and removed("remove"):
        return _take_away(request, agent, known, removed("remove"))
    form = NewWayForm(agent, sent(request))
    if saved(form, lambda: form.add_to(known)):
        return _back(request, known, _("Added."))
    return _page(request, agent, known, form=form, status=409 if form.owner else form.status)


@require_POST
@for_agents
def contact_merging(request: HttpRequest, agent: Agent, contact: int) -> HttpResponse:
    """Takes another contact for this person: both histories stay, and it can be taken back."""
    known = person(contact_for_agent(agent, contact))
    form = ChosenForm(sent(request))
    if not form.is_valid() or not form("other"):
        return _page(
            request, agent, known, refusal=_("Choose the other contact in the list."), status=422
        )
    other = contact_for_agent(agent, form("other"))
    if not form("across") and of_two_organisations(other.organisation_id, known.organisation_id):
        return _page(
            request, agent, known, question=_are_they_one(other, known), other=other, status=422
        )
    try:
        merge_contacts(other, known, at=timezone.now(), by=agent)
    except NotOnePerson as wrong:
        return _page(request, agent, known, refusal=in_words(wrong), status=409)
    return _back(request, known, _("They are one person now. It can be taken back below."))


def _are_they_one(one: Contact, other: Contact) -> str:
    question = _("%(one)s is of %(its)s and %(other)s of %(theirs)s. Are they one person?")
    return question % {
        "one": one,
        "its": one.organisation,
        "other": other,
        "theirs": other.organisation,
    }


@require_POST
@for_agents
def contact_unmerging(request: HttpRequest, agent: Agent, merge: int) -> HttpResponse:
    """Takes two contacts apart again."""
    found = of_desk(agent, ContactMerge.objects.select_related("source", "into"), merge)
    if not may_unmerge(agent, str(found.by_id or "")):
        raise NotOfTheRole("whoever merged takes it back, and leads")
    with transaction.atomic():
        freed = take_people_apart(found, at=timezone.now(), by=agent)
        bring_home([*same_person(freed), *same_person(found.into)])
    return _back(request, freed, _("They are two contacts again."))


def _page(
    request: HttpRequest,
    agent: Agent,
    known: Contact,
    *,
    refusal: Words = "",
    question: str = "",
    other: Contact | None = None,
    form: WayForm | None = None,
    status: int = 200,
) -> HttpResponse:
    cases, more = _cases(agent, known, request.GET.get("before", ""))
    ways = known.identities.order_by("channel", "pk")
    return screen(
        request,
        agent,
        "calls/contact.html",
        current="contacts",
        status=status,
        person=known,
        refusal=refusal,
        question=question,
        form=form or WayForm(agent, None),
        other=form.owner if form else other,
        ways=[(way, way_title(way.channel, desk_in_force(agent.desk))) for way in ways],
        stopped=_stopped(known),
        notes=notes_of(known),
        reads=language_name(known.language),
        cases=[(case, *_stage(agent, case)) for case in cases],
        more=more,
        merges=[(merge, may_unmerge(agent, str(merge.by_id or ""))) for merge in merges_of(known)],
        proposals=perhaps_the_same(known),
        changes=may(agent, "change contacts"),
    )


def _stopped(known: Contact) -> dict[str, str]:
    """Number → by which ways its people asked for nothing more."""
    ended: dict[str, str] = {}
    for kind, way in carrying().items():
        for number in way.ends(known) if way.ends else ():
            named = called(kind)
            ended[number] = f"{ended[number]}, {named}" if number in ended else named
    return ended


def _cases(agent: Agent, known: Contact, before: str) -> tuple[list[Ticket], str]:
    """A page of the person's own cases, the newest first, and the key of the next."""
    seen = visible_to_agent(agent, Ticket.objects.all())
    tickets = seen.select_related("desk", "owner__user")
    tickets = behind(tickets, "opened_at", before)
    return cut(newest_visible(known, tickets, PAGE + 1), "opened_at", PAGE)


def _stage(agent: Agent, case: Ticket) -> tuple[str, str]:
    desk = desk_in_force(agent.desk)
    return stage_shown(desk, case.stage, case.outcome)


def _take_away(request: HttpRequest, agent: Agent, known: Contact, way: int) -> HttpResponse:
    if known.identities.count() < 2:
        refusal = _("This is the only way to reach them: add another first.")
        return _page(request, agent, known, refusal=refusal, status=409)
    take_ways_away(known, [way], by=agent)
    return _back(request, known, _("Taken away."))


def _back(request: HttpRequest, known: Contact, said: Words) -> HttpResponse:
    messages.success(request, str(said))
    return HttpResponseRedirect(reverse("console-contact-card", args=[known.pk]))
