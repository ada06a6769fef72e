"""What stands beside the words of a letter where its way has room for that: who wrote them, what
they answer, and what happens next.
"""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left

from deskbook.channels.contract import NOTHING_BESIDE, Surroundings
from deskbook.channels.email.letter_html import LONGEST_QUESTION
from deskbook.jobs.words_of_letters import desk_of, nobody_answers
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.next_step import next_steps
from deskbook.tickets.state import state_of
from deskbook.tickets.stated import instant

_DATED = ("answer", "reminder")
"""Purposes of letters after which the reader wants to know what happens next."""


def surroundings(
    entry: LogEntry, purpose: str, contact: Contact, message: Message | None
) -> Surroundings:
    """Returns it for one reader, in the language in force.

    A question is quoted to who asked it and to nobody else; what happens next is told the
    requester, whose turn it may be.
    """
    if purpose not in _DATED:
        return NOTHING_BESIDE
    asked = vars(message) if message else {}
    author = message.author_user.name if message and message.author_user else ""
    question = asked.get("asked") if asked.get("asked_by") == contact.pk else ""
    steps = _steps(entry, contact) if entry.ticket.requester_id == contact.pk else ()
    return Surroundings(author, question or "", steps)


def _steps(entry: LogEntry, contact: Contact) -> tuple[str, ...]:
    ticket: Ticket = entry.ticket
    if nobody_answers(entry, contact):
        return ()
    steps = next_steps(desk_of(ticket), state_of(ticket), at=entry.at)
    return tuple(
        step.sentence.format(when=instant(step.due_at, contact, ticket))
        if step.due_at
        else str(step.sentence)
        for step in steps
    )


def answer_sent(message: int) -> Message:
    """Returns the answer with its author and what was asked before it, and by whom: as one
    question.
    """
    found = _ANSWER.first(pk=message)
    if found is None:
        raise Message.DoesNotExist(f"no message {message}")
    return found


_ASKED = Message.objects.filter(
    ticket=OuterRef("ticket"),
    kind=Message.Kind.REQUEST,
    pk__lt=OuterRef("pk"),
    outsider=False,
    unproven="",
).order_by("-pk")
_ANSWER = Prepared(
    lambda pk: (
        Message.objects.select_related("author_user")
        .annotate(
            asked=Subquery(_ASKED.values(cut=Left("text", LONGEST_QUESTION + 1))[:1]),
            asked_by=Subquery(_ASKED.values("author_contact")[:1]),
        )
        .filter(pk=pk)
    ),
    "pk",
)
