"""Searches kept under a name: how many each finds, keeping one, taking one away."""

from django.contrib import messages
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from deskbook.people.access import NotOfTheRole, of_desk
from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.saved_search_models import SavedSearch
from deskbook.tickets.saved_searches import may_change, save_search, searches_of
from deskbook.web.console.inbox.operators import taken_apart, wanted_of
from deskbook.web.console.shared.frame import Saved
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Line, NotUnderstood, Tick
from deskbook.web.shared.forms import Form, saved, sent

COUNTED = 100
"""Beyond so many it is only said that there are more."""


class SaveForm(Form):
    name = Line(gettext_lazy("Name"), gettext_lazy("Give it a name."), most=60)
    shared = Tick(gettext_lazy("For everybody at the desk"))
    q = Line(gettext_lazy("Search"), gettext_lazy("Search for something first."), most=200)


@require_POST
@for_agents
def save(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Keeps the search that is looked at under a name."""
    form = SaveForm(sent(request))
    if saved(form, lambda: save_search(form("name"), form("q"), shared=form("shared"), by=agent)):
        messages.success(request, _("“%(name)s” is kept.") % {"name": form("name")})
    else:
        messages.error(request, form.refusal or " ".join(form.sentences()))
    return HttpResponseRedirect(_address(form.shown("q")))


@require_POST
@for_agents
def remove(request: HttpRequest, agent: Agent, search: int) -> HttpResponse:
    """Takes a search away; what it found stays where it is."""
    kept = of_desk(agent, SavedSearch.objects.all(), search)
    if not may_change(agent, kept):
        raise NotOfTheRole("whoever keeps a search takes it away, and leads")
    kept.delete()
    messages.success(request, _("“%(name)s” is not kept any more.") % {"name": kept})
    return HttpResponseRedirect(_address(kept.words))


@require_safe
@for_agents
def counts(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The saved searches of the rail, with how many tickets each finds now."""
    found = [
        Saved(
            kept.pk, kept.name, kept.words, kept.made_by_id == agent.pk, _count(agent, kept.words)
        )
        for kept in searches_of(agent).order_by(Lower("name"), "pk")
    ]
    shown = {"saved": found, "words": request.GET.get("q", "")}
    return render(request, "console/_saved.html", shown, using="jinja2")


def _count(agent: Agent, words: str) -> str:
    try:
        found = queues.count(wanted_of(agent, taken_apart(words)), most=COUNTED + 1)
    except NotUnderstood:  # the book of today has no such stage any more
        return "–"
    return str(found) if found <= COUNTED else f"{COUNTED}+"


def _address(words: str) -> str:
    return f"{reverse('console-search')}?{urlencode({'q': words})}"
