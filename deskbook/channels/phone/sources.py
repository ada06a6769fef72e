"""The telephone systems that may tell a desk of its calls, and how each proves that it is one."""

import base64
import hmac
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha1

from django.db import transaction
from django.db.models import QuerySet
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from structlog import get_logger

from deskbook.channels.phone.models import CallSource
from deskbook.people.models import Agent
from deskbook.people.sealing import Unreadable
from deskbook.people.sealing import sealed as seal
from deskbook.people.sealing import unsealed as unseal

MOST = 20
"""Of one desk: each is tried in turn."""
_log = get_logger(__name__)


class Unproven(Exception):
    """Nobody the desk knows sent this; the text says what to look at, and gives nothing away."""


@transaction.atomic
def make_source(
    agent: Agent, name: str, preset: str, token: str = "", *, at: datetime
) -> tuple[CallSource, str]:
    """Makes a source and returns it with its secret, which is not shown again.

    Twilio's secret is its account's auth token and comes from there; the others are made here.
    Raises ValueError.
    """
    if preset not in CallSource.Preset.values or not name.strip():
        raise ValueError("Give the telephone system a name, and say how it tells of calls.")
    if preset == CallSource.Preset.TWILIO and len(token.strip()) < 16:
        raise ValueError(
            "Twilio signs with the auth token of your account: copy it from Twilio’s console."
        )
    if sources_of(agent.desk_id).count() >= MOST:
        raise ValueError(f"A desk has at most {MOST} telephone systems: end one of them first.")
    shown = _secret(preset, token.strip())
    told = {"name": name.strip()[:60], "preset": preset, "secret": seal(shown)}
    row = CallSource.objects.create(desk=agent.desk, **told, made_at=at, made_by=agent)
    return row, shown


def _secret(preset: str, token: str) -> str:
    if preset == CallSource.Preset.TWILIO:
        return token
    return _standard_secret() if preset == CallSource.Preset.STANDARD else secrets.token_urlsafe(24)


def sources_of(desk_id: int, preset: str = "") -> QuerySet[CallSource]:
    """Returns the desk's sources in use."""
    rows = CallSource.objects.filter(desk=desk_id, ended_at=None).order_by("pk")
    return rows.filter(preset=preset) if preset else rows


def prove_standard(desk_id: int, body: bytes, headers: Mapping[str, str]) -> CallSource:
    """Returns the source whose secret signed the body (Standard Webhooks); raises Unproven, also
    for one too old.
    """
    why = "The signature is not that of a telephone system of this desk."
    for row, secret in _secrets(desk_id, CallSource.Preset.STANDARD):
        try:
            Webhook(secret).verify(body, dict(headers), json_parse=False)
        except WebhookVerificationError as wrong:
            if "timestamp too" in str(wrong):
                why = (
                    "webhook-timestamp is more than 5 minutes from now: set the clocks, and sign"
                    " again."
                )
            elif "Missing" in str(wrong):
                why = (
                    "webhook-id, webhook-timestamp and webhook-signature are needed (Standard"
                    " Webhooks)."
                )
        except ValueError:
            why = "webhook-signature is not readable: it looks like “v1,” and base64."
        else:
            return row
    raise Unproven(why)


def prove_twilio(desk_id: int, url: str, form: Mapping[str, str], signature: str) -> CallSource:
    """Returns the source whose token signed the form (X-Twilio-Signature); raises Unproven."""
    signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    for row, token in _secrets(desk_id, CallSource.Preset.TWILIO):
        expected = base64.b64encode(hmac.digest(token.encode(), signed.encode(), sha1)).decode()
        if hmac.compare_digest(expected.encode(), signature.encode()):
            return row
    raise Unproven(
        "X-Twilio-Signature is not that of this desk’s account, or the address Twilio called is"
        " another."
    )


def prove_token(desk_id: int, token: str) -> CallSource:
    """Returns the source with this secret in its address; raises Unproven."""
    for row, secret in _secrets(desk_id, CallSource.Preset.EXOTEL):
        if hmac.compare_digest(secret.encode(), token.encode()):
            return row
    raise Unproven("The secret in the address is not one of this desk.")


def _secrets(desk_id: int, preset: str) -> Iterator[tuple[CallSource, str]]:
    for row in sources_of(desk_id, preset)[:MOST]:
        try:
            yield row, unseal(row.secret)
        except Unreadable:
            _log.warning(
                "the secret of a telephone system cannot be read any more: make it again",
                source=row.pk,
            )


def _standard_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
