"""Cases that are kept no longer by the book in force: which they are, and erasing one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from deskbook.engine.decide_erase import decide_erase, keep_for, kept_until
from deskbook.engine.desk import Desk
from deskbook.engine.keeping import Keep, Kept
from deskbook.engine.ticket import SYSTEM
from deskbook.people.books import desk_in_force
from deskbook.people.forgetting import forget_person, is_on_a_list
from deskbook.people.merging import same_person
from deskbook.people.models import Contact, HelpDesk
from deskbook.tickets.erasure_models import Erasure
from deskbook.tickets.going_on import absorbed_by
from deskbook.tickets.log import perform
from deskbook.tickets.models import LogEntry, Participant, Ticket
from deskbook.tickets.words_of_cases import erase_drafts

OF_CASES: tuple[Kept, ...] = ("cases", "files", "chats", "call notes")


@dataclass(frozen=True, slots=True)
class Due:
    """A case of which something is kept no longer, by a line."""

    ticket: int
    line: Keep


def due_to_erase(helpdesk: HelpDesk, desk: Desk, what: Kept, *, at: datetime) -> Iterator[Due]:
    """Yields the closed cases of which `what` is kept no longer, those closed first before others.

    A case that was merged into another goes with that one.
    """
    if not any(one.what == what for one in desk.keep):
        return
    gone = LogEntry.objects.filter(
        ticket=OuterRef("pk"), kind="Erased", data__what__in=(what, "cases")
    )
    closed = Ticket.objects.filter(~Exists(gone), desk=helpdesk, is_open=False, closed_at__lte=at)
    rows = (
        closed.exclude(outcome="merged")
        .exclude(state__legal_hold=True)
        .order_by("closed_at")
        .values_list("pk", "closed_at", "channel", "severity", "state__facets")
    )
    for pk, closed_at, channel, severity, facets in rows.iterator(2_000):
        known = {**(facets or {}), "channel": channel, "severity": severity}
        line = keep_for(desk.keep, what, known)
        if line and closed_at and kept_until(desk, line, closed_at) <= at:
            yield Due(pk, line)


def would_erase(helpdesk: HelpDesk, desk: Desk, *, at: datetime) -> list[tuple[Keep, int]]:
    """Returns of how many cases each line would erase something at once."""
    by_line = Counter(one.line.line for one in _all_due(helpdesk, desk, at))
    return [(one, by_line[one.line]) for one in desk.keep if by_line[one.line]]


def erased_by_line(helpdesk: HelpDesk, desk: Desk, line: int, *, at: datetime) -> list[int]:
    """Returns the cases (ids) of which this line would erase something at once."""
    return [one.ticket for one in _all_due(helpdesk, desk, at) if one.line.line == line]


def _all_due(helpdesk: HelpDesk, desk: Desk, at: datetime) -> Iterator[Due]:
    for what in OF_CASES:
        yield from due_to_erase(helpdesk, desk, what, at=at)


def record_erased(due: Due, desk: Desk, *, at: datetime) -> list[int]:
    """Records that something of a case is erased, and returns whose words go: the case, and those
    that were merged into it; none where it, or one of those, is held, or it went on meanwhile.
    """
    line = due.line
    if _holds_one(due.ticket):
        return []
    recorded = perform(due.ticket, decide_erase, line, desk.version, at=at, by=SYSTEM)
    if not recorded.entries:
        return []
    absorbed = absorbed_by(recorded.ticket)
    merged = Ticket.objects.filter(desk=recorded.ticket.desk_id, number__in=absorbed)
    tickets = [due.ticket, *merged.values_list("pk", flat=True)]
    if line.what == "cases":
        for ticket in Ticket.objects.select_related("desk").filter(pk__in=tickets):
            erase_drafts(ticket)
    return tickets


def _holds_one(pk: int) -> bool:
    """Whether a case that was merged into this one is under a legal hold."""
    ticket = Ticket.objects.get(pk=pk)
    absorbed = absorbed_by(ticket)
    merged = Ticket.objects.filter(desk=ticket.desk_id, number__in=absorbed)
    return bool(absorbed) and merged.filter(state__legal_hold=True).exists()


def forget_people(tickets: list[int]) -> int:
    """Forgets who asked for cases that are erased, and took part, where nothing else is known of
    them; returns how many they were. Their part in the cases has to be there still.
    """
    asked = Contact.objects.filter(tickets__in=tickets)
    took_part = Contact.objects.filter(participations__ticket__in=tickets)
    forgotten = 0
    for contact in (asked | took_part).distinct():
        if not is_on_a_list(contact) and not _is_known_still(contact, tickets):
            forget_person(contact)
            forgotten += 1
    return forgotten


def _is_known_still(contact: Contact, tickets: list[int]) -> bool:
    """Whether a case of theirs, or one they follow, is not erased."""
    people = same_person(contact)
    gone = LogEntry.objects.filter(ticket=OuterRef("pk"), kind="Erased", data__what="cases")
    others = Ticket.objects.exclude(pk__in=tickets).exclude(outcome="merged")
    others = others.filter(~Exists(gone))
    follows = Participant.objects.filter(contact__in=people, ticket__in=others)
    return others.filter(requester__in=people).exists() or follows.exists()


def count_erased(
    helpdesk: HelpDesk, line: Keep, version: int, *, at: datetime, cases: int, people: int = 0
) -> None:
    """Keeps how much a line erased in the run that began at `at`."""
    row, _made = Erasure.objects.get_or_create(
        desk=helpdesk, at=at, what=line.what, line=line.line, defaults={"book_version": version}
    )
    Erasure.objects.filter(pk=row.pk).update(cases=F("cases") + cases, people=F("people") + people)


def erased_anew(helpdesk: HelpDesk, new: Desk, *, at: datetime) -> list[tuple[Keep, int]]:
    """Returns what `would_erase` does of a book that is to come into force; nothing where it keeps
    things as long as the one that is.
    """
    old = desk_in_force(helpdesk).keep if helpdesk.book_version else ()
    same = [(one.what, one.after, one.when) for one in old]
    if same == [(one.what, one.after, one.when) for one in new.keep]:
        return []
    return would_erase(helpdesk, new, at=at)
