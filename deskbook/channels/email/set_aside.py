"""Mail that became no ticket: held for a person, or left out. What is kept of it to find it by, and
what is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction
from django.db.models import BinaryField, F, Func, Q, QuerySet
from procrastinate.contrib.django import app

from deskbook.channels.email.blanked import blanked, blanked_words
from deskbook.channels.email.gist import Gist, gist_of_head, shown
from deskbook.channels.email.mail import Attachment, Carried, ParsedMail, Unparsable
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.parse import read_apart
from deskbook.channels.email.quoted_codes import without_codes
from deskbook.channels.email.storing import MAX_SIZE, RECEIVE_JOB
from deskbook.delivery.states import Taken
from deskbook.people.access import may, seen_by
from deskbook.people.apart import NoRoom, Over, done_apart
from deskbook.people.models import Agent
from deskbook.refusals.kept import kept
from deskbook.tickets.folding import prefix_query, searchable
from deskbook.tickets.messages import CarriedWords, File
from deskbook.tickets.models import Message

MOST_BEGINNING = 100_000
"""Bytes of a mail that are read where the whole of it cannot be."""
MOST_FINDABLE = 20_000
MOST_INSIDE = 5 * MOST_FINDABLE
"""Characters of all the mails that one carries: a search vector holds a megabyte."""
NOTED_AT_ONCE = 200
LATELY = timedelta(hours=1)
"""What came since is being noted by whoever reads it."""
_LEFT_OUT = (Taken.IGNORED, Taken.DROPPED)
_SET_ASIDE = (Taken.HELD, *_LEFT_OUT)
KEPT_OF_IT = ("sender", "subject", "words")


def held_here(agent: Agent) -> QuerySet[InboundMail]:
    """Returns the mails nobody could make a ticket of: the desk's own, and to leads those that name
    no desk.
    """
    return mails_here(agent).filter(state=Taken.HELD)


def left_out(agent: Agent) -> QuerySet[InboundMail]:
    """Returns the mails that were understood and became no ticket, and those somebody discarded."""
    return mails_here(agent).filter(state__in=_LEFT_OUT)


def set_aside(agent: Agent) -> QuerySet[InboundMail]:
    """Returns both."""
    return mails_here(agent).filter(state__in=_SET_ASIDE)


def found_by(words: str, mails: QuerySet[InboundMail]) -> QuerySet[InboundMail]:
    """Returns those that hold every word typed, in sender, subject or text; all where none was
    typed.
    """
    query = prefix_query(words)
    return (
        mails.filter(search=SearchQuery(query, config="simple", search_type="raw"))
        if query
        else mails
    )


def mails_here(agent: Agent) -> QuerySet[InboundMail]:
    """Returns every mail that came to the agent's desk, but on cases they do not see; to leads
    those too that name no desk.
    """
    unclaimed = Q(desk=None) if may(agent, "settle left over") else Q()
    mails = InboundMail.objects.filter(Q(desk=agent.desk_id) | unclaimed)
    return seen_by(agent, seen_by(agent, mails, "ticket__"), "message__ticket__")


def note_gist(row: InboundMail, mail: ParsedMail | None) -> None:
    """Keeps what the mail is known by, read from its beginning where it could not be read as a
    whole.
    """
    gist = (
        Gist(shown(mail.from_), mail.subject, mail.text[:MOST_FINDABLE])
        if mail
        else _of_beginning(row)
    )
    gist = gist if row.may_be_read else gist._replace(words="")
    row.sender = gist.sender[:400]
    row.subject = gist.subject[:500]
    row.words = " ".join(gist.words.split())[:300]
    row.save(update_fields=KEPT_OF_IT)
    with connection.cursor() as cursor:
        cursor.execute(
            "update deskbook_inboundmail set search = to_tsvector('simple', %s) where id = %s",
            [
                searchable("\n".join((*gist, _inside(mail) if mail and row.may_be_read else ""))),
                row.pk,
            ],
        )


def _inside(mail: ParsedMail) -> str:
    """What a mail is found by beside its text: words only its HTML has, and the mails it
    carries.
    """
    found = [mail.only_in_html]
    for one in mail.carried:
        found += [shown(one.from_) if one.from_ else "", one.subject, one.text, one.only_in_html]
    return "\n".join(part[:MOST_FINDABLE] for part in found)[:MOST_INSIDE]


def note_older(*, at: datetime) -> int:
    """Keeps what mail is known by that was set aside before anything was kept, the latest first;
    returns how many.

    What must not be read (it may quote what was written to somebody else) is known by its sender
    and subject.
    """
    unknown = InboundMail.objects.filter(
        state__in=_SET_ASIDE, search=None, received_at__lt=at - LATELY
    )
    rows = list(unknown.order_by("-received_at")[:NOTED_AT_ONCE])
    for row in rows:
        mail = read_again(row)
        note_gist(row, without_codes(mail, at=at) if mail else None)
    return len(rows)


def beginning_of(row: InboundMail, most: int) -> bytes:
    """The first `most` bytes of the mail as it came, `blanked`; the rest stays in the database."""
    piece = Func(F("raw__data"), 1, most, function="substring", output_field=BinaryField())
    return blanked(bytes(InboundMail.objects.filter(pk=row.pk).values_list(piece, flat=True).get()))


def read_again(row: InboundMail) -> ParsedMail | None:
    """The mail, read to be filed by hand; None where it cannot be read, or is not to be."""
    size = InboundMail.objects.values_list("raw__size", flat=True).get(pk=row.pk)
    if not row.may_be_read or size > MAX_SIZE:
        return None
    try:
        return read_apart(bytes(row.raw.data), row.envelope_from.strip("<>"))
    except (Unparsable, NoRoom):
        return None


def files_of(mail: ParsedMail) -> list[File]:
    """Returns the files of a mail as a message keeps them."""
    opened = {one.path: one for one in mail.carried}

    def files(path: tuple[int, ...], attachments: Sequence[Attachment]) -> list[File]:
        return [file(a, opened.get((*path, at))) for at, a in enumerate(attachments)]

    def file(a: Attachment, inside: Carried | None) -> File:
        carried = _carried(inside, files(inside.path, inside.attachments)) if inside else None
        return File(a.filename, a.content_type, a.content, a.content_id or "", a.inline, carried)

    return files((), mail.attachments)


def _carried(mail: Carried, files: Sequence[File]) -> CarriedWords:
    """Without the signatures of colleagues' answer addresses: who reads the case reads this too."""
    return CarriedWords(
        shown(mail.from_) if mail.from_ else "",
        mail.date,
        mail.subject,
        blanked_words(mail.text),
        blanked_words(mail.html),
        mail.only_in_html,
        files,
    )


