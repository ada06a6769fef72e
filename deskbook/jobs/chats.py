"""Once a minute: what visitors who left have not got goes after them, and who is gone keeps nobody
waiting.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.chat import talk
from deskbook.channels.chat.models import ChatSeat, ChatSession
from deskbook.channels.chat.notices import tell
from deskbook.channels.chat.transcript import lines_for
from deskbook.channels.chat.tries import forget_tries
from deskbook.channels.contract import Outgoing
from deskbook.channels.email.models import OutboundMail
from deskbook.engine.channels import ChannelKind
from deskbook.jobs import words_of_letters
from deskbook.jobs.each import tell_each
from deskbook.jobs.letters import send_or_say, tell_number
from deskbook.people.contacts import addresses_to_write_to
from deskbook.people.duty import those_who_left
from deskbook.people.merging import person
from deskbook.tickets.models import LogEntry, Message

MISSED_AFTER = timedelta(seconds=60)
WAITS_ALONE = timedelta(minutes=3)
"""Who waits in the queue and is not heard of for so long is waited for no more."""
TALKS_ALONE = timedelta(minutes=15)
OPERATOR_AWAY = timedelta(minutes=3)
LOOKED_BACK = timedelta(days=2)
log = logging.getLogger(__name__)


def tend(at: datetime | None = None) -> None:
    """Looks after all chats as of `at` (now). Doing it twice does no more than once."""
    at = at or datetime.now(UTC)
    forget_tries(at=at)
    give_back(at)
    _end_gone(at)
    try:
        tell_each(_missed_something(at), lambda session: send_missed(session, at=at))
    except ExceptionGroup:
        log.exception("some answers of chats could not be sent after who left; again in a minute")


def send_missed(session: ChatSession, *, at: datetime) -> None:
    """Sends the answers the visitor's device has not said it has, by the next way that reaches
    them, once each.

    Lines without files that follow each other make one letter.
    """
    entries = list(_answers(session))
    newest = (
        entries[-1].pk
        if entries
        else session.ticket.log.order_by("-pk").values_list("pk", flat=True)[0]
    )
    messages = Message.objects.prefetch_related("attachments").in_bulk(
        [int(e.data["message"]) for e in entries]
    )
    pairs = [(entry, messages[int(entry.data["message"])]) for entry in entries]
    numbered = enumerate(pairs)
    together = groupby(numbered, lambda one: one[0] + 1 if one[1][1].attachments.all() else 0)
    ways = [
        _send_together(session, [pair for _number, pair in group], at) for _alone, group in together
    ]
    if "chat" in ways:  # it stays there until they are back, or are waited for no more
        return
    ChatSession.objects.filter(pk=session.pk, got__lt=newest).update(got=newest)


def _send_together(
    session: ChatSession, said: list[tuple[LogEntry, Message]], at: datetime
) -> ChannelKind | None:
    entry, message = said[-1]
    contact = person(session.contact)
    language = contact.language or "en"
    words = "\n\n".join(message.text for _entry, message in said if message.text)
    with translation.override(language):
        missed = _("The chat was cut before this reached you:")
        text = words_of_letters.letter(entry.ticket, contact, [missed, words], greet=False)
    message.text = words  # of this copy alone: the short form tells all of it too
    missed_there = Outgoing(entry, entry.ticket, contact, "answer", text, language, message)
    return send_or_say(missed_there, at=at)


def settle_chats(entry_id: int, *, at: datetime | None = None) -> None:
    """Ends the chats whose visitors this took from the case, or brings them to the case that is
    theirs.
    """
    entry = LogEntry.objects.get(pk=entry_id)
    for session in ChatSession.objects.filter(ticket=entry.ticket_id).order_by("pk"):
        talk.settle(session, at=at or datetime.now(UTC))


def _missed_something(at: datetime) -> Iterator[ChatSession]:
    unseen = LogEntry.objects.filter(
        ticket=OuterRef("ticket"), kind="Answered", pk__gt=OuterRef("got")
    )
    away = ChatSession.objects.filter(Q(state="ended") | Q(seen_at__lt=at - MISSED_AFTER))
    lately = away.filter(
        Exists(unseen), seen_at__gt=at - LOOKED_BACK, seen_at__lt=at - MISSED_AFTER
    )
    return lately.select_related("contact", "ticket__desk", "desk").order_by("pk").iterator()


def _answers(session: ChatSession) -> Iterator[LogEntry]:
    """What the device has not got and no letter has told them: after the end, answers are mailed as
    on any ticket.
    """
    theirs = [line.id for line in lines_for(session, after=session.got) if line.by_desk]
    # They had the others where they were said.
    entries = LogEntry.objects.filter(pk__in=theirs, kind="Answered")
    if session.ended_at:
        entries = entries.filter(at__lte=session.ended_at)
    mailed = OutboundMail.objects.filter(
        entry=OuterRef("pk"), purpose="answer", recipient__in=addresses_to_write_to(session.contact)
    )
    return (
        entries.filter(~Exists(mailed))
        .select_related("ticket__desk", "ticket__requester")
        .order_by("pk")
        .iterator()
    )


def _end_gone(at: datetime) -> None:
    waits_alone = Q(state=ChatSession.State.WAITING, seen_at__lt=at - WAITS_ALONE)
    talks_alone = Q(state=ChatSession.State.OPEN, seen_at__lt=at - TALKS_ALONE)
    for session in ChatSession.objects.filter(waits_alone | talks_alone).select_related("desk"):
        ended = talk.end(session, ChatSession.Ended.GONE, at=at)
        if ended and session.taken_at is None:
            _acknowledge(session)


def _acknowledge(session: ChatSession) -> None:
    """Nobody came before they left: now they are told by letter that their case is known."""
    entry = LogEntry.objects.filter(ticket=session.ticket, kind="Acknowledged").first()
    if entry:
        tell_number(entry.pk)


def give_back(at: datetime) -> None:
    """An operator whose screen is gone, or who is of the desk no more, keeps nobody waiting: their
    chats are in the queue again, at their old place.
    """
    there = ChatSeat.objects.filter(agent=OuterRef("operator"), seen_at__gt=at - OPERATOR_AWAY)
    away = Q(~Exists(there), taken_at__lt=at - OPERATOR_AWAY)
    of_who_left = Q(operator__in=those_who_left(at=at).values("pk"))
    left = ChatSession.objects.filter(away | of_who_left, state=ChatSession.State.OPEN)
    for session in left.filter(seen_at__gt=at - ChatSession.GONE_AFTER):
        given = ChatSession.objects.filter(
            pk=session.pk, state=ChatSession.State.OPEN, operator=session.operator_id
        ).update(state=ChatSession.State.WAITING, operator=None, taken_at=None, meant_for=None)
        if given:
            tell(session)
