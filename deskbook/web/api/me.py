"""Whose a token is: what a script asks first."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from deskbook.web.api.entering import Scope, token_in

router = Router(tags=["token"])


class Me(Schema):
    """Whom a token acts for, and what it may."""

    token: str
    scopes: list[str]
    expires_at: datetime
    agent: str
    role: str
    teams: list[str]
    desk: str
    desk_title: str


@router.get("/me", auth=Scope(), response=Me)
def me(request: HttpRequest) -> Me:
    """Whom the token acts for, and what it may; needs no scope."""
    token = token_in(request)
    agent = token.agent
    return Me(
        token=token.name,
        scopes=token.scopes,
        expires_at=token.expires_at,
        agent=str(agent),
        role=agent.role,
        teams=agent.teams,
        desk=agent.desk.key,
        desk_title=agent.desk.title,
    )
