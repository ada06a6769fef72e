"""What the book has letters say of a case, in the words of the language that is active."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from deskbook.engine.desk import Desk
from deskbook.engine.letter_parts import Fact
from deskbook.engine.letters import due_for, facts_for, lines_for
from deskbook.people.books import desk_at
from deskbook.people.models import Contact
from deskbook.people.words import Words
from deskbook.tickets.models import Ticket
from deskbook.tickets.papers import papers_sent
from deskbook.tickets.stages import stated_for
from deskbook.tickets.state import state_of

FACT_LABELS: Mapping[Fact, Words] = {
    "number": _("Number: {value}"),
    "subject": _("About: {value}"),
    "received": _("Received: {value}"),
    "answer by": _("We answer by: {value}"),
    "solved by": _("To be settled by: {value}"),
    "officer": _("Who deals with it: {value}"),
    "team": _("Team: {value}"),
    "stage": _("It stands at: {value}"),
    "reason": _("Reason: {value}"),
    "missing papers": _("What we still need: {value}"),
    "link": _("Follow it at: {value}"),
}
"""How each stands in a letter."""
_SAID_ONCE: frozenset[Fact] = frozenset({"number", "link"})
"""Those a letter's own words may have already; a team "IT" stands in "WITH" by chance."""


def stated_in(ticket: Ticket, contact: Contact, letter: str) -> list[tuple[Fact, str]]:
    """Returns what such a letter says of the case to this reader, each fact with its value; what is
    not known is left out.
    """
    desk = _desk_of(ticket)
    facts = facts_for(desk, state_of(ticket), letter) if desk.letters else ()
    values = ((fact, _VALUES[fact](ticket, contact)) for fact in facts)
    return [(fact, value) for fact, value in values if value]


def stated_lines(
    ticket: Ticket, contact: Contact, letter: str, said: str = "", *, proven: bool = True
) -> list[str]:
    """Returns the lines of all the book has such a letter say, but the number and the link
    where what is `said` in it anyhow has them; nothing of what they wrote to who is not `proven`.
    """
    desk = _desk_of(ticket)
    if not desk.letters:
        return []
    told = {
        fact: value
        for fact, value in stated_in(ticket, contact, letter)
        if not _is_said(fact, value, said) and (proven or fact != "subject")
    }
    facts = "\n".join(str(FACT_LABELS[fact]).format(value=value) for fact, value in told.items())
    lines = lines_for(desk, state_of(ticket), letter)
    return [*filter(None, [facts]), *(desk.said(line.text) for line in lines if line.text)]


def _is_said(fact: Fact, value: str, said: str) -> bool:
    whole = rf"(?<![\w-]){re.escape(value)}(?![\w-])"
    return fact in _SAID_ONCE and re.search(whole, said) is not None


def instant(at: datetime, contact: Contact, ticket: Ticket) -> str:
    """Returns an instant in the reader's zone, with the zone's name."""
    zone = ZoneInfo(contact.zone or _desk_of(ticket).zone)
    there = at.astimezone(zone)
    # UTC is called by its key.
    names = ", ".join(dict.fromkeys((there.tzname() or zone.key, zone.key)))
    return f"{date_format(there, 'D j M Y H:i')} ({names})"


def _due(fact: Fact) -> Callable[[Ticket, Contact], str]:
    def value(ticket: Ticket, contact: Contact) -> str:
        due_at = due_for(_desk_of(ticket), state_of(ticket), fact)
        return instant(due_at, contact, ticket) if due_at else ""

    return value


def _officer(ticket: Ticket, contact: Contact) -> str:
    owner = ticket.owner.user.name if ticket.owner else ""
    return owner or _team(ticket, contact)


def _team(ticket: Ticket, _contact: Contact) -> str:
    team = _desk_of(ticket).teams.get(ticket.team)
    return team.title if team else ""


def _stage(ticket: Ticket, _contact: Contact) -> str:
    return _desk_of(ticket).stages[state_of(ticket).stage].title


def _reason(ticket: Ticket, _contact: Contact) -> str:
    stage = _desk_of(ticket).stages[state_of(ticket).stage]
    return "; ".join(stated_for(ticket, stage).values()) if stage.needs else ""


def _missing(ticket: Ticket, _contact: Contact) -> str:
    return ", ".join(one.paper.title for one in papers_sent(ticket) if not one.received)


def case_link(ticket: Ticket) -> str:
    """Returns where its people find a case."""
    return f"{settings.DESKBOOK_SITE_URL}/desk/{ticket.desk.key}/cases/{ticket}"


def _link(ticket: Ticket, _contact: Contact) -> str:
    return case_link(ticket)


_VALUES: Mapping[Fact, Callable[[Ticket, Contact], str]] = {
    "number": lambda ticket, _contact: str(ticket),
    "subject": lambda ticket, _contact: ticket.subject,
    "received": lambda ticket, contact: instant(ticket.opened_at, contact, ticket),
    "answer by": _due("answer by"),
    "solved by": _due("solved by"),
    "officer": _officer,
    "team": _team,
    "stage": _stage,
    "reason": _reason,
    "missing papers": _missing,
    "link": _link,
}


def _desk_of(ticket: Ticket) -> Desk:
    return desk_at(ticket.desk_id, ticket.book_version)
