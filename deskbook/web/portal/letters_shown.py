"""What the desk wrote in letters of its own, for the conversation of a case: what it promised and
took back, and why a paper came back.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from deskbook.engine.procedures import paper_title
from deskbook.people.books import desk_at
from deskbook.people.models import Contact
from deskbook.people.moments import written
from deskbook.tickets.call_backs import rang_in_vain, usual_words
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.thread import MOST_TEXT
from deskbook.web.shared.reading import cases_read, may_read_of

_NAMED = {"Promised": "message", "PaperReturned": "reason"}
"""Kind of entry → where it holds the id of the words that were written."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: a sentence of the desk's, and the words somebody wrote under it."""

    at: datetime
    author: str
    sentence: str
    text: str = ""


def letters_on(
    ticket: Ticket,
    contact: Contact,
    *,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> list[Letter]:
    """Returns the letters of a case and those that go on as it which a contact who sees it may
    read, within these instants, oldest first.
    """
    cases = cases_read(ticket, contact)
    entries = list(_entries(cases))
    texts = _texts(entries, contact, cases)
    return [
        letter
        for entry in entries
        if (from_at is None or entry.at >= from_at) and (until_at is None or entry.at < until_at)
        for letter in _letter(entry, entries, texts)
    ]


def _entries(cases: Collection[Ticket]) -> QuerySet[LogEntry]:
    kinds = (*_NAMED, "PromiseWithdrawn")
    found = LogEntry.objects.filter(ticket__in=cases, kind__in=kinds)
    return found.select_related("ticket__desk", "ticket__requester").order_by("at", "pk")


def _texts(
    entries: Sequence[LogEntry], contact: Contact, cases: Collection[Ticket]
) -> Mapping[str, Message]:
    named = [entry.data.get(_NAMED.get(entry.kind, "")) for entry in entries]
    ids = [int(message) for message in named if message]
    if not ids:
        return {}
    found = Message.objects.filter(may_read_of(contact, cases), pk__in=ids)
    return {str(message.pk): message for message in found.select_related("author_user")}


def _letter(
    entry: LogEntry, entries: Sequence[LogEntry], texts: Mapping[str, Message]
) -> Iterator[Letter]:
    """One whose words were kept from the reader, or are of before their time, is none."""
    if entry.kind == "PromiseWithdrawn":
        yield from _taken_back(entry, entries, texts)
        return
    message = texts.get(entry.data.get(_NAMED[entry.kind]) or "")
    if message is None:
        return
    sentence = _returned(entry) if entry.kind == "PaperReturned" else _promised(entry)
    text = message.text[:MOST_TEXT]
    usual = _by_phone(entry) and text == usual_words(entry.ticket)
    yield Letter(entry.at, _author(message, entry), sentence, "" if usual else text)


def _taken_back(
    entry: LogEntry, entries: Sequence[LogEntry], texts: Mapping[str, Message]
) -> Iterator[Letter]:
    """Not where another call is promised since nobody answered: that promise says so."""
    promise = entry.data["promise"]
    made = next(
        one
        for one in entries
        if one.kind == "Promised"
        and (one.ticket_id, one.data["promise"]) == (entry.ticket_id, promise)
    )
    message = texts.get(made.data.get("message") or "")
    if message is None or (_by_phone(made) and rang_in_vain(entry.ticket, promise)):
        return
    away, call = bool(entry.data.get("with_the_case")), _by_phone(made)
    sentence = _WITHDRAWN[away, call]() % {"when": _due(made)}
    text = "" if away or call else message.text[:MOST_TEXT]
    yield Letter(entry.at, entry.ticket.desk.title, sentence, text)


_WITHDRAWN: Mapping[tuple[bool, bool], Callable[[], str]] = {
    (False, False): lambda: _("We take back what we promised by %(when)s:"),
    (False, True): lambda: _("We do not call you back by %(when)s as we said."),
    (True, False): lambda: _("What we promised by %(when)s falls away with the case."),
    (True, True): lambda: _(
        "We do not call you back by %(when)s as we said: it falls away with the case."
    ),
}
"""Whether it fell away with the case, and whether it was a call-back → the sentence."""


def _promised(entry: LogEntry) -> str:
    words = (
        _("We call you back by %(when)s.") if _by_phone(entry) else _("We promise, by %(when)s:")
    )
    return words % {"when": _due(entry)}


def _returned(entry: LogEntry) -> str:
    desk = desk_at(entry.ticket.desk_id, entry.ticket.book_version)
    title = paper_title(desk, entry.data["paper"])
    return _("We looked at “{paper}” and cannot use it yet:").format(paper=title)


def _by_phone(promised: LogEntry) -> bool:
    return bool(promised.data.get("channel") == "phone")


def _due(promised: LogEntry) -> str:
    return written(datetime.fromisoformat(promised.data["due_at"]))


def _author(message: Message, entry: LogEntry) -> str:
    name = message.author_user.name if message.author_user else ""
    return name or entry.ticket.desk.title
