"""An ID token is believed only where it is the provider's, for this desk and this browser."""

import time
from base64 import urlsafe_b64encode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from deskbook.people.openid import Silent, claims_of
from deskbook.people.provider import Provider

PROVIDER = Provider("https://login.example.org", "deskbook", "a secret of many letters, long")
KEY = RSAKey.generate_key(2048, {"kid": "1"})
OTHER = RSAKey.generate_key(2048, {"kid": "1"})
KEYS = KeySet([KEY]).as_dict(private=False)


def token(key=KEY, header=None, **changed):
    now = int(time.time())
    claims = {
        "iss": PROVIDER.issuer,
        "aud": "deskbook",
        "sub": "a1",
        "nonce": "n1",
        "iat": now,
        "exp": now + 300,
    } | changed
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(header or {"alg": "RS256", "kid": "1"}, told, key)


def test_what_the_provider_signed_for_this_desk_is_believed():
    assert claims_of(token(), KEYS, PROVIDER, "n1")["sub"] == "a1"
    several = token(aud=["deskbook", "others"], azp="deskbook")
    assert claims_of(several, KEYS, PROVIDER, "n1")["sub"] == "a1"
    elliptic = ECKey.generate_key("P-256", {"kid": "2"})
    signed = token(elliptic, {"alg": "ES256", "kid": "2"})
    keys = KeySet([KEY, elliptic]).as_dict(private=False)
    assert claims_of(signed, keys, PROVIDER, "n1")["sub"] == "a1"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another program"},
        {"aud": None},
        {"aud": ["deskbook", "others"]},
        {"azp": "another program"},
        {"nonce": "of another browser"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 9_000_000_000},
        {"sub": None},
        {"sub": ""},
    ],
)
def test_what_is_for_others_or_over_or_says_too_little_is_not_believed(changed):
    with pytest.raises(Silent):
        claims_of(token(**changed), KEYS, PROVIDER, "n1")


def test_what_somebody_else_signed_or_nobody_is_not_believed():
    by_secret = token(OctKey.import_key(PROVIDER.client_secret), {"alg": "HS256"})
    head, body, _signature = token().split(".")
    none = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for forged in (token(OTHER), by_secret, f"{head}.{body}.", f"{none}.{body}.", "no token", ""):
        with pytest.raises(Silent):
            claims_of(forged, KEYS, PROVIDER, "n1")


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": "odd"}, {"keys": [{}]}, {"keys": 1}])
def test_keys_that_are_none_believe_nothing(keys):
    with pytest.raises(Silent):
        claims_of(token(), keys, PROVIDER, "n1")
