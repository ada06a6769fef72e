"""What an office sees and does about a visit: asking for it, the decision, the date, who comes, a
calendar file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.formats import date_format

from deskbook.engine.decide_site_visit import visits_rule
from deskbook.engine.ticket_parts import SiteVisitWish
from deskbook.people.access import later_than, may_write_on, reads_since
from deskbook.people.books import desk_at
from deskbook.people.models import Contact
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import answers_of, people_of, place_and_words, who_left
from deskbook.web.acts.wishes import Wishes, as_typed
from deskbook.web.times import same_day

_DATING = ("SiteVisitDated", "SiteVisitCalledOff")


@dataclass(frozen=True, slots=True)
class Coming:
    """One visit as the office sees it."""

    id: str
    from_at: datetime
    until_at: datetime
    people: tuple[str, ...]
    words: str
    """What the desk said with the date, or why it was called off."""
    state: str
    suits: bool | None
    answer: Message | None
    """What the office said with its answer to the present date."""
    attended: int | None
    to_answer: bool

    @property
    def same_day(self) -> bool:
        return same_day(self.from_at, self.until_at)


@dataclass(frozen=True, slots=True)
class OnCase:
    """All that the page of a case says of its visit."""

    asked: str
    """Where, in one line; empty when nothing was said yet."""
    people: int | None
    days: str
    approved: bool | None
    reason: str
    visits: tuple[Coming, ...]
    may_ask: bool
    form: Wishes
    problem: str = ""
    """Why an answer to a date was not taken."""
    about: str = ""
    """The visit it was about."""
    typed: str = ""


def visit_on_case(
    contact: Contact,
    ticket: Ticket,
    *,
    at: datetime,
    form: Wishes | None = None,
    problem: Mapping[str, str] | None = None,
) -> OnCase | None:
    """Returns what the page of a case says of its visit; None for cases nobody is sent out for, and
    for whom all of it was said before their time.
    """
    desk, state = desk_at(ticket.desk_id, ticket.book_version), state_of(ticket)
    if visits_rule(desk, state) is None and not state.site_visits:
        return None
    since = reads_since(contact, ticket)
    is_theirs = since is None or _later(ticket, since, "SiteVisitAsked").exists()
    wish = state.site_visit_wish if is_theirs else None
    ended = desk.stages[state.stage].closed or state.merged_into
    may_write = not ended and may_write_on(contact, ticket)
    place, words = place_and_words(state) if wish else ("", "")
    reason, coming = _reason(ticket, since), tuple(_coming(ticket, may_write, at, since))
    may_ask = may_write and state.site_visit_approved is None and wish == state.site_visit_wish
    if since is not None and not (wish or reason or coming or may_ask):
        return None
    return OnCase(
        place,
        wish.people if wish else None,
        _days(wish),
        state.site_visit_approved,
        reason,
        coming,
        may_ask,
        form or Wishes(initial=as_typed(wish, place, words)),
        **(problem or {}),
    )


def may_correct(contact: Contact, ticket: Ticket) -> bool:
    """Whether a contact may say where the desk shall come: not in place of words they may not
    read.
    """
    since = reads_since(contact, ticket)
    asked = _later(ticket, None, "SiteVisitAsked").exists()
    return since is None or not asked or _later(ticket, since, "SiteVisitAsked").exists()


def reads_visit(contact: Contact, ticket: Ticket, visit: str) -> bool:
    """Whether a contact who sees a case may know of a visit: of one that was dated, moved or called
    off in their time.
    """
    since = reads_since(contact, ticket)
    return since is None or _later(ticket, since, *_DATING).filter(data__visit=visit).exists()


def _later(ticket: Ticket, since: datetime | None, *kinds: str) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(later_than(since), ticket=ticket, kind__in=kinds).order_by("seq")


def _coming(ticket: Ticket, may_write: bool, at: datetime, since: datetime | None) -> list[Coming]:
    rows = list(DatedVisit.objects.filter(ticket=ticket).order_by("from_at", "pk"))
    entries = list(_later(ticket, since, *_DATING)) if rows else []
    rows = [row for row in rows if row.visit in {entry.data["visit"] for entry in entries}]
    people, said = people_of(rows), _said(entries) if rows else {}
    answers, left = answers_of(rows), who_left(people.values(), at=at)
    return [
        Coming(
            row.visit,
            row.from_at,
            row.until_at,
            tuple(str(people[pk]) for pk in row.people if pk in people and pk not in left),
            said.get(row.visit, ""),
            row.state,
            row.suits,
            answers.get((row.ticket_id, row.visit)),
            row.attended,
            may_write and row.state == DatedVisit.State.DATED and row.from_at > at,
        )
        for row in rows
    ]


def _said(entries: Sequence[LogEntry]) -> dict[str, str]:
    """Returns visit → what the desk said of it last: with its date, or why it was called off."""
    ids = {
        entry.data["visit"]: entry.data.get("reason") or entry.data.get("message")
        for entry in entries
    }
    texts = dict(
        Message.objects.filter(pk__in=[int(id_) for id_ in ids.values() if id_]).values_list(
            "pk", "text"
        )
    )
    return {visit: texts.get(int(id_), "") for visit, id_ in ids.items() if id_}


def _reason(ticket: Ticket, since: datetime | None) -> str:
    entry = _later(ticket, since, "SiteVisitDecided").last()
    message = entry.data.get("reason") if entry else None
    return (
        Message.objects.filter(pk=int(message)).values_list("text", flat=True).first() or ""
        if message
        else ""
    )


def _days(wish: SiteVisitWish | None) -> str:
    days = [wish.wanted_from, wish.wanted_until] if wish else []
    return " – ".join(date_format(day, "D j M Y") for day in dict.fromkeys(days) if day)
