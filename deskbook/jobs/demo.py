"""The demo: two desks with thirty days behind them, made by the production engine in virtual time."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from deskbook.channels.email.intake import ingest
from deskbook.channels.email.letters import Post, queue_letter
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.receive import receive
from deskbook.jobs import texts
from deskbook.jobs.demo_people import MUKTA, SPARKROCK, Cast, invite, seat
from deskbook.people.access import actor_of_agent
from deskbook.people.books import apply_book, desk_in_force
from deskbook.people.contacts import address_of
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.simulation.course import Scene
from deskbook.simulation.life import Life, Period, lives
from deskbook.simulation.phrases import Phrases
from deskbook.simulation.phrases_municipal import MUNICIPAL
from deskbook.simulation.phrases_software import SOFTWARE
from deskbook.simulation.population import Population, Requester, Worker
from deskbook.tickets.bulk import load_lives
from deskbook.tickets.models import LogEntry, Message

DAYS = 30
PER_DAY = 22.0
KEPT_LETTERS = 12
Progress = Callable[[float, str], None]

_UNREADABLE = (
    (
        "support@sparkrock.example",
        b"From: Accounting department\r\nTo: support@sparkrock.example\r\nSubject: invoice question\r\n"
        b"Message-ID: <scan-2201@copier.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 -0500\r\n\r\n"
        b"Sent from the copier on the second floor. Please see the scan.\r\n",
    ),
    (
        None,
        b"From: newsletter@events.example\r\nTo: all-partners@events.example\r\nSubject: Save the date\r\n"
        b"Message-ID: <save-the-date@events.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 -0500\r\n\r\n"
        b"Our spring conference is open for registration.\r\n",
    ),
)


def make_demo(at: datetime | None = None, progress: Progress | None = None) -> bool:
    """Fills an empty database with the demo desks, everything up to `at` (now) lived through, and returns whether
    anything was made: a database with a desk in it is left alone. All of it or, when interrupted, nothing."""
    at, progress = at or datetime.now(UTC), progress or bar
    with transaction.atomic():
        _alone()
        if HelpDesk.objects.exists():
            return False
        _desk("sparkrock", SPARKROCK, SOFTWARE, at, lambda share, what: progress(share / 2, what))
        _desk("mukta", MUKTA, MUNICIPAL, at, lambda share, what: progress(0.5 + share / 2, what))
        for mailbox, raw in _UNREADABLE:
            receive(ingest(raw, mailbox), at=at)
    with connection.cursor() as cursor:
        cursor.execute("analyze")  # the planner would otherwise take the new tables for empty for a minute
    progress(1.0, "ready")
    return True


def book_text(key: str) -> str:
    """Returns the text of a book that comes with the product: from the checkout, or where an installation puts it.

    Raises FileNotFoundError naming the places looked at.
    """
    places = (Path(__file__).parents[2] / "books", Path(sys.prefix) / "share" / "deskbook" / "books")
    for place in places:
        if (place / f"{key}.yaml").is_file():
            return (place / f"{key}.yaml").read_text(encoding="utf-8")
    looked = " and ".join(str(place) for place in places)
    raise FileNotFoundError(f"The demo needs the book {key}.yaml; it is neither in {looked}. Install it again.")


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


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('deskbook demo'))")


def _desk(key: str, cast: Cast, phrases: Phrases, at: datetime, progress: Progress) -> None:
    since_at = at - timedelta(days=DAYS)
    helpdesk = apply_book(key, book_text(key), at=since_at - timedelta(days=1), by=None)
    progress(0.02, f"{helpdesk.title}: people")
    agents, contacts = seat(helpdesk, cast), invite(helpdesk, cast)
    scene = Scene(desk_in_force(helpdesk), _population(agents, contacts), phrases)
    lived: list[Life] = []
    for life in lives(scene, Period(since_at, at, PER_DAY, at), seed=2):
        lived.append(life)
        progress(0.05 + 0.6 * (life.state.opened_at - since_at) / (at - since_at), f"{helpdesk.title}: cases lived")
    progress(0.7, f"{helpdesk.title}: cases written down")
    load_lives(helpdesk, lived)
    progress(0.95, f"{helpdesk.title}: letters")
    _keep_letters(helpdesk)


def _population(agents: list[Agent], contacts: list[Contact]) -> Population:
    workers = [Worker(actor.id, actor.teams) for actor in map(actor_of_agent, agents)]
    requesters = [
        Requester(
            str(c.pk), str(c.organisation_id) if c.organisation_id else None,
            (c.organisation.plan if c.organisation else "") or None,
            c.zone or (c.organisation.zone if c.organisation else "") or None, c.language,
        )
        for c in contacts
    ]  # fmt: skip
    return Population(tuple(requesters), tuple(workers))


def _keep_letters(helpdesk: HelpDesk) -> None:
    """The last answers as the mails they were: kept, as the demo keeps every mail."""
    last = LogEntry.objects.filter(ticket__desk=helpdesk, kind="Answered").order_by("-at")[:KEPT_LETTERS]
    for entry in last.select_related("ticket__desk", "ticket__requester"):
        contact, message = entry.ticket.requester, Message.objects.get(pk=entry.data["message"])
        text = texts.answer(entry, contact, message)
        post = Post("answer", address_of(contact) or "", text, contact.language, contact.name, message=message)
        mail = queue_letter(entry, entry.ticket, post, at=entry.at)
        if mail is not None:
            mail.state, mail.sent_at = OutboundMail.State.KEPT, entry.at
            mail.save(update_fields=["state", "sent_at"])
