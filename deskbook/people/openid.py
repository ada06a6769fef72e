"""Asking a sign-in provider who somebody is: OpenID Connect Core 1.0, the code flow, with PKCE (RFC
7636), a nonce, and the issuer told apart (RFC 9207).
"""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from time import monotonic
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError

from deskbook.people.letting_in import Said
from deskbook.people.outward import outward_client
from deskbook.people.provider import Provider

SCOPES = "openid email profile"
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Never `none`, and nothing that a client's secret could sign."""
SECONDS = 6.0
"""A page waits for each answer."""
KNOWN_FOR = 600.0
"""Seconds for which what a provider says of itself is not asked again."""
MOST_GROUPS = 500
_ERROR = re.compile(r"[a-z_]{1,60}")
LEEWAY = 60
"""Seconds by which two clocks may differ."""


class Silent(Exception):
    """The provider said nothing that can be used; the text is for the log and holds no secret.
    `error` is what it said of itself (RFC 6749, 5.2), "" where it was not understood or not there.
    """

    def __init__(self, text: str, *, error: str = "") -> None:
        super().__init__(text)
        self.error = error


@dataclass(frozen=True, slots=True)
class Asked:
    """What one browser was sent there with, kept in its session until it comes back."""

    state: str
    nonce: str
    verifier: str = field(repr=False)

    @property
    def challenge(self) -> str:
        digest = sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


class Metadata(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    device_authorization_endpoint: str = ""
    revocation_endpoint: str = ""
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False


_known: dict[str, tuple[float, Metadata]] = {}


def newly_asked() -> Asked:
    """Returns what nobody guesses."""
    return Asked(*(secrets.token_urlsafe(32) for _n in range(3)))


def metadata_of(provider: Provider) -> Metadata:
    """Returns what the provider says of itself. Raises Silent."""
    before = _known.get(provider.issuer)
    if before and before[0] > monotonic() - KNOWN_FOR:
        return before[1]
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        found = Metadata.model_validate(answer_of(address))
    except ValidationError:
        raise Silent(f"{address} is no description of a provider") from None
    if found.issuer != provider.issuer:
        raise Silent(f"{provider.issuer} calls itself {found.issuer[:200]}")
    _refuse_odd_addresses(found)
    _known[provider.issuer] = (monotonic(), found)
    return found


def _refuse_odd_addresses(found: Metadata) -> None:
    """None may be less safe than the issuer itself: browsers and secrets are sent there."""
    named = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
    more = (
        found.userinfo_endpoint,
        found.end_session_endpoint,
        found.device_authorization_endpoint,
        found.revocation_endpoint,
    )
    safe = {"https", urlsplit(found.issuer).scheme}
    for address in (*named, *filter(None, more)):
        if urlsplit(address).scheme not in safe:
            raise Silent(f"{found.issuer} names an address that is not https: {address[:200]}")


def address_to_ask_at(provider: Provider, asked: Asked, back: str, **more: str) -> str:
    """Returns where the browser goes to sign in, and comes from to `back`; `more` is said beside,
    or instead. Raises Silent.
    """
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": SCOPES,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": asked.challenge,
        "code_challenge_method": "S256",
        **more,
    }
    return _with_query(metadata_of(provider).authorization_endpoint, query)


def address_to_sign_out_at(provider: Provider, back: str) -> str:
    """Returns where the browser signs out of the provider too, "" where it offers none (OpenID
    Connect RP-Initiated Logout 1.0). Raises Silent.
    """
    end = metadata_of(provider).end_session_endpoint
    query = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    return _with_query(end, query) if end else ""


def said_of(provider: Provider, asked: Asked, answer: Mapping[str, str], back: str) -> Said:
    """Returns whom the provider names, for the `answer` a browser came back with, whose state was
    compared. Raises Silent.
    """
    known = metadata_of(provider)
    tokens = tokens_for(provider, asked, answer, back)
    claims = claims_of(
        str(tokens.get("id_token", "")), answer_of(known.jwks_uri), provider, asked.nonce
    )
    return _said(provider, {**_more(known, tokens, claims), **claims})


def tokens_for(
    provider: Provider, asked: Asked, answer: Mapping[str, str], back: str
) -> dict[str, Any]:
    """Returns what the provider gives for the code a browser came back with, whose state was
    compared. Raises Silent, also where another provider answered (RFC 9207).
    """
    known = metadata_of(provider)
    wants_issuer = known.authorization_response_iss_parameter_supported
    if answer.get("iss", "" if wants_issuer else known.issuer) != known.issuer:
        raise Silent("an answer came from another provider")
    form = {
        "grant_type": "authorization_code",
        "code": answer.get("code", "")[:4_000],
        "redirect_uri": back,
        "code_verifier": asked.verifier,
    }
    return token_answer(provider, form)


