"""There to a provider and back: what a browser was sent with counts in that browser, once, and for
a while.
"""

from hmac import compare_digest
from time import time
from typing import Any, NamedTuple

from django.http import HttpRequest

from deskbook.people.openid import Asked, kept

GOOD_FOR_S = 1_200
"""How long somebody may take to sign in there."""


class Back(NamedTuple):
    """A browser that came back from where it was sent."""

    asked: Asked
    """What it was sent there with."""
    more: dict[str, Any]
    """What else was to be remembered till then."""
    is_refused: bool
    """The provider said no (RFC 6749, 4.1.2.1)."""


def remember(request: HttpRequest, key: str, asked: Asked, **more: Any) -> None:
    """Keeps what a browser is sent there with, in its session, in place of what it was sent with
    before.
    """
    request.session[key] = {"asked": kept(asked), "since": time(), "more": more}


def come_back(request: HttpRequest, key: str) -> Back | None:
    """Returns what a browser that comes back was sent with; None where it was sent from another
    one, took longer than GOOD_FOR_S, or came back already.
    """
    held = request.session.pop(key, None)
    if not held or held.get("since", 0) < time() - GOOD_FOR_S or "asked" not in held:
        return None
    asked, brought = Asked(**held["asked"]), request.GET.get("state", "")
    if not compare_digest(asked.state.encode(), brought.encode()):
        return None
    return Back(asked, held["more"], bool(request.GET.get("error")))
