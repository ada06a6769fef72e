"""Cases that open by themselves, on the dates their book says."""

import logging
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from deskbook.engine.coming_round import CHANNEL, Coming, coming
from deskbook.engine.desk import Desk
from deskbook.engine.recurring import Recurring
from deskbook.engine.ticket import SYSTEM
from deskbook.jobs.each import tell_each
from deskbook.people.books import desk_in_force, holds_since
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import Contact, HelpDesk
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Command
from deskbook.tickets.opening import NewCase, open_ticket

CAUGHT_UP = timedelta(days=7)
"""What was missed by an outage is opened when it is over, not what is older than this."""
log = logging.getLogger(__name__)


def open_recurring(*, at: datetime | None = None) -> int:
    """Opens each case that has come by `at`, under the instant it was to come; one that was opened
    before is not opened again, whoever runs this how often. Returns how many were new.
    """
    at = at or datetime.now(UTC)
    return sum(_open_at(desk, at) for desk in HelpDesk.objects.filter(book_version__gt=0))


def _open_at(helpdesk: HelpDesk, at: datetime) -> int:
    desk = desk_in_force(helpdesk)
    due = [
        (line, one)
        for line in desk.recurring
        for one in coming(desk, line.when, _since(helpdesk, line.key, at), at)
        if not Command.objects.filter(key=_key(helpdesk, line, one)).exists()
    ]
    try:
        tell_each(due, lambda one: _open(helpdesk, desk, *one))
    except ExceptionGroup:  # the others open all the same; these are tried again
        log.exception("not every case of %s that comes by itself was opened", helpdesk)
    return len(due)


def _since(helpdesk: HelpDesk, key: str, at: datetime) -> datetime:
    """Nothing opens for the days before its line was in the book."""
    return holds_since(
        helpdesk, lambda desk: any(line.key == key for line in desk.recurring), at - CAUGHT_UP
    )


def _key(helpdesk: HelpDesk, line: Recurring, one: Coming) -> str:
    said = f"recurring {helpdesk.pk} {one.day} {line.key}"
    return sha256(said.encode()).hexdigest()


def _open(helpdesk: HelpDesk, desk: Desk, line: Recurring, one: Coming) -> None:
    case = NewCase(
        subject=line.title,
        written=Written(line.text or line.title),
        channel=CHANNEL,
        severity=line.severity,
        facets=line.facets,
        team=line.team,
        recurring=line.key,
    )
    requester = _requester(helpdesk, desk, line)
    open_ticket(requester, case, at=one.at, by=SYSTEM, key=_key(helpdesk, line, one))


def _requester(helpdesk: HelpDesk, desk: Desk, line: Recurring) -> Contact:
    """Whom it is done for; the desk itself is a contact whom no letter reaches."""
    if line.requester:
        return find_or_make_contact(helpdesk, "email", line.requester, sign_in=False)
    return find_or_make_contact(helpdesk, "desk", helpdesk.key, name=desk.title, sign_in=False)
