"""The link to Jira, for owners of the book: where it is, one account, what is mirrored and what
stands for what.
"""

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from deskbook.bridges.jira.models import JiraLink
from deskbook.bridges.jira.settings import link_of, try_link
from deskbook.engine.desk import Desk
from deskbook.people.access import NoAccess, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.outward import wrong_address
from deskbook.people.refusals import in_words
from deskbook.people.sealing import sealed
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.typed import Typed, typed
from deskbook.web.shared.seat import for_agents

PLAIN = ("base_url", "project", "issue_type", "account")
SECRETS = ("token", "webhook_secret")
LONGEST_NAME = 120


@never_cache
@for_agents
def jira_link(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows the link; takes in what was changed and tries it at once. Owners only."""
    only_who_may(agent, "connect gateways")
    link = link_of(agent.desk)
    if request.method != "POST":
        return _page(request, agent, link, Typed(values=_shown(agent, link)))
    errors = _wrong(request.POST, link)
    if errors:
        return _page(request, agent, link, typed(request, "jira", errors=errors), status=422)
    _tell(request, try_link(_saved(request, agent, link), at=timezone.now()))
    return HttpResponseRedirect(reverse("console-jira-link"))


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


def _page(
    request: HttpRequest, agent: Agent, link: JiraLink | None, again: Typed, status: int = 200
) -> HttpResponse:
    desk = desk_in_force(agent.desk)
    chosen = (
        request.POST.getlist("teams") if request.method == "POST" else (link.teams if link else [])
    )
    return screen(
        request,
        agent,
        "bridges/jira.html",
        status=status,
        current="bridges",
        link=link,
        again=again,
        values=again.values,
        chosen=set(chosen),
        teams=[(team.key, team.title) for team in desk.teams.values()],
        stages=[(stage.key, stage.title) for stage in desk.stages.values()],
        severities=[(severity.key, severity.title) for severity in desk.severities.values()],
        word=desk.severity_word,
        hook=f"{settings.DESKBOOK_SITE_URL}/hooks/jira/{agent.desk.key}/",
    )


def _shown(agent: Agent, link: JiraLink | None) -> dict[str, str]:
    """What the form begins with, each mapping as a field for each stage, severity; never a
    secret.
    """
    if link is None:
        return {
            "cloud": "1",
            "active": "1",
            "share_answers": "1",
            "issue_type": "Task",
            **dict.fromkeys(PLAIN[:2], ""),
        }
    shown = {name: str(getattr(link, name)) for name in PLAIN}
    shown |= {
        name: "1" if getattr(link, name) else "" for name in ("cloud", "active", "share_answers")
    }
    shown |= {f"stage.{key}": status for key, status in link.stages.items()}
    shown |= {f"priority.{key}": name for key, name in link.priorities.items()}
    return shown | {
        "statuses": "\n".join(f"{status} = {stage}" for status, stage in link.statuses.items())
    }


def _wrong(given: Mapping[str, str], link: JiraLink | None) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    address = wrong_address(given.get("base_url", "").strip())
    if address:
        errors["base_url"] = [address]
    if not given.get("project", "").strip().isalnum():
        errors["project"] = [_("The key of the project, like MUK.")]
    if given.get("cloud") == "1" and "@" not in given.get("account", ""):
        errors["account"] = [_("Jira Cloud knows its accounts by their mail address.")]
    moved = link and link.base_url != given.get("base_url", "").strip().rstrip("/")
    if not given.get("token") and (link is None or not link.token or moved):
        errors["token"] = [_("Type the token in: it goes to this address and nowhere else.")]
    return errors


def _saved(request: HttpRequest, agent: Agent, link: JiraLink | None) -> JiraLink:
    given, desk = request.POST, desk_in_force(agent.desk)
    row = link or JiraLink(desk=agent.desk)
    for name in PLAIN:
        limit = getattr(JiraLink._meta.get_field(name), "max_length", None) or LONGEST_NAME
        setattr(row, name, given.get(name, "").replace("\x00", "").strip().rstrip("/")[:limit])
    for name in SECRETS:
        if given.get(name):
            setattr(row, name, sealed(given[name].strip()))
    row.cloud, row.active, row.share_answers = (
        given.get("cloud") == "1",
        "active" in given,
        "share_answers" in given,
    )
    row.teams = [key for key in desk.teams if key in given.getlist("teams")]
    row.stages = _mapped(given, "stage.", desk.stages)
    row.priorities = _mapped(given, "priority.", desk.severities)
    row.statuses = _statuses(given.get("statuses", ""), desk) or {
        name: key for key, name in row.stages.items()
    }
    row.changed_at = timezone.now()
    row.save()
    return row


def _mapped(given: Mapping[str, str], prefix: str, known: Mapping[str, object]) -> dict[str, str]:
    typed_in = {
        key: given.get(prefix + key, "").replace("\x00", "").strip()[:LONGEST_NAME] for key in known
    }
    return {key: name for key, name in typed_in.items() if name}


def _statuses(lines: str, desk: Desk) -> dict[str, str]:
    """Returns status → stage of the lines "Done = resolved"; those that name no stage of the book
    are left out.
    """
    pairs = [line.replace("\x00", "").partition("=") for line in lines.splitlines()]
    named = {
        status.strip()[:LONGEST_NAME]: stage.strip().casefold()
        for status, _mark, stage in pairs
        if status.strip()
    }
    return {status: stage for status, stage in named.items() if stage in desk.stages}
