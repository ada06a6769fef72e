"""Articles suggested to who writes a case: by what the writing is known, and that it was sent."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.http import HttpRequest

from deskbook.knowledge.deflection import DECIDED_AFTER, KEY, note_sent
from deskbook.people.models import HelpDesk
from deskbook.web.viewer import user_of

MOST = 3


def sent(request: HttpRequest, helpdesk: HelpDesk, *, at: datetime) -> None:
    """Notes that the case somebody was writing was sent, whatever they read before: no
    deflection.
    """
    kept = request.session.pop(_place_in_session(helpdesk), None)
    if kept:
        note_sent(helpdesk, str(kept["key"]), at=at)


def writing_of(request: HttpRequest, helpdesk: HelpDesk, *, at: datetime) -> str:
    """Returns what the present writing is known by: in the session of who is signed in, else as the
    page gave it.
    """
    if user_of(request) is None:
        given = request.GET.get("writing", "")
        return given if KEY.fullmatch(given) else uuid4().hex
    name = _place_in_session(helpdesk)
    kept = request.session.get(name)
    if not kept or datetime.fromisoformat(kept["at"]) < at - DECIDED_AFTER - timedelta(hours=1):
        kept = request.session[name] = {"key": uuid4().hex, "at": at.isoformat()}
    return str(kept["key"])


def _place_in_session(helpdesk: HelpDesk) -> str:
    return f"writing {helpdesk.pk}"
