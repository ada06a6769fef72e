"""Tickets that are called by their number, here or where they came from."""

import re
from dataclasses import dataclass

from deskbook.people.models import Agent
from deskbook.tickets.queues import Listed, at_desk_of, listed


@dataclass(frozen=True, slots=True)
class Named:
    """Tickets whose number was typed."""

    tickets: tuple[Listed, ...]
    """The desk's own of this number, then what was called so in the system it came from."""
    is_certain: bool
    """With the desk's prefix or a #. A bare 12 may as well be a word that was written."""


_NUMBERED = """
    ticket.id = any(array(
        select id from deskbook_ticket where desk_id = %(desk)s and number = %(number)s
        union all
        select ticket_id from deskbook_camefrom where desk_id = %(desk)s and number = %(old)s
    )) and (ticket.number = %(number)s or {seen})
"""
"""By arrays: of an `or` PostgreSQL reads the whole table. An old number is told of what is seen."""
_OLD = re.compile(r"(?=.*\d)[\w./-]{1,100}", re.ASCII)


def named(agent: Agent, words: str, *, masked: bool = True) -> Named | None:
    """Returns the desk's tickets that were typed as "SPR-12", "#12" or "12", and those that were
    called so elsewhere; of COVID-19 none. `masked` with what is told by its number alone.
    """
    typed = words.strip()
    prefix = re.escape(agent.desk.prefix)
    found = re.fullmatch(rf"(#|{prefix}-)?(\d{{1,15}})", typed, re.ASCII | re.IGNORECASE)
    is_certain = bool(found and found[1])
    if found is None and not _OLD.fullmatch(typed):
        return None
    of_desk, old = at_desk_of(agent, masked=masked), "" if is_certain else typed
    numbered = _NUMBERED.format(seen=of_desk.seen or "true")
    number = int(found[2]) if found else None
    tickets = listed(of_desk.of_number_or_stage(numbered, number=number, old=old))
    own_first = sorted(tickets, key=lambda one: one.number != number)
    return Named(tuple(own_first), is_certain) if tickets else None
