"""The tokens by which mailboxes are signed in to: their provider gives them where the mailbox's
owner said so (RFC 6749), they are renewed before they end, and kept sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from deskbook.channels.email.models import MailGrant
from deskbook.engine.addresses import normal_address
from deskbook.people.openid import Silent, answer_of, metadata_of, token_answer
from deskbook.people.provider import MailProvider
from deskbook.people.sealing import Unreadable, sealed, unsealed
from deskbook.people.turns import in_turn

RENEWED_BEFORE = timedelta(minutes=5)
"""A connection is made, and a mail handed over, within the life of the token it began with."""
LASTS = timedelta(hours=1)
"""Unsaid (RFC 6749, 5.1)."""
TOLD_BEFORE = timedelta(days=7)
"""So long before a grant ends is it told that it does."""

_GIVEN = ("refresh", "access", "access_until_at", "until_at", "renewed_at", "refused")
"""What a provider gives each time."""


class NoToken(ConnectionError):
    """There is no token for a mailbox: nobody can sign in to it. The text holds no secret."""


class NotConnected(NoToken):
    """Nobody has let the desk into it yet: no provider was asked."""


def mail_provider() -> MailProvider:
    """Returns the provider of the installation. Raises NoToken where none is set."""
    found: MailProvider | None = settings.DESKBOOK_MAIL_PROVIDER
    if found is None:
        raise NoToken("DESKBOOK_MAIL_OAUTH_ISSUER is not set")
    return found


def access_token(user: str, *, at: datetime | None = None) -> str:
    """Returns a token that is good for a while yet, renewed where it has to be: by one process at a
    time, since a provider may take each refresh token once. It is asked in no transaction: it may
    take a minute. Raises NoToken.
    """
    at = at or datetime.now(UTC)
    try:
        if good := _good(_grant_of(user), at):
            return good
        with in_turn(_turn_of(user)):
            row = _grant_of(user)  # as another left it whose turn it was
            return _good(row, at) or _renewed(row, at)
    except Unreadable:
        why = f"the tokens of {user} are sealed with another key: connect it again"
        raise NoToken(why) from None


def _turn_of(user: str) -> str:
    return f"tokens of {normal_address(user)}"


def _grant_of(user: str) -> MailGrant:
    row = MailGrant.objects.filter(user=normal_address(user)).first()
    if row is None:
        raise NotConnected(f"{user} is not connected yet: connect it under Settings, Mail")
    return row


def doubt_token(user: str) -> None:
    """A server refused it: the next who wants one asks the provider, which knows whether somebody
    took the consent back.
    """
    refused = MailGrant.objects.filter(user=normal_address(user))
    refused.update(access_until_at=datetime.now(UTC))


def _good(row: MailGrant, at: datetime) -> str:
    return unsealed(row.access) if row.access_until_at > at + RENEWED_BEFORE else ""


def _renewed(row: MailGrant, at: datetime) -> str:
    """Keeps what the provider gives, or why it gives none, with the grant as long as there is one:
    one that was let go meanwhile does not come back, and what came for it is used no more.
    """
    form = {"grant_type": "refresh_token", "refresh_token": unsealed(row.refresh)}
    kept = MailGrant.objects.filter(pk=row.pk)
    try:
        _take(row, token_answer(mail_provider().client, form), at)
    except Silent as failure:
        # A provider that is away says nothing about the grant; one that names an error does.
        if failure.error:
            kept.update(refused=failure.error[:60])
        raise NoToken(f"{row.user} gets no token: {failure}") from None
    if not kept.update(**{name: getattr(row, name) for name in _GIVEN}):
        with suppress(Silent):
            revoke(unsealed(row.refresh))
        raise NotConnected(f"{row.user} was let go while its token was renewed")
    return unsealed(row.access)


def _take(row: MailGrant, answer: Mapping[str, Any], at: datetime) -> None:
    """The refresh token stays where no other came with the answer (RFC 6749, 6)."""
    token = str(answer.get("access_token") or "")
    if not token:
        raise Silent("the provider answered without a token")
    row.access, row.access_until_at = sealed(token), at + _span(answer, "expires_in", LASTS)
    if answer.get("refresh_token"):
        row.refresh = sealed(str(answer["refresh_token"]))
    if "refresh_token_expires_in" in answer:
        row.until_at = at + _span(answer, "refresh_token_expires_in", timedelta())
    row.renewed_at, row.refused = at, ""


def _span(answer: Mapping[str, Any], name: str, unsaid: timedelta) -> timedelta:
    try:
        return timedelta(seconds=int(answer.get(name, unsaid.total_seconds())))
    except (TypeError, ValueError, OverflowError):
        return unsaid


def new_grant(user: str, answer: Mapping[str, Any], *, at: datetime) -> MailGrant:
    """Returns what a provider gave for a mailbox, which is not kept yet. Raises Silent where it
    gave nothing that can be renewed.
    """
    row = MailGrant(user=normal_address(user), given_at=at)
    _take(row, answer, at)
    if not row.refresh:
        raise Silent("the provider gave no refresh token: is offline access among the scopes?")
    return row


def keep_grant(row: MailGrant) -> None:
    """Keeps it, in place of what there was for the mailbox: not while that is renewed, which would
    be kept in its place.
    """
    values = {name: getattr(row, name) for name in (*_GIVEN, "given_at")}
    with in_turn(_turn_of(row.user)):
        MailGrant.objects.update_or_create(user=row.user, defaults=values)


def end_grant(user: str) -> bool:
    """Forgets the tokens of a mailbox and asks its provider to do so too (RFC 7009); returns
    whether there were any. A provider that is away keeps nobody from forgetting them here.
    """
    row = MailGrant.objects.filter(user=normal_address(user)).first()
    if row is None:
        return False
    row.delete()
    with suppress(Silent, Unreadable, NoToken):
        revoke(unsealed(row.refresh))
    return True


def revoke(token: str) -> None:
    """Tells the provider that a token is used no more, where it wants to know. Raises Silent."""
    client = mail_provider().client
    where = metadata_of(client).revocation_endpoint
    if where:
        form = {"token": token, "token_type_hint": "refresh_token"}
        answer_of(where, form, client=client)


def grants_ending(*, at: datetime) -> Iterable[MailGrant]:
    """Returns the grants that let nobody in any more, or end soon."""
    ends = Q(until_at__lt=at + TOLD_BEFORE) | ~Q(refused="")
    return MailGrant.objects.filter(ends).order_by("user")


def renew_all(*, at: datetime) -> None:
    """Renews what was not renewed for a day, so that no grant ends for not being used."""
    old = MailGrant.objects.filter(renewed_at__lt=at - timedelta(days=1))
    for user in list(old.values_list("user", flat=True)):
        MailGrant.objects.filter(user=user).update(access_until_at=at)
        try:
            access_token(user, at=at)
        except NoToken:
            continue  # it is kept with the grant
