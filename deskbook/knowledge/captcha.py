"""A CAPTCHA without pictures and without anybody else: the browser does a little work, once for
each vote.

Challenges follow ALTCHA's protocol, version 1: find the number whose SHA-256 with the salt is the
one given. A solved challenge is kept for longer than it is good, so that nobody uses it twice.
"""

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Any

from altcha.v1 import ChallengeOptions, create_challenge, extract_params, verify_solution
from django.utils.crypto import salted_hmac

from deskbook.knowledge.models import SpentChallenge
from deskbook.refusals.refusal import Refused

COST = 30_000
"""Most hashes to try, half of it on average: a tenth of a second on a desk, about a second on a
cheap phone.
"""
GOOD_FOR = timedelta(minutes=20)
KEPT_FOR = timedelta(days=7)
_LONGEST = 2_000


def new_challenge(*, at: datetime) -> dict[str, Any]:
    """Returns a challenge as its JSON goes to the browser."""
    options = ChallengeOptions(
        algorithm="SHA-256", max_number=COST, hmac_key=_key(), expires=at + GOOD_FOR
    )
    return dict(create_challenge(options).to_dict())


def spend(solution: str, *, at: datetime) -> None:
    """Takes the solution of a challenge, once. Raises Refused for a missing, wrong, expired or used
    one.
    """
    if not solution.strip():
        raise Refused("captcha missing")
    said = _read(solution)
    right, _error = verify_solution(said, _key(), check_expires=False)
    if not right:
        raise Refused("captcha wrong")
    expires = extract_params(said).get("expires", ["0"])[0]
    if not expires.isdecimal() or int(expires) <= at.timestamp():
        raise Refused("captcha expired")
    SpentChallenge.objects.filter(until__lt=at).delete()
    _row, fresh = SpentChallenge.objects.get_or_create(
        challenge=str(said["challenge"]), defaults={"until": at + KEPT_FOR}
    )
    if not fresh:
        raise Refused("captcha used")


def _read(solution: str) -> Any:
    """Returns the parts of a solution; an empty challenge, which is never right, for what is
    none.
    """
    nothing = {"algorithm": "SHA-256", "challenge": "", "number": 0, "salt": "", "signature": ""}
    if len(solution) > _LONGEST:
        return nothing
    try:
        said = json.loads(base64.b64decode(solution, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return nothing
    whole = isinstance(said, dict) and all(
        isinstance(said.get(name), type(nothing[name])) for name in nothing
    )
    return {name: said[name] for name in nothing} if whole else nothing


def _key() -> str:
    return salted_hmac("deskbook.captcha", "articles", algorithm="sha256").hexdigest()
