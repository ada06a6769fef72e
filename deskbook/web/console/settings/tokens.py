"""Tokens of the REST API: each agent's own, and all of the desk for its owners."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbook.people.access import may, of_desk
from deskbook.people.models import Agent
from deskbook.people.tokens import SCOPES, Told, end_token, make_token, tokens_shown_to
from deskbook.web.acts.whom import agent_typed
from deskbook.web.console.shared.frame import screen
from deskbook.web.proof import freshly_proved
from deskbook.web.security import tell
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Known, Line, NotUnderstood, Several
from deskbook.web.shared.forms import Form, sent

MEANS = {
    "read": _("Read: tickets, messages, people, articles, rosters"),
    "write": _("Write: tickets, messages and every act"),
    "reports": _("Reports"),
    "book": _("Book: read, check, due times, scenarios"),
    "hooks": _("Webhooks: which programs are told what; for owners"),
}
_FOR, _WHO = _("Acts for"), _("Name or address; empty for yourself.")
VALID_FOR = (("30", _("30 days")), ("90", _("90 days")), ("365", _("1 year")))


class TokenForm(Form):
    """A token to make."""

    name = Line(_("Name"), _("Give it a name."), placeholder=_("Nightly export"), most=80)
    scopes = Several(_("What it may"))
    days = Choice(_("Valid for"), _("Choose one of the answers."), options=VALID_FOR)
    agent = Known(_FOR, reverse_lazy("console-agents"), hint=_WHO)

    def __init__(self, by: Agent, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.by = by
        self.offer("scopes", [*MEANS.items()])
        self.offer("days", VALID_FOR)
        self.begin_with(scopes=["read"], days="90")
        if not may(by, "connect gateways"):
            del self.fields["agent"]

    def clean(self) -> None:
        if not any(scope in SCOPES for scope in self.ticked("scopes")):
            self.add_error(None, _("Choose what it may."))
        try:
            typed = self.cleaned_data.get("agent") or ""
            self.acts_for = agent_typed(self.by, typed) or self.by
        except NotUnderstood as unclear:
            self.add_error("agent", str(unclear))

    def told(self) -> Told:
        return Told(self("name"), self.ticked("scopes"), timedelta(days=int(self("days"))))


@never_cache
@require_safe
@for_agents
def tokens(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows those in use."""
    return screen(
        request,
        agent,
        "tokens.html",
        current="settings",
        tokens=tokens_shown_to(agent),
        now=timezone.now(),
        means=MEANS,
    )


@freshly_proved  # type: ignore[arg-type]
@require_http_methods(["GET", "POST"])
@for_agents
def new_token(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Makes one and shows it once. It lets in as long as it lasts: who makes it proves before that
    it is them, and whom it acts for is told by mail.
    """
    form = TokenForm(agent, sent(request))
    made = secret = None
    if form.is_valid():
        made, secret = make_token(form.acts_for, form.told(), at=timezone.now(), by=agent)
        tell(form.acts_for.user, "token_made")
    return screen(
        request,
        agent,
        "new_token.html",
        current="settings",
        status=form.status,
        form=form,
        made=made,
        secret=secret,
        address=f"{settings.DESKBOOK_SITE_URL}/api/v1/",
    )


@require_POST
@for_agents
def token_ending(request: HttpRequest, agent: Agent, row: int) -> HttpResponse:
    """From now on it opens nothing."""
    end_token(of_desk(agent, tokens_shown_to(agent), row), at=timezone.now())
    messages.success(request, _now("The token opens nothing any more."))
    return HttpResponseRedirect(reverse("console-tokens"))
