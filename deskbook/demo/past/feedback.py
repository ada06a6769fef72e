"""What requesters of the demo said of how their cases ended, and what the desks make better because
of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle

from deskbook.demo.desk_files import said_at
from deskbook.demo.past.articles import write_articles
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.findings import add_to_findings
from deskbook.tickets.improvement_models import Rating
from deskbook.tickets.models import Ticket
from deskbook.tickets.ratings import closing_of, rate_closing

RATED = 14
_ANSWERS: Sequence[tuple[str, str]] = (
    ("good", "Quick and clear, thank you."),
    ("good", ""),
    ("so-so", "Solved, but I had to explain it twice."),
    ("good", ""),
    ("bad", "Nobody told me that it was being worked on."),
    ("good", "Very patient."),
)


def make_articles_and_feedback(helpdesk: HelpDesk, *, at: datetime) -> None:
    """Lets the desk write its articles, and readers and requesters say what they think."""
    write_articles(helpdesk, at=at)
    give_feedback(helpdesk, at=at)


def give_feedback(helpdesk: HelpDesk, *, at: datetime) -> None:
    """Lets requesters rate the cases that ended last, and Bala keep what is to be made better."""
    ended = Ticket.objects.filter(desk=helpdesk, is_open=False, outcome__in=("solved", "closed"))
    tickets = list(
        ended.select_related("desk", "requester").order_by("-last_activity_at")[: 2 * RATED]
    )
    answers = cycle(_ANSWERS)
    for ticket in tickets:
        if Rating.objects.filter(ticket__desk=helpdesk).count() < RATED:
            _rate(ticket, *next(answers), at=at)
    bala = Agent.objects.get(desk=helpdesk, user__name="Bala")
    for number, one in enumerate(said_at(helpdesk.key).findings):
        for ticket in tickets[number::5][:3]:
            at_that_time = min(at, ticket.last_activity_at)
            add_to_findings(
                ticket, one.title, theme=one.theme, text=one.text, at=at_that_time, by=bala
            )


def _rate(ticket: Ticket, value: str, comment: str, *, at: datetime) -> None:
    closing = closing_of(ticket)
    if closing is not None:
        rate_closing(
            closing, ticket.requester, value, comment, at=min(at, closing.at + timedelta(hours=3))
        )
