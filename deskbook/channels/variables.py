"""What the variables of the book's wordings are on a case, whichever channel carries them."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format

from deskbook.channels.contract import Outgoing
from deskbook.engine.letter_parts import VARIABLE_OF
from deskbook.people.books import desk_in_force
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.stated import case_link, stated_in, stated_lines

_OWN = ("ticket", "subject", "link")
"""Known of every case."""
_WHEN = ("due_at", "from_at")
"""Where an entry says the instant it speaks of: a promise's or call-back's, a visit's."""


def variables_of(outgoing: Outgoing) -> Mapping[str, str]:
    """Returns what is known here of the variables a book may name; what is not is left out."""
    ticket = outgoing.ticket
    known = {
        "ticket": str(ticket),
        "subject": ticket.subject,
        "desk": ticket.desk.title,
        "name": outgoing.contact.name,
        "text": said_in(outgoing),
        "link": case_link(ticket),
        "when": _when(outgoing),
        "number": _number(outgoing),
        **_stated(outgoing),
    }
    return {name: value for name, value in known.items() if value.strip()}


def said_in(outgoing: Outgoing) -> str:
    """Returns the words of a message without what only a letter needs."""
    if outgoing.message is None:
        return outgoing.text.partition("\n--\n")[0]
    with translation.override(outgoing.language):
        said = outgoing.message.text
        lines = stated_lines(outgoing.ticket, outgoing.contact, outgoing.purpose, said)
    return "\n\n".join([said, *lines])


def _stated(outgoing: Outgoing) -> dict[str, str]:
    """What the book has such a letter say, by the names its wordings may use."""
    with translation.override(outgoing.language):
        stated = stated_in(outgoing.ticket, outgoing.contact, outgoing.purpose)
    return {VARIABLE_OF[fact]: value for fact, value in stated if VARIABLE_OF[fact] not in _OWN}


def _when(outgoing: Outgoing) -> str:
    """On the reader's clock."""
    data = outgoing.entry.data
    told = next((data[name] for name in _WHEN if data.get(name)), None)
    if told is None:
        return ""
    zone = outgoing.contact.zone or desk_in_force(outgoing.ticket.desk).zone
    with translation.override(outgoing.language):
        return date_format(datetime.fromisoformat(told).astimezone(ZoneInfo(zone)), "j M H:i")


def _number(outgoing: Outgoing) -> str:
    """Which number is called back."""
    promise = outgoing.entry.data.get("promise")
    promised = CallBack.objects.filter(ticket=outgoing.ticket, promise=promise or "")
    return promised.values_list("number", flat=True).first() or "" if promise else ""
