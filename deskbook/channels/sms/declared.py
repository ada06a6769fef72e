"""What texts are to the rest of the desk."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from deskbook.channels.contract import Channel, Outgoing, Untold
from deskbook.channels.sms import to_number
from deskbook.channels.sms.carrier import bounds, carry, where
from deskbook.channels.sms.incoming import MEDIA_JOB, take_left_texts
from deskbook.channels.sms.left_over import LEFT_OVER
from deskbook.channels.sms.media import fetch_media
from deskbook.channels.sms.models import IncomingText, SmsReport, TextMessage
from deskbook.channels.sms.reports import say_not_arrived
from deskbook.channels.sms.send import send_due_texts, send_in_turn
from deskbook.channels.sms.writing import SEND_JOB
from deskbook.delivery.clearing import TOLD_KEPT, delete, empty
from deskbook.delivery.connection import ByTheClock, Job
from deskbook.delivery.states import LEAVES_BY_ITSELF, Taken
from deskbook.people.merging import person
from deskbook.people.mobiles import mobiles_of
from deskbook.people.models import Contact
from deskbook.people.stopped import stops_of
from deskbook.people.stopped_models import StoppedNumber
from deskbook.tickets.models import Ticket
from deskbook.tickets.words_of_cases import Words

_BECAME = """
    select 'sms', s.id, e.seq, s.purpose,
        substring(s.key from '^[0-9]+ ([0-9]+) ')::bigint, s.number, s.state, false,
        s.reason, s.queued_at, s.next_try_at, s.sent_at, s.ended_at, null, s.ended_at, false, false,
        s.lacks
    from deskbook_textmessage s join deskbook_logentry e on e.id = s.entry_id
    where s.ticket_id = %(ticket)s and e.seq = any(%(seqs)s)
"""


def _another_way(text_id: int) -> tuple[Outgoing, bool, Untold | None]:
    """Where none takes a letter of the system's, its words are kept with the ticket: somebody has
    to tell them.
    """
    row = TextMessage.objects.select_related("entry__ticket__desk", "message").get(pk=text_id)
    assert row.entry  # a letter follows from one
    contact = person(Contact.objects.get(pk=row.key.split(" ")[1]))
    language = contact.language or "en"
    ticket = row.entry.ticket
    outgoing = Outgoing(row.entry, ticket, contact, row.purpose, row.letter, language, row.message)
    return outgoing, True, None if row.message else partial(say_not_arrived, row)


def _has_words_for(ticket: Ticket) -> bool:
    waits = TextMessage.objects.filter(ticket=ticket, state__in=LEAVES_BY_ITSELF)
    return waits.filter(message__isnull=False).exists()


def _ends(contact: Contact) -> Mapping[str, StoppedNumber]:
    return stops_of(contact.desk, mobiles_of(contact))


def _texts_due() -> None:
    take_left_texts()
    send_due_texts()


def _clear_reports(at: datetime) -> int:
    return delete(SmsReport.objects.filter(came_at__lt=at - TOLD_KEPT))


def _clear_texts(at: datetime) -> int:
    """The words are on their case. The row stays, so that the same text is not taken in twice."""
    done = IncomingText.objects.filter(state=Taken.DONE, came_at__lt=at - TOLD_KEPT)
    return empty(done.exclude(text=""), text="")


DECLARED = Channel(
    word="sms",
    called="SMS",
    carry=carry,
    where=where,
    bounds=bounds,
    another_way=_another_way,
    jobs=(Job(SEND_JOB, send_in_turn, "services"), Job(MEDIA_JOB, fetch_media, "services", True)),
    by_the_clock={"send_due_texts": ByTheClock("* * * * *", _texts_due, "services", is_alone=True)},
    of_desk={"text_id": (TextMessage, "desk"), "incoming_text_id": (IncomingText, "desk")},
    clearing={"sms reports": _clear_reports, "texts": _clear_texts},
    became=_BECAME,
    has_words_for=_has_words_for,
    words=(
        Words(TextMessage),
        Words(IncomingText, emptied={"text": "", "number": "", "media": []}),
    ),
    left_over=LEFT_OVER,
    to_number=to_number,
    ends=_ends,
    screens={"SMS": "console-text-gateway"},
)
