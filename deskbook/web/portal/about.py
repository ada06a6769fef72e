"""What everybody may know of a desk, in the words of its book: no sign-in, no person's name,
nothing of a case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deskbook.book.names import title_of
from deskbook.book.schema import Book
from deskbook.book.schema.teams import Team
from deskbook.book.words import fold
from deskbook.engine.desk import Desk
from deskbook.people.books import book_at, desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.web.portal.reaching import Opening, opening_of, places_of, ways_to
from deskbook.web.shared.campaign import outside_dates
from deskbook.web.viewer import in_their_language, in_zone


@dataclass(frozen=True, slots=True)
class Role:
    """People of one kind in a team: how many, as the book says, or nothing."""

    title: str
    count: str


@dataclass(frozen=True, slots=True)
class Group:
    """A team: what it is for, who it is made of."""

    title: str
    means: str
    people: tuple[Role, ...]
    led_by: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A level with its teams; no title where teams belong to no level."""

    title: str
    means: str
    teams: tuple[Group, ...]


@require_safe
@in_their_language
def about(request: HttpRequest, key: str) -> HttpResponse:
    """Shows the desk's hours, levels, teams, responsibilities and ways to reach it."""
    helpdesk = get_object_or_404(HelpDesk, key=key)
    desk = desk_in_force(helpdesk)
    book = book_at(helpdesk.pk, helpdesk.book_version)
    at = timezone.now()
    with in_zone(desk.zone):
        outside_its_dates = outside_dates(desk, at=at)
    context = {
        "desk": desk.title,
        "about": desk.said(book.about),
        "answers": list(_answers(book, desk)),
        "mail": desk.mail,
        "not_now": outside_its_dates,
        "signs_in": desk.channel_of("portal") is not None,
        "key": key,
        "ways": list(ways_to(desk, at=at)),
        "places": list(places_of(desk, at=at)),
        "openings": list(_openings(book, desk, at)),
        "rungs": list(_rungs(book, desk)),
        "outside": list(desk.outside.values()),
    }
    return render(request, "portal/about.html", context)


def _openings(book: Book, desk: Desk, at: datetime) -> Iterator[Opening]:
    for name, said in book.hours.items():
        title = title_of(name, desk.said(said.name or name))
        yield opening_of(title, desk.calendars[fold(name)], at=at)


def _answers(book: Book, desk: Desk) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yields what must be done, who owns it, who helps."""
    for what, said in book.responsibilities.items():
        owners, helpers = map(desk.said, said.owned_by), map(desk.said, said.supported_by)
        yield desk.said(what), list(owners), list(helpers)


def _rungs(book: Book, desk: Desk) -> Iterator[Rung]:
    teams = [
        (desk.teams[fold(name)].level, _group(desk, fold(name), team))
        for name, team in book.teams.items()
    ]
    for level in desk.levels.values():
        here = tuple(group for at_level, group in teams if at_level == level.key)
        yield Rung(level.title, level.means, here)
    elsewhere = tuple(group for at_level, group in teams if not at_level)
    if elsewhere:
        yield Rung("", "", elsewhere)


def _group(desk: Desk, key: str, team: Team) -> Group:
    people = tuple(Role(desk.said(role), _count(seats)) for role, seats in team.people.items())
    shown = desk.teams[key]
    return Group(shown.title, shown.means, people, desk.said(team.led_by or ""))


def _count(seats: tuple[int, int] | None) -> str:
    if seats is None:
        return ""
    fewest, most = seats
    return str(fewest) if fewest == most else f"{fewest}–{most}"
