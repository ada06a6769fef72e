"""The programs a desk tells what happens, and what each was told and answered; for owners of the
book.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from deskbook.bridges.webhooks.hooks import (
    Asked,
    change_webhook,
    make_webhook,
    webhooks_of,
    with_what_waits,
)
from deskbook.bridges.webhooks.models import Webhook, WebhookCall
from deskbook.bridges.webhooks.replaying import replay, tell_again
from deskbook.delivery.endpoints import end_connected, make_new_secret
from deskbook.delivery.states import LEAVES_BY_ITSELF
from deskbook.engine.events import KINDS
from deskbook.people.access import NoAccess, of_desk, only_who_may, seen_by
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Instant, Line, Service, Several
from deskbook.web.shared.forms import Form, asked, done, saved, sent
from deskbook.web.shared.paging import page_behind

PAGE = 50
_BECAME = {
    "waits": (_("waits"), "amber"),
    "taken": (_("taken"), "green"),
    "refused": (_("refused"), "red"),
    "given up": (_("given up"), "red"),
    "not told": (_("not told"), ""),
}
"""What came of a call → how it is called in the reader's language, and in which tone."""


class WebhookForm(Form):
    """A program to tell."""

    name = Line(_("Name"), _("Give it a name."), placeholder=_("Warehouse"), most=60)
    address = Service(
        _("Address it is told at"),
        _("Give the address."),
        placeholder="https://warehouse.example.org/desk",
        most=500,
    )
    kinds = Several(_("Kinds of events; none ticked: all"))

    def __init__(self, data: QueryDict | None = None, row: Webhook | None = None) -> None:
        super().__init__(data)
        self.offer("kinds", [(kind, kind) for kind in KINDS])
        self.begin_as(row, "name", "address", "kinds")

    def asked(self) -> Asked:
        return Asked(self("name"), self("address"), self.ticked("kinds"))


class ReplayForm(Form):
    """Since when it is told again."""

    since = Instant(_("Everything since"))


@never_cache
@require_http_methods(["GET", "POST"])
@for_agents
def webhooks(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The list; one made here shows its secret once."""
    only_who_may(agent, "connect gateways")
    form = WebhookForm(sent(request))
    made = None
    if form.is_bound:
        made = done(form, lambda: make_webhook(agent, form.asked(), at=timezone.now()))
    row, secret = made or (None, "")
    return screen(
        request,
        agent,
        "webhooks/webhooks.html",
        current="settings",
        status=form.status,
        form=WebhookForm() if made else form,
        made=row,
        secret=secret,
        webhooks=with_what_waits(webhooks_of(agent.desk)),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@for_agents
def webhook(request: HttpRequest, agent: Agent, row: int) -> HttpResponse:
    """What it was told and answered; changed here, it is told what waits at once."""
    hook = _hook(agent, row)
    form = WebhookForm(sent(request), hook)
    if form.is_bound and done(form, lambda: _changed(hook, form)):
        messages.success(request, _("Saved."))
        return _back(hook)
    return _page(request, agent, hook, form, status=form.status)


@never_cache
@require_POST
@for_agents
def secret_of(request: HttpRequest, agent: Agent, row: int) -> HttpResponse:
    """Shows a new secret once; the one before signs for three days more."""
    hook = _hook(agent, row)
    secret = make_new_secret(hook, at=timezone.now())
    return _page(request, agent, hook, WebhookForm(row=hook), secret=secret)


@require_POST
@for_agents
def ending(request: HttpRequest, agent: Agent, row: int) -> HttpResponse:
    """From now on it is told nothing."""
    end_connected(_hook(agent, row), at=timezone.now())
    messages.success(request, _("It is ended: it is told nothing any more."))
    return HttpResponseRedirect(reverse("console-webhooks"))


@require_POST
@for_agents
def replayed(request: HttpRequest, agent: Agent, row: int) -> HttpResponse:
    """Tells it again all since an instant."""
    hook = _hook(agent, row)
    form = ReplayForm(sent(request))
    count = saved(form, lambda: replay(hook, form("since"), at=timezone.now()))
    if count is None:
        page = WebhookForm(row=hook)
        return _page(request, agent, hook, page, status=form.status, replay_form=form)
    told = ngettext("%(n)d event is told again.", "%(n)d events are told again.", count)
    messages.success(request, told % {"n": count})
    return _back(hook)


@require_POST
@for_agents
def again(request: HttpRequest, agent: Agent, call: int) -> HttpResponse:
    """Tells it one event again."""
    only_who_may(agent, "connect gateways")
    calls = WebhookCall.objects.filter(webhook__desk=agent.desk_id, webhook__ended_at=None)
    found = seen_by(agent, calls, "ticket__").select_related("webhook").filter(pk=call).first()
    if found is None:
        raise NoAccess("no such call")
    if tell_again(found, at=timezone.now()):
        messages.success(request, _("It is told again."))
    else:
        messages.info(request, _now("It waits to be told anyway."))
    return _back(found.webhook)


def _hook(agent: Agent, row: int) -> Webhook:
    only_who_may(agent, "connect gateways")
    return of_desk(agent, Webhook.objects.filter(ended_at=None), row)


def _changed(hook: Webhook, form: WebhookForm) -> bool:
    change_webhook(hook, form.asked(), at=timezone.now())
    return True


def _back(hook: Webhook) -> HttpResponse:
    return HttpResponseRedirect(reverse("console-webhook", args=[hook.pk]))


def _page(
    request: HttpRequest, agent: Agent, hook: Webhook, form: WebhookForm, **more: Any
) -> HttpResponse:
    calls = seen_by(agent, WebhookCall.objects.filter(webhook=hook), "ticket__")
    rows = calls.select_related("entry", "ticket__desk")
    shown, following = page_behind(rows, "queued_at", asked(request).get("after", ""), PAGE)
    return screen(
        request,
        agent,
        "webhooks/webhook.html",
        current="settings",
        hook=hook,
        form=form,
        calls=[(call, *_BECAME[call.became]) for call in shown],
        following=following,
        paged="after" in request.GET,
        waiting=calls.filter(state__in=LEAVES_BY_ITSELF).count(),
        **{"replay_form": ReplayForm(), "secret": "", **more},
    )
