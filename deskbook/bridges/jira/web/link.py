"""The link to Jira, for owners of the book: where it is, one account, what is mirrored and what
stands for what.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from deskbook.bridges.jira.models import JiraLink
from deskbook.bridges.jira.settings import link_of, try_link
from deskbook.engine.desk import Desk
from deskbook.people.access import NoAccess, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.refusals import in_words
from deskbook.people.sealing import sealed
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Line, Lines, Secret, Service, Several, Spelled, Tick
from deskbook.web.shared.forms import Form, sent

PLAIN = ("base_url", "project", "issue_type", "account", "cloud", "active", "share_answers")
SECRETS = ("token", "webhook_secret")
LONGEST_NAME = 120
_KEPT = _("Kept already; empty leaves it as it is. It is never shown.")
_PROJECT = _("The key of the project, like MUK.")


class LinkForm(Form):
    """Where Jira is, one account there, what is mirrored and what stands for what."""

    active = Tick(_("Cases are mirrored"))
    cloud = Choice(
        _("Kind of Jira"),
        options=[
            ("1", _("Cloud: mail address and API token")),
            ("", _("Data Center: personal access token")),
        ],
    )
    base_url = Service(_("Address"), placeholder="https://example.atlassian.net", most=300)
    project = Spelled(_("Project key"), _PROJECT, wrong=_PROJECT, pattern=r"[^\W_]{1,64}")
    issue_type = Line(_("Issue type"), most=64)
    account = Line(
        _("Mail address of the account"),
        hint=_("One account for all people: it takes one of the tool's seats."),
        most=254,
    )
    token = Secret(_("Token"), hint=_("It is stored sealed and never shown again."))
    webhook_secret = Secret(
        _("Secret of the webhook"),
        hint=_("The same as at Jira. Without it nothing Jira tells is believed."),
    )
    teams = Several(_("Cases that reach one of these become issues"))
    share_answers = Tick(
        _(
            "Answers, and what the requester writes, are comments there. Notes only when they are"
            " written for Jira."
        )
    )
    statuses = Lines(
        _("Stage here, for each status"),
        hint=_(
            "One a line: Done = resolved. Empty: as above, the other way round. The book still"
            " decides whether the move is allowed."
        ),
    )

    def __init__(self, link: JiraLink | None, desk: Desk, data: QueryDict | None) -> None:
        super().__init__(data)
        self.link, self.desk = link, desk
        self.hints = {name: _KEPT for name in SECRETS if link and getattr(link, name)}
        self.offer("teams", [(team.key, team.title) for team in desk.teams.values()])
        for begins, named in (("stage.", desk.stages), ("priority.", desk.severities)):
            for key, one in named.items():
                self.fields[begins + key] = Line(one.title, most=LONGEST_NAME)
        if link:
            self._begin_as(link)
        self.begin_with(cloud="1", active=True, share_answers=True, issue_type="Task")

    def _begin_as(self, link: JiraLink) -> None:
        self.begin_with(
            cloud="1" if link.cloud else "",
            statuses="\n".join(f"{status} = {stage}" for status, stage in link.statuses.items()),
            **{f"stage.{key}": status for key, status in link.stages.items()},
            **{f"priority.{key}": name for key, name in link.priorities.items()},
        )
        self.begin_as(link, *PLAIN, "teams")

    def clean(self) -> None:
        typed, link = self.cleaned_data, self.link
        if typed.get("cloud") and "@" not in typed.get("account", ""):
            self.add_error("account", _("Jira Cloud knows its accounts by their mail address."))
        moved = link and link.base_url != typed.get("base_url", "").rstrip("/")
        if not typed.get("token") and (link is None or not link.token or moved):
            told = _("Type the token in: it goes to this address and nowhere else.")
            self.add_error("token", told)

    def save(self, desk: HelpDesk) -> JiraLink:
        row = self.link or JiraLink(desk=desk)
        self.put_into(row, *PLAIN)
        row.base_url, row.cloud = row.base_url.rstrip("/"), bool(self("cloud"))
        for name in SECRETS:
            if self(name):
                setattr(row, name, sealed(self(name)))
        row.teams = [key for key in self.desk.teams if key in self("teams")]
        row.stages, row.priorities = self.group("stage."), self.group("priority.")
        row.statuses = _statuses(self("statuses"), self.desk) or {
            name: key for key, name in row.stages.items()
        }
        row.changed_at = timezone.now()
        row.save()
        return row


@never_cache
@for_agents
def jira_link(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows the link; takes in what was changed and tries it at once. Owners only."""
    only_who_may(agent, "connect gateways")
    desk = desk_in_force(agent.desk)
    form = LinkForm(link_of(agent.desk), desk, sent(request))
    if form.is_valid():
        _tell(request, try_link(form.save(agent.desk), at=timezone.now()))
        return HttpResponseRedirect(reverse("console-jira-link"))
    return screen(
        request,
        agent,
        "bridges/jira.html",
        status=form.status,
        current="settings",
        form=form,
        link=form.link,
        word=desk.severity_word,
        hook=f"{settings.DESKBOOK_SITE_URL}/hooks/jira/{agent.desk.key}/",
    )


@require_POST
@for_agents
def trial(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Asks Jira again who we are. Owners only."""
    only_who_may(agent, "connect gateways")
    link = link_of(agent.desk)
    if link is None:
        raise NoAccess("no link")
    _tell(request, try_link(link, at=timezone.now()))
    return HttpResponseRedirect(reverse("console-jira-link"))


def _tell(request: HttpRequest, trouble: str) -> None:
    if trouble:
        messages.error(request, in_words(trouble))
    else:
        messages.success(request, _("Jira knows the account: the link works."))


def _statuses(lines: str, desk: Desk) -> dict[str, str]:
    """Returns status → stage of the lines "Done = resolved"; those that name no stage of the book
    are left out.
    """
    pairs = [line.partition("=") for line in lines.splitlines()]
    named = {
        status.strip()[:LONGEST_NAME]: stage.strip().casefold()
        for status, _mark, stage in pairs
        if status.strip()
    }
    return {status: stage for status, stage in named.items() if stage in desk.stages}
