"""What an office sees and does about a visit: asking for it, the decision, the date, who comes, a
calendar file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format

from deskbook.engine.ticket_parts import SiteVisitWish
from deskbook.tickets.models import LogEntry, Message
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import answers_of, people_of, place_and_words, who_left
from deskbook.web.acts.own_case import DATING, OwnCase
from deskbook.web.times import same_day


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


def visit_on_case(of: OwnCase, *, at: datetime) -> OnCase | None:
    """Returns what the page of a case says of its visit; None for cases nobody is sent out for, and
    for whom all of it was said before their time.
    """
    if of.visits_rule is None and not of.state.site_visits:
        return None
    wish = of.visit_wish
    shown = OnCase(
        place_and_words(of.state)[0] if wish else "",
        wish.people if wish else None,
        _days(wish),
        of.state.site_visit_approved,
        _reason(of),
        tuple(_coming(of, of.may_write and not of.ended, at)),
        of.may_ask_for_visit,
    )
    told = wish or shown.reason or shown.visits or shown.may_ask
    return shown if of.since is None or told else None


def _coming(of: OwnCase, may_write: bool, at: datetime) -> list[Coming]:
    rows = list(DatedVisit.objects.filter(ticket=of.ticket).order_by("from_at", "pk"))
    entries = list(of.read(*DATING)) if rows else []
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


def _reason(of: OwnCase) -> str:
    entry = of.read("SiteVisitDecided").last()
    message = entry.data.get("reason") if entry else None
    return (
        Message.objects.filter(pk=int(message)).values_list("text", flat=True).first() or ""
        if message
        else ""
    )


def _days(wish: SiteVisitWish | None) -> str:
    days = [wish.wanted_from, wish.wanted_until] if wish else []
    return " – ".join(date_format(day, "D j M Y") for day in dict.fromkeys(days) if day)
