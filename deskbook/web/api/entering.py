"""Who asks: the agent of a token, within its scopes and so often a minute. No cookie opens anything
here, so nothing can be sent in somebody's name by a page of others (CSRF).
"""

from datetime import timedelta
from typing import cast

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.security import HttpBearer

from deskbook.engine.wall_time import zone_named
from deskbook.people.agents import language_of
from deskbook.people.books import desk_in_force
from deskbook.people.limits import too_often
from deskbook.people.models import Agent
from deskbook.people.token_models import ApiToken
from deskbook.people.tokens import BEGINS, token_of
from deskbook.web.api.problems import Declined

MOST, WITHIN = 600, timedelta(minutes=1)
"""Requests of all tokens of one agent: making more of them gives no more."""
MOST_OF_BOOKS = 20
"""Of these such as start a process of their own: a book checked, scenarios played."""
_LONGEST = 100


class Scope(HttpBearer):
    """Lets a token in that has the scope; the request then knows its agent, in their words and
    zone.
    """

    openapi_name = "token"

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        at = timezone.now()
        if not token.startswith(BEGINS) or len(token) > _LONGEST:
            return None
        found = token_of(token, at=at)
        if found is None:
            return None
        _not_too_often(f"api {found.agent_id}", MOST)
        _enter(found.agent)
        if self.scope and self.scope not in found.scopes:
            told = f"This token has not the scope “{self.scope}”: make one that has."
            raise Declined(403, told)
        return found


def _enter(agent: Agent) -> None:
    """What is asked is asked at the token's desk alone. Undone when the request ends (urls.py)."""
    agent.user.only_at = agent.desk_id
    agent.user.agents_by_desk = (agent,)
    timezone.activate(zone_named(agent.user.zone or desk_in_force(agent.desk).zone))
    translation.activate(language_of(agent))


def token_in(request: HttpRequest) -> ApiToken:
    """Returns the token a request was let in by."""
    return cast("ApiToken", request.auth)  # type: ignore[attr-defined]


def agent_in(request: HttpRequest) -> Agent:
    """Returns whom it acts for."""
    return token_in(request).agent


def not_too_many_books(request: HttpRequest) -> None:
    """Counts one more that starts a process. Raises Declined."""
    _not_too_often(f"api books {agent_in(request).pk}", MOST_OF_BOOKS)


def _not_too_often(what: str, most: int) -> None:
    if too_often(what, most, WITHIN, at=timezone.now()):
        seconds = str(int(WITHIN.total_seconds()))
        told = f"More than {most} requests came within a minute: ask again in {seconds} seconds."
        raise Declined(429, told, headers={"Retry-After": seconds})
