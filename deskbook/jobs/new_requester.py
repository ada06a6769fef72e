"""Whose case it is now is told what waits for them in it, and whose it was that no visit is theirs
any more.
"""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.engine.moving_events import GIVEN_BY
from deskbook.jobs import words_of_letters
from deskbook.jobs.letters import write
from deskbook.jobs.visit_letters import visit_lines
from deskbook.jobs.words_of_case_letters import delivery_lines, estimate_lines, text_named
from deskbook.jobs.words_of_letters import letter, quoted
from deskbook.people.access import may_sign
from deskbook.people.books import ended_desk
from deskbook.people.models import Contact
from deskbook.tickets.messages import File
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.stated import instant
from deskbook.tickets.visit_calendar import calendar_of_visit
from deskbook.tickets.visit_models import DatedVisit


def tell_new_requester(entry_id: int) -> None:
    """Tells a case's new requester what waits for them: an estimate, a delivery to confirm, a
    question, the date of a visit. Where nothing does, who had no part in it yet has its number
    acknowledged. Takes a visit out of the calendar of whose case it was.
    """
    entries = LogEntry.objects.select_related("ticket__desk", "ticket__requester")
    entry = entries.get(pk=entry_id)
    ticket, contact = entry.ticket, entry.ticket.requester
    if str(contact.pk) != entry.data["requester"] or not ticket.is_open:
        return  # it is another's by now, who is told
    with translation.override(contact.language or "en"):
        waits = any(_waiting(entry, contact))
    if waits:
        write(entry, "notice", _yours, contact, files=_calendars(entry, contact, theirs=True))
    elif not _knows_of(entry, contact):
        write(entry, "acknowledgement", words_of_letters.acknowledgement, contact)
    if _dated(ticket):
        before = _before(entry)
        files = _calendars(entry, before, theirs=False)
        write(entry, "visit", _not_yours, before, ask_for_answer=False, files=files)


def _knows_of(entry: LogEntry, contact: Contact) -> bool:
    """Whether somebody wrote on the case, or it was theirs before: given back, it is no news."""
    was = entry.ticket.log.filter(seq__lt=entry.seq, kind__in=GIVEN_BY)
    return (
        was.filter(data__requester=str(contact.pk)).exists()
        or Message.objects.filter(ticket=entry.ticket, author_contact=contact).exists()
    )


def _yours(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    words = _("“{subject}” ({number}) is your case now, and this waits for you in it.")
    yours = words.format(subject=entry.ticket.subject, number=entry.ticket)
    return letter(entry.ticket, contact, [yours, *_waiting(entry, contact)])


def _not_yours(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    words = _(
        "“{subject}” ({number}) is another person's case now, and so is the visit on {when}. The"
        " file that comes with this takes it out of your calendar."
    )
    when = ", ".join(instant(row.from_at, contact, entry.ticket) for row in _dated(entry.ticket))
    said = words.format(subject=entry.ticket.subject, number=entry.ticket, when=when)
    return letter(entry.ticket, contact, [said], follows=False)


def _before(entry: LogEntry) -> Contact:
    """Whose case it was."""
    given = entry.ticket.log.filter(seq__lt=entry.seq, kind__in=GIVEN_BY)
    return Contact.objects.get(pk=given.latest("seq").data["requester"])


def _calendars(entry: LogEntry, contact: Contact, *, theirs: bool) -> tuple[File, ...]:
    with translation.override(contact.language or "en"):
        return tuple(calendar_of_visit(row, contact, theirs=theirs) for row in _dated(entry.ticket))


def _dated(ticket: Ticket) -> list[DatedVisit]:
    rows = DatedVisit.objects.filter(ticket=ticket, state=DatedVisit.State.DATED)
    return list(rows.select_related("ticket__desk").order_by("from_at"))


def _waiting(entry: LogEntry, contact: Contact) -> Iterator[str]:
    """What waits for somebody, paragraph by paragraph: of a desk that has ended, no more than who
    comes to see them.
    """
    ticket = entry.ticket
    ended = ended_desk(ticket.desk, ticket.book_version, at=entry.at)
    signs = not ended and may_sign(contact, ticket)
    signed = list(_to_be_signed(ticket, contact)) if signs else []
    yield from signed
    for row in _dated(ticket):
        dated = _latest(ticket, "SiteVisitDated", visit=row.visit)
        yield from visit_lines(dated, contact, row) if dated else ()
    asked = _latest(ticket, "InformationRequested")
    if asked and ticket.waits_for == "requester" and not signed and not ended:
        yield _("We are waiting for your answer:")
        yield quoted(text_named(asked, "message"))


def _to_be_signed(ticket: Ticket, contact: Contact) -> Iterator[str]:
    state = state_of(ticket)
    for one in state.estimates:
        offered = _latest(ticket, "EstimateOffered", estimate=one.id) if one.is_open else None
        yield from estimate_lines(offered, contact) if offered else ()
    delivered = _latest(ticket, "Delivered") if state.delivered else None
    yield from delivery_lines(delivered, contact) if delivered else ()


def _latest(ticket: Ticket, kind: str, **data: str) -> LogEntry | None:
    named = {f"data__{field}": value for field, value in data.items()}
    found = ticket.log.filter(kind=kind, **named).select_related("ticket__desk").order_by("-seq")
    return found.first()