def claims_of(
    token: str, keys: Mapping[str, Any], provider: Provider, nonce: str
) -> dict[str, Any]:
    """Returns what an ID token says, once it is the provider's, for this desk and this browser, and
    not over (OpenID Connect Core 1.0, 3.1.3.7). Raises Silent.
    """
    try:
        usable = [key for key in keys.get("keys", ()) if key.get("use", "sig") == "sig"]
        known = KeySet.import_key_set({"keys": usable})
        claims = jwt.decode(token, known, algorithms=list(SIGNED_BY)).claims
        _registry(provider, nonce).validate(claims)
    except (JoseError, ValueError, TypeError, AttributeError, KeyError) as wrong:
        raise Silent(f"an ID token is not to be believed: {type(wrong).__name__}") from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", "" if several else provider.client_id) != provider.client_id:
        raise Silent("an ID token is for another program")
    return dict(claims)


def _registry(provider: Provider, nonce: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )


def _said(provider: Provider, claims: Mapping[str, Any]) -> Said:
    address = str(claims.get("email") or "")[:254]
    is_verified = claims.get("email_verified")
    if is_verified is None:  # who says that an address is not verified is believed as well
        is_verified = address.rpartition("@")[2].lower() in provider.vouches_for
    vouched = is_verified in (True, "true")
    groups = claims.get(provider.groups) or ()
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else ()
    return Said(
        provider.issuer,
        str(claims["sub"])[:255],
        address if vouched and "@" in address else "",
        str(claims.get("name") or "").strip()[:200],
        tuple(str(group).removeprefix("/") for group in listed[:MOST_GROUPS]),
    )


def token_answer(provider: Provider, form: Mapping[str, str]) -> dict[str, Any]:
    """Returns what the token endpoint answers. Raises Silent."""
    return answer_of(metadata_of(provider).token_endpoint, form, client=provider)


def _more(known: Metadata, tokens: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
    """What the provider tells of the same person beside the token, where that says no address."""
    if "email" in claims or not known.userinfo_endpoint:
        return {}
    bearer = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
    found = answer_of(known.userinfo_endpoint, headers=bearer)
    return found if found.get("sub") == claims["sub"] else {}


def answer_of(
    address: str,
    form: Mapping[str, str] | None = None,
    *,
    client: Provider | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Returns the JSON object an address answers, empty for no words at all; a form is posted as
    the `client` that a provider knows. Raises Silent.
    """
    sent, auth = _as_client(client, form) if client else (form, None)
    try:
        with outward_client(seconds=SECONDS) as line:
            method = "GET" if form is None else "POST"
            answer = line.request(method, address, data=sent, auth=auth, headers=headers)
            if not answer.is_success:  # of a redirect too: nothing was done
                raise _refusal(address, answer)
            found = answer.json() if answer.content else {}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as failure:
        raise Silent(f"{address} {type(failure).__name__}") from None
    if not isinstance(found, dict):
        raise Silent(f"{address} answers something else than an object")
    return found


def _refusal(address: str, answer: httpx.Response) -> Silent:
    """Only the word for the error is repeated: what a provider describes may name people; and of a
    refusal alone (RFC 6749, 5.2), as one that is away or busy decides nothing.
    """
    try:
        said = answer.json() if answer.status_code in (400, 401) else None
    except ValueError:
        said = None
    error = str(said.get("error", "")) if isinstance(said, dict) else ""
    error = error if _ERROR.fullmatch(error) else ""
    return Silent(f"{address} {answer.status_code} {error}".strip(), error=error)


def _as_client(
    client: Provider, form: Mapping[str, str] | None
) -> tuple[dict[str, str], tuple[str, str] | None]:
    """Returns a form and what is said in a header, by one of which the client is known."""
    sent, known = dict(form or {}), metadata_of(client)
    if client.client_secret and (
        "client_secret_basic" in known.token_endpoint_auth_methods_supported
    ):
        # RFC 6749, 2.3.1: both are encoded as a form is.
        named = urlencode({client.client_id: client.client_secret}).split("=")
        return sent, (named[0], named[1])
    sent["client_id"] = client.client_id
    if client.client_secret:
        sent["client_secret"] = client.client_secret
    return sent, None


def _with_query(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def kept(asked: Asked) -> dict[str, str]:
    """Returns it as a session keeps it."""
    return asdict(asked)
