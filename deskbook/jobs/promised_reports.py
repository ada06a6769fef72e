"""Reports that the book promises, mailed on its dates; and whether they were kept."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.engine.coming_round import Coming, coming
from deskbook.engine.desk import Desk
from deskbook.engine.quotas import midnight, period_at
from deskbook.engine.recurring import PromisedReport
from deskbook.engine.wall_time import zone_named
from deskbook.jobs.addresses import address_at
from deskbook.jobs.coming_due import due, was_said
from deskbook.jobs.each import tell_each
from deskbook.jobs.named_letters import Reader, readers_named
from deskbook.people.agents import language_at, language_of
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.reports.all import REPORTS
from deskbook.reports.report import Asked
from deskbook.reports.steps import Step

LOOKED_BACK, LOOKED_AHEAD = timedelta(days=370), timedelta(days=370)
State = Literal["due", "kept", "late"]
log = logging.getLogger(__name__)


class Standing(NamedTuple):
    """How a promised report stands."""

    line: PromisedReport
    last: date | None
    """The last day it was due on; None where there was none since it is in the book."""
    state: State | None
    """Kept where it had left to everybody by the end of that day, due until then."""
    left: int
    """How many mails have left by now."""
    next_at: datetime | None


def mail_promised_reports(*, at: datetime | None = None) -> int:
    """Mails each report that is due to whom its line names, once; returns how many mails were
    new.
    """
    at = at or datetime.now(UTC)
    return sum(_mail(desk, at) for desk in HelpDesk.objects.filter(book_version__gt=0))


def standings(helpdesk: HelpDesk, *, at: datetime) -> list[Standing]:
    """Returns how each promised report of the book in force stands."""
    desk = desk_in_force(helpdesk)
    return [_standing(helpdesk, desk, line, at) for line in desk.promised_reports]


def _mail(helpdesk: HelpDesk, at: datetime) -> int:
    desk, mailed = desk_in_force(helpdesk), list[OutboundMail]()
    try:
        tell_each(
            _due(helpdesk, desk, at),
            lambda one: mailed.extend(_mail_all(helpdesk, desk, *one, at=at)),
        )
    except ExceptionGroup:  # the other desks have theirs too; these are tried again
        log.exception("not every report that %s promises was mailed", helpdesk)
    return len(mailed)


def _due(helpdesk: HelpDesk, desk: Desk, at: datetime) -> list[tuple[PromisedReport, Coming]]:
    return due(
        helpdesk,
        desk,
        _lines_of,
        lambda line, one: _key(helpdesk, line, one),
        lambda keys: OutboundMail.objects.filter(notice_key__in=keys).values_list(
            "notice_key", flat=True
        ),
        at=at,
    )


def _lines_of(desk: Desk) -> tuple[PromisedReport, ...]:
    return desk.promised_reports


def _mail_all(
    helpdesk: HelpDesk, desk: Desk, line: PromisedReport, one: Coming, *, at: datetime
) -> list[OutboundMail]:
    """Who reads it is settled here, once: its mails are made for all of them or for none, and who
    is named later has the next.
    """
    with transaction.atomic():
        queued = [
            queue_notice(helpdesk, _notice(helpdesk, line, one, reader), at=at)
            for reader in _readers(desk, helpdesk, line)
        ]
    return [mail for mail in queued if mail is not None]


def _readers(desk: Desk, helpdesk: HelpDesk, line: PromisedReport) -> list[Reader]:
    found = (reader for name in line.to for reader in readers_named(desk, helpdesk, name))
    return list({reader[0]: reader for reader in found}.values())


def _key(helpdesk: HelpDesk, line: PromisedReport, one: Coming) -> str:
    return f"report {helpdesk.pk} {one.turn} {line.key}"[:120]


def _standing(helpdesk: HelpDesk, desk: Desk, line: PromisedReport, at: datetime) -> Standing:
    found = coming(desk, line.when, at - LOOKED_BACK, at)
    ahead = coming(desk, line.when, at, at + LOOKED_AHEAD)
    next_at = ahead[0].at if ahead else None
    if not found or not was_said(helpdesk, desk, _lines_of, line, found[-1]):
        return Standing(line, None, state=None, left=0, next_at=next_at)
    last = found[-1]
    mails = OutboundMail.objects.filter(notice_key=_key(helpdesk, line, last))
    sent = list(mails.values_list("sent_at", flat=True))
    state = _state(sent, _end_of(desk, line, last), at)
    left = sum(one is not None for one in sent)
    return Standing(line, last.day, state=state, left=left, next_at=next_at)


def _end_of(desk: Desk, line: PromisedReport, one: Coming) -> datetime:
    """The day is that of the hours by which its dates are read."""
    return midnight(one.day + timedelta(days=1), desk.calendars[line.when.hours or desk.hours].zone)


def _state(sent: list[datetime | None], end_at: datetime, at: datetime) -> State:
    if sent and all(one is not None and one < end_at for one in sent):
        return "kept"
    return "due" if at < end_at else "late"


def _notice(helpdesk: HelpDesk, line: PromisedReport, one: Coming, reader: Reader) -> Notice:
    address, agent, opens_it = reader
    language = language_of(agent) if agent else language_at(helpdesk)
    with translation.override(language):
        desk = desk_in_force(helpdesk)
        first, parts = _told_of(helpdesk, desk, line, one)
        why = _("You are told because the procedure of %(desk)s says so.") % {"desk": desk.title}
        link = address_at(helpdesk, "/console/reports/") if opens_it else ""
        named = {"desk": desk.title, "report": desk.said(line.title), "day": f"{first:%Y-%m-%d}"}
        subject = _("%(desk)s: %(report)s, from %(day)s") % named
    text = "\n\n".join(filter(None, (*parts, link, why)))
    name = str(agent.user) if agent else ""
    return Notice(_key(helpdesk, line, one), address, subject, text, language, name)


def _told_of(
    helpdesk: HelpDesk, desk: Desk, line: PromisedReport, one: Coming
) -> tuple[date, list[str]]:
    """Returns the first day it tells of, and each report's numbers."""
    until_at, _next = period_at(line.of, desk.zone, at=one.at)
    from_at, _until = period_at(line.of, desk.zone, at=until_at - timedelta(microseconds=1))
    first = from_at.astimezone(zone_named(desk.zone)).date()
    asked = Asked(helpdesk.pk, desk, (Step(first, from_at, until_at),))
    return first, ["\n".join(_numbers(key, asked)) for key in line.says]


def _numbers(key: str, asked: Asked) -> Iterator[str]:
    report = REPORTS[key]
    [whole], _sum = report.answer(asked)
    yield str(report.question)
    for column in report.columns:
        yield f"{column.title}: {whole.said(column)}"
