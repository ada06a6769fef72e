"""Cases that open by themselves, on the dates their book says."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

from django.db import transaction

from deskbook.engine.coming_round import CHANNEL, Coming
from deskbook.engine.desk import Desk
from deskbook.engine.recurring import Recurring
from deskbook.engine.ticket import SYSTEM
from deskbook.jobs.coming_due import due
from deskbook.jobs.each import tell_each
from deskbook.jobs.unopened import tell_leads_of_unopened
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import Contact, HelpDesk
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Command
from deskbook.tickets.opening import NewCase, open_ticket

Due = tuple[Recurring, Coming]
log = logging.getLogger(__name__)


def open_recurring(*, at: datetime | None = None) -> int:
    """Opens each case that has come by `at`, under the instant it was to come; one that was opened
    before is not opened again, whoever runs this how often. Returns how many were new.
    """
    at = at or datetime.now(UTC)
    return sum(_open_at(desk, at) for desk in HelpDesk.objects.filter(book_version__gt=0))


def _open_at(helpdesk: HelpDesk, at: datetime) -> int:
    desk, opened = desk_in_force(helpdesk), list[Due]()
    try:
        tell_each(_due(helpdesk, desk, at), lambda one: opened.extend(_open(helpdesk, desk, one)))
    except ExceptionGroup:  # the others open all the same; these are tried again
        log.exception("not every case of %s that comes by itself was opened", helpdesk)
    return len(opened)


def _due(helpdesk: HelpDesk, desk: Desk, at: datetime) -> list[Due]:
    return due(
        helpdesk,
        desk,
        lambda book: book.recurring,
        lambda line, one: _key(helpdesk, line, one),
        lambda keys: Command.objects.filter(key__in=keys).values_list("key", flat=True),
        at=at,
    )


def _key(helpdesk: HelpDesk, line: Recurring, one: Coming) -> str:
    said = f"recurring {helpdesk.pk} {one.turn} {line.key}"
    return sha256(said.encode()).hexdigest()


def _open(helpdesk: HelpDesk, desk: Desk, come: Due) -> Iterator[Due]:
    """Opens a case and yields what was opened: nothing where it is refused, and leads are told; it
    is tried again, as a mended book may take it.
    """
    line, one = come
    try:
        with transaction.atomic():
            _open_case(helpdesk, desk, line, one)
    except Refused as refused:
        tell_leads_of_unopened(helpdesk, line, one, refused)
    else:
        yield come


def _open_case(helpdesk: HelpDesk, desk: Desk, line: Recurring, one: Coming) -> None:
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
