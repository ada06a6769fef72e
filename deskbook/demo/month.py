"""The demo: the four desks with a month behind them, made by the production engine in virtual
time.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from deskbook.book.shelf import book_text
from deskbook.demo.casts import Cast
from deskbook.demo.desk_files import cast_of, phrases_of
from deskbook.demo.loading import load_lives
from deskbook.demo.past.calls import make_calls
from deskbook.demo.past.campaign import campaign_ends_at, make_rosters, running_today
from deskbook.demo.past.chats import make_chats
from deskbook.demo.past.feedback import make_articles_and_feedback
from deskbook.demo.past.jira import keep_issues
from deskbook.demo.past.login_page import connect_login_page, with_login_page
from deskbook.demo.past.mails import keep_letters, take_in_unreadable
from deskbook.demo.past.people import facets_of, invite, seat
from deskbook.demo.past.places import make_places
from deskbook.demo.past.texts import keep_texts
from deskbook.demo.past.visits import make_visits
from deskbook.demo.past.walk_in import make_queue, visitors_all_day
from deskbook.demo.past.whatsapp import make_whatsapp
from deskbook.engine.desk import Desk
from deskbook.lives.course import Scene
from deskbook.lives.life import Life, Period, lives
from deskbook.lives.phrases import Phrases
from deskbook.lives.population import Population, Requester, Worker
from deskbook.people.access import actor_of
from deskbook.people.books import apply_book, desk_in_force
from deskbook.people.duty import shifts_between
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.people.turns import take_turns

DAYS = timedelta(days=30)
STAYS = timedelta(days=3)
"""How long temporary accounts are there after the campaign."""
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Show:
    """One desk of the demo: `per_day` cases come on a usual open day of twelve hours."""

    key: str
    per_day: float

    @property
    def cast(self) -> Cast:
        return cast_of(self.key)

    @property
    def phrases(self) -> Phrases:
        return phrases_of(self.key)


SHOWS = (
    Show("sparkrock", 17.0),
    Show("mukta", 16.0),
    Show("spark", 17.0),
    Show("salama", 14.0),
)


def make_demo(at: datetime | None = None, progress: Progress | None = None) -> bool:
    """Fills an empty database with the demo desks, everything up to `at` (now) lived through, and
    returns whether anything was made: a database with a desk in it is left alone. All of it or,
    when interrupted, nothing.
    """
    at, progress = at or datetime.now(UTC), progress or bar
    with transaction.atomic():
        take_turns("deskbook demo")
        if HelpDesk.objects.exists():
            return False
        for number, show in enumerate(SHOWS):
            _desk(show, at, _share(progress, number))
        take_in_unreadable(at=at)
    with connection.cursor() as cursor:
        # The planner would otherwise take the new tables for empty for a minute.
        cursor.execute("analyze")
    progress(1.0, "ready")
    return True


def bar(share: float, what: str) -> None:
    """Draws the progress on a terminal, on one line; in a log file only the end is said."""
    if not sys.stderr.isatty():
        if share >= 1:
            sys.stderr.write(f"demo: {what}\n")
        return
    filled = round(30 * share)
    end = "\n" if share >= 1 else ""
    sys.stderr.write(f"\rdemo [{'█' * filled}{'·' * (30 - filled)}] {share:4.0%}  {what:<44}{end}")
    sys.stderr.flush()


def _share(progress: Progress, number: int) -> Progress:
    """Returns the progress of one of the desks as part of the whole."""
    return lambda share, what: progress((number + share) / len(SHOWS), what)


def _desk(show: Show, at: datetime, progress: Progress) -> None:
    since_at, text = at - DAYS, with_login_page(show.key, _book_of_today(show, at))
    helpdesk = apply_book(show.key, text, at=since_at - timedelta(days=1), by=None)
    progress(0.02, f"{helpdesk.title}: people")
    desk = desk_in_force(helpdesk)
    ends_at = campaign_ends_at(desk)
    agents = seat(helpdesk, show.cast, ends_at=ends_at + STAYS if ends_at else None)
    contacts = invite(helpdesk, show.cast)
    make_places(helpdesk)
    make_rosters(helpdesk, agents, at=at)
    scene = Scene(desk, population_of(helpdesk, agents, contacts, show.cast), show.phrases)
    lived: list[Life] = []
    for life in lives(scene, Period(_begins(desk, since_at), at, show.per_day, at), seed=2):
        lived.append(life)
        progress(
            0.05 + 0.6 * (life.state.opened_at - since_at) / DAYS, f"{helpdesk.title}: cases lived"
        )
    progress(0.7, f"{helpdesk.title}: cases written down")
    load_lives(helpdesk, lived)
    make_visits(helpdesk, contacts, show.cast, at=at)
    progress(0.95, f"{helpdesk.title}: letters")
    keep_letters(helpdesk)
    make_articles_and_feedback(helpdesk, at=at)
    make_calls(helpdesk, agents, contacts, at=at)
    make_whatsapp(helpdesk, [one for one in agents if "help desk" in one.teams], at=at)
    make_queue(helpdesk, agents, contacts, at=at)
    make_chats(helpdesk, contacts, at=at)
    _connect(helpdesk, agents, contacts, at)


def _connect(
    helpdesk: HelpDesk, agents: list[Agent], contacts: list[Contact], at: datetime
) -> None:
    keep_texts(helpdesk, at=at)
    keep_issues(helpdesk, at=at)
    connect_login_page(helpdesk, agents, contacts, at=at)


def _book_of_today(show: Show, at: datetime) -> str:
    return visitors_all_day(running_today(book_text(show.key), at))


def _begins(desk: Desk, since_at: datetime) -> datetime:
    """A campaign's desk has no cases from before it began."""
    return max([since_at, *(freeze.from_at for freeze in desk.freezes)])


def population_of(
    helpdesk: HelpDesk, agents: list[Agent], contacts: list[Contact], cast: Cast
) -> Population:
    """Returns who there is at a desk and at its customers, for lives to be drawn with."""
    workers = [Worker(actor.id, actor.teams) for actor in map(actor_of, agents)]
    requesters = [
        Requester(
            str(c.pk),
            str(c.organisation_id) if c.organisation_id else None,
            (c.organisation.plan if c.organisation else "") or None,
            c.zone or (c.organisation.zone if c.organisation else "") or None,
            c.language,
            facets_of(c, cast),
        )
        for c in contacts
    ]
    everything = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
    return Population(tuple(requesters), tuple(workers), shifts_between(helpdesk, *everything))
