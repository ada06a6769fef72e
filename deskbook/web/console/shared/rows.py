"""One line of a list of tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.people.books import desk_at
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.queues import Listed
from deskbook.web.drawn import macro
from deskbook.web.times import agos, countdowns
from deskbook.web.told import not_in_book

SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class SeverityMark:
    short: str
    title: str
    level: int
    claimed: bool


class Row(NamedTuple):
    """A tuple: the template reads fifty of them in one go, which by name would cost a
    millisecond.
    """

    number: str
    url: str
    subject: str
    requester: str
    organisation: str
    severity: str
    """This, stage, due, owner and what stands for a subject that is not told are cells: HTML as
    _cells.html and times.py write it.
    """
    stage: str
    due: str
    due_state: str
    due_what: str
    owner: str
    said: str
    """Who wrote last and how it begins, and when that was; nothing where nobody wrote."""
    said_at: str
    waits_for_us: bool
    outsider: bool
    """Somebody wrote who takes no part, and the desk has done nothing about it."""
    unofficial: bool
    """Came by mail from an address the book does not call official."""
    tags: str | None
    """With commas between them: few rows have any, and to divide nothing costs too."""
    returned: bool
    """It was snoozed, is back, and nobody has done anything since."""


def rows_of(found: Sequence[Listed], trail: dict[str, str]) -> list[Row]:
    """Returns the lines of a list; what all of them share is worked out once."""
    before, after = url_of("…", trail).split(quote("…"))
    marked, others = _unofficial(found), trail.get("queue") != "mine"
    language, now = get_language() or "", timezone.now().timestamp()
    countdown, ago = countdowns(), agos()
    waiting, confined = _("Waiting"), _confined_cell(language)

    def row(of: Listed) -> Row:
        due, book, name = of.next_due, (of.desk_id, of.book_version), f"{of.prefix}-{of.number}"
        return Row(
            number=name,
            url=f"{before}{name}{after}",
            subject=of.subject if of.requester else confined,
            requester=of.requester,
            organisation=of.organisation or "",
            severity=_severity_cell(*book, of.severity, of.is_verified, language),
            stage=_stage_cell(*book, of.stage, of.outcome, language),
            due=countdown(due) if due else "",
            due_state=_due_state(due - now) if due else _without_due(of.waits_for, of.is_open),
            due_what=_clock_title(of.next_due_clock, language) if due else waiting,
            owner=_owner_cell(of.owner or "", language) if others and of.requester else "",
            said=of.said or "",
            said_at=ago(of.said_when) if of.said_when else "",
            waits_for_us=of.requester_waits,
            outsider=of.outsider_wrote,
            unofficial=of.id in marked,
            tags=of.tags,
            returned=of.returned,
        )

    return [row(listed) for listed in found]


def _unofficial(found: Sequence[Listed]) -> frozenset[int]:
    """The tickets with mail that is not official; asked only of desks whose book says what is."""
    books = {(of.desk_id, of.book_version) for of in found}
    if not any(desk_at(*book).official_mail for book in books):
        return frozenset()
    mails = Message.objects.filter(ticket__in=[of.id for of in found], unofficial=True)
    return frozenset(mails.values_list("ticket_id", flat=True))


def url_of(name: str, trail: dict[str, str]) -> str:
    """Returns the address of the ticket called `name`."""
    address = reverse("console-ticket", args=[name])
    return f"{address}?{urlencode(trail)}" if trail else address


def ticket_url(ticket: Ticket, trail: dict[str, str]) -> str:
    return url_of(str(ticket), trail)


@lru_cache(maxsize=1024)
def _severity_cell(desk_id: int, version: int, key: str, verified: bool, language: str) -> str:
    return _cell("severity", severity_mark(desk_at(desk_id, version), key, verified=verified))


@lru_cache(maxsize=1024)
def _stage_cell(desk_id: int, version: int, key: str, outcome: str, language: str) -> str:
    return _cell("stage", *stage_shown(desk_at(desk_id, version), key, outcome))


@lru_cache(maxsize=4096)
def _owner_cell(name: str, language: str) -> str:
    return _cell("owner", name)


@lru_cache(maxsize=16)
def _confined_cell(language: str) -> str:
    return _cell("confined")


def _cell(name: str, *of: object) -> str:
    return macro("console/_cells.html", name)(*of)


def severity_mark(desk: Desk, key: str, *, verified: bool) -> SeverityMark | None:
    """Returns how a severity is shown: its key where it is short (S1, P2), its place in the book as
    level.
    """
    found = desk.severities.get(key)
    if found is None:
        last = len(desk.severities) + 1
        return SeverityMark(str(last), not_in_book(key), last, not verified) if key else None
    place = list(desk.severities).index(key) + 1
    # Two letters of a word say something else ("No" of Normal): a long name is shown by its place.
    short = found.key.upper() if len(found.key) <= 3 else str(place)
    return SeverityMark(short, found.title, place, not verified)


def stage_shown(desk: Desk, key: str, outcome: str) -> tuple[str, str]:
    """Returns a ticket's stage for people, and its tone; of a merged one, that it is merged: its
    stage stands still.
    """
    if outcome == "merged":
        return _("Merged"), ""
    stage = desk.stages.get(key)
    return stage.title if stage else key, stage_tone(desk, key)


def stage_tone(desk: Desk, key: str) -> str:
    """New and freshly updated tickets stand out; solved ones are green; the rest is quiet."""
    stage = desk.stages.get(key)
    if stage is None:
        return ""
    if stage.redirected:
        return ""
    if stage.solved or stage.closed:
        return "green"
    return "accent" if stage is desk.first_stage or "requester writing" in stage.set_by else ""


def due_state(next_due_at: datetime | None, waits_for: str, *, is_open: bool) -> str:
    """Returns how a due time is shown: "late", "soon", "runs", "paused", or "" where nothing is."""
    if next_due_at is None:
        return _without_due(waits_for, is_open)
    return _due_state((next_due_at - timezone.now()).total_seconds())


def _due_state(left: float) -> str:
    return "late" if left < 0 else "soon" if left < SOON.total_seconds() else "runs"


def _without_due(waits_for: str, is_open: bool) -> str:
    return "paused" if is_open and waits_for in ("requester", "third party") else ""


def clock_title(clock: str) -> str:
    """Returns a clock's name for people: "update:2" is the update."""
    return _clock_title(clock, get_language() or "")


@lru_cache(maxsize=1024)
def _clock_title(clock: str, language: str) -> str:
    kind = clock.partition(":")[0]
    names = {
        "response": _("Response"),
        "update": _("Update"),
        "promise": _("Promise"),
        "team": _("Team"),
        "resolve": _("Solution"),
        "team-resolve": _("Solution by the team"),
        "quiet": _("Closes by itself"),
        "level": _("Goes up by itself"),
        "pick-up": _("Picked up again"),
    }
    return names.get(kind, kind)
