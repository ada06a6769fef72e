"""Whole tickets made elsewhere, as rows on their way into the table."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from django.db import connection

from deskbook.people.copying import copy_rows
from deskbook.people.models import HelpDesk
from deskbook.tickets.folding import searchable
from deskbook.tickets.models import QueueChange, Ticket
from deskbook.tickets.state import queues_of


def arrive(tickets: Sequence[Ticket], words: Sequence[str]) -> None:
    """Writes the tickets, and what a search finds each by, into a table `arriving` of this
    transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("create temporary table arriving (like deskbook_ticket) on commit drop")
        # The database sets it where they go from here.
        cursor.execute("alter table arriving alter changed_at drop not null")
        copy_rows(tickets, into="arriving")
        cursor.execute(
            "create temporary table arriving_words (id bigint, words text) on commit drop"
        )
        with cursor.copy("copy arriving_words from stdin") as copy:
            for ticket, text in zip(tickets, words, strict=True):
                copy.write_row((ticket.pk, searchable(text)))
        cursor.execute(
            "update arriving set search = to_tsvector('simple', words) from arriving_words w where"
            " w.id = arriving.id"
        )
        cursor.execute("drop table arriving_words")


def count_in_queues(helpdesk: HelpDesk, tickets: Sequence[Ticket]) -> None:
    """Writes down what these tickets add to the console's queues."""
    tally = Counter(chain.from_iterable(map(queues_of, tickets)))
    QueueChange.objects.bulk_create(
        QueueChange(desk=helpdesk, queue=q, change=n) for q, n in sorted(tally.items())
    )
