"""What a requester is asked for: something desks ask for most, a paper of the book, or else what
somebody typed, which is a message.
"""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from deskbook.engine.desk import Desk
from deskbook.engine.ticket import TicketState
from deskbook.tickets.models import Message, Ticket

ASKED_FOR_MOST = {
    "steps": _("steps to reproduce"),
    "data files": _("data files"),
    "screen captures": _("screen captures"),
    "logs": _("log files"),
}
"""Key → title, in the reader's language."""
_KNOWN = {**ASKED_FOR_MOST, "details": _("details by mail")}


def told_apart(desk: Desk, awaited: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Returns the keys among what is awaited, and the rest as the text of a message, by lines."""
    known, asked = _KNOWN.keys() | _papers(desk).keys(), list(awaited)
    keys = tuple(thing for thing in asked if thing in known)
    return keys, "\n".join(thing for thing in asked if thing not in known)


def as_asked(desk: Desk, keys: Iterable[str], words: str = "") -> list[str]:
    """Returns each thing awaited in the reader's language; `words` is the text beside the keys.
    What old logs have instead of a key stands as it was typed.
    """
    titles = {**_papers(desk), **_KNOWN}
    return [*(str(titles.get(thing, thing)) for thing in keys), *words.splitlines()]


def awaited_on(ticket: Ticket, desk: Desk, state: TicketState) -> list[str]:
    """Returns what is awaited on the ticket now, in the reader's language."""
    texts: Collection[str] = ()
    if state.awaited_words:
        texts = Message.objects.filter(pk=state.awaited_words).values_list("text", flat=True)
    return as_asked(desk, state.awaited, "\n".join(texts))


def _papers(desk: Desk) -> dict[str, str]:
    return {paper.key: paper.title for procedure in desk.procedures for paper in procedure.papers}
