"""Mail to those the book names under `tell`: when a case is opened, late or handed up."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.engine.apply import replay
from deskbook.engine.desk import Desk
from deskbook.engine.telling import told_of
from deskbook.jobs.each import tell_each
from deskbook.people.agents import language_of
from deskbook.people.books import desk_at
from deskbook.people.contacts import addresses_of
from deskbook.people.duty import leads_of, members_of, owners_of
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.terms import CLOCKS
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.state import entry_of
from deskbook.tickets.what_follows import only_where

Reader = tuple[str, Agent | None, bool]
"""An address, who of the desk it is, and whether they can open the case there."""


def _names_anybody(desk: Desk, _ticket: Ticket, _entry: LogEntry) -> bool:
    return bool(desk.tells) or any(contact.mail for contact in desk.outside.values())


@only_where(_names_anybody)
def tell_named(entry_id: int, *, at: datetime | None = None) -> None:
    """Mails what happened to everybody the book names for it, as the case was then; asked twice it
    is one mail each. Who did it themselves is told as well: the book says so. Those whose line has
    hours are told when these open.
    """
    entry = LogEntry.objects.select_related("ticket__desk", "ticket__requester").get(pk=entry_id)
    desk = desk_at(entry.ticket.desk_id, entry.ticket.book_version)
    log = LogEntry.objects.filter(ticket=entry.ticket_id, seq__lte=entry.seq).order_by("seq")
    case = replay(entry_of(row) for row in log)
    at = at or datetime.now(UTC)
    named = told_of(desk, case, entry_of(entry).event, at=at)
    now = [name for name, told_at in named.items() if told_at <= at]
    readers = {r[0]: r for name in now for r in readers_named(desk, entry.ticket.desk, name)}
    if later := [told_at for told_at in named.values() if told_at > at]:
        again = app.configure_task("tell_named", queue="reactions", schedule_at=min(later))
        again.defer(entry_id=entry_id)
    tell_each(readers.values(), lambda reader: _tell(entry, desk.languages[0], reader))


def readers_named(desk: Desk, helpdesk: HelpDesk, name: str) -> Iterator[Reader]:
    """Returns who reads what is told to a name of the book: a team, "leads", an address …"""
    if name in desk.outside:
        yield desk.outside[name].mail, None, False
    elif name not in desk.teams and "@" in name:
        yield name, None, False
    elif name in desk.teams and desk.teams[name].mail:
        yield desk.teams[name].mail, None, True
    else:
        people = {"leads": leads_of, "owners": owners_of}.get(name)
        found = people(helpdesk) if people else members_of(helpdesk, name, at=datetime.now(UTC))
        yield from ((agent.user.email, agent, True) for agent in found)


def _tell(entry: LogEntry, usual_language: str, reader: Reader) -> None:
    address, agent, opens_it = reader
    language = language_of(agent) if agent else usual_language
    with translation.override(language):
        desk = desk_at(entry.ticket.desk_id, entry.ticket.book_version)
        what = _what(entry, desk)
        goes_on = "" if opens_it else _whose(entry)
        where = f"{settings.DESKBOOK_SITE_URL}/console/tickets/{entry.ticket}" if opens_it else ""
        why = _("You are told because the procedure of %(desk)s says so.") % {"desk": desk.title}
        parts = (what, entry.ticket.subject, goes_on, why, where)
        post = Post(
            "notice",
            address,
            "\n\n".join(filter(None, parts)),
            language,
            ask_for_answer=False,
            subject=f"{what}: {entry.ticket.subject}",
        )
    queue_letter(entry, entry.ticket, post, at=datetime.now(UTC))


def _what(entry: LogEntry, desk: Desk) -> str:
    named = {"number": entry.ticket}
    if entry.kind == "Opened":
        level = desk.severities.get(entry.data.get("severity") or "")
        if level is None:
            return _("%(number)s was opened") % named
        return _("%(number)s was opened: %(severity)s") % {**named, "severity": level.title}
    if entry.kind == "LimitBreached":
        clock = entry.data["clock"].partition(":")[0]
        words = _("%(number)s: the %(clock)s clock is over its limit")
        return words % {**named, "clock": CLOCKS.get(clock, clock)}
    to = entry.data.get("team") or entry.data.get("to")
    titles = {key: contact.title for key, contact in desk.outside.items()}
    titles |= {key: team.title for key, team in desk.teams.items()}
    return _("%(number)s went up to %(to)s") % {**named, "to": titles.get(to, to)}


def _whose(entry: LogEntry) -> str:
    """Who outside gets a case has to reach whose it is; others outside learn no more than that it
    is.
    """
    if entry.kind != "Redirected":
        return ""
    requester = entry.ticket.requester
    return ", ".join((str(requester), *sorted(addresses_of(requester))))
