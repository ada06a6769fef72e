"""What if other people were there: the last four weeks lived by two rosters, side by side."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods
from procrastinate.contrib.django import app

from deskbook.book.roster_file import read_roster
from deskbook.engine.desk import Desk
from deskbook.people.access import only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.duty import members_of
from deskbook.people.models import Agent
from deskbook.people.what_if_models import WhatIf
from deskbook.web.console.roster.side_by_side import side_by_side
from deskbook.web.console.shared.frame import watched
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Lines, NotUnderstood, Read
from deskbook.web.shared.forms import Form, saved, sent

MOST = 50
_TEAM = "team."


class More(Read):
    """So many more, or with a minus so many fewer."""

    wrong = _lazy("Write a number of people, like 2 or -1.")

    def read(self, text: str) -> int:
        if len(text) > 3 or not -MOST <= int(text) <= MOST:
            raise ValueError(text)
        return int(text)


class WhatIfForm(Form):
    """Other people, and another roster."""

    roster = Lines(
        _lazy("Or another roster"),
        rows=6,
        placeholder="team,person,from,until",
        hint=_lazy(
            "CSV, as “CSV out” and deskbook shifts give it. Its first week is taken for the first"
            " of the four, and it begins again when it is over; of its teams nobody else is there."
        ),
    )

    def __init__(self, agent: Agent, desk: Desk, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.desk, self.helpdesk = desk, agent.desk
        for team in desk.teams.values():
            self.fields[f"{_TEAM}{team.key}"] = More.called(team.title, placeholder="0")

    def change(self) -> dict[str, Any]:
        """Returns what is asked. Refuses what asks for nothing, and a roster that is not one."""
        more: Mapping[str, Any] = self.group(_TEAM)
        text = self("roster")
        if text:
            roster = read_roster(self.desk, text, _("the roster"))
            if roster.findings or not roster.shifts:
                said = [f"{wrong.line}: {wrong.message}." for wrong in roster.findings[:3]]
                raise NotUnderstood(roster=" ".join(said) or _("No shift stands here."))
        for team, count in more.items():
            members = members_of(self.helpdesk, team, at=timezone.now()).count() if count < 0 else 0
            if -count > members:
                words = {"team": self.desk.teams[team].title, "n": members}
                too_few = _("%(team)s has %(n)s: fewer cannot be taken away.") % words
                raise NotUnderstood(**{f"{_TEAM}{team}": too_few})
        if not more and not text:
            raise NotUnderstood(roster=_("Say who else is there, or give another roster."))
        return {"more": more, "roster": text}


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def what_if(request: HttpRequest, agent: Agent) -> HttpResponse:
    """For leads: asks, and shows what came of the newest question."""
    only_who_may(agent, "edit roster")
    desk = desk_in_force(agent.desk)
    form = WhatIfForm(agent, desk, sent(request))
    if request.method == "POST" and saved(form, partial(_ask, agent, form)) is not None:
        return HttpResponseRedirect(reverse("console-what-if"))
    newest = WhatIf.objects.filter(desk=agent.desk).select_related("by__user").first()
    return watched(
        request,
        agent,
        "people/what_if.html",
        "people/_what_if_far.html",
        busy=newest is not None and newest.state == WhatIf.State.WAITING,
        status=form.status,
        current="roster",
        form=form,
        fields=[name for name in form.fields if name.startswith(_TEAM)],
        newest=newest,
        asked=_asked(desk, newest) if newest else "",
        groups=list(side_by_side(desk, newest.numbers)) if newest else [],
    )


def _ask(agent: Agent, form: WhatIfForm) -> WhatIf:
    asked, _made = WhatIf.objects.update_or_create(
        desk=agent.desk,
        defaults={
            **form.change(),
            "by": agent,
            "asked_at": timezone.now(),
            "state": WhatIf.State.WAITING,
            "run": 0,
            "runs": 0,
            "numbers": [],
            "problem": "",
        },
    )
    app.configure_task("live_what_if", queue="default").defer(what_if_id=asked.pk)
    return asked


def _asked(desk: Desk, newest: WhatIf) -> str:
    """Returns "2 more Help desk, another roster"."""
    parts = []
    for team, count in newest.more.items():
        title = desk.teams[team].title if team in desk.teams else team
        words = _("%(n)s more: %(team)s") if count > 0 else _("%(n)s fewer: %(team)s")
        parts.append(words % {"n": abs(count), "team": title})
    if newest.roster:
        parts.append(_("another roster"))
    return "; ".join(parts)
