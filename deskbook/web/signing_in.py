"""Beginning a session: in whose name, from where, and for how much of the product it counts."""

import time

from django.contrib.auth import login
from django.http import HttpRequest

from deskbook.people.models import Agent, User
from deskbook.people.sessions import ONLY_AT
from deskbook.web.client_address import client_address

BACKEND = "django.contrib.auth.backends.ModelBackend"
PROVED_AT = "proved_at"
"""Key of a session: when its person last proved to be them, in seconds since 1970."""


BY_PROVIDER = "by_provider"
"""Key of a session that a sign-in provider began: where to sign out there, or "".
"""


def begin_proved_session(request: HttpRequest, user: User) -> None:
    """Signs in somebody who proved their mailbox or showed a passkey, or whom a provider named:
    everywhere a desk knows them. A provider may remember them for days, so that is no fresh proof.
    """
    _begin(request, user)
    if BY_PROVIDER in request.session:
        request.session.pop(ONLY_AT, None)
    else:
        note_proof(request)


def note_proof(request: HttpRequest) -> None:
    """Writes down that whoever is signed in proved just now that it is them: their mailbox, and
    what else they have.
    """
    request.session.cycle_key()
    request.session.pop(ONLY_AT, None)
    request.session[PROVED_AT] = time.time()


def begin_first_session(request: HttpRequest, agent: Agent) -> None:
    """Signs in by a card of a desk: for that desk only, for it says nothing of whose the mailbox
    is.
    """
    request.session.flush()
    _begin(request, agent.user)
    request.session[ONLY_AT] = agent.user.only_at = agent.desk_id


def begin_nameless_session(request: HttpRequest, user: User) -> None:
    """Signs in who gave no name, by the secret of their case: until the browser is closed, and with
    nothing kept of where they sit or what they read it with.
    """
    request.session.flush()
    login(request, user, BACKEND)
    request.session.set_expiry(0)


def _begin(request: HttpRequest, user: User) -> None:
    # Gives the session another key, so that nobody waits in it (session fixation).
    login(request, user, BACKEND)
    request.session["browser"] = request.headers.get("User-Agent", "")[:200]
    request.session["network"] = client_address(request)
