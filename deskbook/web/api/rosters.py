"""Who is on duty."""

from datetime import datetime, timedelta
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime

from deskbook.people.access import NoAccess
from deskbook.people.books import desk_in_force
from deskbook.people.duty import on_duty
from deskbook.web.api.entering import Scope, agent_in
from deskbook.web.api.problems import Declined
from deskbook.web.api.shapes import Named
from deskbook.web.told import team_title

router = Router(tags=["rosters"])
FAR = timedelta(days=3_660)


class OnDuty(Schema):
    """Who is at work for a team at that instant."""

    team: str
    title: str
    at: datetime
    people: list[Named]


@router.get("/rosters/on-duty", auth=Scope("read"), response=list[OnDuty])
def who_is_on(
    request: HttpRequest,
    at: Annotated[AwareDatetime | None, Query(description="Now, without it.")] = None,
    team: Annotated[str, Query(max_length=64, description="Of the book; all without it.")] = "",
) -> list[OnDuty]:
    """By the roster; of a team that never had one, everybody of it who is not on leave."""
    agent, now = agent_in(request), timezone.now()
    desk, at = desk_in_force(agent.desk), at or now
    if abs(at - now) > FAR:
        raise Declined(422, "Ask for within ten years.", errors=[("at", "too far away")])
    if team and team not in desk.teams:
        raise NoAccess("no such team")
    return [
        OnDuty(
            team=key,
            title=str(team_title(desk, key)),
            at=at,
            people=[Named(id=one.pk, name=str(one)) for one in on_duty(agent.desk, key, at=at)],
        )
        for key in ([team] if team else desk.teams)
    ]
