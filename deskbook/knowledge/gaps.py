"""What no article answered: tickets agents mark, and words that were searched in vain. Articles
begin here.
"""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from deskbook.knowledge.models import ArticleText, Gap
from deskbook.knowledge.search import significant
from deskbook.people.access import seen_by
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.models import Ticket

MOST_SEARCHES = 1_000
"""Open searches kept of a desk; new words beyond them are not."""
_MOST_WORDS = 6
_LONGEST_WORD = 24


def mark_unanswered(ticket: Ticket, *, at: datetime, by: Agent) -> Gap:
    """Notes that no article answered the ticket's matter; marked twice it is noted once."""
    return Gap.objects.get_or_create(
        ticket=ticket, defaults={"desk_id": ticket.desk_id, "made_by": by, "at": at}
    )[0]


IS_MARKED = Exists(Gap.objects.filter(ticket=OuterRef("pk")))
"""Of tickets: whether no article answered it, so an agent said."""


def is_marked(ticket: Ticket) -> bool:
    """Whether an agent said so of the ticket."""
    return Gap.objects.filter(ticket=ticket).exists()


def unmark(ticket: Ticket) -> None:
    """Takes the mark back."""
    Gap.objects.filter(ticket=ticket).delete()


def note_search(desk: HelpDesk, words: str, *, at: datetime, names: str = "") -> None:
    """Notes words that were searched and found nothing.

    What may be somebody's stays out: words with digits, those around an @, very long ones, and
    those in `names`. Searched again after it was settled, it is open again.
    """
    kept = _impersonal(words, names)
    if not kept:
        return
    known = Gap.objects.filter(desk=desk, ticket=None, words=kept)
    if known.update(times=F("times") + 1, at=at, settled_at=None):
        return
    if Gap.objects.filter(desk=desk, ticket=None, settled_at=None).count() < MOST_SEARCHES:
        Gap.objects.get_or_create(desk=desk, ticket=None, words=kept, defaults={"at": at})


def open_gaps(agent: Agent) -> QuerySet[Gap]:
    """Returns what is unanswered still of what the agent sees, the most often searched and then
    the latest first.
    """
    rows = seen_by(agent, Gap.objects.filter(desk=agent.desk_id, settled_at=None), "ticket__")
    joined = rows.select_related("ticket__desk", "made_by__user", "text__latest")
    return joined.defer("ticket__state", "ticket__search", "text__search").order_by(
        "-times", "-at", "-pk"
    )


def settle(gap: Gap, *, at: datetime) -> None:
    """Takes a gap from the list: an article answers it, or none is wanted."""
    Gap.objects.filter(pk=gap.pk).update(settled_at=at)


def begin_from(gap: Gap, text: ArticleText) -> None:
    """Notes which article is written because of a gap; published, it settles the gap."""
    Gap.objects.filter(pk=gap.pk).update(text=text)


def _impersonal(words: str, names: str) -> str:
    plain = " ".join(
        word for word in words.split() if "@" not in word and not any(c.isdigit() for c in word)
    )
    own = set(significant(names))
    kept = [word for word in significant(plain) if len(word) <= _LONGEST_WORD and word not in own]
    return " ".join(kept[:_MOST_WORDS])[:200]
