"""What mail is to the rest of the desk."""

from functools import partial

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from deskbook.channels.contract import Channel, Outgoing, Untold
from deskbook.channels.email import deliver, held, understanding
from deskbook.channels.email.carrier import carry, where, where_all
from deskbook.channels.email.compose import said_in
from deskbook.channels.email.left_over import LEFT_OVER
from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.delivery.connection import Job
from deskbook.delivery.states import LEAVES_BY_ITSELF, State, Taken
from deskbook.people.contacts import addresses_to_write_to
from deskbook.people.merging import person, same_person
from deskbook.people.models import HelpDesk
from deskbook.tickets.messages import File
from deskbook.tickets.models import Ticket
from deskbook.tickets.words_of_cases import Words

_BECAME = """
    select 'email' as way, m.id, e.seq, m.purpose, m.contact_id, m.recipient, m.state, m.hard,
        m.reason, m.queued_at, m.next_try_at, m.sent_at, null::timestamptz,
        null::timestamptz, m.ended_at, false, false, ''
    from deskbook_outboundmail m join deskbook_logentry e on e.id = m.entry_id
    where m.ticket_id = %(ticket)s and e.seq = any(%(seqs)s)
"""


def _has_words_for(ticket: Ticket) -> bool:
    theirs = same_person(ticket.requester)
    # A mail queued before whose it is was kept has nothing but its address.
    to_them = Q(contact__in=theirs) | Q(
        contact=None, recipient__in=addresses_to_write_to(ticket.requester)
    )
    waits = OutboundMail.objects.filter(state__in=(*LEAVES_BY_ITSELF, State.HELD))
    return waits.filter(to_them, ticket=ticket, message__isnull=False).exists()


def _another_way(outbound_id: int) -> tuple[Outgoing, bool, Untold]:
    mails = OutboundMail.objects.select_related("entry__ticket__desk", "contact", "message")
    row = mails.get(pk=outbound_id)
    assert row.entry and row.contact  # nothing else is offered
    contact, said = person(row.contact), said_in(bytes(row.raw))
    files = said.files[row.message.attachments.filter(within=None).count() if row.message else 0 :]
    outgoing = Outgoing(
        row.entry,
        row.entry.ticket,
        contact,
        row.purpose,
        said.text,
        contact.language or "en",
        row.message,
        said.asks_for_answer,
        tuple(File(one.filename, one.content_type, one.content) for one in files),
    )
    return outgoing, row.hard, partial(deliver.say_not_arrived, row)


def _not_taken_in(helpdesk: HelpDesk) -> QuerySet[InboundMail]:
    mails = InboundMail.objects.filter(desk=helpdesk, ticket=None)
    return mails.filter(state__in=(Taken.IGNORED, Taken.HELD, Taken.DROPPED))


DECLARED = Channel(
    word="email",
    called=_("e-mail"),
    carry=carry,
    where=where,
    where_all=where_all,
    always=True,
    another_way=_another_way,
    jobs=(
        Job("receive_mail", understanding.receive, "intake", True, set_aside=understanding.give_up),
        Job("deliver_mail", deliver.deliver_in_turn, "mail", True, set_aside=deliver.give_up),
        Job("send_waiting_mail", held.send_kept_back, "mail"),
    ),
    of_desk={"inbound_id": (InboundMail, "desk"), "outbound_id": (OutboundMail, "desk")},
    keeps=((InboundMail, "raw"),),
    became=_BECAME,
    has_words_for=_has_words_for,
    words=(Words(InboundMail), Words(OutboundMail)),
    files=(Words(InboundMail), Words(OutboundMail, emptied={"raw": b""})),
    not_taken_in=_not_taken_in,
    left_over=LEFT_OVER,
)
