"""The day on one page, mailed at closing time to those the book names under `tell`."""

import logging
from datetime import UTC, date, datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.engine.hours import closed_lately
from deskbook.jobs.addresses import address_at
from deskbook.jobs.each import tell_each
from deskbook.jobs.named_letters import Reader, readers_named
from deskbook.people.agents import language_at, language_of
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.reports.day import how_it_went

STILL_NEWS = timedelta(hours=6)
"""Of a day that was over longer ago nothing is mailed any more: an outage is no reason to."""
log = logging.getLogger(__name__)


def mail_day_sheets(*, at: datetime | None = None) -> int:
    """Mails each desk's day that is over to whom its book names, once; returns how many mails were
    new.
    """
    at = at or datetime.now(UTC)
    return sum(_mail(desk, at) for desk in HelpDesk.objects.filter(book_version__gt=0))


def _mail(helpdesk: HelpDesk, at: datetime) -> int:
    due = [one for one in _named(helpdesk, at) if not _was_told(helpdesk, *one)]
    try:
        tell_each(due, lambda one: queue_notice(helpdesk, _notice(helpdesk, *one), at=at))
    except ExceptionGroup:  # the other desks have their day too; these are tried again
        log.exception("the day of %s was not told to everybody", helpdesk)
    return len(due)


def _named(helpdesk: HelpDesk, at: datetime) -> list[tuple[date, Reader]]:
    """Each who is to have a day, once, whichever lines name them."""
    desk = desk_in_force(helpdesk)
    found: dict[tuple[date, str], tuple[date, Reader]] = {}
    for line in desk.tells:
        if "closing time" not in line.on:
            continue
        on = closed_lately(desk.calendars[line.hours or desk.hours], at, STILL_NEWS)
        if on is None:
            continue
        for name in line.to:
            for reader in readers_named(desk, helpdesk, name):
                found.setdefault((on, reader[0]), (on, reader))
    return list(found.values())


def _was_told(helpdesk: HelpDesk, on: date, reader: Reader) -> bool:
    mails = OutboundMail.objects.filter(notice_key=_key(helpdesk, on), recipient=reader[0])
    return mails.exists()


def _key(helpdesk: HelpDesk, on: date) -> str:
    return f"day sheet {helpdesk.pk} {on}"


def _notice(helpdesk: HelpDesk, on: date, reader: Reader) -> Notice:
    address, agent, opens_it = reader
    language = language_of(agent) if agent else language_at(helpdesk)
    with translation.override(language):
        desk = desk_in_force(helpdesk)
        title = desk.title
        lines = [
            f"{one.column.title}: {int(one.number or 0):,}"
            for one in how_it_went(helpdesk, desk, on)
            if one.column.shows == "count"
        ]
        why = _("You are told because the procedure of %(desk)s says so.") % {"desk": title}
        link = address_at(helpdesk, f"/console/days/{on}/") if opens_it else ""
        named = {"desk": title, "day": f"{on:%Y-%m-%d}"}
        subject = _("%(desk)s: how %(day)s went") % named
    text = "\n\n".join(filter(None, ("\n".join(lines), link, why)))
    return Notice(
        _key(helpdesk, on), address, subject, text, language, str(agent.user) if agent else ""
    )