def retry(row: InboundMail) -> None:
    """Makes a quarantined mail new again, however many came with it; the caller queues its job."""
    row.state, row.reason, row.flooding, row.let_in = Taken.NEW, "", "", True
    row.sender = row.subject = row.words = ""
    row.search = None
    row.save(update_fields=["state", "reason", "flooding", "let_in", "search", *KEPT_OF_IT])


@transaction.atomic
def let_in(row: InboundMail) -> int:
    """Reads all that is held because too many came of its sender, the first that came first;
    returns how many.
    """
    held = InboundMail.objects.select_for_update(no_key=True).filter(
        desk=row.desk_id, state=Taken.HELD, flooding=row.flooding
    )
    mails = list(held.exclude(flooding="").order_by("received_at", "pk"))
    for mail in mails:
        retry(mail)
        app.configure_task(RECEIVE_JOB, queue="intake").defer(inbound_id=mail.pk)
    return len(mails)


def file_by_hand(row: InboundMail, message: Message, *, by: Agent) -> None:
    """Notes which message somebody made of the mail."""
    row.state, row.reason = Taken.DONE, kept("mail.filed", who=str(by.user))
    row.message, row.ticket, row.desk = message, message.ticket, message.desk
    row.sender = row.subject = row.words = ""
    row.search = None
    row.save(update_fields=["state", "message", "ticket", "desk", "reason", "search", *KEPT_OF_IT])


def _of_beginning(row: InboundMail) -> Gist:
    try:
        return done_apart(gist_of_head, beginning_of(row, MOST_BEGINNING))
    except (Over, NoRoom):
        return Gist(row.envelope_from.strip("<>"))
