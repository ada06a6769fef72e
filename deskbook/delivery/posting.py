"""Telling an endpoint something, signed, and what its answer says of that: the same for all that is
told by Standard Webhooks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx

from deskbook.delivery.endpoints import signatures
from deskbook.delivery.models import Departure, Endpoint
from deskbook.delivery.outbox import InHand, Outcome
from deskbook.delivery.patience import pause_after
from deskbook.delivery.states import State
from deskbook.people.outward import NO_ANSWER_BEHIND, NotAllowed, fell_silent, outward_client
from deskbook.people.sealing import Unreadable
from deskbook.refusals.kept import kept, stored

SECONDS = 15.0
"""How long an endpoint may take (Standard Webhooks)."""
OURS = (301, 302, 303, 307, 308, 401, 403, 404, 405, 410)
"""Answers of an address, or of a guard before it, that is not the one that was entered: no case and
nobody it was for is to blame.
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told."""

    id: str
    """The same for each attempt: the other side knows what it has."""
    body: str
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it."""

    outcome: Outcome
    is_ours: bool = False
    """The desk is refused, and not what it says."""
    status: int | None = None
    """None where nothing was answered."""
    answer: bytes = b""


def post(
    endpoint: Endpoint, letter: Letter, taken: InHand[Departure], *, tried_for: timedelta
) -> Told:
    """Tells an endpoint what is in hand and returns what came of it; what it did not take is tried
    again for `tried_for`.
    """
    try:
        headers = _headers(endpoint, letter, taken)
        with outward_client(seconds=SECONDS) as client:
            answer = client.post(endpoint.address, content=letter.body.encode(), headers=headers)
    except (Unreadable, NotAllowed) as problem:
        return Told(_later(taken, tried_for, stored(str(problem))), True)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as problem:
        why = kept("elsewhere.away", error=type(problem).__name__)
        later = _later(taken, tried_for, why)
        return Told(replace(later, may_be_there=fell_silent(problem)))
    outcome, is_ours = _meaning(taken, answer, tried_for)
    return Told(outcome, is_ours, answer.status_code, answer.content)


def _headers(endpoint: Endpoint, letter: Letter, taken: InHand[Departure]) -> Mapping[str, str]:
    return {
        "content-type": letter.content_type,
        "webhook-id": letter.id,
        "webhook-timestamp": str(int(taken.at.timestamp())),
        "webhook-signature": signatures(endpoint, letter.id, letter.body, at=taken.at),
    }


def _meaning(
    taken: InHand[Departure], answer: httpx.Response, tried_for: timedelta
) -> tuple[Outcome, bool]:
    status = answer.status_code
    if 200 <= status < 300:
        return Outcome(State.HANDED_OVER), False
    if status in OURS:
        return _later(taken, tried_for, kept("elsewhere.moved", status=str(status))), True
    why = kept("elsewhere.said", status=str(status))
    if status in (408, 425, 429) or status >= 500:
        later = _later(taken, tried_for, why, answer.headers.get("retry-after", ""))
        return replace(later, may_be_there=status in NO_ANSWER_BEHIND), False
    return Outcome(State.BOUNCED, why), False


def _later(taken: InHand[Departure], tried_for: timedelta, why: str, after: str = "") -> Outcome:
    wait_s = min(int(after), 3_600) if after.isdecimal() and len(after) < 9 else 0
    # Of its own failures alone: how long it stood in the line before says nothing of the endpoint.
    pause = max(pause_after(taken.row.attempts), timedelta(seconds=wait_s))
    return Outcome(State.WAITING, why, taken.at + pause, tried_for)
