"""Tokens of the REST API: made, shown once, found by what was shown, ended."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import F, Q, QuerySet

from deskbook.people.access import WHO_MAY, may
from deskbook.people.models import Agent, User
from deskbook.people.token_models import ApiToken

BEGINS = "dbk_"
"""What each begins with, so that a scan for secrets and the log know one."""
SCOPES = ("read", "write", "reports", "book", "hooks")
MAKERS = WHO_MAY["connect gateways"]
"""The roles that make tokens for others."""
NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a token before it is made."""

    name: str
    scopes: Sequence[str]
    valid_for: timedelta


def make_token(agent: Agent, told: Told, *, at: datetime, by: Agent) -> tuple[ApiToken, str]:
    """Makes a token that acts for an agent and returns it with its secret, which nobody can read
    again.
    """
    secret = BEGINS + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        desk=agent.desk,
        agent=agent,
        name=told.name,
        secret_hash=hash_of(secret),
        scopes=[scope for scope in SCOPES if scope in told.scopes],
        made_at=at,
        made_by=by,
        expires_at=at + told.valid_for,
    )
    return made, secret


def tokens_shown_to(agent: Agent) -> QuerySet[ApiToken]:
    """Returns the tokens in use that an agent may end: of owners all of the desk, of others those
    that act for them.
    """
    tokens = ApiToken.objects.filter(desk=agent.desk_id, ended_at=None)
    if not may(agent, "connect gateways"):
        tokens = tokens.filter(agent=agent)
    return tokens.select_related("agent__user", "made_by__user").order_by("-made_at", "-pk")


def token_of(secret: str, *, at: datetime) -> ApiToken | None:
    """Returns the token with this secret and whom it acts for; None for one that is unknown, ended
    or over, for an agent who works at the desk no more, and for one that was made for somebody else
    by who may make such no more: its maker has read its secret.

    Found by its hash: how long that takes says nothing about a secret of 256 bits.
    """
    makers = Q(made_by=F("agent")) | _works("made_by", at) & Q(made_by__role__in=MAKERS)
    known = ApiToken.objects.filter(makers, _works("agent", at), desk=F("agent__desk"))
    known = known.filter(ended_at=None, expires_at__gt=at)
    found = known.select_related("agent__user", "agent__desk").filter(secret_hash=hash_of(secret))
    token = found.first()
    if token and (token.used_at is None or token.used_at < at - NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(used_at=at)
    return token


def _works(who: str, at: datetime) -> Q:
    works = Q(**{f"{who}__is_active": True, f"{who}__user__is_active": True})
    return works & (Q(**{f"{who}__until": None}) | Q(**{f"{who}__until__gt": at}))


def end_tokens_of(user: User, *, at: datetime) -> int:
    """From now on nothing is opened by any token that acts for a person or was made by them;
    returns how many.
    """
    theirs = Q(agent__user=user) | Q(made_by__user=user)
    return ApiToken.objects.filter(theirs, ended_at=None).update(ended_at=at)


def end_token(token: ApiToken, *, at: datetime) -> None:
    """From now on it opens nothing."""
    ApiToken.objects.filter(pk=token.pk, ended_at=None).update(ended_at=at)


def hash_of(secret: str) -> str:
    """Returns what is kept of a secret. Nobody finds 256 random bits again by trying, so it needs
    no key, and outlives that of the installation.
    """
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
